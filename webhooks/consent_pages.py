"""The page behind the link in a text about consents: its reader sees, gives, keeps and takes them back."""

from flask import Blueprint

from ivr.consents.choosing import Choice, choose, standing_of
from ivr.consents.links import LINKS_LAST, PATH, has_lapsed, is_signed, person_of
from ivr.consents.notices import last_day
from ivr.consents.rows import Purpose
from ivr.lines.hours import SEOUL
from ivr.people.rows import Person
from webhooks.linked import Asked, Page, linked_pages, sender_of, words_of
from webhooks.switchboard import Switchboard

KIND = "consent"
ADDRESS = PATH + "<token>"
ALWAYS_OFFERED = frozenset({Purpose.HAPPY_CALL, Purpose.OPINION_SURVEY})


def consent_pages(board: Switchboard) -> Blueprint:
    """The two answers at `/c/TOKEN`: GET shows what stands, POST enters what is ticked."""
    return linked_pages(KIND, ADDRESS, board, answer=_answer)


def _answer(asked: Asked) -> Page:
    at, person = asked.board.clock(), _person(asked)
    if person is None or person.number is None:
        return Page("unknown", 404)
    line = asked.board.line(person.line)
    given = sender_of(line) | {"masked": person.number.masked, "days": str(LINKS_LAST.days)}
    if has_lapsed(asked.token, at):
        return Page("expired", 410, given)
    if asked.form is None:
        return Page("ask", 200, given | _standing(asked, person))
    texts = asked.board.texts.of(line.id)
    offered = _offered(asked, person)
    agreed = frozenset(purpose for purpose in offered if asked.form.get(purpose.value) == "yes")
    choice = Choice(
        agreed,
        f"web:{at.isoformat()}",
        # The page has words of its own: what was changed of the spoken ones is not what was read here.
        texts.say("consent.version").text.partition("/")[0],
        texts.say("consent.source.web").text,
    )
    choose(asked.session, person, choice, at=at)
    when = f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
    return Page("done" if agreed else "refused", 200, given | _standing(asked, person) | {"when": when})


def _person(asked: Asked) -> Person | None:
    """Whoever was given this token and still has that number."""
    person_id = person_of(asked.token)
    person = asked.session.get(Person, person_id) if person_id is not None else None
    keyring = asked.board.store.keyring
    return person if person is not None and is_signed(keyring, asked.token, person) else None


def _offered(asked: Asked, person: Person) -> list[Purpose]:
    """What can be agreed to: a line without client firms sells and advertises nothing, unless that was agreed to."""
    stands = standing_of(asked.session, person, at=asked.board.clock())
    sells = bool(asked.board.line(person.line).firms)
    return [purpose for purpose in Purpose if purpose in ALWAYS_OFFERED or sells or purpose in stands]


def _standing(asked: Asked, person: Person) -> dict[str, str]:
    """Each purpose with the last day of its consent, empty where none holds; and all of them in words."""
    stands = standing_of(asked.session, person, at=asked.board.clock())
    days = {purpose.value: "" for purpose in Purpose}
    days |= {purpose.value: f"{last_day(row.expires_at):%Y-%m-%d}" for purpose, row in stands.items()}
    names = words_of(KIND)["ask"]
    offered = {f"{purpose.value}_offered": "yes" for purpose in _offered(asked, person)}
    return days | offered | {"agreed": ", ".join(names[purpose.value] for purpose in Purpose if purpose in stands)}
