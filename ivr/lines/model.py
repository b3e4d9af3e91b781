"""A hotline as data: what a line's file says, and the lookup of lines by number."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from ivr.lines.booking import BookingRule
from ivr.lines.callbacks import CallbackRule
from ivr.lines.cases import CaseRule
from ivr.lines.centre import CentreRule
from ivr.lines.conduct import ConductRule
from ivr.lines.documents import DocumentRule
from ivr.lines.firms import Firm, Product
from ivr.lines.monitoring import MonitoringRule
from ivr.lines.opening import OpeningRule
from ivr.lines.repairs import RepairRule
from ivr.lines.senders import RegisteredSender
from ivr.lines.shapes import E164, Key, KeyEntry, Shape, Text, Whole, announces, announces_for_firm, with_ids
from ivr.lines.spans import Spans
from ivr.lines.surveys import SurveyRule
from ivr.lines.wrap_up import WrapUpRule
from ivr.messages.texts import KOREAN


class Notice(Shape):
    """An announcement before the menu; `version` rises with each new wording and is kept with each call."""

    id: str
    text: Text
    version: Whole = 1


class Menu(Shape):
    """What the keys do. `team` and `skill` are for key 0, in place of the line's own team."""

    id: str
    keys: Mapping[Key, KeyEntry]
    intro: str = ""
    team: str | None = None
    skill: str | None = None
    language: str = KOREAN


class Team(Shape):
    """Agents who answer together; `department` is what is announced to the caller.

    `goods` is what its kinds of products are called in a menu. Who has waited for them for `overflow_after` seconds,
    counted from the first place in a queue, may be answered by the teams of `overflow` as well.
    """

    id: str
    name: str
    department: str
    goods: str = ""
    skills: tuple[str, ...] = ()
    overflow: tuple[str, ...] = ()
    overflow_after: Whole = 40


class Hours(Shape):
    """Open spans in local time; `holidays` are public holidays whatever their weekday."""

    weekdays: Spans
    saturday: Spans = ()
    sunday: Spans = ()
    holidays: Spans = ()


class DatedHours(Hours):
    """Hours that hold from the local day `since` on, up to, not including, the day `until` where there is one."""

    since: datetime.date
    until: datetime.date | None = None

    def concerns(self, day: datetime.date) -> bool:
        """Do they hold on that local day?"""
        return self.since <= day and (self.until is None or day < self.until)


class RingRule(Shape):
    """How "before 3 rings" is read (K4, D4, T7), the cadence, and how long one agent is rung."""

    reading: Literal["strict", "literal", "customary"] = "literal"
    rings: Whole = 3
    tone_ms: Whole = 1000
    pause_ms: Whole = 2000
    offer_seconds: Annotated[float, Field(ge=5, le=60)] = 9.0


class WaitingRule(Shape):
    """The wait in seconds; a callback is offered after 30 s (guideline on automatic answering, 2009)."""

    callback_offer_after: Whole = 30
    announce_every: Whole = 30
    longest: Whole = 900
    music: str = "/media/waiting.wav"
    average_talk_seconds: Whole = 180

    @property
    def music_address(self) -> str:
        """The path of the music, as long as one turn of waiting."""
        return f"{self.music}?seconds={self.announce_every}"


class FigureRule(Shape):
    """What figures count by: the service level's time (KS certification of call centres, 2008: 20 s), the time
    before which giving up is a short abandonment, both in seconds, and the days in which a call is a repetition.
    """

    answer_within: Whole = 20
    short_abandon: Whole = 5
    repeat_days: Whole = 7


class Announcement(Shape):
    """The agent's affiliation, name and title as the institution promises them (K5, D5, T8).

    `outbound` is how customers are greeted whom we ring (D9); empty, it is as for those who ring us. `of_firm` is for
    the customers of a client firm, in whose name agents answer; empty, they answer in the institution's.
    `outbound_of_firm` is for those of them whom we ring; empty, it is as for those who ring us.
    """

    version: Whole
    template: Annotated[str, AfterValidator(announces)]
    outbound: Annotated[str, AfterValidator(announces)] = ""
    of_firm: Annotated[str, AfterValidator(announces_for_firm)] = ""
    outbound_of_firm: Annotated[str, AfterValidator(announces_for_firm)] = ""
    requires: tuple[Literal["institution", "department", "name", "title"], ...]


