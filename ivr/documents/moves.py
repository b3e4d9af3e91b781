"""The moves of papers."""

#                 .-- lack --.
#                 v          |
#   RECEIVED --> MISSING ----'       lack: papers are missing, or others than before
#       |           |
#       +-----------+-- complete --> COMPLETE
#       '-----------'-- withdraw --> WITHDRAWN

from enum import StrEnum

from ivr.base import Moves, moved
from ivr.documents.rows import Document, DocumentState


class DocumentEvent(StrEnum):
    """What can happen to papers."""

    LACK = "lack"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"


DOCUMENT_MOVES: Moves[DocumentState, DocumentEvent] = {
    (DocumentState.RECEIVED, DocumentEvent.LACK): DocumentState.MISSING,
    (DocumentState.MISSING, DocumentEvent.LACK): DocumentState.MISSING,
    (DocumentState.RECEIVED, DocumentEvent.COMPLETE): DocumentState.COMPLETE,
    (DocumentState.MISSING, DocumentEvent.COMPLETE): DocumentState.COMPLETE,
    (DocumentState.RECEIVED, DocumentEvent.WITHDRAW): DocumentState.WITHDRAWN,
    (DocumentState.MISSING, DocumentEvent.WITHDRAW): DocumentState.WITHDRAWN,
}


def move_document(document: Document, event: DocumentEvent) -> None:
    """Move papers; raises `Refused` when the table does not allow it."""
    document.state = moved(DOCUMENT_MOVES, document.state, event)
