"""Intake on screen: calls drawn to be marked, and how many were taken in rightly."""
