"""The check of a draft: questionnaire, kind, audience, plan, sender and price; what it was checked by is frozen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.audiences.rows import Audience, AudienceState, Member
from ivr.campaigns.hours import dial_from
from ivr.campaigns.lifecycle import Deed, locked, note
from ivr.campaigns.moves import CampaignEvent, move_campaign
from ivr.campaigns.plan import Plan, missing_groups, stored_plan
from ivr.campaigns.rows import Campaign
from ivr.campaigns.terms import Terms
from ivr.consents.rows import Purpose
from ivr.lines.calendar import Calendar
from ivr.lines.model import Line, Lines
from ivr.surveys.copies import body_of, keep, questionnaire_of
from ivr.surveys.kinds import FILE as KINDS_FILE
from ivr.surveys.kinds import Kind, SurveyClass, UnknownKind
from ivr.surveys.model import Questionnaire, Questionnaires, UnknownQuestionnaire
from ivr.surveys.reading import Document, check_questionnaire


class Unfit(Exception):
    """A campaign that cannot be carried out as it is planned; `problems` names everything that is wrong."""

    def __init__(self, campaign_id: int, problems: list[str]) -> None:
        self.problems = tuple(problems)
        said = [f"campaign {campaign_id} cannot be approved as it is:", *(f"  - {problem}" for problem in problems)]
        super().__init__("\n".join(said))


@dataclass(frozen=True, slots=True)
class Installed:
    """What campaigns are checked against: lines, questionnaires, the files of them, and the holidays."""

    lines: Lines
    questionnaires: Questionnaires
    documents: Mapping[str, Document]
    calendar: Calendar


def check(session: Session, campaign_id: int, installed: Installed, *, deed: Deed) -> Campaign:
    """Check a draft and freeze what it was checked by; raises `Unfit` with all that is wrong, and changes nothing."""
    campaign = locked(session, campaign_id)
    found = _Found(session, campaign, installed, deed)
    problems = list(found.problems())
    if problems:
        raise Unfit(campaign_id, problems)
    move_campaign(campaign, CampaignEvent.CHECK)
    terms = found.terms()
    campaign.terms, campaign.purpose = terms.model_dump(mode="json"), terms.purposes[0]
    _, campaign.questionnaire_version = keep(session, found.questionnaire(), by=deed.by, at=deed.at)
    campaign.checked_by, campaign.checked_at = deed.by, deed.at
    note(session, campaign, CampaignEvent.CHECK.value, deed=deed, detail=stored_plan(campaign.plan).downgrade_reason)
    return campaign


def kind_of(plan: Plan, kind: Kind) -> Kind:
    """The kind as the plan takes it: a downgradable one for which a reason was written down is no advertisement."""
    return kind.downgraded() if kind.downgradable and plan.downgrade_reason.strip() else kind


def terms_by(plan: Plan, kind: Kind, line: Line, *, firm: str | None) -> Terms:
    """The terms that a kind, a line and its firm set for a plan (promises A18, A19, A21, A22)."""
    taken = kind_of(plan, kind)
    needed: tuple[Purpose, ...] = taken.purposes
    if not taken.is_free:
        needed = (*needed, *line.surveys.requires)
    price = line.surveys.price if plan.price is None else plan.price
    return Terms(
        survey_class=taken.klass.value,
        purposes=tuple(dict.fromkeys(needed)),
        price=0 if taken.is_free else price,
        is_free=taken.is_free,
        monthly_calls=(line.surveys.monthly_calls or None) if firm else None,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    session: Session
    campaign: Campaign
    installed: Installed
    deed: Deed

    def problems(self) -> Iterator[str]:
        """Everything that is wrong, in the order in which it would be mended."""
        try:
            kind, line = self.kind(), self.line()
            one = self.questionnaire()
        except LookupError as error:
            yield str(error)
            return
        yield from self._questions(one, kind, line)
        yield from self._class(kind)
        yield from self._sender(line)
        yield from self._firm(kind, line)
        yield from self._audience()
        yield from self._plan()

    def plan(self) -> Plan:
        """The plan of the draft."""
        return stored_plan(self.campaign.plan)

    def kind(self) -> Kind:
        """The installed kind; raises `UnknownKind`."""
        return self.installed.questionnaires.kinds.of(self.campaign.kind)

    def line(self) -> Line:
        """The line; raises `UnknownLine`."""
        return self.installed.lines.by_id(self.campaign.line)

    def questionnaire(self) -> Questionnaire:
        """The newest words of the questionnaire; raises `UnknownQuestionnaire`."""
        return questionnaire_of(
            self.session, self.campaign.questionnaire, None, installed=self.installed.questionnaires
        )

    def terms(self) -> Terms:
        """What the campaign is to be carried out by."""
        return terms_by(self.plan(), self.kind(), self.line(), firm=self.campaign.firm)

    def _questions(self, one: Questionnaire, kind: Kind, line: Line) -> Iterator[str]:
        if one.kind != kind.id:
            yield f"the questionnaire {one.id} is of the kind {one.kind!r}, the campaign of {kind.id!r}: use one kind"
        if not one.fits(line.id):
            yield f"the questionnaire {one.id} is for {', '.join(one.lines)}, not for {line.id}: choose another"
        documents = _with_kind(self.installed.documents, kind_of(self.plan(), kind))
        for fault in check_questionnaire(body_of(one), f"{one.id}.toml", documents):
            if fault.severity == "error":
                yield str(fault)

    def _class(self, kind: Kind) -> Iterator[str]:
        reason = self.plan().downgrade_reason.strip()
        if reason and not kind.downgradable:
            yield (
                f"the kind {kind.id} is {kind.klass.value} and stays it: take downgrade_reason out of the plan "
                "(Network Act, article 50)"
            )

    def _sender(self, line: Line) -> Iterator[str]:
        if not line.numbers:
            yield f"{line.id} has no number that could be shown to those who are rung: add numbers to its file"

    def _firm(self, kind: Kind, line: Line) -> Iterator[str]:
        firm = self.campaign.firm
        if firm is not None and firm not in line.firms:
            yield f"{line.id} has no firm {firm!r}: known are {', '.join(line.firms) or 'none'}"
        if firm is None and line.firms and kind.klass is not SurveyClass.HAPPY_CALL:
            yield f"{line.id} asks surveys for its firms (A17): name the one that ordered it (--firm)"

    def _audience(self) -> Iterator[str]:
        audience = self.session.get(Audience, self.campaign.audience_id)
        if audience is None:
            yield f"there is no audience {self.campaign.audience_id}: charterline audiences list"
            return
        if audience.state is not AudienceState.READY:
            yield f"the audience {audience.id} is {audience.state.value}: make it anew"
        members = select(Member.person_id).where(Member.audience_id == audience.id).limit(1)
        if self.session.scalar(members) is None:
            yield f"nobody is on the audience {audience.id}: choose another"

    def _plan(self) -> Iterator[str]:
        plan = self.plan()
        if dial_from(plan, self.installed.calendar, self.deed.at, line=self.campaign.line) is None:
            yield "the plan leaves no hour in which anybody may be rung: look at starts_on, ends_on and hours"
        if not plan.groups:
            return
        groups = select(Member.group).where(Member.audience_id == self.campaign.audience_id).distinct()
        for fault in missing_groups(plan, frozenset(self.session.scalars(groups))):
            yield str(fault)


def _with_kind(documents: Mapping[str, Document], kind: Kind) -> Mapping[str, Document]:
    """The files with the kind as the plan takes it."""
    written = kind.model_dump(mode="json", by_alias=True, exclude={"id"})
    if kind.klass is not SurveyClass.ADVERTISING:
        written["downgradable"] = False
    return {**documents, KINDS_FILE: {**documents.get(KINDS_FILE, {}), kind.id: written}}


__all__ = ["Installed", "Unfit", "UnknownKind", "UnknownQuestionnaire", "check", "kind_of", "terms_by"]
