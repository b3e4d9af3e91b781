"""Attacks for as long as wanted, drawn by a seed: `python -m tests.fuzz --examples 1000`; the suite draws few."""

import logging
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import click
import structlog
from sqlalchemy import Engine

from config.settings import new_secret_keys
from ivr.addresses import Address
from ivr.sealing import Keyring
from ivr.store import make_engine
from migrations.models import all_tables
from tests.fuzz.api import Api, attack_an_operation
from tests.fuzz.console import Stage, attack_a_view
from tests.fuzz.pages import Public, attack_a_page
from tests.fuzz.trying import try_often
from tests.fuzz.webhooks import attack_a_conversation, attack_every_entry
from tests.http.board import Moment, Signed, board_over


def _conversations(engine: Engine, examples: int, seed: int) -> int:
    try_often(partial(attack_a_conversation, engine), examples=examples, by_seed=seed)
    return examples


def _entries(engine: Engine, examples: int, seed: int) -> int:
    try_often(partial(attack_every_entry, Signed.to(board_over(engine, Moment()))), examples=examples, by_seed=seed)
    return examples * len(Address)


def _pages(engine: Engine, examples: int, seed: int) -> int:
    public = Public.over(engine)
    rules = list(public.rules())
    for rule, method in rules:
        try_often(partial(attack_a_page, public, rule, method), examples=examples, by_seed=seed)
    return examples * len(rules)


def _api(engine: Engine, examples: int, seed: int) -> int:
    api = Api.over(engine)
    for operation in api.operations:
        try_often(partial(attack_an_operation, api, operation), examples=examples, by_seed=seed)
    return examples * len(api.operations)


def _console(engine: Engine, examples: int, seed: int) -> int:
    with tempfile.TemporaryDirectory(prefix="charterline-fuzz-") as folder:
        stage = Stage.over(engine, Path(folder))
        views = list(stage.rules())
        for at in views:
            try_often(partial(attack_a_view, stage, *at), examples=examples, by_seed=seed)
    return examples * len(views)


PLACES: Final[Mapping[str, Callable[[Engine, int, int], int]]] = {
    "conversations": _conversations,
    "entries": _entries,
    "pages": _pages,
    "api": _api,
    "console": _console,
}


@click.command()
@click.argument("places", nargs=-1, type=click.Choice(list(PLACES)))
@click.option("--examples", default=200, show_default=True, type=click.IntRange(1), help="How many of each attack.")
@click.option("--seed", default=1, show_default=True, help="Another seed draws other attacks.")
@click.option("--rounds", default=1, show_default=True, help="So often, each time with the next seed and all anew.")
def attack(places: tuple[str, ...], examples: int, seed: int, rounds: int) -> None:
    """Attack PLACES (all of them where none is named); stops at the first thing that is wrong.

    The database is a SQLite file of its own, or an empty one at CHARTERLINE_FUZZ_DATABASE_URL.
    """
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    done: Counter[str] = Counter()
    for ordinal in range(rounds):
        for place in places or PLACES:
            began = time.monotonic()
            with _database() as engine:
                done[place] += PLACES[place](engine, examples, seed + ordinal)
            click.echo(f"{place}: {done[place]} attacks, seed {seed + ordinal}, {time.monotonic() - began:.0f} s")


@contextmanager
def _database() -> Iterator[Engine]:
    """An empty one with every table, gone afterwards."""
    keyring = Keyring.from_secrets(new_secret_keys(bytes(range(64))))
    with tempfile.TemporaryDirectory(prefix="charterline-fuzz-") as folder:
        url = os.environ.get("CHARTERLINE_FUZZ_DATABASE_URL") or f"sqlite:///{Path(folder) / 'hotline.db'}"
        engine = make_engine(url, keyring=keyring)
        tables = all_tables()
        tables.drop_all(engine)
        tables.create_all(engine)
        try:
            yield engine
        finally:
            tables.drop_all(engine)
            engine.dispose()


if __name__ == "__main__":
    attack()
