"""The blueprint of consents with the views of all its modules."""

from console.consents import changing, register
from console.consents.pages import blueprint

MODULES = (changing, register)

__all__ = ["MODULES", "blueprint"]
