"""`charterline survey`: what questionnaires there are, checking them, and playing them without a telephone."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from commands.shared import AS_JSON, opened, print_json
from commands.survey_copies import copy_commands
from commands.survey_opened import body_from, found, in_words, installed_questionnaires, line_files, tell_faults
from commands.survey_results import result_commands
from commands.survey_tasks import task_commands
from config.files import SURVEYS, read_folder
from ivr.faults import BadData, Fault
from ivr.surveys.check import faults_of_strangers
from ivr.surveys.copies import known_questionnaires
from ivr.surveys.graph import longest_seconds
from ivr.surveys.kinds import Kind
from ivr.surveys.model import Questionnaire
from ivr.surveys.reading import check_questionnaire, read_questionnaires
from ivr.surveys.walking import Stage, Walked, walk
from ivr.surveys.written import Hello

Entry = dict[str, object]


@click.group()
def survey() -> None:
    """Questionnaires of happy calls and surveys: see, check, play, copy and change them.

    \b
    What can be asked:         charterline survey list
    Play one in the terminal:  charterline survey walk happy-kibo
    ... with keys:             charterline survey walk happy-kibo --press 1,1,5,4,5,5,
    What callers answered:     charterline survey results dcgf --from 2026-11-01
    Make one of your own:      charterline survey copy happy-kibo my-call --by lee
                               charterline survey export my-call --output my-call.toml
                               charterline survey check my-call.toml; charterline survey import my-call.toml --by lee
    """


@survey.command("list")
@click.option("--line", help="Only those that fit this line (an id like kibo).")
@AS_JSON
@in_words
def list_questionnaires(line: str | None, as_json: bool) -> None:
    """List the installed questionnaires and the copies, each in its newest version."""
    installed = installed_questionnaires()
    with opened().store.reading() as session:
        known = list(known_questionnaires(session, installed))
    entries = [
        {
            **_entry(one.questionnaire, installed.kind_of(one.questionnaire)),
            "installed": one.installed,
            "based_on": one.based_on,
        }
        for one in known
        if line is None or one.questionnaire.fits(line)
    ]
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        origin = "installed" if entry["installed"] else f"copy of {entry['based_on'] or 'none'}"
        click.echo(f"{entry['id']:<24} {entry['version']:>3}  {entry['class']:<12} {origin:<24} {entry['title']}")


@survey.command()
@click.argument("id")
@click.option("--version", type=click.IntRange(1), help="A version that was kept; the newest else.")
@AS_JSON
@in_words
def show(id: str, version: int | None, as_json: bool) -> None:
    """Show a questionnaire: what it is to the law, its questions, where answers lead, and how long it takes."""
    one, installed = found(id, version)
    kind = installed.kind_of(one)
    if as_json:
        print_json({**_entry(one, kind), "questions": one.model_dump(mode="json")["questions"]})
        return
    click.echo("\n".join(_shown(one, kind)))


@survey.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@AS_JSON
@in_words
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Name every fault of the FILES, or of all installed questionnaires; status 1 on errors."""
    documents = read_folder(SURVEYS)
    if not files:
        questionnaires, faults = read_questionnaires(documents)
        faults += faults_of_strangers(questionnaires, [line.id for line in line_files()[1]])
    else:
        faults = [fault for file in files for fault in _faults_of(file)]
    tell_faults(faults, as_json=as_json)


@survey.command("walk")
@click.argument("id")
@click.option("--version", type=click.IntRange(1), help="A version that was kept; the newest else.")
@click.option("--line", help="For which line; the first that it fits else.")
@click.option("--firm", default="", help="The client firm for which it rings.")
@click.option("--source", default="", help="Where the numbers come from; of a campaign it stands with the consent.")
@click.option("--press", help="Keys to press, separated by commas, nothing for silence; without it you are asked.")
@AS_JSON
@in_words
def walk_command(id: str, line: str | None, press: str | None, as_json: bool, **told: Any) -> None:  # Any: click's own
    """Play a questionnaire: what is heard, what is kept of each answer, and how it ends."""
    one, installed = found(id, told["version"])
    texts, lines = line_files()
    chosen = lines.by_id(line or (one.lines[0] if one.lines else next(iter(lines)).id))
    keys = iter(press.split(",") if press else [])
    ask: Callable[[], str | None] = (lambda: next(keys, None)) if press is not None or as_json else _ask
    hello = Hello(chosen, told["source"], told["firm"])
    steps = walk(Stage(one, installed.kind_of(one), texts, hello, ask))
    if as_json:
        print_json([asdict(step) for step in steps])
        return
    for step in steps:
        click.echo(_told(step))


for command in (*copy_commands, *task_commands, *result_commands):
    survey.add_command(command)


def _faults_of(file: Path) -> list[Fault]:
    try:
        body = body_from(file)
    except BadData as error:
        return list(error.faults)
    return check_questionnaire(body, str(file.with_suffix("")), read_folder(SURVEYS))


def _entry(one: Questionnaire, kind: Kind) -> Entry:
    return {
        "id": one.id,
        "version": one.version,
        "title": one.title,
        "kind": kind.id,
        "class": kind.klass.value,
        "purposes": [purpose.value for purpose in kind.purposes],
        "free": kind.is_free,
        "lines": list(one.lines),
        "seconds": round(longest_seconds(one)),
    }


def _shown(one: Questionnaire, kind: Kind) -> list[str]:
    consents = ", ".join(purpose.value for purpose in kind.purposes)
    lines = [
        f"{one.id}/{one.version}  {one.title}",
        f"{kind.name}: {kind.klass.value}; needs consent to {consents}; {'free' if kind.is_free else 'billed'}",
        f"{kind.condition}",
        f"purpose: {one.purpose}",
        f"asked {one.asks} times each; partial from {one.partial_from} answers; low score {one.low_score or '-'};"
        f" about {longest_seconds(one):.0f} s",
    ]
    for question in one.questions:
        lines += ["", f"{question.id} ({question.kind.value}): {question.text}"]
        if question.takes_one_key:
            lines += [
                f"    {value}  {words}{_led(one, question.id, value)}" for value, words in question.choices.items()
            ]
        elif question.takes_answer:
            lines.append(f"    {question.least} to {question.most}{_led(one, question.id, None)}")
    return lines


def _led(one: Questionnaire, id: str, value: int | None) -> str:
    question = one.question(id)
    if value is not None and value in question.exit:
        return f"  => {question.exit[value].value}"
    target = one.after(question, value)
    return f"  -> {target}" if target != one.next_in_file(question) else ""


def _ask() -> str | None:
    """Ask for keys; an empty answer is silence, end of input hangs up."""
    try:
        return str(click.prompt("   keys", default="", show_default=False, prompt_suffix=" > "))
    except click.Abort:
        return None


def _told(step: Walked) -> str:
    if step.heard is not None:
        return f"{step.seconds:5.1f} s  {step.heard}"
    if step.pressed is not None:
        answer = f"  [{step.question} = {step.kept} {step.means or ''}]".rstrip() if step.kept is not None else ""
        return f"   keys > {step.pressed or '(silence)'}{answer}"
    return f"   => {step.end}"
