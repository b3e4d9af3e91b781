"""`charterline doctor`: what is wrong with an installation, where, and what to do about it."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from commands.doctor_database import has_file, look_at_database
from commands.doctor_findings import Finding, Verdict, fine, wrong
from commands.doctor_ground import look_at_files, look_at_folder, look_at_secrets
from commands.doctor_network import look_at_carrier, look_at_public_url
from commands.doctor_redis import look_at_redis
from commands.installation import complete, installed_settings
from commands.shared import AS_JSON, print_json
from config.clock import system_clock
from config.files import LINES, MESSAGES, UnreadableFiles, read_folder
from config.settings import BadSettings, Settings
from ivr.campaigns.rows import Campaign, CampaignState
from ivr.faults import BadData
from ivr.lines.model import Lines
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.sealing import Keyring
from ivr.store import Store, make_engine

Look = Callable[[], Iterable[Finding]]
# So long is waited for a database that says nothing.
PATIENCE_SECONDS = 5.0


@click.command()
@click.option("--inside", is_flag=True, help="Leave out the carrier and the public URL: nothing outside is asked.")
@AS_JSON
def doctor(inside: bool, as_json: bool) -> None:
    """Look at settings, database, Redis, carrier, public URL, files and processes; status 1 where something is wrong.

    Nothing is changed. Every finding says what, where, and what to do. What is "soon" works today.
    """
    findings = list(_everything(inside=inside))
    is_wrong = any(finding.verdict is Verdict.WRONG for finding in findings)
    if as_json:
        print_json({"ok": not is_wrong, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(_in_words(finding))
        click.echo(_summed_up(findings))
    if is_wrong:
        raise SystemExit(1)


def _everything(*, inside: bool) -> Iterator[Finding]:
    yield from look_at_files()
    try:
        settings = installed_settings()
    except BadSettings as error:
        remedy = "set it (docs/settings.md) and run this command again: everything else rests on the settings"
        for problem in error.problems:
            yield wrong("settings", problem, where=problem.split(":")[0].split(" ")[0], remedy=remedy)
        return
    yield fine("settings", "are complete", "CHARTERLINE_* (docs/settings.md)")
    yield from look_at_secrets(complete(os.environ).environment)
    yield from look_at_folder(settings)
    yield from _rooms(settings, inside=inside)


def _rooms(settings: Settings, *, inside: bool) -> Iterator[Finding]:
    keyring = Keyring.from_secrets(settings.secret_keys.get_secret_value())
    engine = make_engine(settings.database_url, keyring=keyring, patience=PATIENCE_SECONDS)
    try:
        store = Store(engine)
        yield from look_at_database(settings, store, system_clock())
        yield from look_at_redis(settings, is_dialling=has_file(settings) and _is_dialling(store))
    finally:
        engine.dispose()
    if not inside:
        yield from look_at_carrier(settings, _lines())
        yield from look_at_public_url(settings)


def _is_dialling(store: Store) -> bool:
    running = select(Campaign.id).where(Campaign.state == CampaignState.RUNNING).limit(1)
    try:
        with store.reading() as session:
            return session.scalar(running) is not None
    except SQLAlchemyError:
        return False


def _lines() -> Lines | None:
    """The lines as installed; None where their files are wrong, which was told already."""
    try:
        return load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES)))
    except (BadData, UnreadableFiles):
        return None


def _in_words(finding: Finding) -> str:
    told = f"{finding.verdict.value:<6} {finding.part}: {finding.what}"
    if finding.verdict is Verdict.FINE:
        return told
    return f"{told}\n         where: {finding.where}\n         do:    {finding.remedy}"


def _summed_up(findings: Iterable[Finding]) -> str:
    verdicts = [finding.verdict for finding in findings]
    return ", ".join(f"{verdicts.count(verdict)} {verdict.value}" for verdict in reversed(Verdict))
