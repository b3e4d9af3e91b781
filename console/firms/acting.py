"""Contracts of a firm: drafting one, its page, and what is done about it and about what stands behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, Final

from flask import abort, url_for
from pydantic import Field
from werkzeug.wrappers import Response

from console.doing import at_form, doing, done, read_or_again
from console.firms.room import (
    OneLine,
    Why,
    blueprint,
    fault_of,
    unchanged_contract,
    unchanged_entry,
    work,
)
from console.firms.showing import show_contract, show_firm
from console.forms import Versioned
from console.visitor import STAFF, allowed, wording
from ivr.accounts.rows import Role
from ivr.firms.drafting import Terms, draft, drop, redraft
from ivr.firms.refusing import FirmRefused
from ivr.firms.rows import Contract, Security, SecurityKind
from ivr.firms.security import Left, carry_deposit, note_security, return_security
from ivr.firms.signing import end, note_published, sign
from ivr.firms.working import Work

MOST_WON: Final = 10_000_000_000


class TermsForm(Versioned):
    """From which day on, and the calls of a month."""

    first_day: date
    monthly_calls: Annotated[int, Field(ge=0, le=1_000_000)]


class SecurityForm(Versioned):
    """What was received."""

    kind: SecurityKind
    amount: Annotated[int, Field(ge=1, le=MOST_WON)]
    proof: Annotated[OneLine, Field(min_length=2, max_length=120)]
    received_on: date


class OfSecurityForm(Versioned):
    """One of the securities on the page."""

    security: int


class ReturnForm(OfSecurityForm):
    """The day on which it was returned."""

    on: date


class SignForm(Versioned):
    """The clauses that the contract has, and since when the firm names the centre in public, where that is known."""

    clauses: Annotated[list[str], Field(max_length=20)] = []
    published_on: date | None = None


class DayForm(Versioned):
    """A day."""

    on: date


class WhyForm(Versioned):
    """A reason."""

    why: Why


class EndForm(DayForm, WhyForm):
    """The last day, and the reason."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act about a contract: its form, and how it is done."""

    form: type[Versioned]
    # Any: the form of this act.
    do: Callable[[Work, Contract, Any], object]


def _sign(work: Work, contract: Contract, form: SignForm) -> None:
    sign(work, contract.id, form.clauses)
    if form.published_on is not None:
        note_published(work, contract.id, form.published_on)


def _return(work: Work, contract: Contract, form: ReturnForm) -> None:
    row = work.session.get(Security, form.security)
    if row is None or row.contract_id != contract.id:
        raise FirmRefused("unknown_security", id=form.security)
    return_security(work, form.security, form.on)


def _leave(work: Work, contract: Contract, form: SecurityForm) -> None:
    note_security(work, contract.id, Left(form.kind, form.amount, form.proof, form.received_on))


ACTS: Final[Mapping[str, Act]] = {
    "security": Act(SecurityForm, _leave),
    "carry": Act(OfSecurityForm, lambda work, contract, form: carry_deposit(work, form.security, contract.id)),
    "sign": Act(SignForm, _sign),
    "publish": Act(DayForm, lambda work, contract, form: note_published(work, contract.id, form.on)),
    "redraft": Act(
        TermsForm,
        lambda work, contract, form: redraft(work, contract.id, Terms(form.first_day, form.monthly_calls)),
    ),
    "return": Act(ReturnForm, _return),
    "end": Act(EndForm, lambda work, contract, form: end(work, contract.id, form.on, why=form.why)),
    "drop": Act(WhyForm, lambda work, contract, form: drop(work, contract.id, form.why)),
}


@blueprint.post("/<firm_id>/contracts")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def begin(firm_id: str) -> Response:
    """Draft a contract."""
    page = partial(show_firm, firm_id, act="draft")
    form = read_or_again(TermsForm, page)
    with doing(at_form(page, partial(fault_of, form))) as session:
        unchanged_entry(session, firm_id, form.version)
        made = draft(work(session), firm_id, Terms(form.first_day, form.monthly_calls)).id
    to = url_for("firms.contract", firm_id=firm_id, contract_id=made)
    return done(wording().say("firms.done.draft"), to)


@blueprint.get("/<firm_id>/contracts/<contract_id>")
@allowed(*STAFF)
def contract(firm_id: str, contract_id: str) -> str:
    """One contract: its days and amounts, what stands behind it, its clauses on personal data, and what can be done."""
    return show_contract(firm_id, contract_id)


@blueprint.post("/<firm_id>/contracts/<contract_id>/<name>")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def act(firm_id: str, contract_id: str, name: str) -> Response:
    """Do one of the acts; what the rule refuses comes back above its form."""
    chosen = ACTS.get(name)
    if chosen is None:
        abort(404)
    page = partial(show_contract, firm_id, contract_id, act=name)
    form = read_or_again(chosen.form, page)
    with doing(at_form(page, partial(fault_of, form))) as session:
        chosen.do(work(session), unchanged_contract(session, firm_id, contract_id, version=form.version), form)
    to = url_for("firms.contract", firm_id=firm_id, contract_id=contract_id)
    return done(wording().say(f"firms.done.{name}"), to)
