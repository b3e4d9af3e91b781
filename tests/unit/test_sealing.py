"""Sealing: what opens and what does not, the setting with the keys, the blind index, and sealed columns."""

import base64
import hashlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, LargeBinary, create_engine, select, text, type_coerce
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from ivr.numbers import PhoneNumber
from ivr.sealing import BadKeys, CannotOpen, Keyring, SealedNumber, SealedText
from ivr.store import make_engine
from tests.store_fixtures.databases import NewDatabase

OLD, NEW, INDEX = (bytes([code]) * 32 for code in b"onx")
RING = Keyring({"k1": OLD}, "k1", index_key=INDEX)
NUMBER = PhoneNumber.parse("010-0000-0001")
PLACE = "call.caller"


class _Rows(DeclarativeBase):
    pass


class Visitor(_Rows):
    """A row with personal data."""

    __tablename__ = "visitor"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[PhoneNumber | None] = mapped_column(SealedNumber(place="visitor.phone"))
    memo: Mapped[str | None] = mapped_column(SealedText(place="visitor.memo"))


@pytest.fixture(params=["sqlite", "postgresql"])
def visitors(request: pytest.FixtureRequest, tmp_path: object) -> Iterator[Engine]:
    """An engine with the visitors' table, on each of the two databases."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/visitors.db"
    else:
        new_postgresql: NewDatabase = request.getfixturevalue("new_postgresql")
        url = new_postgresql("sealing")
    engine = make_engine(url, keyring=RING)
    _Rows.metadata.create_all(engine)
    yield engine
    engine.dispose()


def entry(key_id: str, key: bytes) -> str:
    return f"{key_id}:{base64.b64encode(key).decode()}"


@given(st.text(), st.text())
def test_what_was_sealed_opens_at_its_own_place_only(value: str, place: str) -> None:
    sealed = RING.seal(value, place=place)
    assert RING.open(sealed, place=place) == value
    with pytest.raises(CannotOpen):
        RING.open(sealed, place=place + "x")


@given(st.data())
def test_a_sealed_value_with_one_bit_changed_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(RING.seal(NUMBER, place=PLACE))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotOpen):
        RING.open(bytes(sealed), place=PLACE)


@given(st.binary(max_size=80))
def test_bytes_that_were_never_sealed_do_not_open(junk: bytes) -> None:
    with pytest.raises(CannotOpen):
        RING.open(junk, place=PLACE)


def test_one_number_sealed_twice_looks_different_and_shows_no_digits() -> None:
    first, second = RING.seal(NUMBER, place=PLACE), RING.seal(NUMBER, place=PLACE)
    assert first != second
    assert b"1000000001" not in first
    assert RING.open(first, place=PLACE) == NUMBER.e164


def test_after_a_change_of_keys_old_values_open_and_new_ones_use_the_new_key() -> None:
    both = Keyring({"k2": NEW, "k1": OLD}, "k2", index_key=INDEX)
    old, new = RING.seal(NUMBER, place=PLACE), both.seal(NUMBER, place=PLACE)
    assert both.open(old, place=PLACE) == both.open(new, place=PLACE) == NUMBER.e164
    assert (both.is_current(old), both.is_current(new)) == (False, True)
    assert both.index(NUMBER) == RING.index(NUMBER)
    with pytest.raises(CannotOpen, match="put the key 'k2' back into SECRET_KEYS"):
        RING.open(new, place=PLACE)


def test_the_setting_names_the_sealing_key_first_and_the_index_anywhere() -> None:
    before = Keyring.from_secrets(",".join([entry("index", INDEX), entry("k1", OLD)]))
    after = Keyring.from_secrets(", ".join([entry("k2", NEW), entry("k1", OLD), entry("index", INDEX)]))
    sealed = before.seal(NUMBER, place=PLACE)
    assert after.open(sealed, place=PLACE) == NUMBER.e164
    assert not after.is_current(sealed)
    assert after.index(NUMBER) == before.index(NUMBER)


def test_the_index_key_is_derived_and_never_the_secret_itself() -> None:
    ring = Keyring.from_secrets(",".join([entry("index", INDEX), entry("k1", OLD)]))
    assert ring.index(NUMBER) != RING.index(NUMBER)
    assert len(ring.index(NUMBER)) == hashlib.sha256().digest_size * 2
    assert ring.index(NUMBER) != ring.index(PhoneNumber.parse("010-0000-0002"))


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("", "the entry index:BASE64 is missing"),
        ("", "no sealing key is given"),
        (entry("index", INDEX), "no sealing key is given"),
        (entry("k1", OLD), "the entry index:BASE64 is missing"),
        (f"{entry('index', INDEX)},{entry('k1', OLD[:16])}", "the key k1 has 16 bytes"),
        (f"{entry('index', INDEX[:31])},{entry('k1', OLD)}", "the key index has 31 bytes"),
        (f"{entry('index', INDEX)},k1:not base64!", "the key k1 has 0 bytes"),
        (f"{entry('index', INDEX)},{entry('k1', OLD)},{entry('k1', NEW)}", "the key k1 is given twice"),
        (f"{entry('index', INDEX)},k1", "entry 2 is not ID:BASE64"),
        (f"{entry('index', INDEX)},{entry('K 1', OLD)}", "entry 2 is not ID:BASE64"),
    ],
)
def test_keys_that_do_not_fit_are_refused_by_name(setting: str, problem: str) -> None:
    with pytest.raises(BadKeys) as refusal:
        Keyring.from_secrets(setting)
    assert any(told.startswith(problem) for told in refusal.value.problems)


def test_all_faults_of_the_keys_are_told_at_once_and_no_key_is_shown() -> None:
    with pytest.raises(BadKeys) as refusal:
        Keyring.from_secrets(f"{entry('k1', OLD[:8])},k2")
    assert len(refusal.value.problems) == 3
    assert base64.b64encode(OLD[:8]).decode() not in str(refusal.value)
    assert repr(RING) == "<Keyring current=k1 of k1>"


def test_a_current_key_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadKeys, match="current key 'k9'"):
        Keyring({"k1": OLD}, "k9", index_key=INDEX)


def test_a_sealed_column_takes_and_gives_numbers_and_stores_no_digits(visitors: Engine) -> None:
    with Session(visitors) as session, session.begin():
        session.add_all([Visitor(id=1, phone=NUMBER, memo="홍길동 님"), Visitor(id=2, phone=None, memo=None)])
    with Session(visitors) as session:
        first, second = session.scalars(select(Visitor).order_by(Visitor.id))
        assert (first.phone, first.memo, second.phone, second.memo) == (NUMBER, "홍길동 님", None, None)
        stored = session.scalars(select(type_coerce(Visitor.phone, LargeBinary)).where(Visitor.id == 1)).one()
        assert b"1000000001" not in bytes(stored)
        assert session.scalars(select(Visitor.id).where(Visitor.phone.is_(None))).all() == [2]
        assert session.scalars(select(Visitor.id).where(Visitor.phone.is_not(None))).all() == [1]
        assert session.scalars(select(Visitor.id).where(Visitor.memo == None)).all() == [2]  # noqa: E711


def test_a_value_copied_into_another_column_does_not_open(visitors: Engine) -> None:
    with Session(visitors) as session, session.begin():
        session.add(Visitor(id=1, phone=NUMBER))
        session.flush()
        session.execute(text("UPDATE visitor SET memo = phone"))
    with Session(visitors) as session, pytest.raises(CannotOpen, match="moved from another column"):
        session.scalars(select(Visitor)).all()


def test_a_sealed_column_cannot_be_compared_or_sorted() -> None:
    with pytest.raises(TypeError, match="blind index"):
        select(Visitor).where(Visitor.phone == NUMBER)
    with pytest.raises(TypeError, match="blind index"):
        select(Visitor).order_by(Visitor.memo.desc())


def test_a_sealed_column_takes_no_bare_digits(visitors: Engine) -> None:
    with Session(visitors) as session:
        session.add(Visitor(id=1, phone="+821000000001"))
        with pytest.raises(StatementError, match="takes a PhoneNumber"):
            session.flush()


def test_an_engine_without_a_keyring_says_how_to_get_one(tmp_path: object) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/bare.db")
    _Rows.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Visitor(id=1, phone=NUMBER))
        with pytest.raises(StatementError, match="make_engine"):
            session.flush()
    engine.dispose()
