"""A ground for worlds in tests, and plans over the installed lines."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from commands.world_plan import Size, WorldFault, WorldPlan, drawn_plan
from commands.world_runs import Ground, ground
from commands.world_stores import SqliteStores
from config.files import HOLIDAYS, LINES, MESSAGES, read_file, read_folder
from config.settings import new_secret_keys
from ivr.lines.calendar import Calendar, load_calendar
from ivr.lines.model import Lines
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.sealing import Keyring

ALL = tuple(WorldFault)
KEYS = new_secret_keys(bytes(range(64)))


@lru_cache(maxsize=1)
def installed() -> tuple[Lines, Calendar]:
    """The lines and the calendar of the installation, read once."""
    return load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES))), load_calendar(read_file(HOLIDAYS))


def plan_of(seed: int, faults: Sequence[WorldFault] = ALL, *, size: Size | None = None) -> WorldPlan:
    """The plan of a seed, of a size that is drawn or given."""
    lines, calendar = installed()
    return drawn_plan(seed, faults, lines=lines, calendar=calendar, size=size)


@contextmanager
def worlds(*, database: str = "") -> Iterator[Ground]:
    """Where worlds are lived."""
    with ground(Keyring.from_secrets(KEYS), database=database) as here:
        yield here


@contextmanager
def put_back(here: Ground) -> Iterator[None]:
    """Whatever the block does to the store is undone after it."""
    stores = here.stores
    assert isinstance(stores, SqliteStores)
    kept = stores.folder / "kept.db"
    stores.engine.dispose()
    shutil.copy(stores.file, kept)
    yield
    stores.engine.dispose()
    for file in stores.folder.glob("world.db-*"):
        file.unlink()
    shutil.move(kept, stores.file)
