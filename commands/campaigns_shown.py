"""The commands that show campaigns: the list, one of them, the report before its launch, and the bill."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.campaigns_opened import CAMPAIGN, Entry, in_words, iso, local
from commands.campaigns_progress import progress_entry, progress_lines
from commands.shared import AS_JSON, OF_LINE, opened, print_json
from config.clock import system_clock
from ivr.campaigns.billing import BillLine, bill_of_campaign, bill_of_month
from ivr.campaigns.lifecycle import campaign_of
from ivr.campaigns.money import month_of
from ivr.campaigns.plan import stored_plan, written_plan
from ivr.campaigns.progress import progress
from ivr.campaigns.report import Report, report
from ivr.campaigns.rows import Campaign, CampaignDeed, CampaignState
from ivr.campaigns.terms import terms_of

WIDTH = 22


@click.command("list")
@OF_LINE
@click.option("--state", type=click.Choice([state.value for state in CampaignState]), help="Only those in this state.")
@AS_JSON
@in_words
def list_command(line_id: str | None, state: str | None, as_json: bool) -> None:
    """List the campaigns, newest first."""
    query = select(Campaign).order_by(Campaign.id.desc())
    if line_id is not None:
        query = query.where(Campaign.line == line_id)
    if state is not None:
        query = query.where(Campaign.state == CampaignState(state))
    with opened().store.reading() as session:
        entries = [entry_of(campaign) for campaign in session.scalars(query)]
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        click.echo(
            f"{entry['campaign']:>4}  {entry['state']:<9} {entry['line']:<9} {entry['kind']:<16} {entry['name']}"
        )
    if not entries:
        click.echo("No campaigns yet. Make one: charterline campaigns create --help")


@click.command("show")
@CAMPAIGN
@AS_JSON
@in_words
def show_command(campaign_id: int, as_json: bool) -> None:
    """Show a campaign: its plan, its terms, how far it is, and who did what to it."""
    ours = opened()
    with ours.store.reading() as session:
        campaign = campaign_of(session, campaign_id)
        entry = entry_of(campaign)
        entry["plan"], entry["rehearsal"] = written_plan(stored_plan(campaign.plan)), campaign.rehearsal
        entry["terms"] = terms_of(campaign).model_dump(mode="json")
        far = progress(session, campaign, ours.calendar, at=system_clock())
        entry["progress"], entry["history"] = progress_entry(far), _history(session, campaign_id)
        lines = [_head(entry), *progress_lines(far), *_history_lines(session, campaign_id)]
    if as_json:
        print_json(entry)
    else:
        click.echo("\n".join(lines))


@click.command("report")
@CAMPAIGN
@AS_JSON
@in_words
def report_command(campaign_id: int, as_json: bool) -> None:
    """Report before a launch: who may be contacted, who not and why, the most it costs, and when it will be done."""
    ours = opened()
    with ours.store.reading() as session:
        campaign = campaign_of(session, campaign_id)
        found = report(session, campaign, ours.calendar, at=system_clock())
        name = campaign.name
    if as_json:
        print_json({"campaign": campaign_id, **report_entry(found)})
    else:
        click.echo("\n".join([f"{campaign_id}  {name}", *_report_lines(found)]))


@click.command("bill")
@click.argument("campaign_id", metavar="[CAMPAIGN]", type=click.IntRange(1), required=False)
@click.option("--line", "line_id", help="All campaigns of this line.")
@click.option("--month", metavar="YYYY-MM", help="In this month (Seoul); this month else.")
@click.option("--firm", help="Only those that this firm ordered.")
@AS_JSON
@in_words
def bill_command(
    campaign_id: int | None, line_id: str | None, month: str | None, firm: str | None, as_json: bool
) -> None:
    """Show what is owed: only completed answers are, happy calls never; of one campaign, or of a line's month."""
    if (campaign_id is None) == (line_id is None):
        raise click.UsageError("give a CAMPAIGN, or --line with --month")
    with opened().store.reading() as session:
        if campaign_id is not None:
            lines = bill_of_campaign(session, campaign_of(session, campaign_id).id)
        else:
            lines = bill_of_month(session, line_id or "", _month(month), firm=firm)
    total = sum(line.won for line in lines)
    if as_json:
        print_json({"lines": [_bill_entry(line) for line in lines], "won": total})
        return
    for line in lines:
        click.echo(_bill_line(line))
    click.echo(f"Owed: {total:,} won")


