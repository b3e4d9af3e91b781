"""Judges: for each measure that the record of a call can answer, the rule that decides, pure and in one file."""
