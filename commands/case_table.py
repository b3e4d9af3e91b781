"""The table of due dates in docs/cases.md, written from the charters and the lines."""

from collections.abc import Iterator

import click

from commands.installation import ROOT
from config.files import LINES, MESSAGES, read_folder
from ivr.charters.model import Standard
from ivr.lines.model import Lines
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from workers.verdicts import installed_rules

CASES_PAGE = ROOT / "docs" / "cases.md"
BEGIN, END = "<!-- due dates: charterline docs cases -->\n", "<!-- end of due dates -->\n"
HEAD = """\
| line | kinds | channels | topics | what is owed | within | counted in | by |
|---|---|---|---|---|---|---|---|
"""
OWED = {
    "answered_within": "the answer",
    "answered_or_directed_within": "the answer, or its direction and date",
    "acknowledged_within": "the receipt",
    "review_started_within": "the review begins",
    "apologised": "the apology, once the fault is confirmed",
    "result_told": "the result is told, once it stands",
}


def case_table() -> str:
    """The rows of every standard of a case that has a limit, and of each line's own rule."""
    lines = load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES)))
    return HEAD + "".join(_rows(lines))


@click.command("cases")
def write_case_table() -> None:
    """Write the table of due dates into docs/cases.md."""
    page = CASES_PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    CASES_PAGE.write_text(before + BEGIN + case_table() + END + rest.split(END)[1], encoding="utf-8")
    click.echo(f"Wrote the table in {CASES_PAGE.relative_to(ROOT)}.")


def _rows(lines: Lines) -> Iterator[str]:
    charters = {charter.institution: charter for charter in installed_rules().charters}
    for line in lines:
        for standard in charters[line.id].all if line.id in charters else ():
            if standard.scope == "case" and standard.measure is not None and standard.measure.limit is not None:
                yield _row(line.id, standard)
        within, basis = line.cases.within, _words(line.cases.basis)
        yield f"| {line.id} | all others | all | | the answer | {within} | {basis} | its line file |\n"


def _row(line: str, standard: Standard) -> str:
    applies, measure = standard.applies, standard.measure
    name = measure.name if measure is not None else ""
    first = getattr(measure, "answer", "final") == "first"
    owed = "a first answer" if first else OWED[name]
    cells = (_list(applies.kinds), _list(applies.channels), ", ".join(applies.topics), owed)
    limit = measure.limit if measure is not None else None
    return f"| {line} | {' | '.join(cells)} | {limit} | {_words(standard.basis)} | {standard.key} |\n"


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(_words(word) for word in words) or "all"


def _words(name: str | None) -> str:
    return (name or "").replace("_", " ")
