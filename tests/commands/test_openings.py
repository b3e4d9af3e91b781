"""`charterline openings` as a supervisor uses it: what waits for a person, what was said, and the person's finding."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Engine, select

from commands.world import World
from ivr.charters.judges.judgement import Finding
from ivr.charters.rows import Verdict
from ivr.identifiers import call_id
from ivr.listening.rows import Opening, OpeningFinding
from tests.people import caller_phone, customer, picks_up
from tests.phone.scene import Scene
from tests.store_fixtures.databases import ON_SQLITE

Run = Callable[..., Result]
RIGHT = "감사합니다. 기술보증기금 고객센터 김민수입니다."
WRONG = "감사합니다. 기보 고객센터입니다."


@pytest.fixture
def scene(engine: Engine) -> Scene:
    """Two calls at KIBO: one agent greets rightly, the other leaves the name out."""
    world = World(engine)
    scene = Scene(world, world.lines.by_id("kibo"))
    scene.staff(picks_up(2.0, greets=(RIGHT,)), picks_up(2.0, greets=(WRONG,)))
    for number in (1, 2):
        scene.dial(customer("1", talk=20), number=caller_phone(number))
        scene.world.run_for(1)
    scene.world.run_until_quiet()
    return scene


@pytest.fixture
def run(scene: Scene, command_line: Run, installed: None) -> Run:
    """The command over the database of the scene."""
    return lambda *arguments: command_line("openings", *arguments)


def printed(result: Result) -> Any:  # Any: the JSON of the command
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_what_waits_for_a_person_is_listed_until_a_person_has_said_what_it_is(run: Run, scene: Scene) -> None:
    assert {entry["finding"] for entry in printed(run("list", "--json"))} == {"heard", "needs_review"}
    (waiting,) = printed(run("list", "--needs-review", "--line", "kibo", "--json"))
    standings = {part["part"]: part["standing"] for part in waiting["parts"]}
    assert (standings["institution"], standings["name"]) == ("alias", "absent")
    assert waiting["order"] == ["greeting", "institution", "department"]
    assert (waiting["agent"], waiting["complete"], waiting["reviews"]) == ("이서연", True, [])

    shown = printed(run("show", waiting["opening"], "--json"))
    assert [one["text"] for one in shown["words"]] == [WRONG]
    assert WRONG in run("show", waiting["opening"]).stdout

    answer = printed(
        run("review", waiting["opening"], "--finding", "missing", "--by", "박지훈", "--note", "이름", "--json")
    )
    assert [(one["finding"], one["by"], one["note"]) for one in answer["reviews"]] == [("missing", "박지훈", "이름")]
    assert printed(run("list", "--needs-review", "--json")) == []

    changed = run("review", waiting["opening"], "--finding", "heard", "--by", "최유진")
    assert "heard by 최유진" in changed.stdout
    history = printed(run("show", waiting["opening"], "--json"))["reviews"]
    assert [one["by"] for one in history] == ["박지훈", "최유진"]
    assert "heard by 최유진" in run("list").stdout
    promised = [promise.args["call"] for promise in scene.promises("judge") if ":review:" in promise.key]
    assert promised == [waiting["call"]] * 2


def test_an_opening_without_any_words_waits_only_where_a_verdict_waits_for_it(run: Run, scene: Scene) -> None:
    with scene.world.store.transaction() as session:
        for row in session.scalars(select(Opening)):
            row.finding = OpeningFinding.NOT_HEARD
    assert printed(run("list", "--needs-review", "--json")) == []
    with scene.world.store.transaction() as session:
        for other in session.scalars(select(Verdict).where(Verdict.standard_id != "kibo/K5/1")):
            other.verdict = Finding.INDETERMINATE
    assert printed(run("list", "--needs-review", "--json")) == []
    with scene.world.store.transaction() as session:
        (verdict,) = session.scalars(select(Verdict).where(Verdict.standard_id == "kibo/K5/1").limit(1))
        verdict.verdict = Finding.INDETERMINATE
        call = verdict.call_id
    assert [entry["call"] for entry in printed(run("list", "--needs-review", "--json"))] == [call]


def test_openings_of_another_line_are_none_and_it_is_said_how_they_come(run: Run) -> None:
    assert "No openings" in run("list", "--line", "dcgf").stdout


@ON_SQLITE
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "c1-9"), "c1-9"),
        (("review", "c1-9", "--finding", "heard", "--by", "박지훈"), "openings list"),
        (("review", "{opening}", "--finding", "heard", "--by", "  "), "--by NAME"),
        (("review", "{opening}", "--finding", "heard", "--by", "박지훈", "--note", "가" * 501), "501"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(run: Run, scene: Scene, arguments: tuple[str, ...], said: str) -> None:
    call = next(leg for leg in scene.network.calls.values() if leg.route.direction == "inbound")
    given = [argument.replace("{opening}", f"{call_id(call.sid)}-1") for argument in arguments]
    result = run(*given)
    assert result.exit_code == 1
    assert said in result.stderr
