"""Callbacks on screen: who waits for a call from us, until when, and what is done about it."""
