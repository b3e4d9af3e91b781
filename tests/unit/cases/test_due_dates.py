"""Due dates of whole cases against a table worked out by hand with a paper calendar and the five charters."""

from collections import Counter

import pytest

from ivr.cases.clocks import Sort, clocks_of, concerns
from ivr.cases.rows import Owed
from tests.unit.cases.desk import installed, line_of, seoul

# line, kind, channel, topic, received, due (local; midnight is the end of the day before), standard.
# 2026-11-23 is a Monday. Holidays: config/holidays.toml. Days of working hours are 9 to 12 and 13 to 18.
TABLE = """
kibo      inquiry     web    -                   2026-11-23 10:00  2026-11-26 10:00  K12
kibo      inquiry     web    -                   2026-11-19 10:00  2026-11-24 10:00  K12
kibo      inquiry     web    -                   2026-11-20 17:00  2026-11-25 17:00  K12
kibo      inquiry     web    -                   2026-11-21 11:00  2026-11-25 18:00  K12
kibo      inquiry     web    -                   2026-02-13 10:00  2026-02-23 10:00  K12
kibo      inquiry     web    -                   2026-02-17 12:00  2026-02-23 18:00  K12
kibo      inquiry     web    -                   2026-09-23 14:00  2026-09-30 14:00  K12
kibo      inquiry     web    -                   2026-11-23 12:30  2026-11-26 12:00  K12
kibo      inquiry     web    -                   2026-11-23 20:00  2026-11-26 18:00  K12
kibo      inquiry     web    -                   2026-12-30 10:00  2027-01-05 12:00  K12
kibo      inquiry     web    -                   2026-04-30 16:00  2026-05-07 16:00  K12
kibo      inquiry     web    guarantee           2028-02-28 10:00  2028-03-03 10:00  K12
kibo      inquiry     web    -                   2025-01-24 10:00  2025-02-04 10:00  K12
kibo      proposal    web    -                   2026-11-23 09:00  2026-11-27 18:00  K11
kibo      proposal    web    -                   2026-11-23 11:00  2026-11-30 11:00  K11
kibo      proposal    web    -                   2026-09-21 10:00  2026-09-30 10:00  K11
kibo      proposal    web    -                   2026-12-23 15:00  2026-12-31 15:00  K11
kibo      proposal    web    -                   2026-08-14 13:30  2026-08-24 13:30  K11
kibo      praise      web    -                   2026-11-23 10:00  2026-11-24 10:00  K13
kibo      praise      web    -                   2026-11-20 15:00  2026-11-23 15:00  K13
kibo      praise      web    -                   2026-05-22 11:00  2026-05-26 11:00  K13
kibo      praise      web    -                   2026-12-31 10:00  2027-01-04 12:00  K13
kibo      praise      web    -                   2026-06-02 18:00  2026-06-04 18:00  K13
kibo      praise      web    -                   2026-06-30 10:00  2026-07-01 10:00  K13
kibo      complaint   phone  -                   2026-11-23 14:00  2026-11-26 14:00  K14
kibo      proposal    phone  -                   2026-07-16 10:00  2026-07-22 10:00  K14
kibo      praise      fax    -                   2026-10-02 09:00  2026-10-07 18:00  K14
kibo      inquiry     post   -                   2026-10-08 11:00  2026-10-14 11:00  K14
kibo      complaint   fax    unkindness          2026-02-27 16:00  2026-03-05 16:00  K14
kibo      proposal    fax    -                   2026-02-27 09:00  2026-03-04 18:00  K14
kibo      complaint   web    -                   2026-11-23 10:00  2026-11-26 10:00  K14.web
kibo      complaint   web    unkindness          2026-09-22 17:30  2026-09-29 17:30  K14.web
kibo      complaint   web    -                   2026-12-24 17:00  2026-12-30 17:00  K14.web
kibo      disclosure  web    -                   2026-11-23 10:00  2026-12-05 00:00  K9
kibo      disclosure  post   -                   2026-09-30 10:00  2026-10-16 00:00  K9
kibo      disclosure  visit  -                   2026-11-21 11:00  2026-12-05 00:00  K9
kibo      disclosure  web    -                   2026-02-06 09:00  2026-02-25 00:00  K9
kibo      disclosure  web    -                   2026-12-21 09:00  2027-01-06 00:00  K9
kibo      disclosure  fax    -                   2026-07-13 17:00  2026-07-28 00:00  K9
kibo      complaint   visit  -                   2026-11-23 10:00  2026-12-02 00:00  -
kibo      inquiry     email  -                   2026-11-23 10:00  2026-12-02 00:00  -
kibo      objection   phone  -                   2026-11-23 10:00  2026-12-02 00:00  -
kibo      redress     web    -                   2026-02-12 10:00  2026-02-26 00:00  -
kotra     complaint   web    -                   2026-11-23 10:00  2026-11-25 10:00  T12
kotra     praise      web    -                   2026-11-20 17:00  2026-11-22 17:00  T12
kotra     proposal    web    -                   2026-02-16 10:00  2026-02-18 10:00  T12
kotra     inquiry     web    -                   2026-12-31 23:30  2027-01-02 23:30  T12
kotra     complaint   web    unkindness          2028-02-28 12:00  2028-03-01 12:00  T12
kotra     inquiry     web    -                   2026-03-28 12:00  2026-03-30 12:00  T12
kotra     inquiry     web    -                   2026-10-24 12:00  2026-10-26 12:00  T12
kotra     complaint   web    overseas-branch     2026-11-23 10:00  2026-11-25 10:00  T12
kotra     inquiry     web    overseas-branch     2026-11-23 10:00  2026-11-25 10:00  T4
kotra     inquiry     web    world-champ         2026-09-24 09:00  2026-09-26 09:00  T5
kotra     inquiry     web    foreign-investment  2026-05-01 23:59  2026-05-03 23:59  T6
kotra     inquiry     phone  overseas-branch     2026-11-23 10:00  2026-12-02 00:00  -
kotra     after_care  phone  -                   2026-11-23 10:00  2026-12-02 00:00  T13
kotra     after_care  web    -                   2026-09-21 10:00  2026-10-02 00:00  T13
kotra     after_care  email  -                   2026-12-21 10:00  2026-12-31 00:00  T13
kotra     after_care  post   -                   2025-01-23 10:00  2025-02-07 00:00  T13
kotra     after_care  visit  -                   2026-11-21 10:00  2026-12-02 00:00  T13
kotra     complaint   phone  -                   2026-11-23 10:00  2026-12-02 00:00  -
kotra     proposal    post   -                   2026-04-30 10:00  2026-05-13 00:00  -
kotra     praise      visit  -                   2026-06-01 10:00  2026-06-11 00:00  -
kotra     inquiry     fax    -                   2026-08-13 10:00  2026-08-25 00:00  -
dcgf      complaint   phone  -                   2026-11-23 10:00  2026-12-02 00:00  D16
dcgf      complaint   web    -                   2026-11-23 23:59  2026-12-02 00:00  D16
dcgf      complaint   web    -                   2026-11-21 10:00  2026-12-02 00:00  D16
dcgf      complaint   phone  -                   2026-12-21 10:00  2027-01-01 00:00  D16
dcgf      complaint   web    -                   2026-02-12 10:00  2026-02-26 00:00  D16
dcgf      complaint   phone  -                   2026-09-22 10:00  2026-10-03 00:00  D16
dcgf      complaint   web    -                   2027-02-05 10:00  2027-02-18 00:00  D16
dcgf      complaint   phone  unkindness          2026-11-23 10:00  2026-12-02 00:00  D16
dcgf      complaint   post   -                   2026-11-23 10:00  2026-12-02 00:00  -
dcgf      inquiry     phone  -                   2026-11-23 10:00  2026-12-02 00:00  -
dcgf      inquiry     web    -                   2026-12-17 10:00  2026-12-30 00:00  -
dcgf      disclosure  web    -                   2026-12-17 10:00  2026-12-30 00:00  -
dcgf      proposal    fax    -                   2026-07-16 10:00  2026-07-28 00:00  -
dcgf      after_care  phone  -                   2026-10-02 10:00  2026-10-15 00:00  -
ksure     complaint   phone  -                   2026-11-23 10:00  2026-12-02 00:00  -
ksure     praise      web    -                   2026-11-20 17:59  2026-12-01 00:00  -
ksure     inquiry     email  -                   2026-12-30 10:00  2027-01-09 00:00  -
ksure     proposal    post   claims              2028-10-02 10:00  2028-10-18 00:00  -
ksure     complaint   fax    delay               2026-05-22 10:00  2026-06-03 00:00  -
ascentre  complaint   phone  -                   2026-11-21 10:00  2026-12-02 00:00  -
ascentre  inquiry     web    repair              2026-11-20 10:00  2026-12-01 00:00  -
ascentre  redress     phone  -                   2026-12-24 10:00  2027-01-06 00:00  -
ascentre  complaint   email  -                   2026-12-31 10:00  2027-01-12 00:00  -
ascentre  objection   phone  -                   2026-06-05 10:00  2026-06-16 00:00  -
"""
ROWS = [tuple(row.split()) for row in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=" ".join)
def test_a_case_is_due_when_the_paper_calendar_says(row: tuple[str, ...]) -> None:
    line, kind, channel, topic, since_day, since_clock, due_day, due_clock, promise = row
    institution = installed(line_of(line))
    sort = Sort(kind, channel, None if topic == "-" else topic)
    assert sort.topic is None or sort.topic in institution.line.cases.topics
    clock = clocks_of(institution, sort, seoul(f"{since_day} {since_clock}"))[0]
    assert clock.due_at == seoul(f"{due_day} {due_clock}")
    assert clock.standard_id == (None if promise == "-" else f"{line}/{promise}/1")


