"""Questionnaires: looked at, played on a telephone of the page, copied, written, published."""
