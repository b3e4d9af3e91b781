"""Spoken texts and text messages of the visitor's line: found, looked at with their versions, and worded anew."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from flask import abort, flash, redirect, render_template, request, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.filters import moment
from console.forms import Faults, read_form
from console.lines.editing import current, kept_editions, make
from console.lines.faults import told
from console.lines.previews import Preview, preview_of, previewing, samples
from console.lines.room import EDITORS, blueprint
from console.lines.scope import ALL, scope
from console.office import office
from console.visitor import STAFF, allowed, visitor, wording
from ivr.base import Refused
from ivr.editions.checking import Draft, check
from ivr.editions.merging import OF_LINE
from ivr.editions.publishing import StaleEdition
from ivr.editions.rows import ALL_LINES, Edition, EditionKind
from ivr.editions.schedule import Place, in_force
from ivr.editions.words import Word, fields_known, prompts_of, templates_of
from ivr.faults import BadData
from ivr.lines.hours import SEOUL

GROUP_FIRST: Final = "own"
CHANGED: Final = "changed"
EVERYTHING: Final = "all"


class WordForm(BaseModel):
    """New words as typed; `version` is the newest one that was seen."""

    text: str = Field(min_length=1, max_length=2000)
    begins: Literal["now", "later"] = "now"
    begins_at: datetime | None = None
    why: str = Field(min_length=2, max_length=200)
    version: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two lists of words, with the names of its views."""

    kind: EditionKind
    list_view: str
    word_view: str
    publish_view: str
    check_view: str


PROMPT: Final = Kind(EditionKind.PROMPT, "lines.prompts", "lines.prompt", "lines.make_prompt", "lines.check_prompt")
TEMPLATE: Final = Kind(
    EditionKind.TEMPLATE, "lines.templates", "lines.template", "lines.make_template", "lines.check_template"
)


@blueprint.get("/prompts")
@allowed(*STAFF)
def prompts() -> str:
    """Everything that is said on the line, by subject."""
    return _list(PROMPT, request.args.get("group", GROUP_FIRST))


@blueprint.get("/templates")
@allowed(*STAFF)
def templates() -> str:
    """Every text message of the line."""
    return _list(TEMPLATE, request.args.get("group", EVERYTHING))


@blueprint.get("/prompts/<path:key>")
@allowed(*STAFF)
def prompt(key: str) -> str:
    """One spoken text."""
    return _page(PROMPT, key)


@blueprint.get("/templates/<path:key>")
@allowed(*STAFF)
def template(key: str) -> str:
    """One text message."""
    return _page(TEMPLATE, key)


@blueprint.post("/prompts/<path:key>")
@allowed(*EDITORS)
def make_prompt(key: str) -> Response | tuple[str, int]:
    """Word a spoken text anew."""
    return _make(PROMPT, key)


@blueprint.post("/templates/<path:key>")
@allowed(*EDITORS)
def make_template(key: str) -> Response | tuple[str, int]:
    """Word a text message anew."""
    return _make(TEMPLATE, key)


@blueprint.post("/check/prompts/<path:key>")
@allowed(*EDITORS)
def check_prompt(key: str) -> str:
    """What would be said to these words; keeps nothing."""
    return _checked(PROMPT, key)


@blueprint.post("/check/templates/<path:key>")
@allowed(*EDITORS)
def check_template(key: str) -> str:
    """What would be said to these words; keeps nothing."""
    return _checked(TEMPLATE, key)


def _words(kind: Kind, editions: list[Edition]) -> list[Word]:
    reading = prompts_of if kind is PROMPT else templates_of
    return reading(current().files, editions, visitor().line.id, at=office().clock())


def _list(kind: Kind, group: str) -> str:
    words, sought = _words(kind, kept_editions()), request.args.get("q", "").strip()
    groups = list(dict.fromkeys(word.group for word in words))
    changed = [word for word in words if word.edition is not None or word.coming]
    if sought:
        shown = [word for word in words if sought.casefold() in f"{word.key} {word.text}".casefold()]
    elif group == CHANGED:
        shown = changed
    else:
        shown = [word for word in words if group in {EVERYTHING, word.group}]
    preview = previewing(kind.kind)
    return render_template(
        "lines/words.html",
        kind=kind,
        words=[(word, preview(word.text)) for word in shown],
        groups=groups,
        group=group,
        sought=sought,
        changed=len(changed),
    )


