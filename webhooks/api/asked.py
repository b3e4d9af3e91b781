"""What a view of the REST API is given: the transaction, the parts of the process, and whose lines it may touch."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from ivr.access.tokens import Bearer
from ivr.lines.model import Line, UnknownLine
from webhooks.api.problems import Problem
from webhooks.switchboard import Switchboard


class OfLine(Protocol):
    """A row that belongs to a line."""

    @property
    def line(self) -> str:
        """The id of the line."""
        ...


Row = TypeVar("Row", bound=OfLine)


@dataclass(frozen=True, slots=True)
class Asked:
    """One accepted request at `at`, within one transaction."""

    session: Session
    board: Switchboard
    token: Bearer
    at: datetime

    def line(self, wished: str | None) -> Line:
        """The line that something is made for; raises `Problem` (403, 422)."""
        if self.token.line is not None and wished not in {None, self.token.line}:
            raise Problem(403, "Not allowed", "The token is for another line: leave line out, or use its own token.")
        chosen = self.token.line or wished
        if chosen is None:
            raise Problem(422, "Unprocessable content", "The token is for all lines: say which one.", field="line")
        try:
            return self.board.line(chosen)
        except UnknownLine:
            raise Problem(422, "Unprocessable content", "There is no line with this id.", field="line") from None

    def lines(self) -> tuple[str, ...]:
        """The ids of the lines that may be seen."""
        return (self.token.line,) if self.token.line else tuple(line.id for line in self.board.lines)

    def found(self, row: Row | None, what: str) -> Row:
        """The row, or `Problem` (404) when there is none or it belongs to a line that may not be seen."""
        if row is None or row.line not in self.lines():
            raise Problem(404, "Not found", f"There is no {what} with this id among those that the token may see.")
        return row
