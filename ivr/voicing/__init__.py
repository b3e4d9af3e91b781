"""Texts that could not be delivered, read out by telephone: when, how often, in which words, and what proves it."""
