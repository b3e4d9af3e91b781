"""The blueprint of text messages."""

from flask import Blueprint

blueprint = Blueprint("messages", __name__, url_prefix="/messages")
