"""Errands: what somebody asked for at the console and takes longer than a page may: lists, launches, rehearsals."""
