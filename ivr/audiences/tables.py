"""Lists of customers as files: what kind of table one is, in which letters, and its rows one after the other."""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Final

from ivr.audiences.columns import known_in

MOST_BYTES: Final = 512 * 1024 * 1024
# A workbook's shared texts are held in memory by whoever reads it: long lists are for CSV.
MOST_UNPACKED_BYTES: Final = 400 * 1024 * 1024
MOST_COLUMNS: Final = 100
UTF_8: Final = "UTF-8"
CP949: Final = "CP949"
XLSX: Final = "XLSX"
DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab"}
_CODECS: Final = {UTF_8: "utf-8-sig", CP949: "cp949"}
_CHUNK: Final = 1024 * 1024
_TOLD_EVERY: Final = 500
_LINE_END: Final = re.compile(rb"[\r\n]")
_ZIP: Final = b"PK\x03\x04"
_STRANGERS: Final = {
    b"\xd0\xcf\x11\xe0": "an old or password-protected workbook: save it as XLSX without a password, or as CSV",
    b"\xff\xfe": "in UTF-16: save it as CSV in UTF-8",
    b"\xfe\xff": "in UTF-16: save it as CSV in UTF-8",
    b"%PDF": "a PDF: export the list as CSV or XLSX",
    b"{\\rtf": "a text document: export the list as CSV or XLSX",
}
_WEB_PAGE: Final = (b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml")
# What a file that was cut off, or is locked by a password, raises; XML that ends halfway is a SyntaxError.
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, SyntaxError, LookupError, ValueError)


class UnreadableTable(ValueError):
    """A file that is no table that can be read; the message says what to do."""


@dataclass(slots=True)
class Table:
    """A table that is being read: its first row, its rows with their numbers (the first is 1), and how far it is.

    `letters` is UTF-8, CP949 or XLSX; `read_bytes` counts what was read of `size`, for a workbook in rows of `size`.
    """

    header: Sequence[str]
    rows: Iterator[tuple[int, Sequence[str]]]
    letters: str
    delimiter: str
    size: int
    done: int = 0


@contextmanager
def read_table(file: BinaryIO, name: str, *, most_bytes: int = MOST_BYTES) -> Iterator[Table]:
    """Read an open CSV or XLSX file, told by its content; raises `UnreadableTable`, also while its rows are read."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    beginning = file.read(16)
    _insist_on_table(name, beginning, size=size, most_bytes=most_bytes)
    file.seek(0)
    with _opened_workbook(name, file) if beginning.startswith(_ZIP) else _opened_text(name, file, size=size) as table:
        yield table


def _insist_on_table(name: str, beginning: bytes, *, size: int, most_bytes: int) -> None:
    if size > most_bytes:
        raise UnreadableTable(
            f"{name} has {size / 2**20:,.0f} MB, more than {most_bytes / 2**20:,.0f}: cut it into smaller files"
        )
    if not size:
        raise UnreadableTable(f"{name} is empty: export the list again")
    if beginning.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_WEB_PAGE):
        raise UnreadableTable(f"{name} is a web page, whatever its name: open it and save it as CSV or XLSX")
    for sign, what in _STRANGERS.items():
        if beginning.startswith(sign):
            raise UnreadableTable(f"{name} is {what}")


@contextmanager
def _opened_text(name: str, file: BinaryIO, *, size: int) -> Iterator[Table]:
    letters = _letters_of(name, file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=_CODECS[letters], newline="")
    first_line = text.readline(_CHUNK)
    try:
        delimiter = _delimiter_of(first_line)
    except csv.Error as error:
        raise UnreadableTable(f"the first row of {name} names no columns ({error}): export the list again") from None
    text.seek(0)
    reader = csv.reader(_composed(text), delimiter=delimiter, strict=True)
    table = Table((), iter(()), letters, DELIMITERS[delimiter], size)
    table.rows = _text_rows(name, reader, file, table)
    _, table.header = next(table.rows, (1, ()))
    try:
        yield table
    finally:
        text.detach()


def _letters_of(name: str, file: BinaryIO) -> str:
    """Read the file through once: letters are told by all of it, for the first Korean name may stand far down."""
    decoders = {letters: codecs.getincrementaldecoder(codec)() for letters, codec in _CODECS.items()}
    while decoders:
        chunk = file.read(_CHUNK)
        if b"\0" in chunk or (len(chunk) == _CHUNK and not _LINE_END.search(chunk)):
            raise UnreadableTable(f"{name} is no table of text: save the list as CSV in UTF-8, or as XLSX")
        for letters, decoder in list(decoders.items()):
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                del decoders[letters]
        if not chunk:
            break
    if not decoders:
        raise UnreadableTable(f"the letters of {name} are neither UTF-8 nor CP949: save it as CSV in UTF-8")
    return next(iter(decoders))


def _delimiter_of(first_line: str) -> str:
    def known(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([first_line], delimiter=delimiter), [])
        return known_in(cells), len(cells)

    return max(DELIMITERS, key=known)


def _composed(lines: Iterator[str]) -> Iterator[str]:
    """Korean as one sign a syllable: some systems write its letters one by one."""
    for line in lines:
        yield line if line.isascii() else unicodedata.normalize("NFC", line)


def _text_rows(
    name: str, reader: Iterator[list[str]], file: BinaryIO, table: Table
) -> Iterator[tuple[int, Sequence[str]]]:
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            what = f"row {number} of {name} cannot be read ({error})"
            raise UnreadableTable(f"{what}: look for a quotation mark that is not closed there or before") from None
        if number % _TOLD_EVERY == 0:
            table.done = file.tell()
        if any(cells):
            yield number, cells


@contextmanager
def _opened_workbook(name: str, file: BinaryIO) -> Iterator[Table]:
    """The first sheet, as the values that were last calculated."""
    import openpyxl  # only lists need it, and every process would wait for it

    try:
        with zipfile.ZipFile(file) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > MOST_UNPACKED_BYTES:
            most = f"{unpacked / 2**20:,.0f} MB, more than {MOST_UNPACKED_BYTES / 2**20:,.0f}"
            raise UnreadableTable(f"{name} unpacks to {most}: save the list as CSV in UTF-8")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except _DAMAGED as error:
        raise _damaged(name, error) from None
    try:
        sheet = book.worksheets[0] if book.worksheets else None
        if sheet is None:
            raise UnreadableTable(f"{name} has no sheet of cells: export the list again")
        table = Table((), iter(()), XLSX, "", sheet.max_row or 0)
        table.rows = _sheet_rows(name, sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), table)
        _, table.header = next(table.rows, (1, ()))
        yield table
    finally:
        book.close()


def _sheet_rows(name: str, rows: Iterator[Sequence[object]], table: Table) -> Iterator[tuple[int, Sequence[str]]]:
    number = 0
    while True:
        number += 1
        try:
            cells = [_written(cell) for cell in next(rows)]
        except StopIteration:
            return
        except _DAMAGED as error:
            raise _damaged(name, error) from None
        table.done = number
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _damaged(name: str, error: Exception) -> UnreadableTable:
    if isinstance(error, UnreadableTable):
        return error
    return UnreadableTable(f"{name} is no XLSX file, or is damaged: save it as one, or as CSV in UTF-8")


def _written(cell: object) -> str:
    """A cell as it would stand in a CSV file."""
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M:%S}" if cell.time() != datetime.min.time() else f"{cell:%Y-%m-%d}"
        case date():
            return f"{cell:%Y-%m-%d}"
        case float() if cell.is_integer():
            return str(int(cell))
        case str():
            return unicodedata.normalize("NFC", cell)
        case _:
            return str(cell)
