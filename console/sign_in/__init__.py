"""Coming and going: the sign-in, the second factor, the sign-out."""

from console.sign_in import provider, second
from console.sign_in.pages import blueprint as sign_in

__all__ = ["provider", "second", "sign_in"]
