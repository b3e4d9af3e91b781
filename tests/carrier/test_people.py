"""Many scripted people in one request, and the ledger of calls that the carrier was asked to place."""

import pytest

from tests.carrier.stage import BASE, LINE, Stage

PEOPLE = {
    "people": [
        {"number": "010-1000-0001", "person": {"answer_after": 1.5, "presses": ["1", "5"]}},
        {"number": "010-1000-0002", "person": {"answer_after": None, "reject_after": 2}},
    ]
}


def test_every_handset_of_the_list_has_its_person_afterwards() -> None:
    stage = Stage({})
    assert stage.web.put("/admin/people", json=PEOPLE).get_json() == {"people": 2}
    assert stage.web.get("/handsets/010-1000-0001/person").get_json()["presses"] == ["1", "5"]
    assert stage.web.get("/handsets/010-1000-0002/person").get_json()["reject_after"] == 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "people is missing"),
        ({"people": "010"}, "people is missing"),
        ({"people": [{"number": "010-1000-0001"}]}, "people[0] must be"),
        ({"people": [PEOPLE["people"][0], {"number": "", "person": {}}]}, "people[1]: number is missing"),
        ({"people": [{"number": "010-1000-0001", "person": {"sings": True}}]}, "people[0]: sings is not known"),
    ],
)
def test_a_list_with_one_who_does_not_fit_is_refused_and_scripts_nobody(body: dict[str, object], told: str) -> None:
    stage = Stage({})
    answer = stage.web.put("/admin/people", json=body)
    assert answer.status_code == 400
    assert told in answer.get_json()["error"]
    assert stage.web.get("/handsets/010-1000-0001/person").status_code == 404


def test_the_ledger_holds_what_the_account_asked_for_and_no_call_of_people() -> None:
    stage = Stage({"/in": "<Say>가</Say>", "/out": "<Hangup/>"})
    stage.web.put("/admin/people", json=PEOPLE)
    stage.dial()
    stage.run(20)
    for number in ("+821010000001", "+821010000002", "+821010000001"):
        stage.rest.calls.create(to=number, from_=LINE, url=f"{BASE}/out")
        stage.run(20)
    placed = stage.web.get("/truth/placed").get_json()["placed"]
    assert [(one["to"], one["status"]) for one in placed] == [
        ("+821010000001", "completed"),
        ("+821010000002", "busy"),
        ("+821010000001", "completed"),
    ]
    assert placed[1]["answered"] is None
    assert placed[0]["created"] < placed[0]["ringing"] < placed[0]["answered"] < placed[0]["ended"]
