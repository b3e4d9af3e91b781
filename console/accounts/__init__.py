"""The accounts of a line, kept by its administrators."""

from console.accounts import acts
from console.accounts.pages import blueprint as accounts

__all__ = ["accounts", "acts"]
