"""The room of the access log: its pages and its monthly review are one blueprint."""

from flask import Blueprint

blueprint = Blueprint("access", __name__, url_prefix="/access")
