"""From what somebody asks for to the draft of a campaign, with the terms of this day."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from ivr.campaigns.checking import terms_by
from ivr.campaigns.lifecycle import Draft
from ivr.campaigns.plan import Plan
from ivr.lines.model import Line
from ivr.surveys.copies import questionnaire_of
from ivr.surveys.model import Questionnaires


class UnknownFirm(LookupError):
    """A line has no such client firm; the message says which it has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a campaign is to be: its name, questionnaire, list and plan; the kind is the questionnaire's where empty."""

    name: str
    questionnaire: str
    audience_id: int
    plan: Plan
    kind: str = ""
    firm: str | None = None


def drafted(session: Session, asked: Asked, line: Line, *, surveys: Questionnaires) -> Draft:
    """The draft; raises `UnknownFirm`, `UnknownQuestionnaire` and `UnknownKind`."""
    if asked.firm is not None and asked.firm not in line.firms:
        raise UnknownFirm(f"{line.id} has no firm {asked.firm!r}: known are {', '.join(line.firms) or 'none'}")
    one = questionnaire_of(session, asked.questionnaire, None, installed=surveys)
    kind = surveys.kinds.of(asked.kind or one.kind)
    return Draft(
        line=line.id,
        name=asked.name,
        kind=kind.id,
        questionnaire=one.id,
        audience_id=asked.audience_id,
        plan=asked.plan,
        terms=terms_by(asked.plan, kind, line, firm=asked.firm),
        firm=asked.firm,
    )
