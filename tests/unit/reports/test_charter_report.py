"""The report on a quarter: only its days, only the version in force, every number the sum of its calls."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update

from config.files import CHARTERS, read_folder
from ivr.calls.rows import Fact
from ivr.charters.judges.judgement import Finding
from ivr.charters.model import Charters
from ivr.charters.reading import load_charters
from ivr.charters.rows import Verdict
from ivr.reports.charter_report import Asked, CharterReport, Standing, charter_report
from ivr.reports.counts import Counts
from ivr.reports.opening import Opened, every_verdict, opened
from ivr.reports.quarters import Quarter
from ivr.reports.tallies import Coverage
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.charters.tales import line_of
from tests.unit.reports.quarter import LINE, QUARTER, Kept, asked, report_of, result_of, words
from workers.verdicts import installed_rules


def read(kept: Kept, wanted: Asked | None = None) -> CharterReport:
    with kept.store.reading() as session:
        return report_of(session, wanted)


def behind(kept: Kept, promise: str, finding: Finding) -> list[Opened]:
    with kept.store.reading() as session:
        result = result_of(report_of(session), promise)
        condition = asked().condition & (Verdict.standard_id == result.standard.id)
        return list(opened(session, condition, result.days, finding=finding, words=words()))


def test_a_quarter_counts_the_calls_of_its_local_days_and_no_others(kept: Kept) -> None:
    report = read(kept)
    assert report.coverage == Coverage(6, 0, date(2026, 10, 1), date(2026, 12, 31))
    # c2 and c7 in time, c3 late, c4 on the limit, c6 left while it rang; nobody was rung for c5.
    assert result_of(report, "K4").counts == Counts(met=2, missed=1, exempt=1, indeterminate=1)
    assert result_of(report, "K3").counts == Counts(met=4, not_applicable=2)


@ON_SQLITE
def test_the_months_of_a_standard_add_up_to_its_quarter(kept: Kept) -> None:
    for result in read(kept).results:
        months = result.by_month(QUARTER)
        assert [str(month) for month, _ in months] == ["2026-10", "2026-11", "2026-12"]
        assert sum((counts for _, counts in months), Counts()) == result.counts
    assert [counts.met for _, counts in result_of(read(kept), "K4").by_month(QUARTER)] == [1, 0, 1]


@ON_SQLITE
def test_every_standard_of_the_charter_is_in_the_report_once(kept: Kept) -> None:
    report = read(kept)
    charter = installed_rules().charters.of(LINE)
    assert [result.standard.id for result in report.results] == [standard.id for standard in charter.all]
    standings = {result.standard.key: result.standing for result in report.results}
    assert (standings["K4"], standings["K9"], standings["K2"]) == (
        Standing.JUDGED,
        Standing.NO_RECORD,
        Standing.UNMEASURED,
    )


@pytest.mark.parametrize("promise", ["K3", "K4", "K5"])
def test_every_count_opens_to_as_many_verdicts_in_order_of_arrival(kept: Kept, promise: str) -> None:
    counts = result_of(read(kept), promise).counts
    for finding in Finding:
        found = behind(kept, promise, finding)
        assert len(found) == counts.of(finding), finding
        assert [one.arrived_at for one in found] == sorted(one.arrived_at for one in found)
        assert {one.finding for one in found} <= {finding}


@ON_SQLITE
def test_a_verdict_opens_to_the_facts_that_prove_it(kept: Kept) -> None:
    (late,) = behind(kept, "K4", Finding.MISSED)
    assert (late.call, late.subject, late.measured) == ("c3", "c3-1", 8000)
    assert late.reason == "벨이 울린 지 8초 만에 받아 기준인 7초 안에 받지 못했습니다."
    told = [proof.words for proof in late.proofs]
    assert told[0] == "상담원 전화 연결 1번째 시도"
    assert told[1].startswith("상담원의 전화에 벨이 울리기 시작함 (통신사 시각 10:00:10)")
    assert told[2].startswith("상담원이 전화를 받음")
    assert all(proof.at is not None for proof in late.proofs)


def test_evidence_that_is_stored_no_more_is_said_to_be_gone(kept: Kept) -> None:
    with kept.store.transaction() as session:
        session.delete(session.get_one(Fact, ("c3", "c3-1:ringing")))
    (late,) = behind(kept, "K4", Finding.MISSED)
    gone = late.proofs[1]
    assert (gone.key, gone.at) == ("c3-1:ringing", None)
    assert "지워진" in gone.words


def test_reasons_are_counted_without_the_seconds_that_differ(kept: Kept) -> None:
    with kept.store.transaction() as session:
        session.execute(
            update(Verdict)
            .where(Verdict.subject == "c7-1", Verdict.standard_id == "kibo/K4/1")
            .values(verdict=Finding.MISSED, reason="벨이 울린 지 9.25초 만에 받아 기준인 7초 안에 받지 못했습니다.")
        )
    reasons = [one for one in result_of(read(kept), "K4").reasons if one.finding is Finding.MISSED]
    assert [(one.reason, one.number) for one in reasons] == [
        ("벨이 울린 지 …초 만에 받아 기준인 7초 안에 받지 못했습니다.", 2)
    ]
    for result in read(kept).results:
        assert sum(one.number for one in result.reasons) == result.counts.all - result.counts.met


@ON_SQLITE
def test_calls_that_nobody_has_judged_yet_are_told(kept: Kept) -> None:
    kept.forget()
    report = read(kept)
    assert (report.coverage.calls, report.coverage.unjudged) == (6, 6)
    assert not report.of(Standing.JUDGED)


def test_a_quarter_before_the_first_version_has_no_standards(kept: Kept) -> None:
    report = read(kept, asked(quarter=Quarter(2020, 1)))
    assert (report.versions, report.results, report.coverage.calls) == ((), (), 0)


def two_versions(second_from: date) -> Charters:
    """KIBO's charter, with a second version from a day on in which K4 asks for two rings."""
    document: dict[str, Any] = dict(read_folder(CHARTERS)["kibo.toml"])  # any table of the file
    standards = [dict(table) for table in document["standards"]]
    (ring,) = (table for table in standards if table["promise"] == "K4")
    stricter = {**ring, "measure": {"name": "ring_to_answer", "rings": 2}, "from_version": 2}
    ring["to_version"] = 1
    (first,) = (dict(table) for table in document["versions"])
    first["effective_to"] = date.fromordinal(second_from.toordinal() - 1)
    versions = [first, {"version": 2, "effective_from": second_from}]
    return load_charters({"kibo.toml": {**document, "versions": versions, "standards": [*standards, stricter]}})


