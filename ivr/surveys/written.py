"""What a questionnaire says: what must be told before the first question, and each question with its keys."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.lines.model import Line
from ivr.messages.texts import Spoken, Texts
from ivr.numbers import PhoneNumber
from ivr.surveys import flow
from ivr.surveys.kinds import Kind
from ivr.surveys.model import Question, QuestionKind, Questionnaire
from ivr.surveys.rows import Disposition


@dataclass(frozen=True, slots=True)
class Hello:
    """Who rings: the line, the client firm for which it rings, if any, and where the number comes from (a noun)."""

    line: Line
    source: str
    firm: str = ""


def opening(texts: Texts, one: Questionnaire, kind: Kind, *, hello: Hello) -> tuple[Spoken, ...]:
    """What is said before anything is asked; nobody can edit away what the law wants said first.

    An advertisement says so, with sender and contact (Network Act, article 50); a sales call what is for sale
    (Door-to-door Sales Act, article 6); every call its purpose, the source of the data, and how it is refused.
    """
    return tuple(_opening(texts, one, kind, hello=hello))


def asked(texts: Texts, question: Question) -> tuple[Spoken, ...]:
    """The question, then how it is answered."""
    text = Spoken(question.text)
    match question.kind:
        case QuestionKind.KEY | QuestionKind.SCALE | QuestionKind.CHOICE:
            return (text, _keys(texts, question))
        case QuestionKind.NUMBER:
            return (text, texts.say("survey_question.number"))
        case QuestionKind.COMMENT:
            return (text, texts.say("survey_question.comment"))
        case QuestionKind.STATEMENT:
            return (text,)


def guide(texts: Texts) -> Spoken:
    """The keys that mean the same at every question."""
    return texts.say("survey_question.guide")


def missed(texts: Texts, given: flow.Pressed) -> tuple[Spoken, ...]:
    """What is said before a question is asked once more."""
    match given:
        case flow.Wrong() | flow.Value():
            return (texts.say("input.wrong"),)
        case flow.Silence():
            return (texts.say("input.silence"),)
        case _:
            return ()


def ending(texts: Texts, one: Questionnaire, over: flow.Over, *, line: Line) -> Spoken:
    """The last words of an interview, by how it ended."""
    match over.disposition:
        case Disposition.COMPLETED if one.thanks:
            return Spoken(one.thanks)
        case Disposition.COMPLETED:
            return texts.say("survey.thanks", institution=line.spoken_institution)
        case Disposition.INELIGIBLE:
            return texts.say("survey.child" if over.forget else "survey.not_meant")
        case _:
            return texts.say("survey.broken_off", institution=line.spoken_institution)


def refused(texts: Texts, line: Line) -> Spoken:
    """That nobody will ring again."""
    return texts.say("survey.refused", institution=line.spoken_institution)


def unheard(texts: Texts, line: Line) -> Spoken:
    """The polite end after an opening at which nobody pressed 1."""
    return texts.say("survey.unheard", institution=line.spoken_institution)


def in_order(question: Question) -> list[tuple[int, str]]:
    """The answers by key as they are offered: of a scale the best first, as people are used to."""
    return sorted(question.choices.items(), reverse=question.is_scored)


def answer_words(question: Question, value: int | None) -> str:
    """An answer as it is read: the words of a key, else the number itself; empty without an answer."""
    return "" if value is None else question.choices.get(value, str(value))


def _opening(texts: Texts, one: Questionnaire, kind: Kind, *, hello: Hello) -> Iterator[Spoken]:
    institution = hello.line.spoken_institution
    if kind.is_telesales:
        yield texts.say("survey_opening.sale", goods=one.goods)
    elif kind.needs_ad_label:
        yield texts.say("survey_opening.advertisement")
    if hello.firm:
        yield texts.say("survey_opening.hello_firm", firm=hello.firm, institution=institution)
    else:
        yield texts.say("survey_opening.hello", institution=institution)
    if kind.needs_ad_label:
        yield texts.say("survey_opening.contact", number=PhoneNumber.parse(hello.line.number).national)
    yield Spoken(one.purpose)
    source = one.source or hello.source
    if source:
        yield texts.say("survey_opening.source", source=source)
    yield texts.say("survey_opening.keys_advertisement" if kind.needs_ad_label else "survey_opening.keys")


def _keys(texts: Texts, question: Question) -> Spoken:
    entries = [
        texts.say("menu.entry", label=words, key=texts.say("key.digit", key=str(key)).text).text
        for key, words in in_order(question)
    ]
    between = texts.say("menu.between").text
    return texts.say("menu.sentence", entries=between.join(entries))
