"""The tables and charts of a report on a charter."""

from console.reports.charts import Bar, Chart, Row, Tone, stacked
from console.reports.shown import Shown, share_of
from console.reports.tables import Cell, Column, Table, Value, row, table
from ivr.charters.judges.judgement import Finding
from ivr.reports.charter_report import CharterReport, StandardResult, Standing
from ivr.reports.counts import Counts
from ivr.reports.quarters import Quarter

FINDINGS = tuple(Finding)
TONES: tuple[Tone, ...] = ("met", "missed", "indeterminate", "exempt")
NO_COUNTS: tuple[Value, ...] = (None,) * (len(FINDINGS) + 1)


def link_to(anchor: str, finding: Finding) -> str:
    """The anchor of the list of calls behind a count."""
    return f"{anchor}-{finding.value.replace('_', '-')}"


def counted(counts: Counts, *, anchor: str = "") -> tuple[Cell, ...]:
    """Judged, then every finding; where an anchor is given, each count opens at its list."""
    return (
        Cell(counts.judged),
        *(
            Cell(counts.of(finding), link_to(anchor, finding) if anchor and counts.of(finding) else "")
            for finding in FINDINGS
        ),
    )


def count_columns(shown: Shown) -> tuple[Column, ...]:
    """The columns of `counted`."""
    return tuple(Column(shown.words.say(f"columns.{name}"), "count") for name in ("judged", *FINDINGS))


def summary_table(report: CharterReport, shown: Shown, *, opens: bool) -> Table:
    """Every standard of the charter, those that were not judged too."""
    say = shown.words.say
    columns = [
        *(
            Column(say("columns.promise"), "label"),
            Column(say("columns.title")),
            Column(say("columns.target"), "label"),
        ),
        *(Column(say("columns.rate"), "percent"), Column(say("columns.range"), "label")),
        Column(say("columns.reached"), "label"),
        *count_columns(shown),
    ]
    rows = [_summary_row(result, shown, opens=opens) for result in report.results]
    return table(say("report.summary"), columns, rows)


def _summary_row(result: StandardResult, shown: Shown, *, opens: bool) -> tuple[Cell, ...]:
    standard, counts = result.standard, result.counts
    head = (Cell(standard.key, result.anchor), standard.title)
    if result.standing is Standing.UNMEASURED:
        return row(*head, None, None, None, shown.words.name("standing", result.standing), *NO_COUNTS)
    if result.standing is Standing.NO_RECORD:
        return row(*head, shown.target(standard.target), None, None, reached_in_words(result, shown), *counted(counts))
    return row(
        *(*head, shown.target(standard.target), counts.rate, shown.range(counts)),
        reached_in_words(result, shown),
        *counted(counts, anchor=result.anchor if opens else ""),
    )


def reached_in_words(result: StandardResult, shown: Shown) -> str:
    """Whether the target was reached, what was found of a period, or why there is nothing to say."""
    if result.standing is Standing.JUDGED:
        return shown.words.name("reached", result.counts.reached(result.standard.target))
    if result.period is not None and result.period.finding is not Finding.NOT_APPLICABLE:
        return shown.words.name("findings", result.period.finding)
    return shown.words.name("standing", result.standing)


def months_table(result: StandardResult, quarter: Quarter, shown: Shown) -> Table:
    """One standard by month."""
    say = shown.words.say
    columns = [
        *(Column(say("columns.month"), "label"), Column(say("columns.rate"), "percent")),
        Column(say("columns.range"), "label"),
        *count_columns(shown),
    ]
    rows = [
        row(shown.month(month), counts.rate, shown.range(counts), *counted(counts))
        for month, counts in result.by_month(quarter)
    ]
    return table(say("report.by_month_of", title=result.standard.title), columns, rows)


def reasons_table(result: StandardResult, shown: Shown) -> Table:
    """Why verdicts were anything but met, with how often."""
    say = shown.words.say
    columns = [
        *(Column(say("columns.finding"), "label"), Column(say("columns.reason"))),
        Column(say("columns.count"), "count"),
    ]
    rows = [row(shown.words.name("findings", one.finding), one.reason, one.number) for one in result.reasons]
    return table(say("report.reasons_of", title=result.standard.title), columns, rows)


