"""Notices beside a talk, the words that end a call for a cause, and thanks that were heard to their end."""

from ivr.addresses import Address
from ivr.calls.facts import tell
from ivr.calls.steps import CALLER
from ivr.conduct import notices
from ivr.conduct.reading import ENDED_FOR, ENDING_HEARD, Cause, heard_kind, told_kind
from ivr.promises import Promise
from ivr.prompts import HangUp, Say
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard, NotOurs
from webhooks.switchboard import Switchboard


def notice(heard: Heard, board: Switchboard) -> Document:
    """A notice is fetched to be played to the caller of a talk: its words, as first told."""
    talk, offer, cause = talk_of(heard, board), heard.asked("offer"), _cause(heard)
    number, turn = int(heard.asked("number")), int(heard.asked("turn"))
    words = notices.notice_words(talk, cause, number)
    fact = heard.event_fact(
        f"{told_kind(cause)}:{offer}:{turn}",
        told_kind(cause),
        offer,
        cause=cause.value,
        number=number,
        turn=turn,
        version=talk.line.conduct.version,
        text=words.text,
        language=words.language,
    )
    with board.store.statement() as connection:
        told = tell(connection, fact)
    said = Say(str(told.detail["text"]), str(told.detail["language"]))
    return Document(notices.play_notice(talk, said, offer, cause=cause, turn=turn), talk.line)


def notice_heard(heard: Heard, board: Switchboard) -> Document:
    """The notice was heard to its end; the talk goes on, and what was warned of is put on record."""
    talk, offer, cause = talk_of(heard, board), heard.asked("offer"), _cause(heard)
    turn = int(heard.asked("turn"))
    kind = heard_kind(cause)
    fact = heard.event_fact(f"{kind}:{offer}:{turn}", kind, offer, cause=cause.value, turn=turn)
    recorded = [] if cause is Cause.TIME_CAP else [_incident(heard, f"{offer}:{turn}")]
    with board.store.statement() as connection:
        tell(connection, fact, promises=recorded)
    return Document((), talk.line, promised=bool(recorded))


def ending(heard: Heard, board: Switchboard) -> Document:
    """The caller was taken out of the room: why, how else to be served, and where to object."""
    talk, offer, cause = talk_of(heard, board), heard.asked("offer"), _cause(heard)
    words = notices.ending_words(talk, cause)
    fact = heard.step_fact(
        ENDED_FOR,
        CALLER,
        offer=offer,
        out_of=offer,
        cause=cause.value,
        version=talk.line.conduct.version,
        text=words.text,
        language=words.language,
        ends=True,
    )
    follow = Promise("follow", f"follow:{offer}:ended-for", heard.at, {"call": heard.call})
    with board.store.statement() as connection:
        told = tell(connection, fact, promises=[_incident(heard, f"{offer}:ended"), follow])
    said = Say(str(told.detail["text"]), str(told.detail["language"]))
    return Document(notices.end_with(talk, said, offer), talk.line, promised=True)


def ending_heard(heard: Heard, board: Switchboard) -> Document:
    """The caller has heard why to the end: the call is over."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact(ENDING_HEARD, CALLER, offer=heard.asked("offer"), ends=True))
    return Document((HangUp(),), talk.line)


def thanked(heard: Heard, board: Switchboard) -> Document:
    """The caller has heard our thanks to their end: the call is over."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("thanked", CALLER, ends=True))
    return Document((HangUp(),), talk.line)


def _cause(heard: Heard) -> Cause:
    try:
        return Cause(heard.asked("cause"))
    except ValueError:
        raise NotOurs("the address has no cause that is known") from None


def _incident(heard: Heard, about: str) -> Promise:
    return Promise("incident", f"incident:{about}", heard.at, {"call": heard.call, "offer": heard.asked("offer")})


VIEWS: Views = {
    Address.NOTICE: notice,
    Address.NOTICE_HEARD: notice_heard,
    Address.ENDING: ending,
    Address.ENDING_HEARD: ending_heard,
    Address.THANKED: thanked,
}
