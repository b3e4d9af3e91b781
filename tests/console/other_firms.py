"""A centre with two client firms that each have rows of every kind that a firm sees."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select, update

from console.office import Office
from ivr.accounts.keeping import Hand, NewAccount, grant, make_account
from ivr.accounts.rows import Role
from ivr.calls.rows import Call
from ivr.campaigns.rows import Campaign
from ivr.cases.rows import Case
from ivr.numbers import PhoneNumber
from tests.people import caller_phone
from tests.unit.billing.stage import Stage
from tests.unit.campaigns.campaigning import audience, draft, drafted
from tests.unit.cases.desk import Desk
from tests.unit.charters.tales import line_of, talk
from tests.unit.figures.kept import add_call, add_staff, keep, tell_all

LINE: Final = "ascentre"


@dataclass(frozen=True)
class OfFirm:
    """A firm's account, the ids of its rows, and those of every firm, by view and argument."""

    account: str
    ids: dict[str, str]


def account_of(office: Office, firm: str) -> str:
    """Somebody of a client firm, who has no other role; the log-in name."""
    hand = Hand("command", office.clock())
    with office.store.transaction() as session:
        account = make_account(session, NewAccount(f"of-{firm}", "한지원"), hand)
        grant(session, account, (LINE, Role.FIRM), hand=hand, firm=firm)
        return account.id


def centre(office: Office) -> Desk:
    """The agents of the centre, whom all firms share, and its desk of cases."""
    add_staff(office.store, talk(line_of(LINE)))
    return Desk.over(office.store.engine, LINE)


def fill_firm(office: Office, desk: Desk, firm: str, *, number: int) -> OfFirm:
    """One firm with an account, an answered call, a case of it, a survey, and a bill of last month."""
    call, survey = _call(office, firm, number), _survey(office, firm, number)
    case = desk.take(reference=f"{firm}-case", content=f"{firm}의 제품이 고장입니다.")
    with office.store.transaction() as session:
        session.execute(update(Case).where(Case.id == case).values(call_id=call))
    _bill(office, firm)
    ids = {"firm.call.id": call, "firm.caller.id": call, "firm.case.id": case, "firm.survey.id": survey}
    return OfFirm(account_of(office, firm), ids)


def _bill(office: Office, firm: str) -> None:
    billed = Stage(office.store)
    billed.contract(firm)
    billed.calls(3, date(2026, 10, 5), firm=firm)


def _call(office: Office, firm: str, number: int) -> str:
    tale, name = talk(line_of(LINE)), f"call-{firm}"
    with office.store.transaction() as session:
        tell_all(session, add_call(session, tale, name))
        session.flush()
        found = session.get_one(Call, name)
        found.caller, found.firm, found.outcome = PhoneNumber.parse(caller_phone(number)), firm, "answered"
    keep(office.store, tale, name)
    return name


def _survey(office: Office, firm: str, number: int) -> str:
    people = audience(office.store, range(10 * number, 10 * number + 2), line=LINE)
    id = drafted(office.store, draft(people, questionnaire="ascentre-improvement", firm=firm))
    with office.store.transaction() as session:
        session.execute(update(Campaign).where(Campaign.id == id).values(name=f"{firm} survey"))
        return str(session.scalar(select(Campaign.id).where(Campaign.id == id)))
