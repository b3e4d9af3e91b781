"""Texts read out by telephone."""
