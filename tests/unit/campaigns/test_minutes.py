"""A campaign minute by minute: who was dialled, answered, completed; quiet minutes among them."""

from datetime import timedelta

from sqlalchemy import Engine

from ivr.campaigns.minutes import minutes_of
from ivr.campaigns.rows import Dial, DialOutcome, DialState
from ivr.store import Store
from ivr.surveys.rows import Disposition, Interview, InterviewOrigin
from tests.unit.campaigns.campaigning import AT


def dial(id: str, seconds: int, outcome: DialOutcome | None) -> Dial:
    """One ring of campaign 1, so many seconds after ten o'clock."""
    return Dial(
        id=id,
        campaign_id=1,
        person_id=int(id),
        ordinal=1,
        line="dcgf",
        number_index=id,
        state=DialState.OVER,
        dialled_at=AT + timedelta(seconds=seconds),
        ended_at=AT + timedelta(seconds=seconds + 30),
        outcome=outcome,
    )


def test_each_minute_counts_its_own_dials_and_quiet_ones_are_shown(engine: Engine) -> None:
    store = Store(engine)
    completed = Interview(
        id="1",
        questionnaire="happy-dcgf",
        version=1,
        line="dcgf",
        origin=InterviewOrigin.CAMPAIGN,
        campaign_id=1,
        person_id=1,
        began_at=AT,
        disposition=Disposition.COMPLETED,
    )
    dials = [dial("1", 0, DialOutcome.ANSWERED), dial("2", 59, DialOutcome.BUSY), dial("3", 185, DialOutcome.ANSWERED)]
    with store.transaction() as session:
        session.add_all([*dials, completed])
        assert minutes_of(session, 2, at=AT) == []
    with store.reading() as session:
        found = minutes_of(session, 1, at=AT + timedelta(minutes=10))
    assert [(one.dialled, one.answered, one.completed) for one in found] == [(2, 1, 1), (0, 0, 0), (0, 0, 0), (1, 1, 0)]
    assert found[0].at == AT
