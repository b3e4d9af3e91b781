"""Tables of a data file read one by one, so that a fault in one hides none of the others."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ivr.faults import Fault
from ivr.lines.shapes import Shape

Document: TypeAlias = Mapping[str, object]
Place: TypeAlias = Callable[[Document, int], object]
Say: TypeAlias = Callable[[ErrorDetails, str, str], Fault]
S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the tables of one file; `say` words an error of a key below a place, `faults` gathers them."""

    file: str
    say: Say
    faults: list[Fault] = field(default_factory=list)

    def one(self, kind: type[S], table: Document, *, above: str = "") -> S | None:
        """One table, or None where it has faults."""
        try:
            return kind.model_validate(table)
        except ValidationError as error:
            self.faults.extend(self.say(item, self.file, above) for item in error.errors(include_url=False))
        return None

    def each(self, kind: type[S], tables: object, *, place: Place) -> Iterator[S]:
        """Every table of a list that can be read; `place` names one in its faults, given the table and its number."""
        name = f"{kind.__name__.lower()}s"
        if not isinstance(tables, list) or not tables:
            self.faults.append(Fault(self.file, name, f"is missing: write at least one [[{name}]] table"))
            return
        for index, table in enumerate(tables):
            if not isinstance(table, Mapping):
                self.faults.append(Fault(self.file, f"{name}.{index}", f"must be a table: begin it with [[{name}]]"))
            elif (read := self.one(kind, table, above=f"{name}.{place(table, index)}")) is not None:
                yield read

    def with_stand_ins(self, kind: type[S], table: Document, *, stand_ins: Document) -> S:
        """One table; where parts of it have faults, `stand_ins` take their place while the rest is checked."""
        before = len(self.faults)
        read = self.one(kind, table)
        if read is not None:
            return read
        wrong = {fault.key.split(".")[0] for fault in self.faults[before:]}
        kept = {key: part for key, part in table.items() if key not in wrong}
        return kind.model_validate({**stand_ins, **kept})