def _page(kind: Kind, key: str, *, faults: Faults | None = None, said: str = "") -> str:
    editions = kept_editions()
    word = _word(kind, key, editions)
    own = [one for one in editions if (one.line, one.kind, one.key) == _place(kind, key)]
    taken = request.args.get("take", type=int)
    holds = in_force(editions, office().clock()).get(_place(kind, key))
    is_all = scope() == ALL_LINES
    standing = word.text if not is_all else str(holds.content["text"]) if holds else word.of_file
    text = next((str(one.content["text"]) for one in own if one.id == taken), standing)
    typed = faults.typed.get("text", text) if faults else text
    return render_template(
        "lines/word.html",
        kind=kind,
        word=word,
        text=text,
        preview=preview_of(kind.kind, word.text),
        checked=_check(kind, key, typed, editions) if visitor().may(*EDITORS) else None,
        versions=list(reversed(own)),
        in_force=holds,
        is_all=is_all,
        version=max((one.version for one in own), default=0),
        faults=faults,
        said=said,
        fields=[(name, samples(kind.kind).get(name, "")) for name in fields_known(kind.kind, key)],
        soonest=office().clock().astimezone(SEOUL).strftime("%Y-%m-%dT%H:%M"),
    )


def _make(kind: Kind, key: str) -> Response | tuple[str, int]:
    _word(kind, key, kept_editions())
    form = read_form(WordForm)
    if isinstance(form, Faults):
        return _page(kind, key, faults=form), 422
    begins = _beginning(form)
    draft = Draft(_place(kind, key), {"text": _joined(kind, form.text)}, form.why, form.version, begins)
    typed = {name: str(value) for name, value in request.form.items()}
    try:
        made = make(draft).edition
    except BadData as error:
        first = next(fault for fault in error.faults if fault.severity == "error")
        return _page(kind, key, faults=Faults(typed, {"text": told(first).text})), 422
    except StaleEdition:
        return _page(kind, key, faults=Faults(typed), said=wording().say("lines.stale")), 409
    except Refused as error:
        return _page(kind, key, faults=Faults(typed, {"begins_at": told(error).text})), 422
    begun = made.effective_from <= office().clock()
    flash(wording().say("lines.made_now" if begun else "lines.made_later", at=moment(made.effective_from)), "good")
    return redirect(url_for(kind.word_view, key=key, scope=ALL if scope() == ALL_LINES else None), 303)


def _checked(kind: Kind, key: str) -> str:
    editions = kept_editions()
    _word(kind, key, editions)
    typed = request.form.get("text", "")[:2000]
    return render_template("lines/checked.html", kind=kind, checked=_check(kind, key, typed, editions))


@dataclass(frozen=True, slots=True)
class Checked:
    """What is said to a draft: sentences, and how it reads, sounds and weighs."""

    sentences: tuple[tuple[str, bool], ...]
    preview: Preview

    @property
    def is_good(self) -> bool:
        """Nothing keeps it from being made."""
        return not any(is_error for _, is_error in self.sentences)


def _check(kind: Kind, key: str, text: str, editions: list[Edition]) -> Checked:
    text = _joined(kind, text)
    draft = Draft(_place(kind, key), {"text": text})
    found = [told(fault) for fault in check(current().files, editions, draft, at=office().clock())]
    sentences = tuple(dict.fromkeys((one.text, one.is_error) for one in found))
    return Checked(sentences, preview_of(kind.kind, text))


def _word(kind: Kind, key: str, editions: list[Edition]) -> Word:
    found = next((word for word in _words(kind, editions) if word.key == key), None)
    if found is None:
        abort(404)
    return found


def _place(kind: Kind, key: str) -> Place:
    """What is worded: for the visitor's line, or for all where that is asked for; a line's own texts are its own."""
    line = scope()
    if line == ALL_LINES and key.startswith(OF_LINE):
        abort(404)
    return Place(line, kind.kind, key)


def _joined(kind: Kind, text: str) -> str:
    """What is spoken is one line; a text message keeps its lines, as browsers send them with another ending."""
    return " ".join(text.split()) if kind is PROMPT else "\n".join(line.rstrip() for line in text.strip().splitlines())


def _beginning(form: WordForm) -> datetime | None:
    if form.begins == "now" or form.begins_at is None:
        return None
    return form.begins_at.replace(tzinfo=SEOUL).astimezone(UTC)
