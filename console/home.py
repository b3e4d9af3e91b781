"""The first page: leads each person to where their work is."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from console.shell import first_page
from console.visitor import ANYBODY, allowed, visitor

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@allowed(*ANYBODY)
def page() -> Response:
    """Agents come to their desk, everybody else to the wallboard."""
    return redirect(url_for(first_page(visitor())))
