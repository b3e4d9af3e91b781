"""Nobody is rung who is on the telephone with a campaign."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ivr.campaigns.rows import Dial, DialState
from ivr.dialling.engaged import is_with_us
from ivr.voicing.attempts import is_engaged

INDEX = "f" * 64
MONDAY_MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.mark.parametrize("lasted", [None, timedelta(seconds=40)])
def test_somebody_whom_a_campaign_rings_is_with_us_until_that_is_over(engine: Engine, lasted: timedelta | None) -> None:
    with Session(engine) as session:
        session.add(
            Dial(
                id="ldial",
                campaign_id=1,
                person_id=1,
                ordinal=1,
                line="kibo",
                number_index=INDEX,
                state=DialState.OVER if lasted else DialState.PLACED,
                dialled_at=MONDAY_MORNING,
                ended_at=MONDAY_MORNING + lasted if lasted else None,
            )
        )
        session.flush()
        assert session.scalar(select(is_with_us(INDEX))) is (lasted is None)
        assert is_engaged(session, INDEX) is (lasted is None)
        assert session.scalar(select(is_with_us("0" * 64))) is False
