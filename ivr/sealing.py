"""Personal data at rest: AES-256-GCM under named keys, a blind index for numbers, and the column types.

The cipher is reached only through `Keyring`, so that a certified module can take its place.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ColumnElement, Dialect, LargeBinary
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from ivr.numbers import NumberKind, PhoneNumber

if TYPE_CHECKING:
    from sqlalchemy.sql.operators import OperatorType

KEY_BYTES: Final = 32
INDEX_ENTRY: Final = "index"
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_INDEX_PURPOSE: Final = b"charterline: blind index of telephone numbers"
_KEY_ID: Final = re.compile(r"[a-z0-9_-]{1,32}")
_ON_DIALECT: Final = "charterline_keyring"  # set by ivr.store.make_engine
# Stands in a sealed column whose value was erased: no key has an id without a sign, so nothing sealed begins so.
ERASED: Final = b"\x00"


class BadKeys(ValueError):
    """The sealing keys cannot be used; `problems` names every fault, and never any key material."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("the sealing keys do not fit: " + "; ".join(problems))


class CannotOpen(ValueError):
    """A sealed value that does not open; `place` is its column, and the message says what to do."""

    def __init__(self, place: str, *, why: str, remedy: str) -> None:
        self.place = place
        self.why = why
        self.remedy = remedy
        super().__init__(f"a sealed value of {place} cannot be opened: {why}; {remedy}")


class Keyring:
    """The keys of one installation: any of them opens, the current one seals.

    A sealed value is: one byte with the length of the key id, the key id in ASCII, a random nonce of 12
    bytes, the ciphertext, a tag of 16 bytes. The place (`table.column`) is authenticated with it, so that a
    value moved to another column does not open.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str, *, index_key: bytes) -> None:
        """Take sealing keys by id, the id that seals, and the key of the blind index, 32 bytes each."""
        problems = [problem for key_id, key in keys.items() for problem in _faults(key_id, key)]
        if current not in keys:
            problems.append(f"the current key {current!r} is not among the keys: add it")
        if len(index_key) < KEY_BYTES:
            problems.append(f"the index key has {len(index_key)} bytes: it needs {KEY_BYTES}")
        if problems:
            raise BadKeys(problems)
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = current
        self._index_key = index_key

    @classmethod
    def from_secrets(cls, text: str) -> Self:
        """Read the setting `SECRET_KEYS`: entries `ID:BASE64` separated by commas, 32 bytes each.

        The first entry not called `index` seals; the others only open what was sealed before. The entry
        `index` is not a sealing key: the key of the blind index is derived from it by HKDF-SHA256, and it
        must never change, or stored numbers are no longer found. Raises `BadKeys` with every fault.
        """
        entries, problems = _entries(text)
        root = entries.pop(INDEX_ENTRY, None)
        if root is None:
            problems.append(f"the entry {INDEX_ENTRY}:BASE64 is missing: add 32 random bytes under that name")
        if not entries:
            problems.append("no sealing key is given: add an entry such as k1:BASE64")
        if problems or root is None:
            raise BadKeys(problems)
        derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=_INDEX_PURPOSE).derive(root)
        return cls(entries, next(iter(entries)), index_key=derived)

    def seal(self, value: PhoneNumber | str, *, place: str) -> bytes:
        """Seal a number or a text for one column, `place` being `table.column`; twice gives two results."""
        if isinstance(value, ErasedNumber):
            return ERASED
        plain = value.e164 if isinstance(value, PhoneNumber) else value
        return self.seal_bytes(plain.encode(), place=place)

    def seal_bytes(self, plain: bytes, *, place: str) -> bytes:
        """Seal anything that is no text, such as a recording, for one place."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        name = self._current.encode()
        locked = self._ciphers[self._current].encrypt(nonce, plain, place.encode())
        return bytes([len(name)]) + name + nonce + locked

    def open(self, sealed: bytes, *, place: str) -> str:
        """Open what `seal` made for the same place: the text, or a number's E.164; raises `CannotOpen`."""
        return self.open_bytes(sealed, place=place).decode()

    def open_bytes(self, sealed: bytes, *, place: str) -> bytes:
        """Open what `seal_bytes` made for the same place; raises `CannotOpen`."""
        key_id, nonce, locked = _taken_apart(sealed, place)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            remedy = f"put the key {key_id!r} back into SECRET_KEYS, after the one that seals"
            raise CannotOpen(place, why=f"its key {key_id!r} is not on the keyring", remedy=remedy)
        try:
            return cipher.decrypt(nonce, locked, place.encode())
        except InvalidTag:
            raise CannotOpen(
                place,
                why=f"it was changed, moved from another column, or sealed with another key {key_id!r}",
                remedy="compare SECRET_KEYS with the installation that wrote it, or restore the row",
            ) from None

    def index(self, number: PhoneNumber) -> str:
        """Compute the blind index of a number: HMAC-SHA256 of its E.164 form, 64 hex digits."""
        return hmac.new(self._index_key, number.e164.encode(), hashlib.sha256).hexdigest()

    def sign(self, text: str) -> str:
        """Sign a text that we give out and want back unchanged: 128 bits of HMAC-SHA256, 22 signs safe in a URL.

        The key is that of the blind index, which never changes; a text with a colon is no number.
        """
        if ":" not in text:
            raise ValueError("what is signed must be named before a colon, so that it can never be a number's index")
        digest = hmac.new(self._index_key, text.encode(), hashlib.sha256).digest()[:16]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def is_current(self, sealed: bytes) -> bool:
        """Whether the value was sealed with the current key, so that a change of keys can skip it."""
        return sealed.startswith(self.mark(self._current))

    @property
    def current(self) -> str:
        """The id of the key that seals."""
        return self._current

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of all keys that open, as they were given."""
        return tuple(self._ciphers)

    def mark(self, key_id: str) -> bytes:
        """How every value begins that was sealed with this key."""
        return bytes([len(key_id)]) + key_id.encode()

    def __repr__(self) -> str:
        return f"<Keyring current={self._current} of {', '.join(self._ciphers)}>"


class ErasedNumber(PhoneNumber):
    """Stands for a number that was erased: nothing can be dialled or found by it, and it shows no digit."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("erased", NumberKind.SPECIAL)

    @property
    def national(self) -> str:
        """As it is masked: there is nothing more to show."""
        return "***-****-****"

    @property
    def masked(self) -> str:
        """Stars alone."""
        return "***-****-****"


