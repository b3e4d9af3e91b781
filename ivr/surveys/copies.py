"""Questionnaires as they were asked, kept word for word, and edited copies of the installed ones."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Engine, Insert, func, select
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.promises import insert_for
from ivr.surveys.model import Question, Questionnaire, Questionnaires, UnknownQuestionnaire
from ivr.surveys.reading import parse_questionnaire
from ivr.surveys.rows import QuestionnaireText

_read: WeakKeyDictionary[Engine, dict[tuple[str, int], Questionnaire]] = WeakKeyDictionary()
"""Kept versions never change: each process reads one once."""

LEFT_OUT: Mapping[str, object] = {"seconds": None, "default": None, "choices": {}, "go": {}, "exit": {}}


@dataclass(frozen=True, slots=True)
class Known:
    """One questionnaire that can be asked; `based_on` is set for an edited copy."""

    questionnaire: Questionnaire
    installed: bool
    based_on: str | None = None


def keep(session: Session, questionnaire: Questionnaire, *, by: str, at: datetime) -> tuple[str, int]:
    """Keep the words of a questionnaire as one version; the id and version under which they stand.

    Words that are kept already keep their version; changed ones never take the place of those that were asked, and
    get the next number where theirs is taken.
    """
    return _keep(session, questionnaire, None, by=by, at=at)


def kept_as(asking: Session | Connection, questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire with the version of its words: the one under which they are kept, or the next that is free."""
    kept = select(QuestionnaireText.version, QuestionnaireText.body).where(QuestionnaireText.id == questionnaire.id)
    bodies = {version: body for version, body in asking.execute(kept).all()}
    for version, body in sorted(bodies.items(), reverse=True):
        same = questionnaire.model_copy(update={"version": version})
        if body == body_of(same):
            return same
    free = max(questionnaire.version, max(bodies, default=0) + 1)
    return questionnaire.model_copy(update={"version": free})


def keeping(
    dialect: str, questionnaire: Questionnaire, *, by: str, at: datetime, based_on: str | None = None
) -> Insert:
    """The statement that keeps the words under the version they have; nothing where that is kept already."""
    return (
        insert_for(dialect, QuestionnaireText)
        .values(
            id=questionnaire.id,
            version=questionnaire.version,
            body=body_of(questionnaire),
            based_on=based_on,
            kept_by=by,
            kept_at=at,
        )
        .on_conflict_do_nothing()
    )


def copy(session: Session, questionnaire: Questionnaire, new_id: str, *, by: str, at: datetime) -> tuple[str, int]:
    """Keep a copy under a new id, to be edited; raises `Refused` where the id is taken."""
    if newest_version(session, new_id) is not None:
        raise Refused(f"{new_id} is kept already: choose another id, or import a new version of it")
    made = questionnaire.model_copy(update={"id": new_id, "version": 1})
    parse_questionnaire(body_of(made))
    return _keep(session, made, questionnaire.id, by=by, at=at)


def bring(
    session: Session, questionnaire: Questionnaire, installed: Questionnaires, *, by: str, at: datetime
) -> tuple[str, int]:
    """Keep an edited file as a new version of a copy; raises `Refused` for the id of an installed questionnaire."""
    if questionnaire.id in installed:
        raise Refused(f"{questionnaire.id} is an installed questionnaire: change its file, or copy it under a new id")
    return _keep(session, questionnaire, _origin(session, questionnaire.id), by=by, at=at)


def newest_version(session: Session, id: str) -> int | None:
    """The highest version that is kept of a questionnaire."""
    return session.scalar(select(func.max(QuestionnaireText.version)).where(QuestionnaireText.id == id))


def questionnaire_of(
    asking: Session | Connection, id: str, version: int | None, *, installed: Questionnaires
) -> Questionnaire:
    """A version as it was kept, or the newest: the installed file's, else a copy's. Raises `UnknownQuestionnaire`."""
    if version is None:
        return _newest(asking, id, installed)
    found = _read.setdefault(_engine(asking), {})
    if (id, version) not in found:
        body = asking.scalar(select(QuestionnaireText.body).where(*_is(id, version)))
        if body is None:
            return _as_installed(id, version, installed)
        found[id, version] = parse_questionnaire(body, f"{id}/{version}")
    return found[id, version]


def known_questionnaires(session: Session, installed: Questionnaires) -> Iterator[Known]:
    """The newest version of everything that can be asked: the installed ones, then the copies."""
    for one in installed.values():
        yield Known(one, installed=True)
    newest = select(QuestionnaireText.id, func.max(QuestionnaireText.version)).group_by(QuestionnaireText.id)
    for id, version in session.execute(newest.order_by(QuestionnaireText.id)).all():
        if id not in installed:
            one = questionnaire_of(session, id, version, installed=installed)
            yield Known(one, installed=False, based_on=_origin(session, id))


def body_of(questionnaire: Questionnaire) -> str:
    """The questionnaire as the text of a file."""
    head = questionnaire.model_dump(mode="json", exclude={"questions"})
    lines = [f"{key} = {_value(value)}" for key, value in head.items() if value not in ("", [])]
    for question in questionnaire.questions:
        lines += ["", "[[questions]]", *_question(question)]
    return "\n".join(lines) + "\n"


def _question(question: Question) -> Iterator[str]:
    values = question.model_dump(mode="json")
    for name, field in Question.model_fields.items():
        value = values[name]
        if field.is_required() or value != LEFT_OUT.get(name, field.default):
            yield f"{name} = {_value(value)}"


def _value(value: object) -> str:
    """A value of TOML; what JSON writes for texts, numbers and lists is TOML too."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def _keep(
    session: Session, questionnaire: Questionnaire, based_on: str | None, *, by: str, at: datetime
) -> tuple[str, int]:
    one = kept_as(session, questionnaire)
    session.execute(keeping(session.get_bind().dialect.name, one, by=by, at=at, based_on=based_on))
    if session.scalar(select(QuestionnaireText.body).where(*_is(one.id, one.version))) != body_of(one):
        raise Refused(f"{one.id} was changed by somebody else at this moment: try again")
    return one.id, one.version


def _newest(asking: Session | Connection, id: str, installed: Questionnaires) -> Questionnaire:
    if id in installed:
        return installed[id]
    version = asking.scalar(select(func.max(QuestionnaireText.version)).where(QuestionnaireText.id == id))
    if version is None:
        raise UnknownQuestionnaire(
            f"no questionnaire has the id {id!r}: see `charterline survey list` for those there are"
        )
    return questionnaire_of(asking, id, version, installed=installed)


def _as_installed(id: str, version: int, installed: Questionnaires) -> Questionnaire:
    found = installed.get(id)
    if found is None or found.version != version:
        raise UnknownQuestionnaire(f"no version {version} of the questionnaire {id!r} is kept or installed")
    return found


def _origin(session: Session, id: str) -> str | None:
    query = select(QuestionnaireText.based_on).where(QuestionnaireText.id == id).order_by(QuestionnaireText.version)
    return session.scalars(query.limit(1)).one_or_none()


def _is(id: str, version: int) -> tuple[ColumnElement[bool], ...]:
    return (QuestionnaireText.id == id, QuestionnaireText.version == version)


def _engine(asking: Session | Connection) -> Engine:
    bind = asking.get_bind() if isinstance(asking, Session) else asking
    return bind.engine
