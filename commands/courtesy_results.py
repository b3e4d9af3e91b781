"""The commands that show what a round found: scores, and how far the raters agree."""

import click

from commands.courtesy_opened import decimal, in_words, words
from commands.courtesy_sheets import sheet_entry
from commands.shared import AS_JSON, opened, print_json
from ivr.base import Refused
from ivr.courtesy.agreement import Agreement
from ivr.courtesy.ledger import Ledger, read_ledger
from ivr.courtesy.results import Score, agreement_of, calls_of, items_of, stages_of, teams_of, whole_of
from ivr.courtesy.rows import Place, RoundState
from ivr.courtesy.wording import Words
from ivr.rounding import rounded

Entry = dict[str, object]


@click.command("result")
@click.argument("round_id")
@click.option("--agent", help="The page of one agent, for the agent's own eyes.")
@AS_JSON
@in_words
def result(round_id: str, agent: str | None, as_json: bool) -> None:
    """Show the 100-point scores of a round: whole, by stage, item and team, with the formula under them."""
    with opened().store.reading() as session:
        ledger = read_ledger(session, round_id)
    entry = _agents_page(ledger, agent) if agent else _result(ledger)
    if as_json:
        print_json(entry)
        return
    click.echo("\n".join(_result_lines(ledger, agent)))


@click.command("agreement")
@click.argument("round_id")
@AS_JSON
@in_words
def show_agreement(round_id: str, as_json: bool) -> None:
    """Show how far two raters agree, on each item and on the whole, and which calls are to be reconciled."""
    said = words()
    with opened().store.reading() as session:
        ledger = read_ledger(session, round_id)
    rows = [("", agreement_of([ledger])), *((item.id, agreement_of([ledger], item.id)) for item in ledger.form.items)]
    disputes = {call: list(items) for call in ledger.picks if (items := ledger.disputes(call))}
    settled = [call for call in disputes if ledger.latest(call, Place.AGREED) is not None]
    if as_json:
        whole, *of_items = [_agreement(found, said) for _, found in rows]
        by_item = {id: entry for (id, _), entry in zip(rows[1:], of_items, strict=True)}
        print_json({"round": round_id, "whole": whole, "items": by_item, "disputes": disputes, "reconciled": settled})
        return
    for id, found in rows:
        click.echo(f"{id or 'whole':<18} {_agreement_words(found, said)}")
    for call, items_in_dispute in disputes.items():
        state = "reconciled" if call in settled else "to reconcile"
        click.echo(f"{call}: {state}: {', '.join(items_in_dispute)}")


def _agreement(found: Agreement, said: Words) -> Entry:
    return {
        "n": found.n,
        "exact": decimal(found.exact, 4),
        "within_one": decimal(found.within_one, 4),
        "kappa": decimal(found.kappa, 4),
        "mean_difference": decimal(found.mean_difference, 4),
        "unlike": found.unlike,
        "why": said.say(f"agreement.{found.undefined}") if found.undefined else "",
    }


def _agreement_words(found: Agreement, said: Words) -> str:
    why = said.say(f"agreement.{found.undefined}") if found.undefined else ""
    if found.exact is None or found.within_one is None or found.mean_difference is None:
        return why
    kappa = rounded(found.kappa, 2) if found.kappa is not None else f"- ({why})"
    shares = f"exact {rounded(100 * found.exact)} %, within 1 point {rounded(100 * found.within_one)} %"
    return f"n {found.n}, {shares}, kappa {kappa}, second minus first {rounded(found.mean_difference, 2)}"


def _result(ledger: Ledger) -> Entry:
    calls = calls_of(ledger)
    return {
        "round": ledger.round.id,
        "institution": ledger.round.institution,
        "state": ledger.round.state.value,
        "calls": len(calls),
        "of": len(ledger.picks),
        "score": _score(whole_of(calls)),
        "stages": [_score(one) for one in stages_of(calls, ledger.form.heading.stages)],
        "items": [_score(one) for one in items_of(calls)],
        "teams": [_score(one) for one in teams_of(calls)],
        "formula": ledger.form.heading.formula,
    }


def _agents_page(ledger: Ledger, agent: str) -> Entry:
    """Only what is the agent's own, beside the score of all; after the publication, when appeals may be made."""
    if ledger.round.state is not RoundState.PUBLISHED:
        raise Refused(f"{ledger.round.id} is {ledger.round.state.value}: agents see their scores once it is published")
    calls = calls_of(ledger)
    own = [call for call in calls if call.pick.agent_id == agent]
    if not own:
        raise Refused(f"no call of {agent} is in {ledger.round.id}: check the agent's id")
    until = ledger.round.appeal_until
    return {
        "round": ledger.round.id,
        "agent": agent,
        "appeal_until": until.isoformat() if until else None,
        "score": _score(whole_of(own, agent)),
        "score_of_all": _score(whole_of(calls)),
        "stages": [_score(one) for one in stages_of(own, ledger.form.heading.stages)],
        "items": [_score(one) for one in items_of(own)],
        "calls": [{"call": call.pick.call_id, **_own_sheet(sheet_entry(call.sheet))} for call in own],
        "formula": ledger.form.heading.formula,
    }


def _own_sheet(entry: Entry) -> Entry:
    """What an agent reads of a sheet: scores and note, not who gave them."""
    return {key: entry[key] for key in ("version", "scores", "note", "reason")}


def _score(score: Score) -> Entry:
    return {"id": score.id, "name": score.name, "n": score.n, "score": decimal(score.value)}


def _result_lines(ledger: Ledger, agent: str | None) -> list[str]:
    calls = calls_of(ledger)
    chosen = [call for call in calls if agent in {None, call.pick.agent_id}]
    lines = [f"{ledger.round.id} ({ledger.round.state.value}): {len(chosen)} calls of {len(ledger.picks)} drawn"]
    lines += [_row("score", whole_of(chosen))]
    lines += [_row(one.name, one) for one in stages_of(chosen, ledger.form.heading.stages)]
    lines += [_row(f"  {one.name}", one) for one in items_of(chosen)]
    lines += [] if agent else [_row(f"team {one.id or '-'}", one) for one in teams_of(chosen)]
    return [*lines, "", ledger.form.heading.formula]


def _row(name: str, score: Score) -> str:
    return f"  {rounded(score.value) if score.value is not None else '-':>6}  {score.n:>4}  {name}"


result_commands = (result, show_agreement)
