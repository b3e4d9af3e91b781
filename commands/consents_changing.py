"""Changing the ledger by the command line: consents with their proof, withdrawals, suppressions, forgetting."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NoReturn

import click
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from config.bell import bell_at
from config.clock import system_clock
from ivr.consents.notices import last_day
from ivr.consents.recording import BadConsent, Grant, Revocation, erase, grant, withdraw
from ivr.consents.rows import Channel, Hours, Means, Purpose, Suppression, SuppressionScope
from ivr.consents.suppressing import ERASED, Ban, lift, standing_bans, suppress
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line, UnknownLine
from ivr.numbers import BadNumber, PhoneNumber
from ivr.people.finding import known_person, person_with
from ivr.people.rows import Person
from ivr.sealing import index_of

LINE = click.option("--line", "line_id", required=True, help="The line whose institution it is (its id, like kibo).")
LONGEST_NAME = 60


def _name(_context: click.Context, _option: click.Parameter, typed: str) -> str:
    """A name that the ledger can keep."""
    if not 0 < len(typed.strip()) <= LONGEST_NAME:
        raise click.UsageError(f"--by takes a name of 1 to {LONGEST_NAME} letters: say who enters it")
    return typed


BY = click.option("--by", required=True, callback=_name, help="Who enters it: your name.")
# A consent that an import brings is entered by the import, with its list.
MEANS = click.Choice([means.value for means in Means if means is not Means.IMPORT])
PURPOSES = click.Choice([purpose.value for purpose in Purpose])


@click.command("grant")
@click.argument("number")
@LINE
@click.option("--purpose", "purposes", multiple=True, required=True, type=PURPOSES, help="What for; may be repeated.")
@click.option("--how", type=MEANS, required=True, help="How it was given.")
@click.option("--evidence", required=True, help="The proof: the paper's number, the recording, the request.")
@click.option("--on", "given", help='When it was given, "YYYY-MM-DD HH:MM" in Seoul; now where it is left out.')
@click.option("--source", default="고객님께서 작성하신 동의서", show_default=True, help="Where the data come from.")
@click.option("--wording", default="paper", show_default=True, help="Version of the wording that was agreed to.")
@click.option("--hours", type=click.Choice(["day", "night", "both"]), default="day", show_default=True)
@click.option(
    "--channel", type=click.Choice([channel.value for channel in Channel]), default="voice", show_default=True
)
@click.option("--told", is_flag=True, help="The customer was told in writing already: no notice is sent.")
@BY
def grant_consent(number: str, line_id: str, by: str, **given: object) -> None:
    """Enter a consent with its proof; it holds two years less a day, and a notice is sent within 14 days."""
    opened, at, whose = open_installation(installed_settings()), system_clock(), number_of(number)
    line = line_of(opened, line_id)
    try:
        grants = _grants(given, by=by, at=at)
        with opened.store.transaction() as session:
            person = known_person(session, line.id, whose, at=at)
            ends = [grant(session, person.id, one, at=at).expires_at for one in grants]
    except BadConsent as error:
        raise click.ClickException(str(error)) from None
    bell_at(opened.settings.redis_url)()
    what = ", ".join(dict.fromkeys(one.purpose.value for one in grants))
    click.echo(f"{whose.masked} may be rung by {line.id} for {what} until {last_day(min(ends)):%Y-%m-%d}")


@click.command("withdraw")
@click.argument("number")
@LINE
@click.option("--purpose", "purposes", multiple=True, type=PURPOSES, help="Only this; without it, everything.")
@click.option("--how", type=MEANS, default=Means.AGENT.value, show_default=True, help="How it was withdrawn.")
@click.option("--evidence", default="asked an agent", show_default=True, help="The proof of it.")
@BY
def withdraw_consent(number: str, line_id: str, by: str, **given: object) -> None:
    """Take consents back, or refuse everything; effective at once, and a call that rings is ended."""
    opened, at, whose = open_installation(installed_settings()), system_clock(), number_of(number)
    line = line_of(opened, line_id)
    chosen = tuple(Purpose(purpose) for purpose in _words(given["purposes"])) or None
    try:
        revoked = Revocation(Means(str(given["how"])), str(given["evidence"]), by, chosen)
    except BadConsent as error:
        raise click.ClickException(str(error)) from None
    with opened.store.transaction() as session:
        # Somebody of whom nothing is known can refuse, too: it is her number that is kept out.
        person = known_person(session, line.id, whose, at=at) if chosen is None else _known(session, line, whose)
        count = withdraw(session, person.id, revoked, at=at)
    if chosen is not None and not count:
        names = ", ".join(purpose.value for purpose in chosen)
        raise click.ClickException(
            f"{whose.masked} has no consent for {names} that could be withdrawn: nothing changed"
        )
    bell_at(opened.settings.redis_url)()
    refused = "" if chosen else "; no call of this institution any more"
    click.echo(f"{whose.masked}: {count} consents of {line.id} withdrawn{refused}")


@click.command("erase")
@click.argument("number")
@LINE
@BY
def erase_person(number: str, line_id: str, by: str) -> None:
    """Forget somebody: number and name go for good, and only the mark remains that the number is not to be rung."""
    opened, at, whose = open_installation(installed_settings()), system_clock(), number_of(number)
    line = line_of(opened, line_id)
    with opened.store.transaction() as session:
        is_forgotten = erase(session, _known(session, line, whose).id, by=by, at=at)
    bell_at(opened.settings.redis_url)()
    if is_forgotten:
        click.echo(f"{whose.masked} is forgotten by {line.id}: the number is kept out by its mark alone")
    else:
        held = "a legal hold keeps number and name: they go in the night after it is released (charterline keep holds)"
        click.echo(f"{whose.masked} is not rung by {line.id} any more; {held}")


@click.command("suppress")
@click.argument("number")
@click.option("--everybody", is_flag=True, help="No institution here may ring it.")
@click.option("--line", "line_id", help="This line's institution may not ring it.")
@click.option("--campaign", "campaign_id", type=click.IntRange(1), help="This campaign may not ring it.")
@click.option("--why", required=True, help="The reason, in a word or two (at most 40 letters).")
@BY
def suppress_number(number: str, everybody: bool, line_id: str | None, campaign_id: int | None, **given: str) -> None:
    """Never ring a number, whatever was agreed to; a call that rings is ended."""
    opened, at, whose = open_installation(installed_settings()), system_clock(), number_of(number)
    scope = _scope(everybody, line_id, campaign_id)
    line = line_of(opened, line_id).id if line_id else ""
    if len(given["why"]) > 40:
        raise click.UsageError("--why takes at most 40 letters")
    ban = Ban(scope, opened.store.keyring.index(whose), given["why"], line=line, campaign_id=campaign_id or 0)
    with opened.store.transaction() as session:
        suppress(session, ban, by=given["by"], at=at)
    bell_at(opened.settings.redis_url)()
    click.echo(f"{whose.masked} is not rung any more ({scope.value})")


@click.command("lift")
@click.argument("number")
@click.option("--everybody", is_flag=True, help="The suppression for everybody.")
@click.option("--line", "line_id", help="The one of this line's institution.")
@click.option("--campaign", "campaign_id", type=click.IntRange(1), help="The one of this campaign.")
def lift_suppression(number: str, everybody: bool, line_id: str | None, campaign_id: int | None) -> None:
    """Lift a suppression: the number may be rung again by whoever has its owner's consent."""
    opened, at, whose = open_installation(installed_settings()), system_clock(), number_of(number)
    scope = _scope(everybody, line_id, campaign_id)
    query = standing_bans(opened.store.keyring.index(whose)).where(Suppression.scope == scope)
    query = query.where(Suppression.line == (line_id or ""), Suppression.campaign_id == (campaign_id or 0))
    with opened.store.transaction() as session:
        lifted = lift(session, query, at=at)
    if not lifted:
        raise click.ClickException(f"{whose.masked} is not suppressed so: see charterline consents show")
    click.echo(f"{whose.masked} may be rung again by whoever has consent (it was: {lifted[0].why})")


