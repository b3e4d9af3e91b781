"""Transfers: an agent in a talk passes the caller on to another agent of the same line."""
