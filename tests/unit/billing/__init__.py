"""Tests of usage and bills."""
