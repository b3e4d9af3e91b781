"""An installation opened for a command: its lines, words and database."""

from dataclasses import dataclass, field

import click

from config.files import HOLIDAYS, LINES, MESSAGES, SURVEYS, read_file, read_folder
from config.settings import Settings
from ivr.lines.calendar import Calendar, installed_calendar
from ivr.lines.model import Lines
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.messages.texts import Texts
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from ivr.surveys.model import Questionnaires
from ivr.surveys.reading import load_questionnaires


@dataclass(frozen=True, slots=True)
class Opened:
    """What commands work with."""

    settings: Settings
    lines: Lines
    texts: Texts
    store: Store
    calendar: Calendar
    surveys: Questionnaires = field(default_factory=Questionnaires)


def open_installation(settings: Settings) -> Opened:
    """Open lines, words and database of `settings`; within a command the database is let go at its end."""
    texts = load_texts(read_folder(MESSAGES))
    keyring = Keyring.from_secrets(settings.secret_keys.get_secret_value())
    store = Store(make_engine(settings.database_url, keyring=keyring))
    if command := click.get_current_context(silent=True):
        command.call_on_close(store.engine.dispose)
    calendar = installed_calendar(read_file(HOLIDAYS), always_open=settings.always_open)
    lines, surveys = load_lines(read_folder(LINES), texts), load_questionnaires(read_folder(SURVEYS))
    return Opened(settings, lines, texts, store, calendar, surveys)
