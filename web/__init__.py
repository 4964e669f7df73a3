"""What app.py serves: the page, the source viewer and the originals. All logic is in `qa` and `index`."""
