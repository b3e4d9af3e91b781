"""Papers through the whole product: another system tells of them, the sender's telephone has the text seconds later."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from ivr.charters.verdicts import verdicts_of
from ivr.directory.rows import Officer
from ivr.documents.rows import Document
from tests.http.api import Client
from tests.people import CALLER
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, texts_of

SECONDS = 5.0
# By then nothing can change any more what became of a text: its worth is over.
SETTLED = timedelta(days=1, minutes=1).total_seconds()


def staffed(scene: Scene) -> Client:
    """An officer in charge of papers, and a system that tells of them."""
    with scene.world.store.transaction() as session:
        session.add(
            Officer(id="choi", line="dcgf", name="최유진", department="보증사업부", title="과장", duties="documents")
        )
    return Client(scene.world.board)


def arrival(scene: Scene, **changes: object) -> dict[str, Any]:
    received_at = scene.world.now().isoformat()
    given = {"channel": "fax", "reference": "f1", "kind": "guarantee", "received_at": received_at, "number": CALLER}
    return given | changes


def found(scene: Scene, id: str) -> dict[str, str]:
    """The verdicts of papers by promise."""
    with scene.world.store.reading() as session:
        return {verdict.key: verdict.verdict.value for verdict in verdicts_of(session, id)}


def test_the_sender_has_receipt_and_officer_within_seconds_and_the_charter_is_kept(both: Stage) -> None:
    scene = both("dcgf")
    client = staffed(scene)
    id = client.post("/api/documents", arrival(scene)).get_json()["id"]
    scene.world.run_for(SECONDS)
    (body,) = texts_of(scene.network.handset(CALLER))
    assert "보증사업부 최유진 과장" in body
    assert client.get(f"/api/documents/{id}").get_json()["receipt"] in body
    scene.world.run_for(SETTLED)
    assert {promise: found(scene, id)[promise] for promise in ("D2", "D11")} == {"D2": "met", "D11": "met"}


def test_by_night_the_telephone_stays_silent_until_eight(stage: Stage) -> None:
    scene = stage("dcgf", start=datetime(2026, 11, 23, 14, 0, tzinfo=UTC))
    # 23:00 in Seoul.
    client = staffed(scene)
    id = client.post("/api/documents", arrival(scene)).get_json()["id"]
    scene.world.run_for(8 * 3600 + 59 * 60)
    assert texts_of(scene.network.handset(CALLER)) == []
    scene.world.run_for(60 + SECONDS)
    assert len(texts_of(scene.network.handset(CALLER))) == 1
    scene.world.run_for(SETTLED)
    assert found(scene, id)["D11"] == "met"


def test_an_explanation_by_telephone_keeps_what_a_text_alone_does_not(stage: Stage) -> None:
    scene = stage("dcgf")
    client = staffed(scene)
    ids = []
    for reference in ("f1", "f2"):
        given = arrival(scene, reference=reference, missing=[{"paper": "tax", "lack": "outdated"}])
        ids.append(client.post("/api/documents", given).get_json()["id"])
    scene.world.run_for(60)
    assert sum("국세·지방세 납세증명서(기한 지남)" in body for body in texts_of(scene.network.handset(CALLER))) == 2
    assert client.post(f"/api/documents/{ids[0]}/told", {"what": "missing", "by": "phone"}).status_code == 200
    for id in ids:
        client.post(f"/api/documents/{id}/complete")
    scene.world.run_for(60)
    assert [found(scene, id)["D12"] for id in ids] == ["met", "missed"]


def test_thirty_events_told_three_times_each_are_thirty_texts(stage: Stage) -> None:
    scene = stage("dcgf")
    client = staffed(scene)
    for _ in range(3):
        for number in range(30):
            client.post("/api/documents", arrival(scene, reference=f"f{number}"))
            scene.world.run_for(0.1)
    scene.world.run_for(60)
    with scene.world.store.reading() as session:
        assert len(session.scalars(select(Document)).all()) == 30
    assert len(texts_of(scene.network.handset(CALLER))) == 30
