"""A database in which other lines have rows of every kind that the console shows by an id, and none of KSURE's."""

import io
import wave
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.office import Office
from console.visitor import EVERYBODY
from ivr.accounts.rows import Account, Grant, Role
from ivr.agents.rows import Agent
from ivr.audiences.rows import Audience
from ivr.billing.rows import LineKind, Statement, StatementLine
from ivr.callbacks.rows import Callback
from ivr.calls.rows import Call
from ivr.charters.verdicts import judge_calls
from ivr.courtesy.appeals import Against, file_appeal
from ivr.courtesy.rounds import publish as publish_round
from ivr.directory.rows import Officer
from ivr.editions.publishing import publish
from ivr.errands.rows import Errand, Upload
from ivr.firms.drafting import Terms
from ivr.firms.drafting import draft as draft_contract
from ivr.firms.eligibility import Declared
from ivr.firms.registering import Registration, register
from ivr.firms.working import Work
from ivr.knowledge.writing import Author, Piece, add_knowledge
from ivr.listening.recordings import Fetched, file_of, keep_recording, sealed_sound
from ivr.listening.waveform import waveform_of
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.optouts.rows import OptOut
from ivr.repairs.asking import Wanted, hand_over
from ivr.repairs.rows import RepairWay
from ivr.staffing.rows import Forecast, Shift
from ivr.surveys.drafts import QuestionnaireDraft
from ivr.surveys.rows import Disposition, FollowUp, FollowUpState, Interview, InterviewOrigin
from tests.console.people import Person
from tests.http.board import MORNING
from tests.people import agent_of, caller_phone
from tests.unit.callbacks.people import ask, wish
from tests.unit.campaigns.campaigning import approved, audience, draft
from tests.unit.cases.desk import Desk
from tests.unit.charters.tales import line_of, talk
from tests.unit.courtesy.stock import LINE as SURVEYED
from tests.unit.courtesy.stock import PLAN, Stock, by
from tests.unit.editions.made import files, prompt
from tests.unit.figures.kept import add_call, add_staff, keep, tell_all
from workers.verdicts import installed_rules

# Nothing of this line is in the database but its people: who asks for the rows of others comes from there.
STRANGE: Final = "ksure"
CENTRE: Final = "ascentre"
CENTRE_CALL, CENTRE_TALK = "c7", "c7-1"
CALL, OFFER, SOUND, TEXT, INTERVIEW = "c1", "c1-1", "RE1", "m1", "i1"
NUMBER = PhoneNumber.parse(caller_phone(1))
LIST = "휴대폰,성명,동의목적,동의일,증빙,수집출처,동의문구\n010-2000-0001,홍길동,해피콜,2026-11-01,신청서,신청서,v1\n"
# Ids that are the same in each test.
NAMED: Final = {
    "calls.id": CALL,
    "calls.sid": SOUND,
    "campaigns.interview": INTERVIEW,
    "consents.id": "1",
    "courtesy.round_id": PLAN.id,
    "courtesy.item": "greeting",
    "directory.id": "o1",
    "posts.id": "o1",
    "messages.id": TEXT,
    "monitoring.offer_id": OFFER,
    "survey_drafts.question": "kindness",
    "talk.subject": OFFER,
}


@dataclass(frozen=True)
class Filled:
    """The ids of rows of other lines, by blueprint or view and argument; and people, one for each of those lines."""

    ids: dict[str, str]
    owners: tuple[Person, ...]


def everybody(office: Office, line: str, *, number: int = 1) -> str:
    """An account with every role on a line, for somebody of the directory who takes calls there; its name."""
    agent = agent_of(office.lines.by_id(line), office.clock(), number=number)
    with office.store.transaction() as session:
        if (known := session.get(Agent, agent.id)) is None:
            session.add(agent)
            session.flush()
        officer = Officer(id=f"{line}-own-{number}", line=line, name=agent.name, department="상담", title="대리")
        officer.agent_id = (known or agent).id
        session.add(officer)
        session.flush()
        account = Account(id=f"all.{line}-{number}", name="한지원", officer_id=officer.id, made_at=office.clock())
        account.grants = [Grant(line=line, role=role) for role in sorted(EVERYBODY)]
        session.add(account)
        return account.id


def colleague(office: Office, line: str, *, number: int) -> str:
    """An account that only takes calls, for another agent of the line; its name."""
    id = everybody(office, line, number=number)
    with office.store.transaction() as session:
        account = session.get_one(Account, id)
        account.grants = [grant for grant in account.grants if grant.role is Role.AGENT]
    return id


