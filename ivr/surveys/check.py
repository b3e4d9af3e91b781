"""What the parts of a questionnaire must be to each other, and what its kind and the law ask of its words."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ivr.faults import Fault
from ivr.lines.model import Line
from ivr.surveys.graph import edges, find_cycle, longest_seconds, reachable, relevant_on_shortest_way, text_seconds
from ivr.surveys.kinds import Kind, Kinds, SurveyClass
from ivr.surveys.model import END, Exit, Question, QuestionKind, Questionnaire, Questionnaires

Found = Iterator[tuple[str, str]]
"""Key and message."""

LONGEST_TEXT_SECONDS = 12
LONG_CALL_SECONDS = 300
RESERVED = {0: "an agent", 9: "the refusal of calls"}
MOST_CHOICES = 8
HAPPY_SCALE = 5
FEWEST_SCORED, MOST_SCORED = 3, 5
ADVERTISEMENT = re.compile(r"[(\[]?\s*광\s*/?\s*고\s*[)\]]|^\s*광고\b")
NAMES_KEYS = re.compile(r"\d\s*번을?\s*눌러")


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that lead to an answer, that name only one, and that make an advertisement of a survey."""

    leading: tuple[re.Pattern[str], ...] = ()
    one_sided: tuple[re.Pattern[str], ...] = ()
    promotional: tuple[re.Pattern[str], ...] = ()


def faults_of_questionnaire(one: Questionnaire, file: str, kinds: Kinds, *, wording: Wording) -> list[Fault]:
    """Every fault of one questionnaire; what is only unwise is a warning."""
    kind = kinds.get(one.kind)
    errors = [*_names(one, file, kinds), *_graph(one)]
    for question in one.questions:
        errors += [(f"questions.{question.id}.{key}", message) for key, message in _question(question)]
    errors += [*_lengths(one), *_leading(one, wording), *_counting(one)]
    warnings = [*_advice(one), *_one_sided(one, wording)]
    if kind is not None:
        errors += [*_kind(one, kind, wording)]
        if kind.klass is SurveyClass.HAPPY_CALL:
            errors += _happy(one)
    return [
        *(Fault(file, key, message) for key, message in errors),
        *(Fault(file, key, message, "warning") for key, message in warnings),
    ]


def faults_of_line(line: Line, file: str, questionnaires: Questionnaires) -> list[Fault]:
    """What a line's file says of questionnaires that are not there, or that are not for it."""
    id = line.surveys.end_of_call
    if not id:
        return []
    key = "surveys.end_of_call"
    if id not in questionnaires:
        known = ", ".join(questionnaires) or "none"
        return [Fault(file, key, f"names the questionnaire {id!r}, which is not installed: known are {known}")]
    one = questionnaires[id]
    faults = []
    if not one.fits(line.id):
        faults.append(
            Fault(file, key, f"names {id!r}, which is for {', '.join(one.lines)}: add {line.id} to its lines")
        )
    kind = questionnaires.kinds.get(one.kind)
    if kind is not None and kind.klass is not SurveyClass.HAPPY_CALL:
        faults.append(Fault(file, key, f"names {id!r}, which is no happy call: nobody agreed to anything else"))
    return faults


def faults_of_strangers(questionnaires: Questionnaires, lines: Collection[str]) -> list[Fault]:
    """Questionnaires for lines that are not there."""
    return [
        Fault(f"{one.id}.toml", "lines", f"names {line!r}, which is not there: known are {', '.join(lines)}")
        for one in questionnaires.values()
        for line in one.lines
        if line not in lines
    ]


def _names(one: Questionnaire, file: str, kinds: Kinds) -> Found:
    if file.endswith(".toml") and file != f"{one.id}.toml":
        yield "id", f"is {one.id!r}, but the file is {file}: give both the same name"
    if one.kind not in kinds:
        yield "kind", f"is {one.kind!r}, which is not known: use {', '.join(kinds)}"
    for id, times in Counter(question.id for question in one.questions).items():
        if times > 1:
            yield f"questions.{id}.id", f"stands {times} times: give every question a name of its own"
        if id == END:
            yield f"questions.{id}.id", f"is {END!r}, which ends the asking: choose another name"


