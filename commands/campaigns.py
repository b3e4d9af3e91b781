"""`charterline campaigns`: happy calls and surveys by telephone, from the draft to the bill."""

from collections.abc import Callable
from typing import Any

import click
from sqlalchemy.orm import Session

from commands.campaigns_opened import BY, CAMPAIGN, deed, in_words, installed
from commands.campaigns_planning import plan_from, plan_options
from commands.campaigns_results import export_command, results_command
from commands.campaigns_shown import entry_of, shown_commands
from commands.campaigns_watching import watching_commands
from commands.opened import Opened
from commands.rehearsal import rehearse_command
from commands.shared import AS_JSON, opened, print_json
from ivr.campaigns import lifecycle
from ivr.campaigns.checking import check
from ivr.campaigns.drafting import Asked, UnknownFirm, drafted
from ivr.campaigns.lifecycle import Deed, Draft
from ivr.campaigns.plan import Plan
from ivr.campaigns.rows import Campaign

Step = Callable[[Session, int, Deed], Campaign]


@click.group()
def campaigns() -> None:
    """Happy calls and surveys by telephone: only people who agreed are rung, and only as planned and approved.

    \b
    Make one:          charterline campaigns create --line dcgf --name November --questionnaire happy-dcgf --audience 1
    Who is left out:   charterline campaigns report 1
    Check, rehearse:   charterline campaigns check 1; charterline campaigns rehearse 1
    A second person:   charterline campaigns approve 1 --by 박승인
    Ring, and look on: charterline campaigns launch 1; charterline campaigns watch 1
    What was said:     charterline campaigns results 1; charterline campaigns bill 1
    """


@campaigns.command()
@click.option("--line", "line_id", required=True, help="Whose campaign (the id of its line, like dcgf).")
@click.option("--name", required=True, help="What it is called.")
@click.option("--questionnaire", required=True, help="What is asked (charterline survey list).")
@click.option("--audience", "audience_id", type=int, required=True, help="Whom to ask (charterline audiences list).")
@click.option("--kind", help="The kind of survey; the questionnaire's own else.")
@click.option("--firm", help="The client firm that ordered it, on a line that has firms.")
@plan_options
@BY
@AS_JSON
@in_words
def create(by: str, as_json: bool, line_id: str, **options: Any) -> None:  # Any: click's own
    """Make a draft. Nobody is rung before it has been checked, rehearsed, approved and launched."""
    ours, doing = opened(), deed(by)
    plan = plan_from(Plan(), options)
    with ours.store.transaction() as session:
        draft = _draft(session, ours, options, line_id=line_id, plan=plan)
        campaign = lifecycle.create(session, draft, doing)
        entry = entry_of(campaign)
    _done(entry, f"campaign {entry['campaign']} is a draft: charterline campaigns report {entry['campaign']}", as_json)


@campaigns.command()
@CAMPAIGN
@click.option("--name", help="What it is called.")
@click.option("--questionnaire", help="What is asked.")
@click.option("--audience", "audience_id", type=int, help="Whom to ask.")
@click.option("--kind", help="The kind of survey.")
@click.option("--firm", help="The client firm that ordered it.")
@plan_options
@BY
@AS_JSON
@in_words
def change(campaign_id: int, by: str, as_json: bool, **options: Any) -> None:  # Any: click's own
    """Change a campaign before its launch. It has to be checked, rehearsed and approved anew."""
    ours, doing = opened(), deed(by)
    with ours.store.transaction() as session:
        known = lifecycle.draft_of(lifecycle.locked(session, campaign_id))
        asked = {
            name: options[name] or getattr(known, name) for name in ("name", "questionnaire", "audience_id", "firm")
        }
        kind = options["kind"] or (None if options["questionnaire"] else known.kind)
        draft = _draft(session, ours, {**asked, "kind": kind}, line_id=known.line, plan=plan_from(known.plan, options))
        entry = entry_of(lifecycle.change(session, campaign_id, draft, deed=doing))
    _done(entry, f"campaign {campaign_id} is changed, and a draft again", as_json)


@campaigns.command("check")
@CAMPAIGN
@BY
@AS_JSON
@in_words
def check_command(campaign_id: int, by: str, as_json: bool) -> None:
    """Check a draft: questionnaire, consent, audience, plan, price. What was checked is what will be asked."""
    ours = opened()
    _stepped(ours, campaign_id, by, lambda session, id, doing: check(session, id, installed(ours), deed=doing), as_json)


@campaigns.command()
@CAMPAIGN
@BY
@AS_JSON
@in_words
def approve(campaign_id: int, by: str, as_json: bool) -> None:
    """Approve a campaign that is checked and rehearsed; not by whoever made, changed or checked it."""
    _stepped(opened(), campaign_id, by, lifecycle.approve, as_json)


@campaigns.command()
@CAMPAIGN
@BY
@AS_JSON
@in_words
def pause(campaign_id: int, by: str, as_json: bool) -> None:
    """Stop dialling within a second; calls that go on are finished."""
    _stepped(opened(), campaign_id, by, lifecycle.pause, as_json)


@campaigns.command()
@CAMPAIGN
@BY
@AS_JSON
@in_words
def resume(campaign_id: int, by: str, as_json: bool) -> None:
    """Go on with a paused campaign."""
    _stepped(opened(), campaign_id, by, lifecycle.resume, as_json)


@campaigns.command()
@CAMPAIGN
@click.option("--why", default="closed by hand", show_default=True, help="Why; it is kept.")
@BY
@AS_JSON
@in_words
def close(campaign_id: int, by: str, why: str, as_json: bool) -> None:
    """Close a campaign for good: nobody more is rung; calls that go on are finished."""
    _stepped(
        opened(), campaign_id, by, lambda session, id, doing: lifecycle.close(session, id, doing, why=why), as_json
    )


def _stepped(ours: Opened, campaign_id: int, by: str, step: Step, as_json: bool) -> None:
    doing = deed(by)
    with ours.store.transaction() as session:
        entry = entry_of(step(session, campaign_id, doing))
    _done(entry, f"campaign {campaign_id} is {entry['state']}", as_json)


def _done(entry: dict[str, object], said: str, as_json: bool) -> None:
    if as_json:
        print_json(entry)
    else:
        click.echo(said)


def _draft(session: Session, ours: Opened, asked: dict[str, Any], *, line_id: str, plan: Plan) -> Draft:  # click's own
    """The draft, with the terms of this day; raises for a line, kind or questionnaire that is not there."""
    wanted = Asked(
        name=asked["name"],
        questionnaire=asked["questionnaire"],
        audience_id=asked["audience_id"],
        plan=plan,
        kind=asked["kind"] or "",
        firm=asked["firm"],
    )
    try:
        return drafted(session, wanted, ours.lines.by_id(line_id), surveys=ours.surveys)
    except UnknownFirm as error:
        raise click.UsageError(str(error)) from None


for command in (*shown_commands, *watching_commands, rehearse_command, results_command, export_command):
    campaigns.add_command(command)