def test_the_table_is_not_thinned_out() -> None:
    assert len(set(ROWS)) >= 80
    assert Counter(row[0] for row in ROWS).keys() == {"kibo", "kotra", "dcgf", "ksure", "ascentre"}


def test_every_standard_that_gives_a_case_a_date_stands_in_the_table() -> None:
    dated = {
        standard.id
        for charter in installed(line_of("kibo")).charters
        for standard in charter.all
        if standard.scope == "case" and standard.measure is not None and standard.measure.name in DATED
    }
    assert dated == {f"{row[0]}/{row[-1]}/1" for row in ROWS if row[-1] != "-"}


DATED = {"answered_within", "answered_or_directed_within"}


def test_a_first_answer_and_a_direction_are_two_clocks_of_one_case() -> None:
    clocks = clocks_of(installed(line_of("kotra")), Sort("inquiry", "web", "world-champ"), seoul("2026-11-23 10:00"))
    assert [(clock.owed, clock.standard_id) for clock in clocks] == [
        (Owed.FIRST_ANSWER, "kotra/T5/1"),
        (Owed.ANSWER_OR_DIRECTION, "kotra/T12/1"),
    ]


def test_a_topic_narrows_a_standard_and_what_is_left_empty_does_not() -> None:
    standards = {one.key: one for one in installed(line_of("kotra")).standards(seoul("2026-11-23 10:00"))}
    assert concerns(standards["T5"], Sort("inquiry", "web", "world-champ"))
    assert not concerns(standards["T5"], Sort("inquiry", "web"))
    assert not concerns(standards["T5"], Sort("inquiry", "web", "overseas-branch"))
    assert concerns(standards["T17"], Sort("praise", "visit"))
