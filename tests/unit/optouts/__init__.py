"""Refusing texts, and the signed link for it."""
