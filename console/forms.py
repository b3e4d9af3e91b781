"""Forms read into pydantic models, with each fault at its field in words of the visitor's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from flask import request
from pydantic import BaseModel, Field, ValidationError

from console.visitor import wording

Shape = TypeVar("Shape", bound=BaseModel)


class Reason(BaseModel):
    """Why somebody sees a person's data in full, or takes data away."""

    reason: Annotated[str, Field(min_length=2, max_length=300)]


class Versioned(BaseModel):
    """A form made from something as it stood at this version."""

    version: int


@dataclass(frozen=True, slots=True)
class Faults:
    """What was wrong with a form: a sentence for each field, and what was typed, to be shown again."""

    typed: Mapping[str, str]
    by_field: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.by_field.get(name, "")


def read_form(shape: type[Shape]) -> Shape | Faults:
    """Read the request's form; several fields of one name become a list where the model wants one.

    Faults are worded by `forms.TYPE` of the texts where there is one (TYPE is pydantic's, `int_parsing`), by what a
    validator of the model raised as ValueError where that is the id of a text, else by `forms.wrong`.
    """
    given: dict[str, object] = {}
    for name in request.form:
        values = request.form.getlist(name)
        is_list = name in shape.model_fields and "list" in str(shape.model_fields[name].annotation)
        given[name] = values if is_list else values[-1].strip()
    filled = {name: value for name, value in given.items() if value != ""}
    try:
        return shape.model_validate(filled)
    except ValidationError as error:
        typed = {name: value for name, value in given.items() if isinstance(value, str)}
        return Faults(typed, {str(item["loc"][0]) if item["loc"] else "": _worded(item) for item in error.errors()})


def faults_in(form: BaseModel, by_field: Mapping[str, str]) -> Faults:
    """What was found wrong with a form after it was read: a sentence for each field, and what was typed."""
    given = {name: value for name, value in form.model_dump(mode="json").items() if not isinstance(value, list)}
    return Faults({name: "" if value is None else str(value) for name, value in given.items()}, by_field)


def _worded(item: Mapping[str, object]) -> str:
    words = wording()
    said = str(item["msg"]).removeprefix("Value error, ")
    if words.has(said):
        return words.say(said)
    kind = f"forms.{item['type']}"
    return words.say(kind if words.has(kind) else "forms.wrong")
