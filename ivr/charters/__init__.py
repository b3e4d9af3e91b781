"""Charters as data: what each institution promised in public, as standards that a call can be judged by."""
