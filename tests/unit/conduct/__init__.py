"""Tests of the conduct of talks."""