class LineTexts(Shape):
    """The sender of text messages and its registrations, and which templates are sent.

    `refusal_number` is the 080 number at which texts are refused free of charge; advertisements need one.
    """

    sender: E164
    senders: tuple[RegisteredSender, ...]
    refusal_number: E164 | None = None
    receipt: str = "receipt"
    callback: str = "callback-promised"
    transfer: str = "transfer"


class Line(Shape):
    """A hotline: a public number, the numbers it arrives on, and all that makes it one institution's."""

    id: str
    institution: Annotated[str, Field(min_length=1)]
    pronounced: str = ""
    number: E164
    numbers: tuple[E164, ...]
    language: str = KOREAN
    voice: str
    voices: Mapping[str, str] = {}
    greeting: Text
    notices: tuple[Notice, ...]
    start: str
    closed: str
    team: str
    menus: Annotated[Mapping[str, Menu], BeforeValidator(with_ids)]
    teams: Annotated[Mapping[str, Team], BeforeValidator(with_ids)]
    products: Annotated[Mapping[str, Product], BeforeValidator(with_ids)] = {}
    firms: Annotated[Mapping[str, Firm], BeforeValidator(with_ids)] = {}
    hours: Hours
    dated_hours: tuple[DatedHours, ...] = ()
    ring: RingRule = RingRule()
    waiting: WaitingRule = WaitingRule()
    figures: FigureRule = FigureRule()
    wrap_up_seconds: Whole = 30
    rest_seconds: Whole = 30
    attempts: Whole = 3
    max_steps: Whole = 50
    fallback_number: E164
    announcement: Announcement
    opening: OpeningRule = OpeningRule()
    conduct: ConductRule = ConductRule()
    callbacks: CallbackRule = CallbackRule()
    booking: BookingRule | None = None
    cases: CaseRule = CaseRule()
    documents: DocumentRule = DocumentRule()
    monitoring: MonitoringRule = MonitoringRule()
    surveys: SurveyRule = SurveyRule()
    centre: CentreRule | None = None
    repairs: RepairRule = RepairRule()
    wrap_up: WrapUpRule = WrapUpRule()
    texts: LineTexts

    # What is remembered for a line is looked up at every step: by identity, not by comparing whole files.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @property
    def spoken_institution(self) -> str:
        """The institution's name as it is said; `institution` is how it is written."""
        return self.pronounced or self.institution

    def hours_on(self, day: datetime.date) -> Hours:
        """The hours that hold on a local day: the last of the dated ones that concern it, else the usual ones."""
        dated = (hours for hours in reversed(self.dated_hours) if hours.concerns(day))
        return next(dated, self.hours)

    def firm_of(self, number: str) -> Firm | None:
        """The client firm whose number (E.164) was dialled; None where it is nobody's own."""
        return next((firm for firm in self.firms.values() if number in firm.numbers), None)

    def firm_by_code(self, code: str) -> Firm | None:
        """The client firm with these four digits; None where no firm has them."""
        return next((firm for firm in self.firms.values() if code and firm.code == code), None)

    def group_of(self, firm: Firm, product: str) -> str:
        """The team that answers for a firm's product (A3): the firm's own, the product's, or the line's."""
        known = self.products.get(product)
        return firm.team or (known.team if known else None) or self.team

    def groups_of(self, firm: Firm) -> tuple[str, ...]:
        """The teams that answer for a firm, each once, in the order of its products."""
        return tuple(dict.fromkeys(self.group_of(firm, product) for product in firm.products or ("",)))

    def voice_of(self, language: str) -> str:
        """The voice for a language; the line's own voice where the file names no other."""
        return self.voices.get(language, self.voice)


class UnknownLine(LookupError):
    """No line has that id; its file may have been removed while calls of it are still stored."""


class Lines:
    """All lines of the installation."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._by_id = {line.id: line for line in lines}
        self._by_number = {number: line for line in self._by_id.values() for number in (line.number, *line.numbers)}

    def __iter__(self) -> Iterator[Line]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def by_number(self, e164: str) -> Line | None:
        """The line with this public number or incoming number."""
        return self._by_number.get(e164)

    def by_refusal_number(self, e164: str) -> Line | None:
        """The line whose texts are refused by calling this number."""
        return next((line for line in self if line.texts.refusal_number == e164), None)

    def by_id(self, id: str) -> Line:
        """The line with this id; raises `UnknownLine`."""
        if id not in self._by_id:
            raise UnknownLine(f"no line has the id {id!r}: known are {', '.join(self._by_id)}")
        return self._by_id[id]
