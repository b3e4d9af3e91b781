"""Unit tests of tokens and of how often one may ask."""
