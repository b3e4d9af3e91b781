"""One's own account: password, second factor, language, the line that is worked on, where one is signed in."""

from console.account import factor, password
from console.account.pages import blueprint as account

__all__ = ["account", "factor", "password"]
