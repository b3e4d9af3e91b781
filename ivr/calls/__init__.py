"""Calls: what was told about them, what follows from it, and what was decided."""
