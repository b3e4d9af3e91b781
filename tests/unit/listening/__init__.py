"""Listening: sounds, matching, and what an opening proves."""
