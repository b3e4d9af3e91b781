"""The part of the console that shows calls."""

from flask import Blueprint

blueprint = Blueprint("calls", __name__, url_prefix="/calls")
