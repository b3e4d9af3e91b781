"""What a line's client firms, its kinds of products and its teams must be to each other."""

import re
from collections.abc import Iterator

from ivr.lines.firms import Firm
from ivr.lines.model import Line
from ivr.lines.references import Found, names_of, unknown_team
from ivr.messages.fields import fields_of

# Ids stand in addresses and in the ids of menus.
FIRM_ID = re.compile(r"[a-z0-9_-]{1,40}")


def faults_of_firms(line: Line) -> Found:
    """Every firm that nobody can reach, that takes what is another's, or that names what is not there."""
    yield from _taken_twice(line)
    for firm in line.firms.values():
        yield from ((f"firms.{firm.id}.{key}", message) for key, message in _firm(line, firm))


def faults_of_groups(line: Line) -> Found:
    """Every kind of product and every help between teams that leads nowhere."""
    for product in line.products.values():
        place = f"products.{product.id}.team"
        if product.team is None and line.centre is not None:
            yield place, "is missing: name the group that knows this kind of product"
        elif product.team is not None and line.teams and product.team not in line.teams:
            yield place, unknown_team(line, product.team)
    for team in line.teams.values():
        for index, helper in enumerate(team.overflow):
            place = f"teams.{team.id}.overflow.{index}"
            if helper not in line.teams:
                yield place, unknown_team(line, helper)
            elif helper == team.id:
                yield place, f"names {helper} itself: name other teams"


def faults_of_centre(line: Line) -> Found:
    """A centre without a menu for the customers of its firms, or without words in their name."""
    if line.centre is None:
        for name, words in _words_of_firms(line):
            if words and not line.firms:
                yield f"announcement.{name}", "is for the customers of firms, and this line has none: remove it"
        return
    if not line.centre.menu:
        yield "centre.menu", "is missing: name the menu that the customers of a firm hear"
    elif line.menus and line.centre.menu not in line.menus:
        known = names_of(line.menus)
        yield "centre.menu", f"names the menu {line.centre.menu!r}, which is not there: known are {known}"
    needed = {"firm" if part == "institution" else part for part in line.announcement.requires} | {"firm"}
    for name, words in _words_of_firms(line):
        for part in sorted(needed - fields_of(words)) if words else ():
            yield f"announcement.{name}", f"leaves out {{{part}}}, which this institution requires: put it in"


def _words_of_firms(line: Line) -> tuple[tuple[str, str], ...]:
    said = line.announcement
    return ("of_firm", said.of_firm), ("outbound_of_firm", said.outbound_of_firm)


def _taken_twice(line: Line) -> Found:
    owners: dict[str, str] = {}
    for firm in line.firms.values():
        claims = [(f"numbers.{index}", number) for index, number in enumerate(firm.numbers)]
        claims += [("code", firm.code)] if firm.code else []
        for key, claimed in claims:
            place = f"firms.{firm.id}.{key}"
            if claimed in owners:
                yield place, f"{claimed} is already used in {owners[claimed]}: use it once"
            owners.setdefault(claimed, place)


def _firm(line: Line, firm: Firm) -> Iterator[tuple[str, str]]:
    if not FIRM_ID.fullmatch(firm.id):
        yield "id", f"{firm.id!r} is no id of a firm: use small letters, digits, - and _, at most 40"
    for index, number in enumerate(firm.numbers):
        if number in {line.number, *line.numbers[:1]}:
            yield f"numbers.{index}", f"{number} is where all callers of the line arrive: give the firm another number"
        elif number not in line.numbers:
            yield f"numbers.{index}", f"{number} is none of the numbers of this line: add it to numbers"
    if not firm.numbers and not firm.code and firm.until is None:
        yield "code", "is missing, and so is a number: nobody could reach the firm"
    if firm.team is not None and line.teams and firm.team not in line.teams:
        yield "team", unknown_team(line, firm.team)
    yield from _products(line, firm)


def _products(line: Line, firm: Firm) -> Iterator[tuple[str, str]]:
    for index, product in enumerate(firm.products):
        if product not in line.products:
            known = names_of(line.products) or "none"
            yield f"products.{index}", f"names the product {product!r}, which is not there: known are {known}"
        elif product in firm.products[:index]:
            yield f"products.{index}", f"names the product {product!r} a second time: name it once"
