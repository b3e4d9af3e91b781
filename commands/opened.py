"""An installation opened for a command: its lines, words and database."""

from dataclasses import dataclass, field

import click
import structlog

from config.clock import system_clock
from config.files import HOLIDAYS, LINES, MESSAGES, SURVEYS, read_file, read_folder
from config.settings import Settings
from ivr.editions.current import Current
from ivr.editions.merging import Files
from ivr.lines.calendar import Calendar
from ivr.lines.model import Lines
from ivr.messages.texts import Texts
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from ivr.surveys.model import Questionnaires
from ivr.surveys.reading import load_questionnaires

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """What commands work with."""

    settings: Settings
    lines: Lines
    texts: Texts
    store: Store
    calendar: Calendar
    surveys: Questionnaires = field(default_factory=Questionnaires)
    current: Current | None = None


def open_installation(settings: Settings) -> Opened:
    """Open lines, words and database of `settings`; within a command the database is let go at its end.

    Lines, words and calendar are those of this moment, editions included: a command asks once.
    """
    keyring = Keyring.from_secrets(settings.secret_keys.get_secret_value())
    store = Store(make_engine(settings.database_url, keyring=keyring))
    if command := click.get_current_context(silent=True):
        command.call_on_close(store.engine.dispose)
    files = Files(read_folder(MESSAGES), read_folder(LINES), read_file(HOLIDAYS), settings.always_open)
    current = Current(files, store, clock=system_clock, tell=log.warning)
    now, surveys = current.look(), load_questionnaires(read_folder(SURVEYS))
    return Opened(settings, now.lines, now.texts, store, now.calendar, surveys, current)
