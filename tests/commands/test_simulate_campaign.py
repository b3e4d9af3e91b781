"""`charterline simulate campaign` and `campaigns rehearse`: the whole of a campaign, and every sum comes out."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from commands.campaign_counted import count_campaign
from commands.campaign_living import FAULTS, live_campaign
from commands.campaign_people import Story, invent, list_of
from commands.campaign_plan import CampaignSketch
from commands.demo_people import demo_people
from commands.living import private_store
from config.files import LINES, MESSAGES, SURVEYS, read_folder
from ivr.campaigns.plan import Plan
from ivr.consents.rows import Purpose
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.sealing import Keyring
from ivr.surveys.reading import load_questionnaires
from tests.carrier.stage import Stage
from tests.store_fixtures.databases import ON_SQLITE

MONDAY = date(2026, 11, 23)
# The first reason that keeps somebody from being rung, by what happened to her before.
WHY = {
    Story.NEVER_ASKED: "no-consent",
    Story.ELSEWHERE: "no-consent",
    Story.ANOTHER_PURPOSE: "no-consent",
    Story.NIGHT_ONLY: "no-consent",
    Story.WITHDREW: "suppressed-here",
    Story.SUPPRESSED_HERE: "suppressed-here",
    Story.SUPPRESSED: "suppressed",
    Story.EXPIRED: "expired",
}


def sketch(line_id: str, questionnaire: str, **more: object) -> CampaignSketch:
    installed = load_questionnaires(read_folder(SURVEYS))
    line = load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES))).by_id(line_id)
    one = installed.of(questionnaire)
    given: dict[str, object] = {"seed": 3, "count": 18, "plan": Plan(cps=5, concurrency=50), **more}
    kind = installed.kind_of(one)
    return CampaignSketch(line=line, kind=kind, questionnaire=one, starts=MONDAY, **given)  # type: ignore[arg-type]


def test_every_sum_of_a_happy_call_comes_out_and_everybody_is_left_out_for_her_own_reason(keyring: Keyring) -> None:
    asked = sketch("dcgf", "happy-dcgf")
    with private_store(keyring) as store:
        entry = count_campaign(live_campaign(asked, store))
    assert entry["disagreements"] == []
    stories = Counter(one.story for one in asked.people)
    expected = Counter[str]()
    for story, count in stories.items():
        expected.update({WHY[story]: count} if story in WHY else {})
    # The list has a representative number, too, that nobody rings.
    assert entry["excluded"] == dict(expected + Counter({"not-callable": 1}))
    assert entry["eligible"] == stories[Story.AGREED]
    assert entry["state"] == "closed"
    assert entry["carrier_calls"] == entry["dials"] > 0
    assert entry["completed"] > 0
    assert entry["billable"] == 0


def test_a_paid_survey_is_billed_by_its_completed_answers_alone_whatever_the_carrier_does(keyring: Keyring) -> None:
    firm = next(iter(sketch("ascentre", "ascentre-consult").line.firms))
    asked = sketch("ascentre", "ascentre-consult", firm=firm, count=12)
    with private_store(keyring) as store:
        entry = count_campaign(live_campaign(asked, store, faults=FAULTS))
    assert entry["disagreements"] == []
    assert entry["billable"] == entry["completed"]
    assert entry["won"] == entry["billable"] * asked.line.surveys.price


@ON_SQLITE
@pytest.mark.usefixtures("installed")
def test_the_command_prints_one_object(command_line: Callable[..., Result]) -> None:
    done = command_line("simulate", "campaign", "--people", "9", "--seed", "2", "--json")
    assert done.exit_code == 0, done.output
    entry = json.loads(done.stdout)
    assert {"eligible", "excluded", "dialled", "completed", "withdrawn", "billable", "carrier_calls"} <= entry.keys()
    assert entry["people"] == entry["eligible"] + sum(entry["excluded"].values()) == 10


def test_every_customer_of_the_demo_who_can_be_rung_answers_by_herself_and_one_refuses() -> None:
    people = demo_people(load_questionnaires(read_folder(SURVEYS)))
    assert len({one["number"] for one in people}) == len(people) >= 200
    keys = [one["person"]["presses"] for one in people]  # type: ignore[index]
    assert sum("9" in pressed for pressed in keys) == 1
    answer = Stage({}).web.put("/admin/people", json={"people": people})
    assert answer.get_json() == {"people": len(people)}


@ON_SQLITE
@pytest.mark.usefixtures("installed")
def test_a_rehearsal_rings_nobody_and_lets_a_second_person_approve(
    command_line: Callable[..., Result], tmp_path: Path
) -> None:
    def typed(*words: str) -> dict[str, object]:
        done = command_line(*words, "--json")
        assert done.exit_code == 0, done.output
        return dict(json.loads(done.stdout))

    people = tmp_path / "people.csv"
    invented = invent(1, 4, stories=(Story.AGREED,))
    people.write_text(list_of(invented, purposes=[Purpose.HAPPY_CALL], starts=MONDAY), encoding="utf-8")
    audience = str(typed("audiences", "import", str(people), "--line", "dcgf", "--by", "a")["audience"])
    about = ("--line", "dcgf", "--name", "n", "--questionnaire", "happy-dcgf", "--audience", audience)
    campaign = str(typed("campaigns", "create", *about, "--by", "a")["campaign"])
    early = command_line("campaigns", "rehearse", campaign, "--by", "a")
    assert early.exit_code == 1
    assert "check it, then rehearse it" in early.stderr
    typed("campaigns", "check", campaign, "--by", "a")
    found = typed("campaigns", "rehearse", campaign, "--people", "6", "--by", "a")
    assert found["eligible"] == found["people"] == 6
    assert found["calls"] == sum(found["outcomes"].values())  # type: ignore[attr-defined]
    assert found["disagreements"] == []
    assert typed("campaigns", "approve", campaign, "--by", "b")["state"] == "approved"
    assert typed("campaigns", "show", campaign)["rehearsal"] is not None
