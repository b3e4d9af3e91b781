"""`charterline consents`: who agreed to be rung for what, by which proof, and changing it for a customer."""

import json
from datetime import datetime
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.consents_changing import (
    erase_person,
    grant_consent,
    lift_suppression,
    local,
    number_of,
    suppress_number,
    withdraw_consent,
)
from commands.consents_notices import notices
from commands.consents_register import register
from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_LIST, AS_JSON_OBJECT
from config.clock import system_clock
from ivr.consents.looking_up import look_up
from ivr.consents.notices import last_day
from ivr.consents.rows import Consent, Suppression
from ivr.consents.suppressing import standing_bans
from ivr.people.rows import Person


@click.group()
def consents() -> None:
    """See and change who may be rung for happy calls, surveys and advertisements.

    \b
    What did somebody agree to:   charterline consents show 010-1000-0001
    A form on paper arrived:      charterline consents grant 010-1000-0001 --line kibo --purpose happy_call
                                    --how paper --evidence "form 2026-118" --on "2026-11-20 14:30" --by 이서연
    Somebody wants no more calls: charterline consents withdraw 010-1000-0001 --line kibo --by 이서연
    Somebody is to be forgotten:  charterline consents erase 010-1000-0001 --line kibo --by 이서연
    Never ring this number:       charterline consents suppress 010-1000-0001 --everybody --why complaint --by 이서연
    The do-not-call register:     charterline consents register import register.csv --by 이서연
    Notices that are still owed:  charterline consents notices due
    """


@consents.command("show")
@click.argument("number")
@click.option("--line", "line_id", help="Only what this line's institution holds (its id, like kibo).")
@AS_JSON_OBJECT
def show_consents(number: str, line_id: str | None, as_json: bool) -> None:
    """The ledger of one number: every consent and withdrawal, what holds now, and what keeps us from ringing."""
    opened, at, wanted = open_installation(installed_settings()), system_clock(), number_of(number)
    index = opened.store.keyring.index(wanted)
    query = select(Person).where(Person.number_index == index).order_by(Person.line)
    if line_id is not None:
        query = query.where(Person.line == line_id)
    with opened.store.reading() as session:
        people = [_person(session, person, at) for person in session.scalars(query)]
        banned = [_banned(row) for row in session.scalars(standing_bans(index))]
    if not people and not banned:
        raise click.ClickException(f"{wanted.masked} is not known here: nobody agreed or refused under this number")
    if as_json:
        shown = {"number": wanted.masked, "people": people, "suppressions": banned}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for person in people:
        _print(wanted.masked, person)
    for ban in banned:
        click.echo(_in_words(ban))


@consents.command("suppressions")
@AS_JSON_LIST
def list_suppressions(as_json: bool) -> None:
    """Suppressions that stand, the latest first, at most 1000; whose they are only the owner of a number can tell."""
    opened = open_installation(installed_settings())
    query = select(Suppression).where(Suppression.lifted_at.is_(None))
    with opened.store.reading() as session:
        rows = [_banned(row) for row in session.scalars(query.order_by(Suppression.id.desc()).limit(1000))]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for ban in rows:
        click.echo(_in_words(ban))


Shown = dict[str, Any]  # Any: what is printed as JSON


def _person(session: Session, person: Person, at: datetime) -> Shown:
    found = look_up(session, person, at=at)
    return {
        "line": person.line,
        "person": person.id,
        "may_be_rung": {
            purpose.value: "yes" if answer.why is None else answer.why.value
            for purpose, answer in found.answers.items()
        },
        "ledger": [
            _entry(given.consent, given.withdrawal.withdrawn_at if given.withdrawal else None) for given in found.ledger
        ],
    }


def _entry(row: Consent, withdrawn_at: datetime | None) -> Shown:
    return {
        "consent": row.id,
        "purpose": row.purpose.value,
        "channel": row.channel.value,
        "hours": row.hours.value,
        "given": local(row.given_at),
        "holds_until": f"{last_day(row.expires_at):%Y-%m-%d}",
        "withdrawn": local(withdrawn_at) if withdrawn_at else None,
        "how": row.how.value,
        "evidence": row.evidence,
        "wording": row.wording,
        "source": row.source,
        "recorded_by": row.recorded_by,
    }


def _banned(row: Suppression) -> Shown:
    return {
        "scope": row.scope.value,
        "line": row.line or None,
        "campaign": row.campaign_id or None,
        "why": row.why,
        "since": local(row.added_at),
        "by": row.added_by,
    }


def _in_words(ban: Shown) -> str:
    where = (f"campaign {ban['campaign']}" if ban["campaign"] else ban["line"]) or "everybody"
    return f"not to be rung by {where} since {ban['since']}: {ban['why']} ({ban['by']})"


def _print(masked: str, person: Shown) -> None:
    click.echo(f"{masked}  {person['line']}")
    for purpose, answer in person["may_be_rung"].items():
        click.echo(f"  {purpose:<18} {'may be rung now' if answer == 'yes' else f'not now: {answer}'}")
    for entry in person["ledger"]:
        ends = f"withdrawn {entry['withdrawn']}" if entry["withdrawn"] else f"until {entry['holds_until']}"
        what = f"{entry['purpose']} by {entry['channel']}, {entry['hours']}"
        click.echo(f"  {entry['given']}  {what}, {ends}; {entry['how']}, {entry['evidence']} ({entry['recorded_by']})")


for _command in (grant_consent, withdraw_consent, erase_person, suppress_number, lift_suppression, register, notices):
    consents.add_command(_command)
