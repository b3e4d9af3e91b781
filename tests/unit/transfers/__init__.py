"""Transfers: their moves, their words, and what is judged of them."""
