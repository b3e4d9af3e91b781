"""The second factor: six digits of the time (RFC 6238) that count once, and recovery codes for a lost telephone."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ivr.accounts.rows import Account, RecoveryCode

ISSUER: Final = "Charterline"
STEP_SECONDS: Final = 30
RECOVERY_CODES: Final = 8
# Crockford's letters: none is taken for another when it is typed from paper.
RECOVERY_SIGNS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
SIX_DIGITS: Final = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """A secret for a telephone's authenticator: 160 bits in base32."""
    return pyotp.random_base32()


def address_of(account: Account, secret: str) -> str:
    """The `otpauth:` address that authenticators read from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.id, issuer_name=ISSUER)


def fitting_step(secret: str, code: str, *, at: datetime, after: int | None) -> int | None:
    """The time step a code belongs to: this one, the last or the next, and later than `after`; None for a wrong one."""
    plain = "".join(code.split())
    if not SIX_DIGITS.fullmatch(plain):
        return None
    present, wanted = int(at.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    for step in (present - 1, present, present + 1):
        if step > (after or 0) and hmac.compare_digest(wanted.generate_otp(step), plain):
            return step
    return None


def shows_factor(session: Session, account: Account, code: str, *, at: datetime) -> bool:
    """Does somebody show the second factor by a code of the time or a recovery code? Either is used up by it."""
    if account.second_factor is None:
        return False
    step = fitting_step(account.second_factor, code, at=at, after=account.second_factor_step)
    if step is not None:
        account.second_factor_step = step
        return True
    kept = session.get(RecoveryCode, (account.id, _digest(account.id, code)))
    if kept is None or kept.used_at is not None:
        return False
    kept.used_at = at
    return True


def confirm_factor(session: Session, account: Account, code: str, *, at: datetime) -> list[str]:
    """Take the secret that is being set up as the second factor once its telephone shows the right code.

    Returns new recovery codes, to be shown this once, or nothing where the code is wrong.
    """
    step = fitting_step(account.next_factor, code, at=at, after=None) if account.next_factor else None
    if step is None:
        return []
    account.second_factor, account.next_factor, account.second_factor_step = account.next_factor, None, step
    return new_recovery_codes(session, account)


def new_recovery_codes(session: Session, account: Account) -> list[str]:
    """Make eight codes in place of all former ones; only their digests are kept."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    signs = ["".join(secrets.choice(RECOVERY_SIGNS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account.id, digest=_digest(account.id, code)) for code in signs)
    return [f"{code[:5]}-{code[5:]}" for code in signs]


def recovery_codes_left(session: Session, account_id: str) -> int:
    """How many recovery codes have not been used."""
    unused = (RecoveryCode.account_id == account_id) & RecoveryCode.used_at.is_(None)
    return session.scalar(select(func.count()).where(unused)) or 0


def drop_factor(session: Session, account: Account) -> None:
    """Take the second factor and its recovery codes away."""
    account.second_factor = account.next_factor = account.second_factor_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def _digest(account_id: str, code: str) -> str:
    plain = re.sub(r"[\s-]", "", code).lower()
    return hashlib.sha256(f"{account_id}:{plain}".encode()).hexdigest()
