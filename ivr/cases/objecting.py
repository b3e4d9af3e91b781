"""Objections: a customer who is not content with the result has it reviewed again, at once, as a case of its own."""

from sqlalchemy import func, select

from ivr.base import Refused
from ivr.cases.clocks import Sort
from ivr.cases.institution import Work
from ivr.cases.moves import CaseEvent, move_case
from ivr.cases.rows import Case
from ivr.cases.taking import Customer, Matter, take_case
from ivr.cases.telling import note


def object_to(work: Work, case: Case, content: str, *, channel: str) -> Case:
    """Take in what the customer objects to (K19): another case, linked to the first, which is reopened by it."""
    if case.kind == "objection":
        raise Refused(
            f"{case.id} is an objection itself: take a further one to the supervisor, or to {case.objects_to}"
        )
    move_case(case, CaseEvent.OBJECT)
    earlier = work.session.scalar(select(func.count()).where(Case.objects_to == case.id)) or 0
    matter = Matter(
        reference=f"objection:{case.id}:{earlier + 1}",
        sort=Sort("objection", channel, case.topic),
        content=content,
        customer=Customer(case.customer, case.number, case.address, case.reply_by),
        received_at=work.at,
        objects_to=case.id,
        about_officer_id=case.about_officer_id,
        by=work.by,
        is_test=case.is_test,
    )
    objection = take_case(work.session, matter, institution=work.institution, at=work.at)
    note(work, case, "reopened", detail={"case": objection.id, "who": work.by})
    return objection
