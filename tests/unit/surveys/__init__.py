"""Questionnaires: the engine, the linter, the installed files, copies, and results."""
