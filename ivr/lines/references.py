"""What the keys of a line's menus refer to: teams, skills, menus and templates that must exist."""

from collections.abc import Iterable, Iterator

from ivr.lines.actions import (
    FIND,
    Action,
    Back,
    Entry,
    Repeat,
    Sought,
    ToCallback,
    ToCode,
    ToConsent,
    ToFirm,
    ToGroup,
    ToMenu,
    ToNumber,
    ToQueue,
    ToRefusal,
    ToSay,
    ToText,
)
from ivr.lines.made_menus import all_menus
from ivr.lines.menus import AGENT, BACK, REPEAT, shared_keys
from ivr.lines.model import Line, Menu
from ivr.messages.register import INFORMATION_FIELDS
from ivr.messages.texts import Texts

Found = Iterator[tuple[str, str]]
"""Dotted key and message."""


def faults_of_keys(line: Line, texts: Texts) -> Found:
    """Every key and menu that refers to what is not there, or gives 0, # or * another meaning."""
    for menu in line.menus.values():
        if menu.team is not None or menu.skill is not None:
            team = menu.team or line.team
            yield from ((f"menus.{menu.id}.team", message) for message in _team(line, team, menu.skill))
        if menu.language not in texts.catalogues:
            yield f"menus.{menu.id}.language", f"has no catalogue: known are {names_of(texts.catalogues)}"
        if not menu.keys:
            yield f"menus.{menu.id}.keys", "has no keys: give the menu at least one"
        for key, entry in menu.keys.items():
            place = f"menus.{menu.id}.keys.{key}"
            yield from ((place, message) for message in _action(line, entry.action, texts))
            yield from ((place, message) for message in _shared(line, menu, key, entry))
            yield from ((place, message) for message in _product(line, entry))


def faults_of_booking(line: Line) -> Found:
    """A rule for bookings whose team is not there."""
    if line.booking is not None and line.booking.team not in line.teams:
        yield "booking.team", unknown_team(line, line.booking.team)


def faults_of_cases(line: Line) -> Found:
    """Every team that the rule of cases names and that is not there."""
    if line.cases.owner and line.teams and line.cases.owner not in line.teams:
        yield "cases.owner", unknown_team(line, line.cases.owner)
    for topic in line.cases.topics.values():
        if topic.team and line.teams and topic.team not in line.teams:
            yield f"cases.topics.{topic.id}.team", unknown_team(line, topic.team)


def _product(line: Line, entry: Entry) -> Iterator[str]:
    if entry.product is not None and entry.product not in line.products:
        known = names_of(line.products) or "none"
        yield f"names the product {entry.product!r}, which is not there: known are {known}"


def _action(line: Line, action: Action, texts: Texts) -> Iterator[str]:
    match action:
        case ToQueue(team, skill):
            yield from _team(line, team, skill)
        case ToCallback(team):
            yield from _team(line, team, None)
        case ToGroup() | ToCode() | ToFirm():
            yield from _of_firms(line, action)
        case ToMenu(menu):
            yield from _menu(line, menu)
        case ToSay(then=then):
            yield from _menu(line, then) if then else ()
        case ToText(template):
            yield from _information(template, texts)
        case ToNumber() | ToRefusal() | ToConsent() | Repeat() | Back():
            return


def _of_firms(line: Line, action: Sought) -> Iterator[str]:
    match action:
        case ToFirm(firm) if firm not in line.firms:
            yield f"names the firm {firm!r}, which is not there: known are {names_of(line.firms) or 'none'}"
        case ToCode() if not any(firm.code for firm in line.firms.values()):
            yield "asks for the code of a firm, and no firm has one: give a firm its code"
        case ToGroup(skill) if skill is not None:
            teams = {team for firm in line.firms.values() for team in line.groups_of(firm)} or {line.team}
            yield from (message for team in sorted(teams) for message in _team(line, team, skill))


def _team(line: Line, team: str, skill: str | None) -> Iterator[str]:
    if team not in line.teams:
        yield from [unknown_team(line, team)] if line.teams else []
    elif skill is not None and skill not in line.teams[team].skills:
        known = names_of(line.teams[team].skills)
        yield f"asks for the skill {skill!r}, which {team} lacks: it has {known or 'none'}"


def unknown_team(line: Line, team: str) -> str:
    """Say that a team is not there, and which are."""
    return f"names the team {team!r}, which is not there: known are {names_of(line.teams)}"


def _menu(line: Line, menu: str) -> Iterator[str]:
    if menu == FIND and menu not in all_menus(line):
        yield "lets callers find a firm by its products, and no firm has any: give a firm its products"
    elif menu not in all_menus(line):
        yield f"names the menu {menu!r}, which is not there: known are {names_of(line.menus)}"


def _information(template: str, texts: Texts) -> Iterator[str]:
    if template not in texts.templates:
        yield f"names the template {template!r}, which is not there: known are {names_of(texts.templates)}"
        return
    strange = sorted(texts.templates[template].fields - INFORMATION_FIELDS)
    if strange:
        yield f"names the template {template!r}, which needs {', '.join(strange)}: a menu cannot give them"


def _shared(line: Line, menu: Menu, key: str, entry: Entry) -> Iterator[str]:
    """Keys 0, # and * may be given a label or a team of their own, but not another meaning."""
    expected = shared_keys(line, menu.id).get(key)
    if expected is None or isinstance(entry.action, type(expected)):
        return
    yield {
        AGENT: "must lead to an agent (queue; callback in closed hours): key 0 does so on every menu",
        BACK: "must go back: key # does so on every menu",
        REPEAT: "must repeat the menu: key * does so on every menu",
    }[key]


def names_of(names: Iterable[str]) -> str:
    """Names in a row, for "known are ..."."""
    return ", ".join(sorted(names))
