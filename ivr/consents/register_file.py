"""The do-not-call register as a file: one number a line, in letters that the file itself tells; read of any length."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from ivr.consents.register import BadRegister
from ivr.numbers import BadNumber, PhoneNumber
from ivr.sealing import Keyring

PROBE_BYTES: Final = 65536
SHOWN_LINES: Final = 5
# A list with more than this share of other things is no list of numbers.
STRANGE_SHARE: Final = 0.1
# What a file that is no list of numbers in UTF-8 or CP949 raises while it is read.
UNREADABLE: Final = (UnicodeDecodeError, csv.Error)


class RegisterFile:
    """The numbers of a file, one after the other, and what else it had."""

    def __init__(self, file: BinaryIO, keyring: Keyring) -> None:
        self._file, self._keyring = file, keyring
        self.read = self.strange = 0
        self._lines: list[int] = []

    def indexes(self) -> Iterator[str]:
        """The blind index of each number."""
        text = io.TextIOWrapper(self._file, encoding=_encoding(self._file), newline="")
        try:
            for line, row in enumerate(csv.reader(text), start=1):
                number = next(filter(None, map(_number, row)), None)
                if number is not None:
                    self.read += 1
                    yield self._keyring.index(number)
                elif any(row) and line > 1:
                    self._note(line)
        finally:
            text.detach()

    def check(self) -> None:
        """Raise `BadRegister` where too much of it is something else."""
        if self.strange > STRANGE_SHARE * (self.read + self.strange):
            raise BadRegister(
                f"{self.strange} of {self.read + self.strange} lines are no telephone numbers ({self.examples()}):"
                " give the list of the register, one number a line; nothing was changed"
            )

    def examples(self) -> str:
        """The first lines that are no numbers."""
        return "line " + ", ".join(map(str, self._lines)) + (", ..." if self.strange > len(self._lines) else "")

    def _note(self, line: int) -> None:
        self.strange += 1
        if len(self._lines) < SHOWN_LINES:
            self._lines.append(line)


def _number(text: str) -> PhoneNumber | None:
    try:
        return PhoneNumber.parse(text)
    except BadNumber:
        return None


def _encoding(file: BinaryIO) -> str:
    """UTF-8 with or without its mark, else CP949, by the file's beginning."""
    beginning = file.read(PROBE_BYTES)
    file.seek(0)
    # The end of the piece may cut a letter in two.
    try:
        beginning[: beginning.rfind(b"\n") + 1 or None].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp949"
    return "utf-8-sig"
