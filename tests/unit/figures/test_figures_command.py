"""`charterline figures` as an operator uses it: a table, a number opened, definitions, and rebuilding."""

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, delete, select, update

from commands import opened
from commands.figures import figures
from commands.figures_rebuilding import plan, rebuild
from commands.judge import judge
from commands.judge_owed import Period
from config.files import LINES
from ivr.figures.rows import CallFigure, DayFigure, OfferFigure, RebuildMark
from ivr.figures.tallying import tally
from ivr.lines.model import Line
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.http.board import MORNING
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.charters.tales import line_of, talk
from tests.unit.figures.kept import add_call, add_staff, raw_rows, tell_all

KIBO = line_of("kibo")
DAYS, A_DAY = 3, 4
NOVEMBER = ("--line", "kibo", "--from", "2026-11-01", "--to", "2026-11-30")
Run = Callable[..., Result]


@pytest.fixture
def run(engine: Engine, installed: None) -> Run:
    """The command over a database with twelve calls of three days at one line, of which no figures are made yet."""
    store = Store(engine)
    add_staff(store, talk(KIBO))
    with store.transaction() as session:
        for number in range(DAYS * A_DAY):
            at = MORNING + timedelta(days=number // A_DAY, minutes=number)
            tell_all(session, add_call(session, talk(KIBO, 2.4 if number % 4 else 9.4), f"c{number}x", at=at))
    return lambda *arguments: CliRunner().invoke(figures, arguments)


def printed(result: Result) -> object:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_rebuilding_makes_rows_and_sums_and_once_more_changes_nothing(run: Run) -> None:
    assert printed(run("rebuild", "--json")) == {"days": DAYS, "changed": 2 * DAYS * A_DAY}
    assert printed(run("rebuild", "--json")) == {"days": DAYS, "changed": 0}
    assert printed(run("rebuild", "--from", "2026-11-24", "--to", "2026-11-24", "--json")) == {"days": 1, "changed": 0}


def test_a_rebuilding_that_was_stopped_goes_on_with_the_days_that_are_left(run: Run, engine: Engine) -> None:
    store = Store(engine)
    everything = Period(None, None)
    doing = rebuild(store, plan(store, KIBO, everything))
    assert next(doing).day == date(2026, 11, 23)
    doing.close()
    again = run("rebuild", "--json")
    assert "going on with 2 days" in again.stderr
    assert printed(again) == {"days": 2, "changed": 2 * 2 * A_DAY}
    with store.reading() as session:
        assert session.scalars(select(RebuildMark)).all() == []
        assert len(session.scalars(select(DayFigure.day).where(DayFigure.dimension == "line")).all()) == DAYS


def test_a_rebuilding_takes_away_the_sums_of_days_without_calls(run: Run, engine: Engine) -> None:
    printed(run("rebuild", "--json"))
    before = raw_rows(Store(engine))
    with Store(engine).transaction() as session:
        for table in (CallFigure, OfferFigure):
            session.execute(delete(table))
    printed(run("rebuild", "--json"))
    assert raw_rows(Store(engine)) == before


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The operator lets the line read its rings by the custom, in the line's own file."""

    def edited() -> None:
        lines = shutil.copytree(LINES, tmp_path / "lines")
        file = lines / "kibo.toml"
        text = file.read_text()
        file.write_text(text.replace('reading = "literal"', 'reading = "customary"'))
        assert file.read_text() != text
        monkeypatch.setattr(opened, "LINES", lines)

    return edited


def test_a_rebuilding_takes_a_row_off_the_wrong_day(run: Run, engine: Engine) -> None:
    printed(run("rebuild", "--json"))
    wrong = date(2026, 11, 29)
    with Store(engine).transaction() as session:
        session.execute(update(CallFigure).where(CallFigure.call_id == "c0x").values(day=wrong))
        tally(session, "kibo", wrong)
    assert printed(run("rebuild", "--from", "2026-11-23", "--to", "2026-11-23", "--json")) == {"days": 1, "changed": 1}
    with Store(engine).reading() as session:
        assert session.scalars(select(DayFigure).where(DayFigure.day == wrong)).all() == []


def test_judging_by_hand_promises_new_sums(run: Run, engine: Engine) -> None:
    assert CliRunner().invoke(judge, ["--institution", "kibo", "--all"]).exit_code == 0
    with Store(engine).reading() as session:
        keys = session.scalars(select(PromiseRow.key).where(PromiseRow.kind == "tally").order_by(PromiseRow.key)).all()
    assert keys == [f"tally:kibo:2026-11-{day}" for day in (23, 24, 25)]


def test_rows_made_by_other_rules_are_told_until_they_are_rebuilt(run: Run, edit: Callable[[], None]) -> None:
    printed(run("rebuild", "--json"))
    assert run("show", *NOVEMBER).stderr == ""
    edit()
    shown = run("show", *NOVEMBER)
    assert "3 days from 2026-11-23 on rest on other rules" in shown.stderr
    assert "figures rebuild --line kibo --from 2026-11-23 --to 2026-11-25" in shown.stderr
    printed(run("rebuild", "--line", "kibo", "--from", "2026-11-23", "--to", "2026-11-24", "--json"))
    answer = printed(run("show", *NOVEMBER, "--json"))
    assert isinstance(answer, dict)
    assert answer["other_rules"] == ["2026-11-25"]


def test_a_rebuilding_goes_on_only_by_the_same_rules_and_starts_over_when_asked(
    run: Run, engine: Engine, edit: Callable[[], None]
) -> None:
    def stops_after_a_day(line: Line) -> None:
        doing = rebuild(Store(engine), plan(Store(engine), line, Period(None, None)))
        next(doing)
        doing.close()

    stops_after_a_day(KIBO)
    assert printed(run("rebuild", "--line", "kibo", "--afresh", "--json")) == {"days": 3, "changed": 2 * 2 * A_DAY}
    stops_after_a_day(KIBO)
    edit()
    again = run("rebuild", "--line", "kibo", "--json")
    assert "going on" not in again.stderr
    assert printed(again) == {"days": 3, "changed": DAYS * A_DAY}


def test_an_agent_has_talks_and_percentiles_but_no_calls(run: Run) -> None:
    printed(run("rebuild", "--json"))
    answer = printed(run("show", *NOVEMBER, "--by", "agent", "--json"))
    assert isinstance(answer, dict)
    (agent,) = answer["values"]
    assert (agent["figures"]["calls"], agent["figures"]["response_rate"]) == (None, None)
    assert agent["figures"]["talks"] == {"value": 12}
    assert agent["times"]["rings"] == {"p50": 2.45, "p90": 9.45, "p99": 9.45, "count": 12}
    assert agent["times"]["waits"] == {"p50": None, "p90": None, "p99": None, "count": 0}
    shown = run("show", *NOVEMBER, "--by", "agent").stdout
    rows = {line.split("  ")[0]: line.split()[-1] for line in shown.splitlines() if line and not line.startswith(" ")}
    assert (rows["응답호"], rows["통화"]) == ("-", "12")
    assert "2.5/9.4/9.4s (12)" in shown or "2.4/9.4/9.4s (12)" in shown


def test_a_table_shows_every_figure_with_both_sides_and_its_definition(run: Run) -> None:
    printed(run("rebuild", "--json"))
    shown = run("show", *NOVEMBER, "--by", "team").stdout
    assert "100.0% (12/12)" in shown
    assert "75.0% (9/12)" in shown
    assert "응대율 [response_rate]: 응답호 ÷ 상담 요청호" in shown
    assert "guide" in shown.splitlines()[0]


def test_only_the_figures_that_were_asked_for_are_shown(run: Run) -> None:
    printed(run("rebuild", "--json"))
    answer = printed(run("show", *NOVEMBER, "--by", "day", "--figure", "within_rings", "--json"))
    assert isinstance(answer, dict)
    assert list(answer["definitions"]) == ["within_rings"]
    number = {"value": 0.75, "counted": 3, "base": 4, "apart": 0}
    days = [f"2026-11-{day}" for day in (23, 24, 25)]
    assert answer["values"] == [{"value": day, "figures": {"within_rings": number}} for day in days]


def test_a_number_opens_down_to_its_offers(run: Run) -> None:
    printed(run("rebuild", "--json"))
    answer = printed(
        run("calls", *NOVEMBER, "--figure", "within_rings", "--by", "day", "--value", "2026-11-24", "--json")
    )
    assert isinstance(answer, list)
    assert [each["subject"] for each in answer] == ["c5x-1", "c6x-1", "c7x-1"]
    shown = run("calls", *NOVEMBER, "--figure", "talk_time").stdout
    assert "40.000 s" in shown
    assert "12 in all" in shown


@ON_SQLITE
def test_days_without_calls_say_so_and_still_define(run: Run) -> None:
    shown = run("show", "--line", "kibo", "--from", "2026-01-01", "--to", "2026-01-31")
    assert shown.exit_code == 0
    assert "no calls of kibo" in shown.stdout
    assert "[response_rate]" in shown.stdout


def test_definitions_name_their_sources_and_targets(run: Run) -> None:
    shown = run("definitions", "--line", "kibo").stdout
    assert "KS 콜센터서비스 인증" in shown
    assert ">= 80%" in shown
    assert "<= 5%" in shown
    assert set(printed(run("definitions", "--json"))) >= {"response_rate", "service_level_net"}  # type: ignore[call-overload]


@ON_SQLITE
@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["show", "--line", "kibo", "--from", "2026-11-02", "--to", "2026-11-01"], 2, "lies after"),
        (["show", "--line", "nobody", "--from", "2026-11-01", "--to", "2026-11-01"], 1, "nobody"),
        (["show", *NOVEMBER, "--figure", "happiness"], 2, "happiness"),
        (["calls", *NOVEMBER, "--figure", "calls", "--by", "day", "--value", "tomorrow"], 2, "tomorrow"),
        (["calls", *NOVEMBER, "--figure", "calls", "--by", "month", "--value", "9999-12"], 2, "9999-12"),
        (["calls", *NOVEMBER, "--figure", "calls", "--by", "hour", "--value", "-1"], 2, "00 to 23"),
        (["calls", *NOVEMBER, "--figure", "calls", "--value", "guide"], 2, "needs --by"),
        (["rebuild", "--line", "nobody"], 1, "nobody"),
    ],
)
def test_wrong_usage_is_told_in_words(run: Run, arguments: list[str], status: int, said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == status
    assert said in result.stderr
