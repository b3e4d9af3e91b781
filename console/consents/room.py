"""The blueprint of consents."""

from flask import Blueprint

blueprint = Blueprint("consents", __name__, url_prefix="/consents")
