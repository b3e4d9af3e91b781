"""The blueprint of campaigns with the views of all its modules."""

from console.campaigns import acts, results, tasks, watching
from console.campaigns.pages import blueprint

MODULES = (acts, results, tasks, watching)

__all__ = ["MODULES", "blueprint"]
