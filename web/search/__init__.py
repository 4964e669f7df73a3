"""The Search view: passages and bibliography entries, narrowed by facets."""
