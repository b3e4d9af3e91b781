"""Set-up: the directory, faults, reset, alerts."""

import pytest

from tests.carrier.stage import BASE, LINE, SID, TOKEN, Stage

NAMES = {
    "lines": [{"name": "기술보증기금", "number": "1544-1120"}],
    "handsets": [{"name": "민원인", "number": "010-1000-0001"}, {"name": "상담원", "number": "client:kim"}],
}


def test_the_directory_holds_the_names_that_were_given_with_numbers_as_e164() -> None:
    stage = Stage({})
    assert stage.web.get("/directory").get_json() == {"lines": [], "handsets": []}
    stage.web.post("/admin/directory", json=NAMES)
    assert stage.web.get("/directory").get_json() == {
        "lines": [{"name": "기술보증기금", "number": "+8215441120"}],
        "handsets": [{"name": "민원인", "number": "+821010000001"}, {"name": "상담원", "number": "client:kim"}],
    }


def test_a_list_that_is_given_again_replaces_the_old_one_and_leaves_the_other() -> None:
    stage = Stage({})
    stage.web.post("/admin/directory", json=NAMES)
    stage.web.post("/admin/directory", json={"lines": []})
    directory = stage.web.get("/directory").get_json()
    assert directory["lines"] == []
    assert len(directory["handsets"]) == 2


def test_the_address_of_the_desk_is_told_until_it_is_taken_back() -> None:
    stage = Stage({})
    desk = {"desk_url": "http://127.0.0.1:8081/desk"}
    assert stage.web.post("/admin/directory", json=desk).get_json()["desk_url"] == desk["desk_url"]
    assert stage.web.get("/directory").get_json()["desk_url"] == desk["desk_url"]
    assert "desk_url" not in stage.web.post("/admin/directory", json={"desk_url": ""}).get_json()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"people": []},
        {"lines": "1544-1120"},
        {"lines": ["1544-1120"]},
        {"lines": [{"name": "기보"}]},
        {"lines": [{"name": "", "number": "1"}]},
        {"handsets": [{"name": "a", "number": 1}]},
        {"desk_url": "http://desk.example/"},
        {"desk_url": "javascript:alert(1)"},
        {"desk_url": 8081},
    ],
)
def test_a_directory_that_does_not_fit_is_refused_and_changes_nothing(body: dict[str, object]) -> None:
    stage = Stage({})
    stage.web.post("/admin/directory", json=NAMES)
    before = stage.web.get("/directory").get_json()
    assert stage.web.post("/admin/directory", json=body).status_code == 400
    assert stage.web.get("/directory").get_json() == before


def test_reset_forgets_everything_and_what_was_under_way_never_happens() -> None:
    stage = Stage({"/in": "<Say>가</Say><Redirect>/in</Redirect>"})
    stage.web.post("/admin/directory", json=NAMES)
    stage.dial()
    stage.run(1)
    assert stage.web.post("/admin/reset").status_code == 204
    stage.asked.clear()
    stage.run(60)
    assert stage.asked == []
    assert stage.web.get("/directory").get_json() == {"lines": [], "handsets": []}
    assert stage.rest.calls.list() == []
    assert stage.rest.incoming_phone_numbers.list() == []


def test_faults_are_set_shown_and_switched_off() -> None:
    stage = Stage({})
    answer = stage.web.post("/admin/faults", json={"callback_drop": 0.5, "delay_seconds": [1, 2]})
    assert answer.get_json()["callback_drop"] == 0.5
    assert stage.network.faults.delay_seconds == (1.0, 2.0)
    assert stage.web.post("/admin/faults", json={}).get_json()["callback_drop"] == 0


@pytest.mark.parametrize(
    "body",
    [{"drop": 1}, {"callback_drop": 2}, {"callback_drop": True}, {"delay_seconds": 3}, {"delay_seconds": [2, 1]}],
)
def test_faults_that_do_not_fit_are_refused(body: dict[str, object]) -> None:
    assert Stage({}).web.post("/admin/faults", json=body).status_code == 400


def test_health_is_told_to_anybody() -> None:
    stage = Stage({})
    answer = stage.web.get("/healthz", environ_overrides={"REMOTE_ADDR": "10.0.0.8"})
    assert (answer.status_code, answer.get_json()["status"]) == (200, "ok")


def test_an_unknown_path_is_refused_as_json() -> None:
    stage = Stage({})
    assert stage.web.get("/nothing").get_json()["status"] == 404
    wrong = f"/2010-04-01/Accounts/{SID}/Nothing.json"
    assert stage.web.get(wrong, auth=(SID, TOKEN)).get_json()["code"] == 20404
    assert stage.rest.incoming_phone_numbers.list()[0].phone_number == LINE
    assert BASE.startswith("http")
