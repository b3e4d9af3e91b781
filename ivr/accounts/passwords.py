"""Passwords: kept as argon2 hashes, checked in the same time for names that nobody has, refused when easily guessed."""

import re
import secrets
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# NIST SP 800-63B, 3.1.1: length counts, not signs of every kind, and nothing expires by itself.
SHORTEST: Final = 10
LONGEST: Final = 200
# No letters that are taken for others when a person reads them out.
TEMPORARY_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
# A hash takes 64 MiB and a core: a flood of tries must wait in a row instead of taking the machine.
_TURN: Final = threading.BoundedSemaphore(2)
ONE_SIGN_OVER_AND_OVER: Final = re.compile(r"(.)\1*")


class Weakness(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    NAME = "name"
    COMMON = "common"


@dataclass(frozen=True)
class Passwords:
    """How passwords are kept: the cost of a hash, and the list of those that everybody tries first."""

    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    common: frozenset[str] = frozenset()

    def hashed(self, password: str) -> str:
        """The argon2id hash of a password, with its salt and cost."""
        with _TURN:
            return self.hasher.hash(password)

    def fits(self, kept: str | None, password: str) -> bool:
        """Does the password belong to the kept hash? Takes as long where there is none to compare with."""
        compared = kept or self._nobodys
        try:
            with _TURN:
                self.hasher.verify(compared, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Was the hash made at another cost than today's?"""
        return self.hasher.check_needs_rehash(kept)

    def weakness(self, password: str, *, account_id: str, name: str) -> Weakness | None:
        """Why this person must choose another password, None where it is good enough."""
        plain = password.casefold()
        if len(password) < SHORTEST:
            return Weakness.SHORT
        if len(password) > LONGEST:
            return Weakness.LONG
        if any(len(own) > 1 and own.casefold() in plain for own in (account_id, name)):
            return Weakness.NAME
        if plain in self.common or ONE_SIGN_OVER_AND_OVER.fullmatch(plain):
            return Weakness.COMMON
        return None

    @cached_property
    def _nobodys(self) -> str:
        return self.hashed(secrets.token_urlsafe(16))


def temporary_password() -> str:
    """A password to be told once and changed at the first sign-in: 12 signs, 59 bits, easy to read out."""
    signs = "".join(secrets.choice(TEMPORARY_SIGNS) for _ in range(12))
    return "-".join(signs[start : start + 4] for start in (0, 4, 8))
