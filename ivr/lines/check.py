"""What a line's parts must be to each other: names that exist, ways to a person, depth, spoken length."""

from collections.abc import Iterator, Mapping
from datetime import date

from ivr.faults import Fault
from ivr.korean import spoken_seconds
from ivr.lines.actions import ToCallback, ToGroup, ToNumber, ToQueue
from ivr.lines.check_firms import faults_of_centre, faults_of_firms, faults_of_groups
from ivr.lines.made_menus import all_menus
from ivr.lines.menus import links, paths, present, shared_keys
from ivr.lines.model import Line, Menu
from ivr.lines.monitoring import NOTICE
from ivr.lines.references import (
    Found,
    faults_of_booking,
    faults_of_cases,
    faults_of_keys,
    names_of,
    unknown_team,
)
from ivr.lines.senders import runs_out, unfit
from ivr.messages.fields import fields_of
from ivr.messages.texts import Texts

DEEPEST_MENU, DEEP_MENU = 5, 3
LONGEST_MENU_SECONDS, LONG_MENU_SECONDS, LONG_NOTICE_SECONDS = 45, 30, 8
UNREACHED = "cannot be reached by any key: link it or remove it"
PROTECTION = "protection"


def faults_of_line(line: Line, file: str, texts: Texts) -> list[Fault]:
    """Every fault in how the parts of one line fit together."""
    errors = [
        *_names(line, file),
        *_emptiness(line),
        *faults_of_keys(line, texts),
        *faults_of_firms(line),
        *faults_of_groups(line),
        *faults_of_centre(line),
        *faults_of_booking(line),
        *faults_of_cases(line),
        *_graph(line),
        *_announcement(line),
        *_monitoring(line),
    ]
    errors += [*_sender(line), *_templates(line, texts)]
    warnings = list(_advice(line))
    for key, message, is_error in _lengths(line, texts):
        (errors if is_error else warnings).append((key, message))
    return [
        *(Fault(file, key, message) for key, message in errors),
        *(Fault(file, key, message, "warning") for key, message in warnings),
    ]


def faults_of_day(line: Line, file: str, *, today: date) -> list[Fault]:
    """What is wrong on that day in Seoul, or soon will be: it keeps texts from being sent, not the line from calls."""
    sender, senders = line.texts.sender, line.texts.senders
    why = unfit(sender, senders, today=today)
    if why is not None and sender in {one.number for one in senders}:
        return [Fault(file, "texts.senders", f"{why}: no text is sent until it is registered and entered here")]
    last = runs_out(sender, senders, today=today)
    if last is None:
        return []
    return [Fault(file, "texts.senders", f"the registration of the sender ends on {last}: renew it", "warning")]


def faults_between(lines: Mapping[str, Line]) -> list[Fault]:
    """Ids and numbers that stand in two files, or twice in one."""
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for file, line in lines.items():
        claims = [("id", line.id), ("number", line.number)]
        claims += [(f"numbers.{index}", number) for index, number in enumerate(line.numbers)]
        claims += [("texts.refusal_number", line.texts.refusal_number)] if line.texts.refusal_number else []
        for key, value in claims:
            if value in seen:
                faults.append(Fault(file, key, f"{value} is already used in {seen[value]}: use it once"))
            seen.setdefault(value, f"{file} ({key})")
    return faults


def _monitoring(line: Line) -> Found:
    if line.monitoring.allowed and all(notice.id != NOTICE for notice in line.notices):
        why = "supervisors may listen, and callers are not told: add a notice with the id monitoring, or allow it not"
        yield ("monitoring.allowed", why)


def _names(line: Line, file: str) -> Found:
    if file != f"{line.id}.toml":
        yield "id", f"is {line.id!r}, but the file is {file}: give both the same name"
    for key, menu in (("start", line.start), ("closed", line.closed)):
        if line.menus and menu not in line.menus:
            yield key, f"names the menu {menu!r}, which is not there: known are {names_of(line.menus)}"
    if line.start == line.closed:
        yield "closed", "is the start menu: write a menu of its own for closed hours"
    if line.teams and line.team not in line.teams:
        yield "team", unknown_team(line, line.team)
    if line.teams and line.documents.team and line.documents.team not in line.teams:
        yield "documents.team", unknown_team(line, line.documents.team)
    if line.teams and line.surveys.agent_team and line.surveys.agent_team not in line.teams:
        yield "surveys.agent_team", unknown_team(line, line.surveys.agent_team)