def number_of(text: str) -> PhoneNumber:
    """The telephone number that was typed."""
    try:
        return PhoneNumber.parse(text)
    except BadNumber as error:
        raise click.UsageError(str(error)) from None


def line_of(opened: Opened, line_id: str) -> Line:
    """The line that was named."""
    try:
        return opened.lines.by_id(line_id)
    except UnknownLine as error:
        raise click.UsageError(str(error)) from None


def moment_of(text: object, now: datetime) -> datetime:
    """The moment that was typed by the clock in Seoul, or now."""
    if text is None:
        return now
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=SEOUL).astimezone(UTC)
    except ValueError:
        raise click.UsageError(f'{text!r} is no time: write it like "2026-11-20 14:30"') from None


def local(at: datetime) -> str:
    """A moment as it is printed, by the clock in Seoul."""
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"


def _grants(given: Mapping[str, object], *, by: str, at: datetime) -> list[Grant]:
    """One consent for each purpose and time of day that was typed."""
    return [
        Grant(
            purpose=Purpose(purpose),
            how=Means(str(given["how"])),
            wording=str(given["wording"]),
            evidence=str(given["evidence"]),
            source=str(given["source"]),
            given_at=moment_of(given["given"], at),
            by=by,
            channel=Channel(str(given["channel"])),
            hours=hours,
            is_told=bool(given["told"]),
        )
        for purpose in _words(given["purposes"])
        for hours in (list(Hours) if given["hours"] == "both" else [Hours(str(given["hours"]))])
    ]


def _words(given: object) -> tuple[str, ...]:
    return tuple(str(word) for word in given) if isinstance(given, tuple) else ()


def _scope(everybody: bool, line_id: str | None, campaign_id: int | None) -> SuppressionScope:
    if [everybody, line_id is not None, campaign_id is not None].count(True) != 1:
        raise click.UsageError("say for whom: exactly one of --everybody, --line ID and --campaign ID")
    if everybody:
        return SuppressionScope.EVERYBODY
    return SuppressionScope.INSTITUTION if line_id else SuppressionScope.CAMPAIGN


def _known(session: Session, line: Line, whose: PhoneNumber) -> Person:
    person = person_with(session, line.id, whose)
    return person if person is not None else _unknown(session, line, whose)


def _unknown(session: Session, line: Line, whose: PhoneNumber) -> NoReturn:
    """Say that nobody is known by the number, or that whoever was is forgotten."""
    query = standing_bans(index_of(session, whose)).where(Suppression.line == line.id, Suppression.why == ERASED)
    forgotten = session.scalar(query.with_only_columns(Suppression.added_at))
    if forgotten is not None:
        raise click.ClickException(
            f"{whose.masked} was forgotten by {line.id} on {local(forgotten)}: only the suppression remains"
        )
    raise click.ClickException(f"{whose.masked} is not known to {line.id}: nothing was changed")
