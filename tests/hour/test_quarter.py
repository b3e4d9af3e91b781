"""Virtual quarters of cases, papers and callbacks over long holidays, with kills: told in time, once, none lost."""

import pytest
from sqlalchemy import Engine, delete

from commands.fate import Fate
from ivr.calls.rows import Fact
from ivr.store import Store
from tests.hour.quarter import live_quarter
from tests.hour.seeds import quiet
from tests.hour.truths_quarter import wrong_in_quarter

# One outage of web or Redis in six hours, and three times the kills of an hour.
CALM, STRENGTH = 6 * 3600.0, 1.5


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [3, 4])
def test_a_quarter_in_which_everything_dies_keeps_every_date(sqlite_engine: Engine, seed: int) -> None:
    fate = Fate(seed, STRENGTH, CALM)
    with quiet():
        world = live_quarter(Store(sqlite_engine), seed, fate=fate)
    assert wrong_in_quarter(world) == []
    assert fate.deaths
    # The truths find what is broken by hand.
    for kind, finding in (("reminded", "no reminder at"), ("late-decided", "passed without")):
        with world.store.transaction() as session:
            session.execute(delete(Fact).where(Fact.kind == kind))
        assert any(finding in wrong for wrong in wrong_in_quarter(world)), kind
