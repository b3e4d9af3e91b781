"""Defects put into the rules on purpose: each has to be noticed by a world or an hour that is lived through."""
