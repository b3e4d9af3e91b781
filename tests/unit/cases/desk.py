"""A desk at which cases are taken in and worked on, with a worker that keeps their promises in virtual time."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from config.settings import new_secret_keys
from ivr.calls.facts import Told, facts_of
from ivr.cases.clocks import Sort
from ivr.cases.institution import Institution, Work, locked_case
from ivr.cases.rows import Case
from ivr.cases.taking import Customer, Matter, take_case
from ivr.directory.rows import Officer, OfficerRole
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.rows import Message
from ivr.numbers import PhoneNumber
from ivr.promises import PromiseRow
from ivr.sealing import Keyring
from tests.http.board import words
from tests.workers.kept import Works
from workers.verdicts import installed_rules

NUMBER = PhoneNumber.parse("010-1000-0001")
CUSTOMER = Customer("홍길동", NUMBER)
SUPERVISOR_NUMBER = PhoneNumber.parse("010-1000-0199")


def seoul(written: str) -> datetime:
    """A local time, like 2026-11-23 10:00."""
    return datetime.fromisoformat(written).replace(tzinfo=SEOUL)


def line_of(id: str, **changes: object) -> Line:
    """A line as installed; `changes` are made to its rule of cases."""
    line = words()[1].by_id(id)
    return line.model_copy(update={"cases": line.cases.model_copy(update=changes)})


def installed(line: Line) -> Institution:
    """The institution of a line, with the installed charters and calendar."""
    return Institution(
        line, words()[2], installed_rules().charters, Keyring.from_secrets(new_secret_keys(bytes(range(64))))
    )


@dataclass
class Desk:
    """Everything over one database; `kept` are the promises that were kept, with their moments."""

    works: Works
    institution: Institution
    by: str = "a1"
    kept: deque[tuple[datetime, str, str]] = field(default_factory=deque)
    taken: int = 0

    @classmethod
    def over(cls, engine: Engine, line: Line | str = "kibo", *, at: str = "2026-11-23 10:00") -> "Desk":
        """A desk with one officer, a deputy and a supervisor of the line."""
        works = Works.over(engine)
        works.clock.at = seoul(at)
        found = line_of(line) if isinstance(line, str) else line
        institution = Institution(found, words()[2], installed_rules().charters, works.store.keyring)
        team = institution.owner
        with works.store.transaction() as session:
            session.add(_officer("o2", found, team.department, duties=""))
            session.flush()
            session.add(_officer("o1", found, team.department, duties=team.name, deputy="o2"))
            session.add(_officer("lead", found, team.department, role=OfficerRole.SUPERVISOR, number=SUPERVISOR_NUMBER))
        return cls(works, institution)

    def take(self, kind: str = "inquiry", channel: str = "web", topic: str | None = None, **changes: object) -> str:
        """Take a case in now, and return its id; `changes` are made to the matter."""
        self.taken += 1
        given: dict[str, object] = {
            "reference": f"r{self.taken}",
            "sort": Sort(kind, channel, topic),
            "content": "보증 한도가 궁금합니다.",
            "customer": CUSTOMER,
            "received_at": self.works.clock.at,
            "by": self.by,
            **changes,
        }
        matter = Matter(**given)  # type: ignore[arg-type]  # a test names them rightly
        with self.works.store.transaction() as session:
            return take_case(session, matter, institution=self.institution, at=self.works.clock.at).id

    def do(self, act: Callable[..., object], case_id: str, *args: object, **options: object) -> object:
        """Do something about a case now."""
        with self.works.store.transaction() as session:
            work = Work(session, self.institution, self.works.clock.at, self.by)
            return act(work, locked_case(session, case_id), *args, **options)

    def case(self, case_id: str) -> Case:
        """A case as it stands."""
        with self.works.store.reading() as session:
            return session.get_one(Case, case_id)

    def story(self, case_id: str) -> list[Told]:
        """Everything told about a case."""
        with self.works.store.reading() as session:
            return facts_of(session, case_id)

    def kinds(self, case_id: str) -> list[str]:
        """The kinds of everything told about a case."""
        return [fact.kind for fact in self.story(case_id)]

    def of(self, case_id: str, kind: str) -> list[Told]:
        """What was told of one kind."""
        return [fact for fact in self.story(case_id) if fact.kind == kind]

    def bodies(self) -> list[str]:
        """The texts that were written, in their order."""
        with self.works.store.reading() as session:
            return [
                message.body for message in session.scalars(select(Message).order_by(Message.written_at, Message.id))
            ]

    def until(self, written: str | datetime) -> None:
        """Let time pass up to a local moment, and keep every promise about cases at its own."""
        end = seoul(written) if isinstance(written, str) else written
        while (row := self._next(end)) is not None:
            self.works.clock.at = max(self.works.clock.at, row.due_at)
            self.works.keeper.keep(row.id)
            self.kept.append((self.works.clock.at, row.kind, str(row.args.get("case", ""))))
        self.works.clock.at = max(self.works.clock.at, end)

    def pass_time(self, **length: float) -> None:
        """Let so many hours or days pass."""
        self.until(self.works.clock.at + timedelta(**length))

    def _next(self, end: datetime) -> PromiseRow | None:
        query = select(PromiseRow).where(PromiseRow.done_at.is_(None), PromiseRow.due_at <= end)
        query = query.where(PromiseRow.kind.like("case-%")).order_by(PromiseRow.due_at, PromiseRow.id).limit(1)
        with self.works.store.reading() as session:
            return session.scalars(query).one_or_none()


def _officer(
    id: str,
    line: Line,
    department: str,
    *,
    duties: str = "",
    deputy: str | None = None,
    role: OfficerRole = OfficerRole.OFFICER,
    number: PhoneNumber | None = None,
) -> Officer:
    return Officer(
        id=id,
        line=line.id,
        name="김담당",
        department=department,
        title="과장",
        duties=duties,
        deputy_id=deputy,
        role=role,
        reminder_number=number,
    )
