"""Callbacks: asking, the ladder, slips, ends, and who is in charge."""
