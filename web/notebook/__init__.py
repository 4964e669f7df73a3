"""The notebook: quotations that a user collects, each with a note, and takes along as a file.

store.py keeps them on disk; quotations.py reads them in their documents again; tab.py is the view, with
entries_html.py and entries.js; routes.py is what the view and its export links call.
"""
