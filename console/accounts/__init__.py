"""The accounts of a line, kept by its administrators."""