def _is_null_or_column(other: object) -> bool:
    return other is None or isinstance(other, ColumnElement)


class _OnlyNullIsComparable(LargeBinary.Comparator[Any]):  # the value's type is the subclass's own
    def operate(self, op: "OperatorType", *other: Any, **settings: Any) -> ColumnElement[Any]:  # as inherited
        """Refuse comparisons that could never be true, since each sealing differs; null checks pass.

        SQLAlchemy itself compares columns with each other when it looks them up, so that passes too.
        """
        allowed = op in {operators.is_, operators.is_not} or (other and _is_null_or_column(other[0]))
        if not allowed:
            raise TypeError("a sealed column cannot be compared or sorted: search by the blind index beside it")
        return super().operate(op, *other, **settings)


class SealedNumber(TypeDecorator[PhoneNumber]):
    """A column of sealed telephone numbers; `place` is its own name, `table.column`."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = _OnlyNullIsComparable

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: PhoneNumber | None, dialect: Dialect) -> bytes | None:
        """Seal on the way into the database."""
        if value is None:
            return None
        if not isinstance(value, PhoneNumber):
            raise TypeError(f"{self.place} takes a PhoneNumber, not {type(value).__name__}: parse it first")
        return _keyring_of(dialect, self.place).seal(value, place=self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> PhoneNumber | None:
        """Open on the way out; raises `CannotOpen`."""
        if value is None:
            return None
        if bytes(value) == ERASED:
            return ErasedNumber()
        return PhoneNumber.parse(_keyring_of(dialect, self.place).open(bytes(value), place=self.place))


class SealedText(TypeDecorator[str]):
    """A column of sealed personal text, such as a name or a memo; `place` is its own name, `table.column`.

    One that was erased reads as an empty text.
    """

    impl = LargeBinary
    cache_ok = True
    comparator_factory = _OnlyNullIsComparable

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal on the way into the database."""
        return None if value is None else _keyring_of(dialect, self.place).seal(value, place=self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open on the way out; raises `CannotOpen`."""
        if value is None:
            return None
        return "" if bytes(value) == ERASED else _keyring_of(dialect, self.place).open(bytes(value), place=self.place)


def index_of(session: Session, number: PhoneNumber) -> str:
    """The blind index of a number, under the keyring of the session's engine."""
    return _keyring_of(session.get_bind().dialect, "a blind index").index(number)


def sign(session: Session, text: str) -> str:
    """Sign a named text, under the keyring of the session's engine; see `Keyring.sign`."""
    return _keyring_of(session.get_bind().dialect, "a signature").sign(text)


def _keyring_of(dialect: Dialect, place: str) -> Keyring:
    keyring = getattr(dialect, _ON_DIALECT, None)
    if not isinstance(keyring, Keyring):
        raise RuntimeError(
            f"{place} is sealed, and its engine has no keyring: make it with make_engine(url, keyring=...)"
        )
    return keyring


def _taken_apart(sealed: bytes, place: str) -> tuple[str, bytes, bytes]:
    start = 1 + sealed[0] if sealed else 0
    if len(sealed) < start + _NONCE_BYTES + _TAG_BYTES or not sealed[1:start].isascii():
        why = f"its {len(sealed)} bytes are not a sealed value"
        raise CannotOpen(place, why=why, remedy="look for a writer that does not seal, or restore the row")
    return (
        sealed[1:start].decode("ascii"),
        sealed[start : start + _NONCE_BYTES],
        sealed[start + _NONCE_BYTES :],
    )


def _entries(text: str) -> tuple[dict[str, bytes], list[str]]:
    entries: dict[str, bytes] = {}
    problems: list[str] = []
    for position, entry in enumerate(filter(None, (part.strip() for part in text.split(","))), start=1):
        key_id, colon, encoded = entry.partition(":")
        if not colon or not _KEY_ID.fullmatch(key_id):
            problems.append(f"entry {position} is not ID:BASE64 with an id of small letters and digits")
        elif key_id in entries:
            problems.append(f"the key {key_id} is given twice: keep one")
        else:
            entries[key_id] = _decoded(encoded)
            problems += _faults(key_id, entries[key_id])
    return entries, problems


def _decoded(encoded: str) -> bytes:
    """Decode base64 in either alphabet; what is none counts as zero bytes."""
    try:
        return base64.b64decode(encoded.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _faults(key_id: str, key: bytes) -> list[str]:
    faults = []
    if not _KEY_ID.fullmatch(key_id):
        faults.append(f"the key id {key_id!r} is not made of 1 to 32 small letters, digits, - and _")
    if len(key) != KEY_BYTES:
        faults.append(f"the key {key_id} has {len(key)} bytes: give {KEY_BYTES} random bytes in base64")
    return faults
