"""Errands: one open at a time, one process at a time, stopped between two steps."""
