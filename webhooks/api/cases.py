"""Cases over the REST API: taken in, listed, directed, answered, told late, objected to and rated (docs/cases.md)."""

from collections.abc import Sequence

from flask_smorest import Blueprint

from ivr.base import Refused
from ivr.cases import acting
from ivr.cases.acting import Telling
from ivr.cases.clocks import Sort
from ivr.cases.institution import Work, locked_case
from ivr.cases.lateness import Slip
from ivr.cases.lateness import late as tell_late
from ivr.cases.objecting import object_to
from ivr.cases.rating import Rating
from ivr.cases.rating import rate as enter_rating
from ivr.cases.reading import Wanted, cases_of
from ivr.cases.rows import Case, CaseState, ReplyBy
from ivr.cases.taking import Customer, Matter, take_case
from webhooks.api.cases_shapes import (
    AnswerShape,
    CaseShape,
    CasesQuery,
    DirectionShape,
    MatterShape,
    ObjectionShape,
    RatingShape,
    SlipShape,
)
from webhooks.api.operations import Asked, Given, changes, makes, reads
from webhooks.api.problems import wrong_fields
from webhooks.institutions import institution_of

blueprint = Blueprint("cases", __name__, url_prefix="/api/cases", description="Opinions and requests of customers")
READ, WRITE = "cases:read", "cases:write"


@makes(blueprint, "", scope=WRITE, takes=MatterShape, gives=CaseShape)
def take(asked: Asked, given: Given) -> Case:
    """Take a matter in; the same reference again is the same case. A matter overdue already needs its reason."""
    line = asked.line(given["line"])
    reply_by = ReplyBy(given["reply_by"]) if given["reply_by"] else None
    matter = Matter(
        reference=given["reference"],
        sort=Sort(given["kind"], given["channel"], given["topic"]),
        content=given["content"],
        customer=Customer(given["name"], given["number"], given["address"], reply_by),
        received_at=given["received_at"] or asked.at,
        about_officer_id=given["about_officer"],
        overdue_because=given["overdue_because"],
        by=_who(asked),
        is_test=given["is_test"],
    )
    try:
        return take_case(asked.session, matter, institution=institution_of(asked.board, line), at=asked.at)
    except Refused as error:
        raise wrong_fields({"matter": [str(error)]}) from None


@reads(blueprint, "", scope=READ, takes=CasesQuery, gives=CaseShape(many=True))
def listed(asked: Asked, given: Given) -> Sequence[Case]:
    """List cases, those that are due first before others."""
    lines = (asked.line(given["line"]).id,) if "line" in given else asked.lines()
    state = CaseState(given["state"]) if "state" in given else None
    wanted = Wanted(lines=lines, state=state, kind=given.get("kind"), with_closed=given["closed"])
    return cases_of(asked.session, wanted, limit=given["limit"])


@reads(blueprint, "/<id>", scope=READ, takes=None, gives=CaseShape)
def show(asked: Asked, given: Given, id: str) -> Case:
    """Show a case."""
    return asked.found(asked.session.get(Case, id), "case")


@changes(blueprint, "/<id>/direction", scope=WRITE, takes=DirectionShape, gives=CaseShape)
def direct(asked: Asked, given: Given, id: str) -> Case:
    """Tell the customer which direction it takes and by when it is answered."""
    work, case = _at_work(asked, id)
    acting.direct(work, case, given["direction"], until=given["until"], telling=_telling(given))
    return case


@changes(blueprint, "/<id>/answer", scope=WRITE, takes=AnswerShape, gives=CaseShape)
def answer(asked: Asked, given: Given, id: str) -> Case:
    """Answer it."""
    work, case = _at_work(asked, id)
    acting.answer(work, case, given["result"], telling=_telling(given))
    return case


@changes(blueprint, "/<id>/late", scope=WRITE, takes=SlipShape, gives=CaseShape)
def late(asked: Asked, given: Given, id: str) -> Case:
    """Tell the customer before the date that it slips, why and until when."""
    work, case = _at_work(asked, id)
    tell_late(work, case, Slip(given["reason"], given["until"]), telling=_telling(given))
    return case


@makes(blueprint, "/<id>/objection", scope=WRITE, takes=ObjectionShape, gives=CaseShape)
def object_(asked: Asked, given: Given, id: str) -> Case:
    """The customer is not content with the result: another case, which is reviewed at once."""
    work, case = _at_work(asked, id)
    return object_to(work, case, given["content"], channel=given["channel"])


@changes(blueprint, "/<id>/rating", scope=WRITE, takes=RatingShape, gives=CaseShape)
def rate(asked: Asked, given: Given, id: str) -> Case:
    """Enter the customer's rating of the answer."""
    work, case = _at_work(asked, id)
    enter_rating(work, case, Rating(given["points"], given["way"], given["reason"]))
    return case


@changes(blueprint, "/<id>/withdraw", scope=WRITE, takes=None, gives=CaseShape)
def withdraw(asked: Asked, given: Given, id: str) -> Case:
    """The customer takes it back."""
    work, case = _at_work(asked, id)
    acting.withdraw(work, case)
    return case


def _at_work(asked: Asked, id: str) -> tuple[Work, Case]:
    """The case, locked, where it is of a line of the token; and the token's work on it."""
    asked.found(asked.session.get(Case, id), "case")
    case = locked_case(asked.session, id)
    institution = institution_of(asked.board, asked.board.line(case.line))
    return Work(asked.session, institution, asked.at, _who(asked)), case


def _who(asked: Asked) -> str:
    return f"token:{asked.token.id}"


def _telling(given: Given) -> Telling | None:
    return Telling(ReplyBy(given["told_by"])) if given["told_by"] else None
