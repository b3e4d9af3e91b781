"""Unit tests of papers."""
