"""The tables that revisions are made for."""

from ivr.keeping.tables import all_tables

__all__ = ["all_tables"]
