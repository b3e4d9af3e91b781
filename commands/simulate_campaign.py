"""`charterline simulate campaign`: one campaign in virtual time, from its list of people to its bill."""

import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from config.clock import system_clock
from config.files import SURVEYS, read_folder
from config.logging import configure_logging
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine
from ivr.numbers import mask_numbers
from ivr.surveys.model import UnknownQuestionnaire

if TYPE_CHECKING:
    from commands.campaign_counted import CampaignEntry
    from commands.campaign_plan import CampaignSketch

MOST_PEOPLE = 5_000


class Asked(TypedDict):
    """The options as they were given."""

    people: int
    seed: int
    line_id: str
    questionnaire: str | None
    cps: float
    cut_off: int | None
    faults: bool
    as_json: bool


@click.command("campaign")
@click.option("--people", default=200, show_default=True, type=click.IntRange(1, MOST_PEOPLE), help="On the list.")
@click.option("--seed", default=1, show_default=True, help="The same seed, number and line give the same campaign.")
@click.option("--line", "line_id", default="dcgf", show_default=True, help="Whose customers.")
@click.option("--questionnaire", help="What is asked; the line's happy call if left out (see charterline survey list).")
@click.option("--cps", default=2.0, show_default=True, type=click.FloatRange(0.1, 50), help="Orders a second.")
@click.option("--cut-off", type=click.IntRange(1), help="How many completed answers are enough.")
@click.option("--faults", is_flag=True, help="Let the carrier lose, double and delay events, and refuse orders.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def simulate_campaign(**asked: Unpack[Asked]) -> None:
    """Live one campaign through: consent, choice, calls, answers, bill.

    Invented people come by a list: most agreed, others never did, withdrew, expired, were suppressed, agreed elsewhere,
    for the night or for another purpose alone. The campaign is made, checked, rehearsed, approved by a second person
    and launched; whoever is rung answers, is busy, away or a machine, breaks off, refuses with 9, wants an agent or a
    link. It all happens in a database of its own: nothing is rung, written or kept in this installation.

    The carrier's own count of the calls that it was asked to place stands beside ours; `disagreements` names every sum
    that does not come out.
    """
    settings = installed_settings()
    configure_logging(settings.log_format, mask=mask_numbers)
    # Refusals and delays are part of such a campaign.
    logging.getLogger().setLevel(logging.CRITICAL)
    opened = open_installation(settings)
    entry = _lived(_sketch(opened, asked), opened, asked["faults"])
    click.echo(json.dumps(entry, ensure_ascii=False) if asked["as_json"] else "\n".join(_in_words(entry)))
    if entry["disagreements"]:
        raise click.ClickException("sums disagree: " + "; ".join(entry["disagreements"]))


def _sketch(opened: Opened, asked: Asked) -> "CampaignSketch":
    from commands.campaign_plan import CampaignSketch, next_working_day
    from ivr.campaigns.plan import Plan
    from ivr.surveys.reading import load_questionnaires

    installed = load_questionnaires(read_folder(SURVEYS))
    try:
        line = opened.lines.by_id(asked["line_id"])
        questionnaire = installed.of(asked["questionnaire"] or f"happy-{line.id}")
    except (UnknownLine, UnknownQuestionnaire) as error:
        raise click.UsageError(str(error)) from None
    if not questionnaire.fits(line.id):
        raise click.UsageError(f"{questionnaire.id} is for {', '.join(questionnaire.lines)}: give --line")
    kind = installed.kind_of(questionnaire)
    firm = None if kind.is_free else next(iter(line.firms), None)
    return CampaignSketch(
        line=line,
        kind=kind,
        questionnaire=questionnaire,
        plan=Plan(cps=asked["cps"], concurrency=200, cut_off=asked["cut_off"]),
        starts=next_working_day(opened.calendar, line, system_clock().astimezone(SEOUL).date()),
        seed=asked["seed"],
        count=asked["people"],
        firm=firm,
    )


def _lived(sketch: "CampaignSketch", opened: Opened, faults: bool) -> "CampaignEntry":
    # Only this command needs the carrier, the webhooks and the workers in its own process.
    from commands.campaign_counted import count_campaign
    from commands.campaign_living import FAULTS, NO_FAULTS, live_campaign
    from commands.living import private_store

    with private_store(opened.store.keyring) as store:
        return count_campaign(live_campaign(sketch, store, faults=FAULTS if faults else NO_FAULTS))


def _in_words(entry: "CampaignEntry") -> Iterator[str]:
    yield f"{entry['line']}, {entry['questionnaire']}, {entry['begins']} to {entry['ends']} (seed {entry['seed']})"
    yield f"{entry['people']} people: {entry['eligible']} eligible"
    yield from (f"{number:>6} excluded: {why}" for why, number in entry["excluded"].items())
    yield f"{entry['dialled']} people dialled in {entry['dials'] - entry['not_placed']} calls"
    yield f"{entry['carrier_calls']} calls the carrier was asked to place, by its own count"
    yield from (f"{number:>6} {what}" for what, number in entry["dispositions"].items())
    yield f"{entry['completed']} completed, {entry['withdrawn']} withdrawn, {entry['follow_ups']} follow-up tasks"
    yield f"{entry['billable']} billable, {entry['won']:,} won"