def _graph(one: Questionnaire) -> Found:
    known = {question.id for question in one.questions} | {END}
    for question in one.questions:
        targets = {f"go.{value}": target for value, target in question.go.items()}
        targets |= {"default": question.default} if question.default else {}
        for key, target in targets.items():
            if target not in known:
                yield f"questions.{question.id}.{key}", f"names {target!r}, which is not there: add it or correct it"
    if len(known) != len(one.questions) + 1:
        return
    reached = reachable(one)
    for question in one.questions:
        if question.id not in reached:
            yield f"questions.{question.id}", "cannot be reached by any answer: let an answer lead to it or remove it"
    cycle = find_cycle(one)
    if cycle:
        way = " -> ".join(cycle)
        yield f"questions.{cycle[0]}.go", f"leads back to itself ({way}), without an end: let answers only lead on"


def _question(question: Question) -> Found:
    yield from _choices(question)
    for value in question.go:
        if not question.takes(value):
            yield f"go.{value}", "is no answer to this question: use one of its keys"
    for value in question.exit:
        if not question.takes(value):
            yield f"exit.{value}", "is no answer to this question: use one of its keys"
        if value in question.go:
            yield f"exit.{value}", "leads on as well: take it out of go"
    if question.kind is QuestionKind.NUMBER and question.least >= question.most:
        yield "most", f"must be more than least, which is {question.least}"
    if question.kind is not QuestionKind.NUMBER and (question.least or question.most):
        yield "least", f"is only for a number: take it out, or make the kind {QuestionKind.NUMBER.value!r}"


def _choices(question: Question) -> Found:
    keys = sorted(question.choices)
    if not question.takes_one_key:
        if keys:
            yield "choices", f"is not for the kind {question.kind.value!r}: take it out"
        return
    yield from _keys(keys)
    if len(keys) < 2:
        yield "choices", "has fewer than two answers: write more"
    elif question.kind is QuestionKind.KEY and keys != [1, 2]:
        yield "choices", "of a yes-or-no question must be 1 and 2: correct them, or make the kind 'choice'"
    elif question.is_scored and keys != list(range(1, len(keys) + 1)):
        yield "choices", "of a scale must count up from 1, without a gap: 1 is the worst"


def _keys(keys: Iterable[int]) -> Found:
    for key in keys:
        if key in RESERVED:
            yield f"choices.{key}", f"is reserved for {RESERVED[key]}: use 1 to {MOST_CHOICES}"
        elif not 1 <= key <= MOST_CHOICES:
            yield f"choices.{key}", f"is no single key: use 1 to {MOST_CHOICES}"


def _lengths(one: Questionnaire) -> Found:
    texts = {"purpose": one.purpose, "thanks": one.thanks, "goods": one.goods}
    texts |= {f"questions.{question.id}.text": question.text for question in one.questions}
    for question in one.questions:
        if question.choices:
            texts[f"questions.{question.id}.choices"] = ", ".join(
                f"{words} {key}번" for key, words in question.choices.items()
            )
    for key, text in texts.items():
        seconds = text_seconds(text)
        if seconds > LONGEST_TEXT_SECONDS:
            yield key, f"takes about {seconds:g} s to say, over {LONGEST_TEXT_SECONDS} s: make it shorter or divide it"


def _leading(one: Questionnaire, wording: Wording) -> Found:
    for key, text in _texts(one):
        for pattern in wording.leading:
            if found := pattern.search(text):
                message = f"leads to an answer ({found[0]!r}): ask without saying what you would like to hear"
                yield key, message


