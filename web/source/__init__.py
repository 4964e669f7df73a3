"""The source viewer: a document as a page of its own, opened at a quotation. No script runs in it.

routes.py answers requests; address.py says what is asked for; page_view.py and text_view.py show it, in the
frame of frame.py, with the outline of outline.py.
"""
