"""What the parts of a courtesy form must be to each other: versions, weights, stages, scales and suggestions."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import get_args

from ivr.courtesy.form import TIERS, Form, FormFile, Item, Stage, Suggest
from ivr.faults import Fault

Found = Iterator[tuple[str, str]]
"""Key and message."""

WHOLE = 100
FEWEST, MOST = 8, 11


def faults_of_form(file: FormFile, name: str) -> list[Fault]:
    """Every fault in how the parts of one file fit together; an unusual number of items is a warning."""
    errors = [*_heading(file, name), *_versions(file)]
    for item in file.items:
        errors += _of_item(file, item)
    warnings: list[tuple[str, str]] = []
    for version in file.versions:
        form = file.form(version.version)
        errors += _of_version(form)
        warnings += _length(form)
    return [
        *(Fault(name, key, message) for key, message in errors),
        *(Fault(name, key, message, "warning") for key, message in warnings),
    ]


def _heading(file: FormFile, name: str) -> Found:
    if name != f"{file.heading.form}.toml":
        yield "form", f"is {file.heading.form!r}, but the file is {name}: give both the same name"
    for stage in get_args(Stage):
        if stage not in file.heading.stages:
            yield "stages", f"has no name for {stage}: add it"


def _versions(file: FormFile) -> Found:
    for place, version in enumerate(file.versions, start=1):
        if version.version != place:
            yield f"versions.{place - 1}.version", f"is {version.version}: count the versions up from 1, oldest first"
    for place, (older, newer) in enumerate(pairwise(file.versions)):
        last = newer.effective_from - timedelta(days=1)
        if older.effective_to != last:
            yield f"versions.{place}.effective_to", f"must be the day before version {newer.version}: write {last}"


def _of_item(file: FormFile, item: Item) -> Found:
    above = f"items.{item.id}"
    if len(item.scores) < 2:
        yield f"{above}.scores", "has fewer than two scores: nothing could be told apart, write more"
    numbers = {version.version for version in file.versions}
    for key in ("from_version", "to_version"):
        number = getattr(item, key)
        if number is not None and number not in numbers:
            yield f"{above}.{key}", f"names version {number}, which is not there"
    if item.suggest is not None:
        yield from ((f"{above}.suggest.points", message) for message in _suggestion(item, item.suggest))


def _suggestion(item: Item, suggest: Suggest) -> Iterator[str]:
    tiers = TIERS[suggest.source]
    for tier in tiers:
        if tier not in suggest.points:
            yield f"has nothing for {tier}: {suggest.source} may be {', '.join(tiers)}"
    for tier, points in suggest.points.items():
        if tier not in tiers:
            yield f"names {tier}, which is not known: {suggest.source} may be {', '.join(tiers)}"
        if points not in item.scores:
            known = ", ".join(map(str, sorted(item.scores)))
            yield f"gives {points} for {tier}, which is no score of this item: use {known}"


def _of_version(form: Form) -> Found:
    for id, times in Counter(item.id for item in form.items).items():
        if times > 1:
            yield f"items.{id}", f"stands {times} times in version {form.version}: end the older one with to_version"
    weight = sum(item.weight for item in form.items)
    if weight != WHOLE:
        yield "items", f"have weights of {weight} in version {form.version}: make them add up to {WHOLE}"
    for stage in get_args(Stage):
        if all(item.stage != stage for item in form.items):
            yield "items", f"have none for the stage {stage} in version {form.version}: add one"


def _length(form: Form) -> Found:
    if not FEWEST <= len(form.items) <= MOST:
        yield "items", f"are {len(form.items)} in version {form.version}: such forms mostly have {FEWEST} to {MOST}"