def others_table(report: CharterReport, shown: Shown) -> Table:
    """The standards without a verdict in the quarter."""
    say = shown.words.say
    columns = [
        Column(say("columns.promise"), "label"),
        *(Column(say("columns.title")), Column(say("columns.quote"), "long"), Column(say("columns.scope"))),
        *(Column(say("columns.how"), "long"), Column(say("columns.state"))),
    ]
    rows = [
        row(
            *(Cell(result.standard.key, anchor=result.anchor), result.standard.title, _quoted(result)),
            *(shown.words.name("scopes", result.standard.scope), _told(result), state_in_words(result, shown)),
        )
        for result in report.of(Standing.NO_RECORD)
    ]
    return table(say("report.others_part"), columns, rows)


def _quoted(result: StandardResult) -> str:
    return f"{result.standard.quote} ({result.standard.clause})"


def _told(result: StandardResult) -> str:
    return " ".join(filter(None, (result.how, result.standard.reading)))


def state_in_words(result: StandardResult, shown: Shown) -> str:
    """What the quarter has on record of a promise that was judged for no call."""
    if result.period is not None:
        found = shown.words.name("findings", result.period.finding)
        said = shown.words.say("report.period_says", finding=found, reason=result.period.reason)
        if not result.period.evidence:
            return said
        return f"{said} {shown.words.say('report.period_evidence', evidence=', '.join(result.period.evidence))}"
    number = result.counts.not_applicable
    if number:
        return shown.words.say("report.not_kept", count=f"{number:,}")
    return shown.words.say("report.no_record", scope=shown.words.name("scopes", result.standard.scope))


def unmeasured_table(report: CharterReport, shown: Shown) -> Table:
    """The standards that cannot be measured, with why."""
    say = shown.words.say
    columns = [
        Column(say("columns.promise"), "label"),
        *(Column(say("columns.title")), Column(say("columns.quote"), "long"), Column(say("columns.why_not"), "long")),
    ]
    rows = [
        row(
            *(Cell(result.standard.key, anchor=result.anchor), result.standard.title),
            *(_quoted(result), result.standard.why_not),
        )
        for result in report.of(Standing.UNMEASURED)
    ]
    return table(say("report.unmeasured_part"), columns, rows)


def rates_chart(report: CharterReport, shown: Shown) -> Chart:
    """The rate of every judged standard: a bar to the lowest rate, a lighter one to the highest, the target a line."""
    rows = tuple(_rate_row(result, shown) for result in report.of(Standing.JUDGED))
    legend: tuple[tuple[Tone, str], ...] = (
        ("plain", shown.words.say("legend.lowest")),
        ("range", shown.words.say("legend.range")),
    )
    return Chart("chart-rates", shown.words.say("report.chart"), shown.words.say("report.chart_told"), rows, legend)


def _rate_row(result: StandardResult, shown: Shown) -> Row:
    counts, standard = result.counts, result.standard
    bars: list[Bar] = []
    if counts.lowest is not None and counts.highest is not None:
        zero = counts.lowest * 0
        bars = [Bar("plain", zero, counts.lowest), Bar("range", counts.lowest, counts.highest)]
    says = shown.words.say(
        "report.rate_says",
        rate=shown.words.percent(counts.rate),
        target=shown.target(standard.target),
        reached=shown.words.name("reached", counts.reached(standard.target)),
    )
    drawn = tuple(bar for bar in bars if bar.end > bar.start)
    return Row(f"{standard.key} {standard.title}", says, drawn, share_of(standard.target))


def months_chart(result: StandardResult, quarter: Quarter, shown: Shown) -> Chart:
    """One standard by month, its findings in proportion."""
    rows = tuple(_month_row(shown.month(month), counts, shown) for month, counts in result.by_month(quarter))
    legend = tuple((tone, shown.words.say(f"findings.{tone}")) for tone in TONES)
    title = shown.words.say("report.by_month_chart", title=result.standard.title)
    told = shown.words.say("report.by_month_chart_told")
    return Chart(f"chart-{result.anchor}", title, told, rows, legend)


def _month_row(label: str, counts: Counts, shown: Shown) -> Row:
    numbers = tuple((tone, int(getattr(counts, tone))) for tone in TONES)
    told = [f"{shown.words.say(f'findings.{tone}')} {number:,}" for tone, number in numbers if number]
    return Row(label, " · ".join(told) or shown.words.say("report.none_in_month"), stacked(numbers))