def test_a_change_within_the_quarter_shows_both_wordings_each_with_its_own_days(kept: Kept) -> None:
    rules = replace(installed_rules(), charters=two_versions(date(2026, 11, 1)))
    kept.forget()
    kept.judge(rules=rules)
    report = read(kept, asked(rules))
    first, second = (result for result in report.results if result.standard.key == "K4")
    assert (first.anchor, second.anchor) == ("K4", "K4-v2")
    assert first.counts == Counts(met=1, missed=1)
    assert second.counts == Counts(met=1, missed=1, exempt=1)
    assert [version.version for version in report.versions] == [1, 2]
    # K3 stays one standard over both.
    assert result_of(report, "K3").counts == Counts(met=4, not_applicable=2)


def test_what_another_version_would_say_is_beside_the_report_not_in_it(kept: Kept) -> None:
    rules = replace(installed_rules(), charters=two_versions(date(2027, 6, 1)))
    kept.judge(rules=rules)
    before = read(kept, asked(rules))
    assert kept.judge(rules=rules, version=2) > 0
    assert read(kept, asked(rules)) == before


def test_all_verdicts_are_as_many_as_the_counts_say(kept: Kept) -> None:
    with kept.store.reading() as session:
        whole = list(every_verdict(session, asked().condition, QUARTER))
        stored = session.scalar(select(func.count()).select_from(Verdict))
    report = read(kept)
    assert len(whole) == sum(result.counts.all for result in report.results)
    # The calls before and after the quarter have three verdicts each.
    assert stored == len(whole) + 6


@ON_SQLITE
def test_promises_about_a_period_are_told_beside_the_counts(kept: Kept) -> None:
    for result in read(kept).results:
        assert (result.period is not None) is (result.standard.scope == "period")
        if result.period is not None:
            assert result.counts == Counts()
            assert result.standing is Standing.NO_RECORD
            assert result.period.reason.endswith("니다.")


@ON_SQLITE
@pytest.mark.parametrize("institution", ["kibo", "dcgf", "kotra", "ksure", "ascentre"])
def test_every_institution_has_a_report_also_without_a_call(engine: Engine, institution: str) -> None:
    charter = installed_rules().charters.of(institution)
    with Store(engine).reading() as session:
        report = charter_report(
            session,
            Asked(charter, QUARTER),
            line=line_of(institution),
            words=words(),
            reasons=installed_rules().reasons,
        )
    assert not report.of(Standing.JUDGED)
    assert [result.standard.id for result in report.results] == [standard.id for standard in charter.all]
    assert all(result.period is not None for result in report.results if result.standard.scope == "period")
