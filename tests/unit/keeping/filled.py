"""One row in every table that has personal columns, made from the tables themselves."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Float, Integer, LargeBinary, MetaData, Table, insert

from ivr.base import Moment, Word
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber, SealedText

NUMBER = PhoneNumber.parse("010-2345-6789")
# The holds and the log of what was erased are written by what is tested.
KEEPING = {"legal_hold", "purge_entry"}
WORDS = "무엇을 말했는지"


def fill(connection: Connection, tables: MetaData, *, at: datetime, mark: str = "a") -> dict[str, int]:
    """Put a row into every table, references to each other included; says how many each got."""
    filled = [table for table in tables.sorted_tables if table.name not in KEEPING]
    for table in filled:
        connection.execute(insert(table).values(row_of(table, at=at, mark=mark)))
    return {table.name: 1 for table in filled}


def row_of(table: Table, *, at: datetime, mark: str) -> dict[str, Any]:
    """A row of which every column has a value, but for those that say an incident holds it or it is a repetition."""
    own = {"objects_to", "keep_recording"}
    return {column.name: value_of(column, at=at, mark=mark) for column in table.columns if column.name not in own} | {
        name: (False if name == "keep_recording" else None) for name in own if name in table.c
    }


def value_of(column: Column[Any], *, at: datetime, mark: str) -> object:
    """A value that fits the column; rows with the same mark refer to each other."""
    kind = column.type
    if isinstance(kind, SealedNumber):
        return NUMBER
    if isinstance(kind, SealedText):
        return WORDS
    if isinstance(kind, Word):
        return _first(kind.words)
    plain = {Moment: at, Date: date(2026, 11, 23), Boolean: False, Integer: ord(mark), Float: 1.0, JSON: {}}
    for each, value in plain.items():
        if isinstance(kind, each):
            return value
    return b"x" if isinstance(kind, LargeBinary) else text_of(column, mark)


def text_of(column: Column[Any], mark: str) -> str:
    """A short text, the same for every column that refers to this one."""
    if column.name.endswith("_index"):
        return f"index-{mark}"
    return "kibo" if column.name == "line" else mark


def later(at: datetime, **much: float) -> datetime:
    """So much later."""
    return at + timedelta(**much)


def _first(words: type[StrEnum]) -> StrEnum:
    return next(iter(words))
