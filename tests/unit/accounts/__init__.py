"""Accounts of the console: passwords, lock-out, second factor, roles, the log of access."""
