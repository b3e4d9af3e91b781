"""Codes of the time count once and only around their time; recovery codes stand in once each."""

from datetime import timedelta

import pyotp
from sqlalchemy import Engine, select

from ivr.accounts.rows import Account, RecoveryCode
from ivr.accounts.second_factor import (
    address_of,
    confirm_factor,
    drop_factor,
    fitting_step,
    new_secret,
    recovery_codes_left,
    shows_factor,
)
from ivr.store import Store
from tests.unit.accounts.people import AT, add

HALF_A_MINUTE = timedelta(seconds=30)


def test_a_code_fits_in_its_half_minute_the_one_before_and_the_one_after() -> None:
    secret = new_secret()
    code = pyotp.TOTP(secret).at(AT)
    fits = [fitting_step(secret, code, at=AT + HALF_A_MINUTE * shift, after=None) for shift in (-2, -1, 0, 1, 2)]
    assert [step is not None for step in fits] == [False, True, True, True, False]
    assert fitting_step(secret, code, at=AT, after=fits[2]) is None
    assert fitting_step(secret, f"{code[:3]} {code[3:]}", at=AT, after=None) == fits[2]
    for strange in ("", "12345", "abcdef", "１２３４５６", code + "0"):
        assert fitting_step(secret, strange, at=AT, after=None) is None


def test_setting_up_needs_a_right_code_and_gives_eight_recovery_codes_that_count_once(engine: Engine) -> None:
    store = Store(engine)
    with store.transaction() as session:
        account = add(session)
        account.next_factor = new_secret()
        code = pyotp.TOTP(account.next_factor).at(AT)
        wrong = "000000" if code != "000000" else "111111"
        assert confirm_factor(session, account, wrong, at=AT) == []
        assert account.second_factor is None
        codes = confirm_factor(session, account, code, at=AT)
    assert len(set(codes)) == 8
    with store.transaction() as session:
        account = session.get_one(Account, "hanjiwon")
        assert not shows_factor(session, account, code, at=AT)
        later = AT + timedelta(minutes=5)
        assert shows_factor(session, account, pyotp.TOTP(account.second_factor or "").at(later), at=later)
        assert shows_factor(session, account, codes[0].upper(), at=later)
        assert not shows_factor(session, account, codes[0], at=later)
        assert recovery_codes_left(session, account.id) == 7
        kept = session.scalars(select(RecoveryCode.digest)).all()
        assert not any(code.replace("-", "") in digest for code in codes for digest in kept)
        drop_factor(session, account)
        session.flush()
        assert not shows_factor(session, account, codes[1], at=later)


def test_the_address_for_authenticators_names_the_product_and_the_account() -> None:
    account = Account(id="hanjiwon", name="한지원", made_at=AT)
    assert address_of(account, "A" * 32).startswith(f"otpauth://totp/Charterline:hanjiwon?secret={'A' * 32}")