def fill(office: Office, enter: Callable[[str], Person]) -> Filled:
    """Write rows of every kind for KIBO, DCGF and KOTRA."""
    _call(office)
    desk = Desk.over(office.store.engine)
    callback = ask(office.store, office.clock(), wish(customer="홍길동", content="기한을 알려 주십시오."))
    case = desk.take()
    picked = _round(office)
    campaign = approved(office.store, draft(audience(office.store, range(1, 4))))
    of_centre = _centre(office)
    kibo, dcgf, kotra, centre = (enter(everybody(office, line)) for line in ("kibo", "dcgf", SURVEYED, CENTRE))
    _text(office, callback)
    edition = _edition(office)
    _staffing(office)
    _task(office, campaign)
    _asked_for(kibo, dcgf)
    made = {
        "accounts.id": kibo.account_id,
        "callbacks.id": callback.id,
        "campaigns.id": str(campaign),
        "cases.id": case,
        "courtesy.call_id": picked,
        "lines.edition_id": str(edition),
        "talk.id": callback.id,
        **of_centre,
        **_firm(office),
        **_bill(office),
    }
    return Filled({**NAMED, **made, **_numbered(office)}, owners=(kibo, dcgf, kotra, centre))


def _numbered(office: Office) -> dict[str, str]:
    """The rows of which there is one only, by ids that were made for them."""
    with office.store.reading() as session:
        errand, draft_id = _only(session, Errand.id), _only(session, QuestionnaireDraft.id)
        return {
            "audiences.id": str(session.scalars(select(Audience.id).order_by(Audience.id)).first()),
            "audiences.errand.id": errand,
            "audiences.errand_piece.id": errand,
            "audiences.stop_errand.id": errand,
            "audience_files.id": _only(session, Upload.id),
            "consents.register_errand.id": errand,
            "messages.withdraw_refusal.id": _only(session, OptOut.id),
            "staffing.id": _only(session, Shift.id),
            "staffing.one_kept.id": _only(session, Forecast.id),
            "survey_drafts.id": draft_id,
            "surveys.id": draft_id,
        }


def _call(office: Office) -> None:
    """One answered call with figures, verdicts, and the recording of its opening."""
    tale = talk(line_of("kibo"))
    add_staff(office.store, tale)
    with office.store.transaction() as session:
        tell_all(session, add_call(session, tale, CALL, caller=office.store.keyring.index(NUMBER)))
        session.flush()
        session.get_one(Call, CALL).caller = NUMBER
        session.get_one(Call, CALL).outcome = "answered"
    keep(office.store, tale, CALL)
    wav = _sound()
    with office.store.transaction() as session:
        judge_calls(session, [CALL], line=tale.line, rules=installed_rules())
        assert office.recordings is not None
        office.recordings.keep(file_of(SOUND), sealed_sound(office.store.keyring, SOUND, wav))
        keep_recording(session, Fetched(SOUND, OFFER, CALL, "kibo", waveform_of(wav)), keep_days=90, at=MORNING)


def _sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000))
    return out.getvalue()


def _round(office: Office) -> str:
    """A round of the courtesy survey, scored and published; the call in it of the first agent."""
    stock = Stock(office.store)
    first, second = stock.agents()
    stock.calls([first, second], 6)
    picks = stock.draw().picks
    stock.score_all()
    with office.store.transaction() as session:
        publish_round(session, PLAN.id, deed=by("lead"))
        picked = next(call for call in picks if call.startswith(first))
        file_appeal(session, PLAN.id, against=Against(picked, "greeting"), deed=by(first, "다시 들어 주십시오."))
    return picked


def _text(office: Office, callback: Callback) -> None:
    values = {"department": "보증사업부", "name": "김서연", "title": "", "number": "1544-1120"}
    outgoing = Outgoing(TEXT, office.lines.by_id("kibo"), NUMBER, "transfer", f"callback:{callback.id}", values)
    with office.store.transaction() as session:
        write_message(session, office.texts, outgoing, at=office.clock())


def _edition(office: Office) -> int:
    with office.store.transaction() as session:
        tomorrow = office.clock() + timedelta(days=1)
        made = prompt("line/greeting", "기술보증기금입니다.", effective_from=tomorrow)
        return publish(session, files(), made, by="lead", at=office.clock()).edition.id


