"""The table of retention, read from its file and checked against the tables that there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import Column, MetaData, Table

from ivr.sealing import SealedNumber, SealedText

INDEX_ENDING = "_index"
WORKED = frozenset({"erase", "delete", "months"})


class BadRetention(ValueError):
    """The table of retention does not fit; `problems` names every fault."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("config/retention.toml does not fit: " + "; ".join(problems))


class Rule(BaseModel):
    """One class of data: what is erased of which rows, how long after which moment, and why it is kept so long.

    `since` names a column of the table, or `table.column` of one that `through` leads to; a row in which it is empty
    is still in use. `through` follows references, each written `column > table.column`. Columns of `erase` lose what
    they say and keep that they said something; those of `empty` become NULL; `mark` gets the moment of it. Rows of
    which another table has one (`unless = "table.column"`, matched with the first key column) stay, as do, with
    `evidence`, those of a call that is evidence of an incident. `by` names what else deletes them. What is deleted
    takes rows of other tables along (`also`, each `table.column` that refers to the first key column). The deed
    `months` erases the access log by whole months. No days below `at_least` are accepted: a law prescribes them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    what: str
    table: str
    since: str
    days: Annotated[int, Field(ge=1, le=36500)] | None = None
    why: str
    erase: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    deed: Literal["erase", "delete", "months", "elsewhere", "keep"] = "erase"
    through: tuple[str, ...] = ()
    unless: str | None = None
    mark: str | None = None
    evidence: bool = False
    by: str = ""
    also: tuple[str, ...] = ()
    at_least: int = 0

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.deed in WORKED and self.days is None:
            raise ValueError("names no days: say after how many")
        if self.days is not None and self.days < self.at_least:
            raise ValueError(f"is kept {self.at_least} days at least, not {self.days}")
        if (self.deed == "erase") != bool(self.erase):
            raise ValueError("erases columns exactly where its deed is erase")
        if self.deed == "elsewhere" and not self.by:
            raise ValueError("does not say by what it is deleted")
        return self


@dataclass(frozen=True, slots=True)
class Retention:
    """Every class of data, in the order of the file."""

    rules: tuple[Rule, ...] = ()

    @property
    def worked(self) -> tuple[Rule, ...]:
        """The classes that are worked through here: others are kept, or deleted by something else."""
        return tuple(rule for rule in self.rules if rule.deed in WORKED)


def load_retention(document: Mapping[str, object]) -> Retention:
    """Read the file; raises `BadRetention` with every class that does not fit."""
    rules, problems = [], []
    for entry in cast(Sequence[Mapping[str, object]], document.get("class", ())):
        try:
            rules.append(Rule.model_validate(entry))
        except ValidationError as error:
            problems += [f"{entry.get('name')}: {one['loc']} {one['msg']}" for one in error.errors()]
    names = [rule.name for rule in rules]
    problems += [f"{name}: is given twice" for name in sorted({name for name in names if names.count(name) > 1})]
    if problems:
        raise BadRetention(problems)
    return Retention(tuple(rules))


def unknown_places(retention: Retention, tables: MetaData) -> list[str]:
    """Every table or column that the classes name and that does not exist."""
    named = {place for rule in retention.rules for place in _places(rule)}
    known = {f"{table.name}.{column.name}" for table in tables.tables.values() for column in table.columns}
    return sorted(named - known)


def unclassed_places(retention: Retention, tables: MetaData) -> list[str]:
    """Every sealed column and blind index that no class speaks of."""
    classed = {f"{rule.table}.{name}" for rule in retention.rules for name in (*rule.erase, *rule.empty)}
    whole = {rule.table for rule in retention.rules if rule.deed != "erase" and not rule.erase}
    return sorted(
        f"{table.name}.{column.name}"
        for table in tables.tables.values()
        for column in table.columns
        if is_personal(column) and table.name not in whole and f"{table.name}.{column.name}" not in classed
    )


def is_sealed(column: Column[object]) -> bool:
    """Whether the column holds sealed values."""
    return isinstance(column.type, SealedNumber | SealedText)


def is_personal(column: Column[object]) -> bool:
    """Whether the column holds sealed values, or the blind index of a number."""
    return is_sealed(column) or column.name.endswith(INDEX_ENDING)


def chain(rule: Rule, tables: MetaData) -> list[tuple[Column[object], Column[object]]]:
    """The references of a class from row to row: the column that refers, and the one referred to."""
    here, steps = tables.tables[rule.table], []
    for step in rule.through:
        name, _, target = step.partition(" > ")
        table, _, key = target.partition(".")
        there: Table = tables.tables[table]
        steps.append((here.c[name], there.c[key]))
        here = there
    return steps


def _places(rule: Rule) -> list[str]:
    here, places = (
        rule.table,
        [f"{rule.table}.{name}" for name in (*rule.erase, *rule.empty, *filter(None, [rule.mark]))],
    )
    places.append(rule.since if "." in rule.since else f"{rule.table}.{rule.since}")
    for step in rule.through:
        name, _, target = step.partition(" > ")
        places += [f"{here}.{name}", target]
        here = target.partition(".")[0]
    return [*places, *rule.also, *filter(None, [rule.unless])]
