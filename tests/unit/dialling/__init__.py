"""Dialling back: when, by whom, and what is left of it."""
