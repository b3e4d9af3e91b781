"""A change of the sealing key while everything runs: each sealed value is sealed anew with the key that is current."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, LargeBinary, MetaData, and_, func, literal, select, type_coerce, update
from sqlalchemy.orm import Session

from ivr.keeping.rules import is_sealed
from ivr.listening.recordings import Recording, Sounds, place_of
from ivr.sealing import ERASED, Keyring, SealedNumber, SealedText

PIECE = 200
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A sealed column, by its table and its place."""

    column: Column[object]
    place: str

    @property
    def raw(self) -> ColumnElement[bytes]:
        """The value as it lies in the database."""
        return type_coerce(self.column, LargeBinary)


def sealed_columns(tables: MetaData) -> list[SealedColumn]:
    """Every sealed column of every table, found by its type, so that none can be forgotten."""
    return [
        SealedColumn(column, _place(column))
        for table in tables.sorted_tables
        for column in table.columns
        if is_sealed(column)
    ]


def values_by_key(session: Session, sealed: SealedColumn, keyring: Keyring) -> Counter[str]:
    """How many values of a column were sealed with which key; `unknown` are those whose key is not on the ring."""
    counted = {key_id: _begins(sealed, keyring.mark(key_id)) for key_id in keyring.key_ids}
    sums = [func.count().filter(begins) for begins in counted.values()]
    whole, *each = session.execute(select(func.count(), *sums).where(_is_value(sealed))).one()
    return Counter({**dict(zip(counted, each, strict=True)), UNKNOWN: whole - sum(each)})


def reseal_piece(session: Session, sealed: SealedColumn, keyring: Keyring) -> int:
    """Seal up to `PIECE` values of a column anew; how many it were. Raises `CannotOpen`.

    A value that somebody else wrote meanwhile is left as it was written: it is under the current key already.
    """
    keys = list(sealed.column.table.primary_key.columns)
    old = _is_value(sealed) & ~_begins(sealed, keyring.mark(keyring.current))
    rows = session.execute(select(sealed.raw, *keys).where(old).order_by(*keys).limit(PIECE)).all()
    for value, *key in rows:
        fresh = keyring.seal_bytes(keyring.open_bytes(bytes(value), place=sealed.place), place=sealed.place)
        same = and_(*(column == part for column, part in zip(keys, key, strict=True)), sealed.raw == value)
        changed = {sealed.column.name: literal(fresh, LargeBinary)}
        session.execute(update(sealed.column.table).where(same).values(changed))
    return len(rows)


def reseal_sounds(session: Session, sounds: Sounds, keyring: Keyring) -> Iterator[str]:
    """Seal every sound that is under another key anew; yields the name of each that was."""
    kept = select(Recording.sid, Recording.file).where(Recording.file.is_not(None)).order_by(Recording.sid)
    for sid, file in session.execute(kept).all():
        sealed = sounds.read(file) if file else None
        if file and sealed is not None and not keyring.is_current(sealed):
            place = place_of(sid)
            sounds.keep(file, keyring.seal_bytes(keyring.open_bytes(sealed, place=place), place=place))
            yield file


def sounds_by_key(session: Session, sounds: Sounds, keyring: Keyring) -> Counter[str]:
    """How many sounds were sealed with which key."""
    found: Counter[str] = Counter()
    for file in session.scalars(select(Recording.file).where(Recording.file.is_not(None))):
        sealed = sounds.read(str(file))
        if sealed is not None:
            marks = (key_id for key_id in keyring.key_ids if sealed.startswith(keyring.mark(key_id)))
            found[next(marks, UNKNOWN)] += 1
    return found


def _place(column: Column[object]) -> str:
    if not isinstance(column.type, SealedNumber | SealedText):
        raise TypeError(f"{column} is not sealed")
    return column.type.place


def _begins(sealed: SealedColumn, mark: bytes) -> ColumnElement[bool]:
    return func.substr(sealed.raw, 1, len(mark)) == literal(mark, LargeBinary)


def _is_value(sealed: SealedColumn) -> ColumnElement[bool]:
    return and_(sealed.raw.is_not(None), sealed.raw != literal(ERASED, LargeBinary))
