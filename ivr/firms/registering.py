"""The register of a centre's client firms: entering one, changing its entry, and the review after the first years."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.firms.eligibility import Declared, exclusions_of, refuse_ineligible, refuse_products
from ivr.firms.refusing import FirmRefused
from ivr.firms.registration import registration_number
from ivr.firms.rows import Contract, ContractState, FirmEntry
from ivr.firms.working import Work, rule_of
from ivr.lines.centre import Exclusion
from ivr.lines.model import Line

ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
# Addresses of pages that stand beside those of firms.
TAKEN: Final = frozenset({"new", "comparison"})


@dataclass(frozen=True, slots=True)
class Registration:
    """What an entry says; `number` is the business registration number as written, `contact` whom to ask there."""

    name: str
    number: str
    declared: Declared
    selected_on: date
    contact: str | None = None


def firms_of(session: Session, line_id: str) -> list[FirmEntry]:
    """Every firm in the register of a line, by name."""
    return list(session.scalars(select(FirmEntry).where(FirmEntry.line == line_id).order_by(FirmEntry.name)))


def firm_of(session: Session, line_id: str, firm_id: str) -> FirmEntry:
    """One firm of the register; raises `FirmRefused` where there is none of that id."""
    entry = session.get(FirmEntry, (line_id, firm_id))
    if entry is None:
        raise FirmRefused("unknown", id=firm_id)
    return entry


def locked_firm(session: Session, line_id: str, firm_id: str) -> FirmEntry:
    """The same, locked: whatever becomes of a firm's contracts goes through its entry, one change after the other."""
    entry = session.get(FirmEntry, (line_id, firm_id), with_for_update=ROW_LOCK, populate_existing=True)
    if entry is None:
        raise FirmRefused("unknown", id=firm_id)
    return entry


def register(work: Work, firm_id: str, registration: Registration) -> FirmEntry:
    """Enter a firm; raises `FirmRefused` for one that may not join (A15), is known, or whose number cannot be."""
    if not ID.fullmatch(firm_id) or firm_id in TAKEN:
        raise FirmRefused("bad_id", id=firm_id[:40])
    _refuse_known(work, firm_id)
    refuse_ineligible(work.line, work.rule, registration.declared)
    work.refuse_future(registration.selected_on)
    entry = FirmEntry(line=work.line.id, id=firm_id, made_at=work.at, made_by=work.by)
    _write(work.session, entry, registration)
    try:
        with work.session.begin_nested():
            work.session.add(entry)
    except IntegrityError:  # somebody else entered it at the same moment
        _refuse_known(work, firm_id)
        _refuse_known_number(work.session, entry, entry.registration)
        raise
    work.note(entry, "register", name=entry.name)
    work.session.flush()
    return entry


def change(work: Work, firm_id: str, registration: Registration) -> FirmEntry:
    """Put an entry right; None as `contact` leaves it as it is.

    What a firm has come to be is entered as it is, though it may not join so: then no contract is drafted or signed any
    more. Raises `FirmRefused` for products that may not be, for a number that cannot be, and for a selection after the
    first contract.
    """
    entry = locked_firm(work.session, work.line.id, firm_id)
    refuse_products(work.line, work.rule, registration.declared)
    work.refuse_future(registration.selected_on)
    _refuse_late_selection(work.session, entry, registration.selected_on)
    before = _said(entry)
    _write(work.session, entry, registration)
    changed = {name: f"{before[name]} → {value}" for name, value in _said(entry).items() if before[name] != value}
    if registration.contact is not None:
        changed["contact"] = "→"
    if changed:
        work.note(entry, "change", **changed)
    work.session.flush()
    return entry


def enter_review(work: Work, firm_id: str, on: date) -> FirmEntry:
    """Note that the review on a local day allows the later years (A14); raises `FirmRefused`."""
    entry = locked_firm(work.session, work.line.id, firm_id)
    work.refuse_future(on)
    if on <= entry.selected_on:
        raise FirmRefused("review_early", selected_on=str(entry.selected_on))
    entry.reviewed_on = on
    work.note(entry, "review", on=str(on))
    work.session.flush()
    return entry


def declared_by(entry: FirmEntry) -> Declared:
    """What an entry says of its firm."""
    return Declared(
        products=tuple(entry.products),
        is_manufacturer=entry.is_manufacturer,
        is_made_here=entry.is_made_here,
        is_of_group=entry.is_of_group,
        is_regulated=entry.is_regulated,
    )


def standing_exclusions(line: Line, entry: FirmEntry) -> tuple[Exclusion, ...]:
    """Why a firm of the register may not join any more; nothing where it may."""
    return exclusions_of(rule_of(line), declared_by(entry))


def _write(session: Session, entry: FirmEntry, registration: Registration) -> None:
    number, declared = registration_number(registration.number), registration.declared
    _refuse_known_number(session, entry, number)
    entry.name, entry.registration, entry.selected_on = registration.name, number, registration.selected_on
    entry.products = list(dict.fromkeys(declared.products))
    entry.is_manufacturer, entry.is_made_here = declared.is_manufacturer, declared.is_made_here
    entry.is_of_group, entry.is_regulated = declared.is_of_group, declared.is_regulated
    if registration.contact is not None:
        entry.contact = registration.contact or None


def _refuse_known(work: Work, firm_id: str) -> None:
    if work.session.get(FirmEntry, (work.line.id, firm_id)) is not None:
        raise FirmRefused("known", id=firm_id)


def _refuse_known_number(session: Session, entry: FirmEntry, number: str) -> None:
    query = select(FirmEntry.id).where(FirmEntry.line == entry.line, FirmEntry.registration == number)
    with session.no_autoflush:
        other = session.scalar(query.where(FirmEntry.id != entry.id))
    if other is not None:
        raise FirmRefused("registered", number=number, id=other)


def _refuse_late_selection(session: Session, entry: FirmEntry, selected_on: date) -> None:
    query = select(Contract.first_day).where(Contract.line == entry.line, Contract.firm == entry.id)
    first = session.scalar(query.where(Contract.state != ContractState.DROPPED).order_by(Contract.first_day).limit(1))
    if first is not None and selected_on > first:
        raise FirmRefused("selected_late", first_day=str(first))


def _said(entry: FirmEntry) -> dict[str, str]:
    traits = ("is_manufacturer", "is_made_here", "is_of_group", "is_regulated")
    said = {name: str(getattr(entry, name)) for name in ("name", "registration", "selected_on", *traits)}
    return {**said, "products": ", ".join(entry.products)}
