"""Every table there is: the core is walked, so that no model can be forgotten."""

import importlib
import pkgutil
from functools import cache

from sqlalchemy import MetaData

import ivr
from ivr.base import Base


@cache
def all_tables() -> MetaData:
    """Import every module of the core and return the metadata that its models filled."""
    for module in pkgutil.walk_packages(ivr.__path__, "ivr."):
        importlib.import_module(module.name)
    return Base.metadata
