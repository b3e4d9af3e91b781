"""Looks for numbers of people and for secrets in whatever was written: bytes of any kind, in any usual spelling."""

import base64
import gzip
import json
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import quote, quote_plus

from sqlalchemy import Engine, inspect, text

from ivr.numbers import PhoneNumber
from ivr.sealing import SealedText
from migrations.models import all_tables

Piece: TypeAlias = tuple[str, bytes]

# Digits that stand together, or apart by what people and programs put between them.
WRITTEN: Final = re.compile(rb"\d(?:[-. ()/]{0,2}\d){7,40}")
NO_DIGIT: Final = re.compile(rb"\D+")
COUNTRY: Final = "+82"
# Shorter than this, something is found everywhere and proves nothing.
SHORTEST_SECRET: Final = 6
# Texts of people that are shorter stand in our own words as well.
SHORTEST_TEXT: Final = 12
MOST_TEXTS: Final = 300
LARGEST_UNPACKED: Final = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Leak:
    """What was found where; neither is the thing itself."""

    what: str
    where: str


@dataclass
class Sought:
    """What nobody may find: numbers by their last digits, secrets in each form in which bytes are written."""

    _numbers: dict[bytes, str] = field(default_factory=dict)
    _secrets: dict[bytes, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many spellings are sought."""
        return len(self._numbers) + len(self._secrets)

    def number(self, e164: str) -> None:
        """The number of a person, encoded too; the public numbers of lines may be told to anybody."""
        what = f"a number ending in {e164[-2:]}"
        self.digits(e164, what)
        self._secrets.update(dict.fromkeys(_encoded(e164.encode()), f"{what}, encoded"))

    def digits(self, e164: str, what: str) -> None:
        """The same without its codings: of these a search may take many."""
        digits = e164.removeprefix(COUNTRY) if e164.startswith(COUNTRY) else e164.removeprefix("+")
        self._numbers[digits.encode()] = what

    def secret(self, value: str | bytes, what: str) -> None:
        """A secret, as text or as raw bytes."""
        raw = value.encode() if isinstance(value, str) else value
        if len(raw) < SHORTEST_SECRET:
            raise ValueError(f"{what} has {len(raw)} bytes: too few to be looked for")
        forms = {raw, raw.hex().encode(), quote(raw).encode(), quote_plus(raw).encode(), *_encoded(raw)}
        self._secrets.update(dict.fromkeys(forms, what))

    def text(self, value: str, what: str) -> None:
        """What somebody wrote: looked for as it is, as in an address, and as JSON has it."""
        self._secrets.update(
            dict.fromkeys({value.encode(), quote(value).encode(), json.dumps(value)[1:-1].encode()}, what)
        )

    def found_in(self, pieces: Iterable[Piece]) -> list[Leak]:
        """Everything that was found, each once for a place."""
        lengths = sorted({len(digits) for digits in self._numbers})
        found: dict[Leak, None] = {}
        for where, raw in pieces:
            for name, plain in unpacked(where, raw):
                found.update(dict.fromkeys(Leak(what, name) for what in self._numbers_in(plain, lengths)))
                found.update(dict.fromkeys(Leak(self._secrets[one], name) for one in self._secrets if one in plain))
        return list(found)

    def _numbers_in(self, raw: bytes, lengths: list[int]) -> Iterator[str]:
        for match in WRITTEN.finditer(raw):
            digits = NO_DIGIT.sub(b"", match[0])
            for length in lengths:
                for start in range(len(digits) - length + 1):
                    what = self._numbers.get(digits[start : start + length])
                    if what is not None:
                        yield what


def unpacked(where: str, raw: bytes) -> Iterator[Piece]:
    """These bytes, and what is packed in them."""
    yield where, raw
    if raw.startswith(b"\x1f\x8b"):
        yield from _tarred(f"{where} (gzip)", gzip.decompress(raw))
    elif raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            for entry in archive.infolist():
                if entry.file_size < LARGEST_UNPACKED:
                    yield f"{where} ({entry.filename})", archive.read(entry)
    elif raw[:1] == b"\x78":
        try:
            yield f"{where} (zlib)", zlib.decompress(raw)
        except zlib.error:
            return


def in_files(folder: Path, *, but: Iterable[Path] = ()) -> Iterator[Piece]:
    """Every file below a folder with its own name, except those in which secrets are meant to lie."""
    left_out = [path.resolve() for path in but]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(path.resolve().is_relative_to(one) for one in left_out):
            yield f"the name of {path}", str(path.relative_to(folder)).encode()
            yield str(path), path.read_bytes()


def in_database(engine: Engine) -> Iterator[Piece]:
    """Every value of every table as the database holds it, nothing opened."""
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            rows = connection.execute(text(f'SELECT * FROM "{table}"'))
            names = list(rows.keys())
            for name, values in zip(names, zip(*rows, strict=True), strict=False):
                yield f"{table}.{name}", b"\n".join(_raw(value) for value in values if value is not None)


def _raw(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def in_redis(url: str) -> Iterator[Piece]:
    """Every key with its value, whatever its type: queues, jobs that are done or failed, locks, bells."""
    from redis import Redis

    with Redis.from_url(url) as redis:
        for key in redis.scan_iter():
            kind = redis.type(key).decode()
            name = f"redis {key.decode(errors='replace')[:40]}"
            values = {
                "string": lambda key=key: [redis.get(key)],
                "list": lambda key=key: redis.lrange(key, 0, -1),
                "set": lambda key=key: list(redis.smembers(key)),
                "zset": lambda key=key: redis.zrange(key, 0, -1),
                "hash": lambda key=key: [part for pair in redis.hgetall(key).items() for part in pair],
                "stream": lambda key=key: [repr(redis.xrange(key)).encode()],
            }[kind]()
            yield name, key
            yield from ((name, value) for value in values if value)


def seek_what_is_sealed(sought: Sought, engine: Engine) -> None:
    """Every number of a person that the database of this engine holds sealed, and some hundreds of the longer texts."""
    texts: dict[str, str] = {}
    with engine.connect() as connection:
        for table in all_tables().sorted_tables:
            for row in connection.execute(table.select()).mappings():
                for column in table.columns:
                    value, place = row[column.name], f"{table.name}.{column.name}"
                    if isinstance(value, PhoneNumber) and value.masked != value.national:
                        sought.digits(value.e164, f"the number in {place}")
                    elif isinstance(column.type, SealedText) and isinstance(value, str) and len(value) >= SHORTEST_TEXT:
                        texts.setdefault(value, place)
    for value, place in list(texts.items())[:: max(1, len(texts) // MOST_TEXTS)]:
        sought.text(value, f"the text in {place}")


def _tarred(where: str, raw: bytes) -> Iterator[Piece]:
    yield where, raw
    try:
        with tarfile.open(fileobj=BytesIO(raw)) as archive:
            for entry in archive:
                if entry.isfile() and (file := archive.extractfile(entry)) is not None:
                    yield from unpacked(f"{where} ({entry.name})", file.read())
    except tarfile.TarError:
        return


def _encoded(raw: bytes) -> Iterator[bytes]:
    """What is the same in base64 wherever in a longer text these bytes stand; nothing for very short ones."""
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # The first and the last sign depend on what stands beside.
            start = -(-before * 8 // 6)
            end = (before + len(raw)) * 8 // 6
            form = encode(b"\x00" * before + raw)[start:end]
            if len(form) >= SHORTEST_SECRET:
                yield form