def entry_of(campaign: Campaign) -> Entry:
    """A campaign as JSON, in short."""
    return {
        "campaign": campaign.id,
        "name": campaign.name,
        "line": campaign.line,
        "firm": campaign.firm,
        "kind": campaign.kind,
        "purpose": campaign.purpose.value,
        "questionnaire": campaign.questionnaire,
        "questionnaire_version": campaign.questionnaire_version,
        "audience": campaign.audience_id,
        "state": campaign.state.value,
        "made_by": campaign.made_by,
        "checked_by": campaign.checked_by,
        "rehearsed_at": iso(campaign.rehearsed_at),
        "approved_by": campaign.approved_by,
        "launched_by": campaign.launched_by,
        "launched_at": iso(campaign.launched_at),
        "closed_at": iso(campaign.closed_at),
        "close_reason": campaign.close_reason,
    }


def report_entry(found: Report) -> Entry:
    """A report as JSON."""
    rates = found.forecast.rates
    return {
        "at": found.at.isoformat(),
        "members": found.members,
        "eligible": found.eligible,
        "excluded": dict(found.excluded),
        "groups": {
            name: {"members": group.members, "eligible": group.eligible, "wanted": group.wanted}
            for name, group in found.groups.items()
        },
        "calls_left": found.calls_left,
        "cost_ceiling": {
            "answers": found.ceiling.answers,
            "price": found.ceiling.price,
            "won": found.ceiling.won,
        },
        "forecast": {
            "basis": rates.basis,
            "answered": round(rates.answered, 4),
            "completed_of_answered": round(rates.completed, 4),
            "talk_seconds": round(rates.talk_seconds, 1),
            "dials": found.forecast.dials,
            "completed": found.forecast.completed,
            "calling_hours": found.forecast.hours,
            "ends_at": iso(found.forecast.ends_at),
        },
    }


def _report_lines(found: Report) -> list[str]:
    expected = found.forecast
    lines = [_row("on the list", f"{found.members:,}"), _row("may be contacted", f"{found.eligible:,}")]
    lines += [_row(f"  {why}", f"{number:,}") for why, number in found.excluded.items()]
    if set(found.groups) - {""}:
        lines += [
            _row(
                f"group {name or '-'}",
                f"{group.eligible:,} of {group.members:,}" + (f", {group.wanted:,} wanted" if group.wanted else ""),
            )
            for name, group in found.groups.items()
        ]
    if found.calls_left is not None:
        lines.append(_row("calls left this month", f"{found.calls_left:,}"))
    ceiling = found.ceiling
    lines.append(_row("costs at most", f"{ceiling.won:,} won ({ceiling.answers:,} answers at {ceiling.price:,})"))
    lines.append(_row("expected", f"{expected.dials:,} calls, {expected.completed:,} completed"))
    basis = "by priors" if expected.rates.basis == "prior" else "by this line's own campaigns"
    lines.append(_row("done by", f"{local(expected.ends_at)} ({basis}; {expected.hours:g} h of calling)"))
    return lines


def _row(label: str, value: str) -> str:
    return f"{label:<{WIDTH}}  {value}"


def _head(entry: Entry) -> str:
    return f"{entry['campaign']}  {entry['name']}  ({entry['line']}, {entry['kind']}): {entry['state']}"


def _history(session: Session, campaign_id: int) -> list[Entry]:
    return [
        {"at": one.at.isoformat(), "event": one.event, "by": one.by, "detail": one.detail}
        for one in _deeds(session, campaign_id)
    ]


def _history_lines(session: Session, campaign_id: int) -> list[str]:
    return [f"  {local(one.at)}  {one.event} by {one.by} {one.detail}".rstrip() for one in _deeds(session, campaign_id)]


def _deeds(session: Session, campaign_id: int) -> list[CampaignDeed]:
    query = select(CampaignDeed).where(CampaignDeed.campaign_id == campaign_id).order_by(CampaignDeed.id)
    return list(session.scalars(query))


def _month(written: str | None) -> str:
    if written is None:
        return month_of(system_clock())
    year, _, month = written.partition("-")
    if not (len(year) == 4 and year.isdecimal() and len(month) == 2 and month.isdecimal() and 1 <= int(month) <= 12):
        raise click.UsageError(f"--month {written!r}: write YYYY-MM, like 2026-11")
    return written


def _bill_entry(line: BillLine) -> Entry:
    return {
        "campaign": line.campaign_id,
        "name": line.name,
        "line": line.line,
        "firm": line.firm or None,
        "month": line.month,
        "price": line.price,
        "billable": line.billable,
        "free": line.free,
        "void": line.void,
        "reserved": line.reserved,
        "won": line.won,
    }


def _bill_line(line: BillLine) -> str:
    counts = f"{line.billable:,} completed at {line.price:,} won, {line.free:,} free, {line.void:,} void"
    whose = f" {line.firm}" if line.firm else ""
    waiting = f", {line.reserved:,} under way" if line.reserved else ""
    return f"{line.month}{whose}  {line.campaign_id} {line.name}: {counts}{waiting} = {line.won:,} won"


shown_commands = (list_command, show_command, report_command, bill_command)
