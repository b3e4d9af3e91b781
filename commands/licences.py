"""The page of licences: every package that an installation runs with, read from what is installed."""

import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import click
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from commands.installation import ROOT

LICENCES_PAGE = ROOT / "docs" / "licences.md"
LONGEST = 60
HEAD = """\
# Licences

Written by `charterline docs licences` from the packages that are installed; do not edit by hand. Versions and sums
stand in `uv.lock`. What the browser is given (htmx, uPlot, fonts, the Voice SDK) lies in `console/static` with its own
licence beside it.

Known weaknesses of these packages are asked of the Python advisory database by whoever installs, before each update:
`uvx pip-audit -r <(uv export --no-dev --format requirements-txt)`. It needs the network, so `./bin/check` does not.

| Package | Licence |
|---|---|
"""
# Where the metadata name no licence, the project's own licence file does.
BY_FILE = {"pysqlite3": "Zlib", "python-dateutil": "Apache-2.0 OR BSD-3-Clause"}
CLASSIFIER = "License :: OSI Approved :: "


def licences_page() -> str:
    """The page, package by package in the order of the alphabet."""
    return HEAD + "".join(
        f"| {name} | {BY_FILE.get(name) or _licence(found)} |\n" for name, found in sorted(_installed().items())
    )


@click.command("licences")
def write_licences() -> None:
    """Write docs/licences.md."""
    LICENCES_PAGE.write_text(licences_page(), encoding="utf-8")
    click.echo(f"Wrote {LICENCES_PAGE.relative_to(ROOT)}.")


def _installed() -> dict[str, Distribution]:
    """What the project asks for, and what that asks for in turn, as far as this machine needs it."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    waiting = [Requirement(text) for text in document["project"]["dependencies"]]
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        name, extras = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if (name, extras) in seen or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        seen.add((name, extras))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        waiting += _asked_by(found[name], extras)
    return found


def _asked_by(package: Distribution, extras: frozenset[str]) -> Iterator[Requirement]:
    for text in package.requires or ():
        wanted = Requirement(text)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            wanted.marker = None
            yield wanted


def _licence(package: Distribution) -> str:
    """The SPDX expression where there is one, else the short name, else what the classifiers say."""
    told = package.metadata
    short = next((told[name].strip() for name in ("License-Expression", "License") if told[name]), "")
    if short and len(short) <= LONGEST and "\n" not in short:
        return short
    named = [one.removeprefix(CLASSIFIER) for one in told.get_all("Classifier") or () if one.startswith(CLASSIFIER)]
    return ", ".join(named) or "see its files"