def _emptiness(line: Line) -> Found:
    for key in ("menus", "teams"):
        if not getattr(line, key):
            yield key, "is empty: write at least one"
    if not line.numbers:
        yield "numbers", "is empty: name at least one number (DID) on which calls arrive"
    named = [("hours", line.hours), *((f"dated_hours.{place}", hours) for place, hours in enumerate(line.dated_hours))]
    for key, hours in named:
        if not (hours.weekdays or hours.saturday or hours.sunday or hours.holidays):
            yield key, "never opens the line: give at least one span"


def _graph(line: Line) -> Found:
    reached = _reached(line)
    for menu_id, menu in line.menus.items():
        if menu_id not in reached and line.start in line.menus and line.closed in line.menus:
            yield f"menus.{menu_id}", UNREACHED
        elif len(reached.get(menu_id, ())) > DEEPEST_MENU:
            yield (
                f"menus.{menu_id}",
                f"lies {len(reached[menu_id])} levels deep: at most {DEEPEST_MENU} are allowed",
            )
        if not _leads_to_person(line, menu, frozenset()):
            yield f"menus.{menu_id}", "has no way to a person: let a key lead to a queue or a callback"


def _reached(line: Line) -> dict[str, tuple[str, ...]]:
    """The way to every menu that a key leads to; the menu of a centre's firms stands on top of its own."""
    of_firms = paths(line, line.centre.menu) if line.centre else {}
    return {**of_firms, **paths(line, line.closed), **paths(line, line.start)}


def _leads_to_person(line: Line, menu: Menu, been: frozenset[str]) -> bool:
    actions = {**shared_keys(line, menu.id), **{key: entry.action for key, entry in menu.keys.items()}}
    if any(isinstance(action, ToQueue | ToGroup | ToCallback | ToNumber) for action in actions.values()):
        return True
    menus = all_menus(line)
    further = [target for target in links(menu) if target in menus and target not in been]
    return any(_leads_to_person(line, menus[target], been | {menu.id}) for target in further)


def _announcement(line: Line) -> Found:
    wordings = {"template": line.announcement.template, "outbound": line.announcement.outbound}
    for key, template in wordings.items():
        left_out = set(line.announcement.requires) - fields_of(template) if template else ()
        for part in sorted(left_out):
            yield f"announcement.{key}", f"leaves out {{{part}}}, which this institution requires: put it in"


def _sender(line: Line) -> Found:
    if line.texts.sender not in {one.number for one in line.texts.senders}:
        yield "texts.sender", "is not registered to this line: enter its proof under [[texts.senders]]"


def _templates(line: Line, texts: Texts) -> Found:
    for key, template in (
        ("texts.receipt", line.texts.receipt),
        ("texts.callback", line.texts.callback),
        ("texts.transfer", line.texts.transfer),
    ):
        if template not in texts.templates:
            yield (
                key,
                f"names the template {template!r}, which is not there: known are {names_of(texts.templates)}",
            )


def _advice(line: Line) -> Found:
    for menu_id, path in _reached(line).items():
        if menu_id in line.menus and DEEP_MENU < len(path) <= DEEPEST_MENU:
            yield f"menus.{menu_id}", f"lies {len(path)} levels deep: {DEEP_MENU} or fewer are better"
    for notice_index, notice in enumerate(line.notices):
        seconds = spoken_seconds(notice.text)
        if seconds > LONG_NOTICE_SECONDS:
            yield (
                f"notices.{notice_index}.text",
                f"lasts about {seconds:g} s: {LONG_NOTICE_SECONDS} s or less is better",
            )
    if PROTECTION not in {notice.id for notice in line.notices}:
        yield (
            "notices",
            f"has no notice {PROTECTION!r} (Occupational Safety and Health Act, article 41): add it",
        )
    if line.spoken_institution not in line.greeting:
        yield "greeting", "does not say the institution's name: begin with it"


def _lengths(line: Line, texts: Texts) -> Iterator[tuple[str, str, bool]]:
    for menu in all_menus(line).values():
        if menu.language not in texts.catalogues or not menu.keys:
            continue
        seconds = spoken_seconds(present(line, menu.id, texts).text)
        if seconds > LONG_MENU_SECONDS:
            limit = LONGEST_MENU_SECONDS if seconds > LONGEST_MENU_SECONDS else LONG_MENU_SECONDS
            message = f"takes about {seconds:g} s to say, over {limit} s: give it fewer or shorter entries"
            yield f"menus.{menu.id}", message, seconds > LONGEST_MENU_SECONDS
