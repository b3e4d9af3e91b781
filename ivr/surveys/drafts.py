"""Questionnaires that are being written: one draft each, with the versions before it, until it is published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ivr.base import ROW_LOCK, Base, Moment, Refused
from ivr.surveys.copies import body_of, bring, newest_version, questionnaire_of
from ivr.surveys.model import Questionnaire, Questionnaires
from ivr.surveys.rows import QuestionnaireText

MOST_UNDONE: Final = 30
LONGEST_ID: Final = 40

Document = Mapping[str, Any]  # Any: the fields of Questionnaire as JSON has them


class QuestionnaireDraft(Base):
    """A questionnaire of one line as it is being written; `published` is the version that holds the same words.

    `before` are the documents before each change, the newest last, so that changes can be undone.
    """

    __tablename__ = "questionnaire_draft"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    based_on: Mapped[str | None] = mapped_column(String(40))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)  # Any: as Document
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # Any: as Document
    published: Mapped[int | None]
    changed_by: Mapped[str] = mapped_column(String(60))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}

    @property
    def questionnaire(self) -> Questionnaire:
        """The draft as it would be asked."""
        return Questionnaire.model_validate(self.document)


class DraftChanged(Exception):
    """Somebody else changed the draft since it was shown."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes, when (aware UTC), and the version of the draft that was in front of them."""

    by: str
    at: datetime
    version: int


def begin_copy(session: Session, one: Questionnaire, *, line: str, by: str, at: datetime) -> QuestionnaireDraft:
    """Begin a questionnaire of a line from another one; its id is made here."""
    id = _free_id(session, line, one.kind.replace("_", "-"))
    document = one.model_copy(update={"id": id, "version": 1, "lines": (line,)}).model_dump(mode="json")
    draft = QuestionnaireDraft(
        id=id, line=line, based_on=one.id, document=document, before=[], changed_by=by, changed_at=at
    )
    session.add(draft)
    session.flush()
    return draft


def edit(session: Session, id: str, change: Callable[[Document], Document], *, writing: Writing) -> QuestionnaireDraft:
    """Change a draft; raises `DraftChanged`, and pydantic's ValidationError where it would be no questionnaire."""
    draft = _locked(session, id, writing.version)
    changed = Questionnaire.model_validate(change(draft.document)).model_dump(mode="json")
    if changed == draft.document:
        return draft
    draft.before = [*draft.before, draft.document][-MOST_UNDONE:]
    return _put(session, draft, changed, writing)


def undo(session: Session, id: str, *, writing: Writing) -> QuestionnaireDraft:
    """Put back what was there before the last change; raises `Refused` where nothing was changed."""
    draft = _locked(session, id, writing.version)
    if not draft.before:
        raise Refused("there is nothing to undo")
    *before, last = draft.before
    draft.before = before
    return _put(session, draft, last, writing)


def publish(session: Session, id: str, installed: Questionnaires, *, writing: Writing) -> tuple[str, int]:
    """Keep the draft as a version that campaigns can ask; the caller has checked it. Raises `DraftChanged`."""
    draft = _locked(session, id, writing.version)
    kept = bring(session, draft.questionnaire, installed, by=writing.by, at=writing.at)
    draft.published = kept[1]
    session.flush()
    return kept


def restore(
    session: Session, id: str, version: int, *, installed: Questionnaires, writing: Writing
) -> QuestionnaireDraft:
    """Go on writing from a version that was published; raises `UnknownQuestionnaire`."""
    kept = questionnaire_of(session, id, version, installed=installed)
    return edit(session, id, lambda _document: kept.model_dump(mode="json"), writing=writing)


def published_words(session: Session, draft: QuestionnaireDraft) -> bool:
    """Whether the newest published version holds the draft's words."""
    newest = newest_version(session, draft.id)
    if newest is None:
        return False
    body = session.scalar(
        select(QuestionnaireText.body).where(QuestionnaireText.id == draft.id, QuestionnaireText.version == newest)
    )
    return body == body_of(draft.questionnaire.model_copy(update={"version": newest}))


def _locked(session: Session, id: str, version: int) -> QuestionnaireDraft:
    draft = session.get(QuestionnaireDraft, id, with_for_update=ROW_LOCK, populate_existing=True)
    if draft is None or draft.version != version:
        raise DraftChanged(f"the draft {id} is not what it was")
    return draft


def _put(session: Session, draft: QuestionnaireDraft, document: Document, writing: Writing) -> QuestionnaireDraft:
    draft.document, draft.changed_by, draft.changed_at = dict(document), writing.by, writing.at
    session.flush()
    return draft


def _free_id(session: Session, line: str, kind: str) -> str:
    for number in range(1, 10_000):
        id = f"{line}-{kind}-{number}"[:LONGEST_ID]
        if session.get(QuestionnaireDraft, id) is None and newest_version(session, id) is None:
            return id
    raise Refused(f"{line} has too many questionnaires of the kind {kind}")
