"""An act that a form asks for: the form read, the act done whole or refused in words, and told when it is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from flask import abort, flash, make_response, redirect
from pydantic import BaseModel
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.forms import Faults, read_form
from console.office import office
from ivr.base import Refused
from ivr.deadlines import NoDeadline

Shape = TypeVar("Shape", bound=BaseModel)
# What is answered to a refusal.
Told = Callable[[Exception], Response]


class FormPage(Protocol):
    """The page of a form, as it is with these faults."""

    def __call__(self, *, faults: Faults) -> str:
        """The whole page."""


def read_or_again(shape: type[Shape], page: FormPage) -> Shape:
    """The form of this request; one with faults ends the request with its page, where they are told."""
    form = read_form(shape)
    if isinstance(form, Faults):
        abort(again(page(faults=form)))
    return form


@contextmanager
def doing(refused: Told) -> Iterator[Session]:
    """A transaction; what the rules refuse changes nothing, and ends the request with the answer of `refused`."""
    try:
        with office().store.transaction() as session:
            yield session
    except (Refused, NoDeadline) as error:
        abort(refused(error))


def at_form(page: FormPage, faults_of: Callable[[Exception], Faults]) -> Told:
    """Tells a refusal on the page of the form, where `faults_of` puts it."""
    return lambda error: again(page(faults=faults_of(error)))


def on_page(words: Callable[[Exception], str], to: str) -> Told:
    """Tells a refusal in these words on the page at the address `to`."""

    def told(error: Exception) -> Response:
        flash(words(error), "error")
        return redirect(to, 303)

    return told


def again(page: str) -> Response:
    """The page of a form that came back."""
    return make_response(page, 422)


def done(said: str, to: str) -> Response:
    """To the page at the address `to`, which tells what was done."""
    flash(said, "good")
    return redirect(to, 303)