def _centre(office: Office) -> dict[str, str]:
    """What only a centre has: an answered call with its talk, knowledge, and a repair."""
    tale, line = talk(line_of(CENTRE)), office.lines.by_id(CENTRE)
    add_staff(office.store, tale)
    piece = Piece("칼날 교체", "왼쪽으로 돌려 빼십시오.", office.clock().date())
    wanted = Wanted("1" * 24, "hanbit", RepairWay.SHOP, "nationwide", "소음이 납니다.", number=NUMBER)
    with office.store.transaction() as session:
        tell_all(session, add_call(session, tale, CENTRE_CALL))
        entry = add_knowledge(session, line, piece, author=Author("lead", office.clock())).entry
        repair = hand_over(session, line, wanted, by="lead", at=office.clock()).id
    keep(office.store, tale, CENTRE_CALL)
    talks = dict.fromkeys(("talk.knowledge.subject", "talk.repair.subject", "talk.repair_form.subject"), CENTRE_TALK)
    return {"intake.id": CENTRE_CALL, "knowledge.entry": entry, "repairs.id": repair, **talks}


def _firm(office: Office) -> dict[str, str]:
    """A client firm in the register of the centre, with the draft of a contract."""
    today = office.clock().date()
    entry = Registration("한빛가전", "124-81-00998", Declared(("kitchen",)), today, "홍길동 과장")
    with office.store.transaction() as session:
        work = Work(session, office.lines.by_id(CENTRE), "lead", office.clock())
        register(work, "hanbit", entry)
        contract = draft_contract(work, "hanbit", Terms(today + timedelta(days=60), 2_000)).id
    return {"firms.firm_id": "hanbit", "firms.contract_id": contract}


def _staffing(office: Office) -> None:
    """A shift, and a forecast that was kept."""
    at = office.clock()
    tomorrow = (at + timedelta(days=1)).date()
    made = {"line": "kibo", "made_by": "lead", "made_at": at}
    with office.store.transaction() as session:
        days = {"first_day": tomorrow, "last_day": tomorrow}
        session.add(Shift(team="", weekdays="01234", begins=540, ends=600, agents=1, **days, **made))
        session.add(Forecast(team="", history_from=tomorrow, **days, **made))


def _task(office: Office, campaign: int) -> None:
    """Somebody of the campaign was dissatisfied."""
    at = office.clock()
    about = {"questionnaire": "happy-dcgf", "version": 1, "line": "dcgf", "campaign_id": campaign, "person_id": 1}
    with office.store.transaction() as session:
        over = {"began_at": at, "ended_at": at, "disposition": Disposition.COMPLETED}
        session.add(Interview(id=INTERVIEW, origin=InterviewOrigin.CAMPAIGN, **about, **over))
        task = {"question": "speed", "score": 2, "state": FollowUpState.OPEN, "opened_at": at}
        session.add(FollowUp(interview_id=INTERVIEW, line="dcgf", **task))


def _asked_for(kibo: Person, dcgf: Person) -> None:
    """What people of those lines make at the console: a draft, a refusal, a publication, an upload with its errand."""
    occasion = {"number": caller_phone(2), "scope": "all", "occasion": "0" * 24}
    answers = [
        copied := kibo.post("/campaigns/questionnaires/happy-kibo/copy"),
        kibo.post(f"{copied.location}/publish", {"version": "1"}),
        kibo.post("/messages/refusals", occasion),
        kibo.post("/charter/publish/2026Q3"),
        sent := dcgf.post("/campaigns/audiences/send", {"file": (io.BytesIO(LIST.encode()), "명단.csv")}),
        dcgf.post(sent.location, {"name": "11월 명단"}),
    ]
    assert [answer.status_code for answer in answers] == [303] * 6


def _only(session: Session, column: Any) -> str:  # Any: a column of a mapped class
    return str(session.scalars(select(column)).one())


def _bill(office: Office) -> dict[str, str]:
    """A statement of a firm of the centre, with a line that counts usage."""
    at = office.clock()
    sums = {"gross": 375_000, "support": 262_500, "owed": 112_500}
    with office.store.transaction() as session:
        made = {"line": CENTRE, "firm": "hanbit", "month": "2026-10", "made_at": at, "made_by": "kim"}
        session.add(Statement(id="ascentre-hanbit-2026-10", usage_noted_until=at, **sums, **made))
        session.flush()
        line = StatementLine(statement_id="ascentre-hanbit-2026-10", ordinal=1, kind=LineKind.SERVICE, quantity=1)
        for name, won in sums.items():
            setattr(line, name, won)
        session.add(line)
    return {"bills.firm": "hanbit"}
