"""Commands by which officers work on a case: assign, review, direct, answer, tell it late, rate, withdraw."""

import json
from collections.abc import Callable
from datetime import datetime

import click

from commands.case_desk import ACTOR, WHEN, end_of, entry_of, moment, on_case, reply_by, row_of
from commands.shared import AS_JSON
from ivr.cases import acting
from ivr.cases.acting import Telling
from ivr.cases.assigning import give_by_duty, give_to
from ivr.cases.institution import Work
from ivr.cases.lateness import REASONS, Slip
from ivr.cases.lateness import late as tell_late
from ivr.cases.rating import FEWEST, MOST, Rating
from ivr.cases.rating import rate as enter_rating
from ivr.cases.rows import Case, ReplyBy
from ivr.cases.telling import Notice

WAYS = [way.value for way in ReplyBy if way not in {ReplyBy.SMS, ReplyBy.NONE}]
name_argument = click.argument("name", metavar="CASE")
told_by_option = click.option("--told-by", type=click.Choice(WAYS), help="You told the customer: no text is sent.")
until_option = click.option("--until", required=True, type=WHEN, help="Local; a day alone means its end.")


@click.command("assign")
@name_argument
@click.option("--officer", help="An officer's id (`charterline directory list`).")
@click.option("--duty", help="Words of a duty: whoever has it and is there.")
@ACTOR
@AS_JSON
def assign(name: str, officer: str | None, duty: str | None, by: str, as_json: bool) -> None:
    """Designate who handles it, by name or by duty (S4)."""
    if (officer is None) == (duty is None):
        raise click.UsageError("give either --officer or --duty")
    if officer is not None:
        _do(name, by, lambda work, case: give_to(work, case, officer), as_json=as_json)
    elif duty is not None:
        _do(name, by, lambda work, case: give_by_duty(work, case, duty), as_json=as_json)


@click.command("review")
@name_argument
@ACTOR
@AS_JSON
def review(name: str, by: str, as_json: bool) -> None:
    """Begin the review (K19, K21: at once)."""
    _do(name, by, acting.begin_review, as_json=as_json)


@click.command("direct")
@name_argument
@click.option("--direction", required=True, help="Which direction it takes, as the customer is told.")
@until_option
@told_by_option
@ACTOR
@AS_JSON
def direct(name: str, direction: str, until: datetime, as_json: bool, **given: str | None) -> None:
    """Tell the direction and the date of the answer (T12: within 48 hours)."""
    telling = _telling(given["told_by"])
    _do(
        name,
        given["by"],
        lambda work, case: acting.direct(work, case, direction, until=end_of(until), telling=telling),
        as_json=as_json,
    )


@click.command("answer")
@name_argument
@click.option("--result", required=True, help="The answer, as the customer is told.")
@click.option("--first", is_flag=True, help="A first answer only (T4 to T6): give --until for the whole one.")
@click.option("--until", type=WHEN, help="With --first: by when the whole answer comes.")
@told_by_option
@ACTOR
@AS_JSON
def answer(name: str, result: str, first: bool, as_json: bool, **given: str | datetime | None) -> None:
    """Answer it: the customer is told the result and asked to rate it."""
    telling, until, by = _telling(_text(given["told_by"])), given["until"], _text(given["by"])
    if first and not isinstance(until, datetime):
        raise click.UsageError("a first answer needs --until: by when the whole answer comes")
    if isinstance(until, datetime):
        if not first:
            raise click.UsageError("--until goes with --first; a whole answer needs no further date")
        date = end_of(until)
        _do(name, by, lambda work, case: acting.answer_first(work, case, result, until=date, telling=telling), as_json)
    else:
        _do(name, by, lambda work, case: acting.answer(work, case, result, telling=telling), as_json)


@click.command("late")
@name_argument
@click.option("--reason", required=True, type=click.Choice(REASONS))
@until_option
@told_by_option
@ACTOR
@AS_JSON
def late(name: str, reason: str, until: datetime, as_json: bool, **given: str | None) -> None:
    """Tell the customer before the date that it slips, why and until when (K20)."""
    slip, telling = Slip(reason, end_of(until)), _telling(given["told_by"])
    _do(name, given["by"], lambda work, case: tell_late(work, case, slip, telling=telling), as_json=as_json)


@click.command("told")
@name_argument
@click.option("--what", required=True, type=click.Choice([notice.value for notice in Notice]))
@click.option("--way", required=True, type=click.Choice(WAYS))
@click.option("--on", type=WHEN, help="When, local; now if left out.")
@ACTOR
@AS_JSON
def told(name: str, what: str, way: str, on: datetime | None, as_json: bool, **given: str | None) -> None:
    """Enter what the customer was told by letter, e-mail, fax or telephone."""
    telling = Telling(ReplyBy(way), moment(on) if on else None)
    _do(
        name,
        given["by"],
        lambda work, case: acting.enter_told(work, case, Notice(what), telling=telling),
        as_json=as_json,
    )


@click.command("fault")
@name_argument
@ACTOR
@AS_JSON
def fault(name: str, by: str, as_json: bool) -> None:
    """The complaint is right: the customer gets the prepared apology at once (K18, D15)."""
    _do(name, by, acting.confirm_fault, as_json=as_json)


@click.command("ask")
@name_argument
@click.option("--what", required=True, help="Papers or words that are asked of the customer.")
@ACTOR
@AS_JSON
def ask(name: str, what: str, by: str, as_json: bool) -> None:
    """Something is asked of the customer: it excuses the time until it comes."""
    _do(name, by, lambda work, case: acting.ask_customer(work, case, what), as_json=as_json)


@click.command("came")
@name_argument
@ACTOR
@AS_JSON
def came(name: str, by: str, as_json: bool) -> None:
    """What was asked of the customer has come."""
    _do(name, by, acting.customer_replied, as_json=as_json)


@click.command("wait")
@name_argument
@until_option
@ACTOR
@AS_JSON
def wait(name: str, until: datetime, by: str, as_json: bool) -> None:
    """The customer asked for a later date."""
    _do(name, by, lambda work, case: acting.choose_later(work, case, end_of(until)), as_json=as_json)


@click.command("rate")
@name_argument
@click.option("--points", required=True, type=click.IntRange(FEWEST, MOST))
@click.option("--way", type=click.Choice(WAYS), default=ReplyBy.PHONE.value, show_default=True)
@click.option("--reason", default="", help="Why it corrects an earlier rating.")
@ACTOR
@AS_JSON
def rate(name: str, points: int, as_json: bool, **given: str) -> None:
    """Enter the customer's rating that came by letter or telephone; links enter theirs by themselves."""
    rating = Rating(points, given["way"], given["reason"])
    _do(name, given["by"], lambda work, case: enter_rating(work, case, rating), as_json=as_json)


@click.command("withdraw")
@name_argument
@ACTOR
@AS_JSON
def withdraw(name: str, by: str, as_json: bool) -> None:
    """The customer takes it back."""
    _do(name, by, acting.withdraw, as_json=as_json)


ACTS = (assign, review, direct, answer, late, told, fault, ask, came, wait, rate, withdraw)


def _do(name: str, by: str | None, act: Callable[[Work, Case], None], as_json: bool) -> None:
    with on_case(name, by or "agent") as (work, case):
        act(work, case)
        entry = entry_of(case, work.at)
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else row_of(entry))


def _telling(way: str | None) -> Telling | None:
    told_by = reply_by(way)
    return Telling(told_by) if told_by else None


def _text(value: str | datetime | None) -> str | None:
    return value if isinstance(value, str) else None
