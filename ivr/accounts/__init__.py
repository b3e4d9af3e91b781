"""Accounts of people who work at the console: roles per line, sessions, and the log of who saw personal data."""
