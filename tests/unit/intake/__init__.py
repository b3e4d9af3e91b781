"""Tests of intake marks."""
