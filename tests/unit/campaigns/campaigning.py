"""People who agreed or not, a list of them, and campaigns at each step of their life, written straight into a store."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from config.files import SURVEYS, read_folder
from ivr.audiences.rows import Audience, AudienceState, Member, Origin
from ivr.campaigns.checking import Installed, check, terms_by
from ivr.campaigns.launching import launch
from ivr.campaigns.lifecycle import Deed, Draft, approve, create, rehearsed
from ivr.campaigns.plan import Plan
from ivr.campaigns.rows import Campaign, Target
from ivr.consents.rows import Channel, Consent, Hours, Means, Purpose, Standing
from ivr.numbers import PhoneNumber
from ivr.people.rows import Person
from ivr.sealing import Keyring
from ivr.store import Store
from ivr.surveys.reading import load_questionnaires
from tests.http.board import words

_, LINES, CALENDAR = words()
DOCUMENTS = read_folder(SURVEYS)
QUESTIONNAIRES = load_questionnaires(DOCUMENTS)
INSTALLED = Installed(LINES, QUESTIONNAIRES, DOCUMENTS, CALENDAR)
# A Monday of November 2026, ten in the morning in Seoul.
AT = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
MAKER, SECOND = Deed("maker", AT), Deed("second", AT + timedelta(minutes=2))
PLAN = Plan()


def number(ordinal: int) -> PhoneNumber:
    """The number of the person so numbered."""
    return PhoneNumber.parse(f"010-1100-{ordinal:04}")


def person(keyring: Keyring, ordinal: int, *, line: str = "dcgf") -> Person:
    """Somebody known by a number."""
    return Person(
        id=ordinal,
        line=line,
        number=number(ordinal),
        number_index=keyring.index(number(ordinal)),
        name=None,
        is_callable=True,
        takes_texts=True,
        added_at=AT,
        erased_at=None,
    )


def consent(
    ordinal: int, purpose: Purpose = Purpose.HAPPY_CALL, *, line: str = "dcgf", days: int = 700
) -> tuple[Consent, Standing]:
    """A consent of the person so numbered, which stands and ends in so many days."""
    id = ordinal * 10 + list(Purpose).index(purpose)
    ends = AT + timedelta(days=days)
    entry = Consent(
        id=id,
        person_id=ordinal,
        line=line,
        purpose=purpose,
        channel=Channel.VOICE,
        hours=Hours.DAY,
        wording="v1",
        how=Means.PAPER,
        evidence="a form",
        source="a form",
        given_at=AT - timedelta(days=10),
        expires_at=ends,
        recorded_at=AT - timedelta(days=10),
        recorded_by="test",
    )
    stands = Standing(
        person_id=ordinal,
        purpose=purpose,
        channel=Channel.VOICE,
        hours=Hours.DAY,
        consent_id=id,
        expires_at=ends,
    )
    return entry, stands


def audience(store: Store, members: Sequence[int], *, agreed: Sequence[int] | None = None, line: str = "dcgf") -> int:
    """A ready list of these people, all of whom are made; those `agreed` consented (all where it is left out)."""
    with store.transaction() as session:
        row = Audience(
            line=line,
            name="list",
            origin=Origin.IMPORT,
            source="test",
            state=AudienceState.READY,
            made_by="test",
            made_at=AT,
            touched_at=AT,
            report={},
        )
        session.add(row)
        session.flush()
        for ordinal in members:
            session.add(person(store.keyring, ordinal, line=line))
            session.add(Member(audience_id=row.id, person_id=ordinal, group=f"g{ordinal % 3}"))
        for ordinal in members if agreed is None else agreed:
            session.add_all(consent(ordinal, line=line))
        return row.id


def draft(audience_id: int, plan: Plan = PLAN, questionnaire: str = "happy-dcgf", firm: str | None = None) -> Draft:
    """A draft by an installed questionnaire, for the line it is of."""
    one = QUESTIONNAIRES.of(questionnaire)
    line = LINES.by_id(one.lines[0])
    kind = QUESTIONNAIRES.kind_of(one)
    terms = terms_by(plan, kind, line, firm=firm)
    return Draft(line.id, "a campaign", kind.id, one.id, audience_id, plan, terms, firm)


def drafted(store: Store, given: Draft) -> int:
    """A draft."""
    with store.transaction() as session:
        return create(session, given, MAKER).id


def checked(store: Store, given: Draft) -> int:
    """A checked campaign."""
    id = drafted(store, given)
    with store.transaction() as session:
        check(session, id, INSTALLED, deed=MAKER)
    return id


def approved(store: Store, given: Draft) -> int:
    """A campaign approved by a second person."""
    id = checked(store, given)
    with store.transaction() as session:
        rehearsed(session, id, {"completed": 1}, deed=Deed("maker", AT + timedelta(minutes=1)))
        approve(session, id, SECOND)
    return id


def running(store: Store, given: Draft) -> int:
    """A campaign that runs."""
    id = approved(store, given)
    assert launch(store, id, CALENDAR, deed=SECOND)
    return id


def campaign(store: Store, id: int) -> Campaign:
    """A campaign as it stands."""
    with store.reading() as session:
        return session.get_one(Campaign, id)


def targets(store: Store, id: int) -> list[int]:
    """Who was chosen."""
    with store.reading() as session:
        query = select(Target.person_id).where(Target.campaign_id == id).order_by(Target.person_id)
        return list(session.scalars(query))