def _one_sided(one: Questionnaire, wording: Wording) -> Found:
    for question in one.questions:
        found = next((found for pattern in wording.one_sided if (found := pattern.search(question.text))), None)
        if question.is_scored and found:
            message = f"names one end of the scale ({found[0]!r}), which more people then choose: ask how it was"
            yield f"questions.{question.id}.text", message


def _counting(one: Questionnaire) -> Found:
    if not any(question.is_relevant for question in one.questions):
        yield "questions", "has no question whose answer counts: add one"
        return
    most = sum(question.is_relevant for question in one.questions)
    if one.partial_from > most:
        yield "partial_from", f"asks for {one.partial_from} answers, but only {most} questions count: write less"
    lowest = min((len(question.choices) for question in one.questions if question.is_scored), default=None)
    if lowest is not None and one.low_score >= lowest:
        yield "low_score", f"is {one.low_score}, which takes every answer for a low one: write less than {lowest}"


def _kind(one: Questionnaire, kind: Kind, wording: Wording) -> Found:
    for key, text in _texts(one):
        if ADVERTISEMENT.search(text):
            yield key, "says itself that it is an advertisement: that is put in front by the kind, take it out here"
        if kind.needs_ad_label:
            continue
        for pattern in wording.promotional:
            if found := pattern.search(text):
                message = f"promotes something ({found[0]!r}), which makes the whole call an advertisement"
                yield key, f"{message}: take it out, or choose a kind that is one"
    if kind.is_telesales and not one.goods.strip():
        yield "goods", "is missing: a sales call says first what is for sale (Door-to-door Sales Act, article 6)"
    if kind.asks_age:
        yield from _age(one)


def _age(one: Questionnaire) -> Found:
    """Nobody's own data may be asked before it is known that they are no child."""
    first = next((question for question in one.questions if question.kind is not QuestionKind.STATEMENT), None)
    if first is None or Exit.MINOR not in first.exit.values():
        yield "questions", f"must begin with the age: let the first one have an exit {Exit.MINOR.value!r} (PIPA, 22-2)"


def _happy(one: Questionnaire) -> Found:
    scored = [question for question in one.questions if question.is_scored]
    for question in scored:
        if len(question.choices) != HAPPY_SCALE:
            yield f"questions.{question.id}.choices", f"must be a scale of {HAPPY_SCALE} in a happy call: 1 to 5"
    if not FEWEST_SCORED <= len(scored) <= MOST_SCORED:
        message = f"has {len(scored)} scored ones: a happy call has {FEWEST_SCORED} to {MOST_SCORED}"
        yield "questions", message
    if not any(question.kind is QuestionKind.COMMENT for question in one.questions):
        yield "questions", "has no spoken comment: a happy call ends with one, add it"


def _advice(one: Questionnaire) -> Found:
    for question in one.questions:
        if NAMES_KEYS.search(question.text):
            yield f"questions.{question.id}.text", "names keys, which are said by themselves: leave them to the choices"
    if find_cycle(one) or any(target not in reachable(one) | {END} for target in _targets(one)):
        return
    seconds = longest_seconds(one)
    if seconds > LONG_CALL_SECONDS:
        yield "questions", f"take about {seconds / 60:.0f} minutes: over 5 minutes many give up, ask less"
    shortest = relevant_on_shortest_way(one)
    if one.partial_from > shortest:
        yield "partial_from", f"is more than the shortest way has ({shortest}): some can only complete or break off"


def _targets(one: Questionnaire) -> Iterator[str]:
    for question in one.questions:
        yield from edges(one, question)


def _texts(one: Questionnaire) -> Iterator[tuple[str, str]]:
    yield from (("title", one.title), ("purpose", one.purpose), ("thanks", one.thanks))
    for question in one.questions:
        yield f"questions.{question.id}.text", question.text
        for key, words in question.choices.items():
            if not question.is_scored:
                yield f"questions.{question.id}.choices.{key}", words
