"""The page behind the link in a text with an answer, where the customer rates it once."""

from datetime import timedelta

from flask import Blueprint

from ivr.cases.institution import Work, locked_case
from ivr.cases.rating import FEWEST, MOST, Rating, points_of, rate, rated_case
from webhooks.institutions import institution_of
from webhooks.linked import Asked, Page, linked_pages, sender_of
from webhooks.switchboard import Switchboard

ADDRESS = "/r/<token>"
LINKS_LAST = timedelta(days=90)
POINTS = {str(points): points for points in range(FEWEST, MOST + 1)}
WEB, CUSTOMER = "web", "customer"


def rating_pages(board: Switchboard) -> Blueprint:
    """The two answers at `/r/TOKEN`: GET shows the question, POST enters the rating, once."""
    return linked_pages("rating", ADDRESS, board, answer=_answer)


def _answer(asked: Asked) -> Page:
    at, case = asked.board.clock(), rated_case(asked.session, asked.token)
    if case is None or case.answered_at is None:
        return Page("unknown", 404)
    line = asked.board.line(case.line)
    about = {"receipt": case.receipt_number, "handler": case.handler or case.owner, "days": str(LINKS_LAST.days)}
    given = sender_of(line) | about
    if at > case.answered_at + LINKS_LAST:
        return Page("expired", 410, given)
    if asked.form is None:
        return Page("rated" if points_of(asked.session, case) else "ask", 200, given)
    points = POINTS.get(asked.form.get("points", ""))
    if points is None:
        return Page("ask", 422, given | {"again": "yes"})
    # Locked before it is looked at: of two presses of the button one counts.
    case = locked_case(asked.session, case.id)
    if points_of(asked.session, case):
        return Page("rated", 200, given)
    work = Work(asked.session, institution_of(asked.board, line), at, CUSTOMER)
    rate(work, case, Rating(points, WEB))
    return Page("done", 200, given)
