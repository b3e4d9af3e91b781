"""Openings brought to us: fetched from the carrier once, sealed, forgotten there, and deleted here in time."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from commands.world import Watchers, World
from config.recordings import Recordings
from ivr.calls.rows import Call
from ivr.conduct.rows import Incident
from ivr.listening.recordings import Recording, opened_sound, recordings_of
from ivr.listening.waveform import PEAKS
from ivr.promises import PromiseRow
from ivr.sealing import CannotOpen
from tests.people import CALLER, customer, picks_up
from tests.phone.scene import Scene

DAY = 24 * 3600.0


@pytest.fixture
def sounds(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path)


@pytest.fixture
def scene(sqlite_engine: Engine, sounds: Recordings) -> Scene:
    """KIBO's line, with a place for recordings."""
    world = World(sqlite_engine, watchers=Watchers(recordings=sounds))
    return Scene(world, world.lines.by_id("kibo"))


def kept(scene: Scene) -> list[Recording]:
    with scene.world.store.reading() as session:
        [call] = session.query(Call.id).all()
        return recordings_of(session, call.id)


def test_an_opening_is_fetched_sealed_and_forgotten_by_the_carrier(
    scene: Scene, sounds: Recordings, tmp_path: Path
) -> None:
    scene.staff(picks_up())
    record = scene.call(customer("1", talk=40.0))
    [one] = kept(scene)
    assert (one.call_id, one.offer_id, one.seconds) == (record["call"], f"{record['call']}-1", 15.0)
    assert len(one.peaks) == PEAKS
    assert max(one.peaks) > 10
    wav = opened_sound(scene.world.store.keyring, one, sounds)
    assert wav is not None
    assert wav.startswith(b"RIFF")
    assert scene.network.recordings == {}
    [file] = (tmp_path / "recordings").iterdir()
    assert b"RIFF" not in file.read_bytes()
    assert CALLER not in file.name
    assert file.stat().st_mode & 0o077 == 0
    assert one.keep_until - one.fetched_at == timedelta(days=scene.line.opening.keep_days)
    one.sid = "RE-other"
    with pytest.raises(CannotOpen):
        opened_sound(scene.world.store.keyring, one, sounds)


def test_a_recording_is_deleted_when_its_time_is_over(scene: Scene, tmp_path: Path) -> None:
    scene.staff(picks_up())
    scene.call(customer("1", talk=40.0))
    scene.world.run_for((scene.line.opening.keep_days - 1) * DAY)
    assert [one.purged_at for one in kept(scene)] == [None]
    scene.world.run_for(2 * DAY)
    [one] = kept(scene)
    assert (one.file, one.purged_at is not None) == (None, True)
    assert list((tmp_path / "recordings").iterdir()) == []


def test_evidence_of_an_incident_outlives_its_time_until_it_is_let_go(scene: Scene, tmp_path: Path) -> None:
    scene.staff(picks_up())
    call = scene.call(customer("1", talk=40.0))["call"]
    with scene.world.store.transaction() as session:
        session.add(
            Incident(
                id=f"{call}-1",
                call_id=call,
                line="kibo",
                agent_id="kibo-1",
                cause="abuse",
                warnings=3,
                at=scene.world.now(),
            )
        )
    scene.world.run_for((scene.line.opening.keep_days + 20) * DAY)
    assert len(list((tmp_path / "recordings").iterdir())) == 1
    with scene.world.store.transaction() as session:
        session.get_one(Incident, f"{call}-1").keep_recording = False
    scene.world.run_for(31 * DAY)
    assert list((tmp_path / "recordings").iterdir()) == []


def test_without_a_place_for_sounds_nothing_is_fetched_and_nothing_is_lost(sqlite_engine: Engine) -> None:
    world = World(sqlite_engine)
    scene = Scene(world, world.lines.by_id("kibo"))
    scene.staff(picks_up())
    scene.call(customer("1", talk=40.0))
    assert kept(scene) == []
    assert len(scene.network.recordings) == 1
    with world.store.reading() as session:
        fetching = session.query(PromiseRow).filter(PromiseRow.kind == "fetch-recording").one()
    assert fetching.done_at is not None
