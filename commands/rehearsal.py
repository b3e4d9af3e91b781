"""`charterline campaigns rehearse`: a campaign as it is planned, tried on simulated people; nobody is rung."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from statistics import fmean
from typing import TYPE_CHECKING, TypedDict

import click
from sqlalchemy.orm import Session

from commands.campaigns_opened import BY, CAMPAIGN, deed, in_words
from commands.opened import Opened
from commands.shared import AS_JSON, opened, print_json
from config.clock import system_clock
from config.files import HOLIDAYS, read_file
from ivr.audiences.lists import groups_of
from ivr.base import Refused
from ivr.campaigns.checking import kind_of
from ivr.campaigns.hours import dial_from
from ivr.campaigns.lifecycle import campaign_of, rehearsed
from ivr.campaigns.plan import stored_plan
from ivr.campaigns.rows import Campaign, CampaignState
from ivr.lines.calendar import load_calendar
from ivr.lines.hours import SEOUL
from ivr.surveys.copies import questionnaire_of

if TYPE_CHECKING:
    from commands.campaign_heard import Prompt
    from commands.campaign_plan import CampaignSketch


class Rehearsal(TypedDict):
    """What is printed and kept: how people of all tempers came through, and which texts gave trouble."""

    people: int
    seed: int
    eligible: int
    calls: int
    completed: int
    mean_seconds: float
    longest_seconds: float
    dispositions: Mapping[str, int]
    outcomes: Mapping[str, int]
    prompts: "Sequence[Prompt]"
    disagreements: Sequence[str]


@click.command("rehearse")
@CAMPAIGN
@click.option("--people", default=50, show_default=True, type=click.IntRange(1, 500), help="How many are simulated.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same people.")
@BY
@AS_JSON
@in_words
def rehearse_command(campaign_id: int, people: int, seed: int, by: str, as_json: bool) -> None:
    """Try a checked campaign on simulated people: they answer, refuse, break off, are busy, away or a machine.

    Its questions, plan and groups are used as they are, in virtual time and in a database of its own; no number is
    rung. What came of it is kept with the campaign, which can then be approved by a second person.
    """
    ours, doing = opened(), deed(by)
    # Refusals and silence are part of a rehearsal.
    logging.getLogger().setLevel(logging.CRITICAL)
    with ours.store.reading() as session:
        campaign = campaign_of(session, campaign_id)
        if campaign.state is not CampaignState.CHECKED:
            raise Refused(f"campaign {campaign_id} is {campaign.state.value}: check it, then rehearse it")
        sketch = _sketch(session, ours, campaign, people=people, seed=seed)
    found = rehearse(sketch, ours)
    with ours.store.transaction() as session:
        rehearsed(session, campaign_id, found, deed=doing)
    if as_json:
        print_json({"campaign": campaign_id, **found})
    else:
        click.echo("\n".join(_in_words(campaign_id, found)))


def rehearse(sketch: "CampaignSketch", ours: Opened) -> Rehearsal:
    """Live the sketched campaign in a store of its own, and say what came of it."""
    from commands.campaign_counted import calls_of, count_campaign
    from commands.campaign_heard import seconds_of, troubled_prompts
    from commands.campaign_living import live_campaign
    from commands.living import private_store

    with private_store(ours.store.keyring) as store:
        lived = live_campaign(sketch, store)
        entry, calls = count_campaign(lived), calls_of(lived)
    talks = seconds_of(calls)
    return {
        "people": sketch.count,
        "seed": sketch.seed,
        "eligible": entry["eligible"],
        "calls": entry["carrier_calls"],
        "completed": entry["completed"],
        "mean_seconds": round(fmean(talks), 1) if talks else 0.0,
        "longest_seconds": round(max(talks, default=0.0), 1),
        "dispositions": entry["dispositions"],
        "outcomes": entry["outcomes"],
        "prompts": troubled_prompts(calls),
        "disagreements": entry["disagreements"],
    }


def _sketch(session: Session, ours: Opened, campaign: Campaign, *, people: int, seed: int) -> "CampaignSketch":
    from commands.campaign_people import Story
    from commands.campaign_plan import CampaignSketch

    plan, known = stored_plan(campaign.plan), ours.surveys
    groups = tuple(groups_of(session, campaign.audience_id or 0))
    questionnaire = questionnaire_of(session, campaign.questionnaire, campaign.questionnaire_version, installed=known)
    return CampaignSketch(
        line=ours.lines.by_id(campaign.line),
        kind=kind_of(plan, known.kinds.of(campaign.kind)),
        questionnaire=questionnaire,
        plan=plan,
        starts=_first_day(campaign),
        seed=seed,
        count=max(people, len(groups)),
        stories=(Story.AGREED,),
        groups=groups,
        firm=campaign.firm,
    )


def _first_day(campaign: Campaign) -> date:
    """The first day on which the plan rings by the calendar of real days, whether or not we are always open."""
    now, calendar = system_clock(), load_calendar(read_file(HOLIDAYS))
    opens = dial_from(stored_plan(campaign.plan), calendar, now, line=campaign.line) or now
    return opens.astimezone(SEOUL).date()


def _in_words(campaign_id: int, found: Rehearsal) -> Iterator[str]:
    yield f"campaign {campaign_id} was rehearsed with {found['people']} simulated people; nobody was rung"
    yield from (f"{number:>6} {what}" for what, number in found["dispositions"].items())
    yield f"{found['calls']} calls, {found['mean_seconds']} s in the mean, {found['longest_seconds']} s at most"
    for prompt in found["prompts"]:
        trouble = f"heard again {prompt['heard_again']}, left during it {prompt['hung_up_during']}"
        yield f"  {prompt['seconds']:>5} s  {trouble}:  {prompt['text']}"
    yield from (f"a sum does not come out: {what}" for what in found["disagreements"])
