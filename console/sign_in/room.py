"""The blueprint of coming and going."""

from flask import Blueprint

blueprint = Blueprint("sign_in", __name__, url_prefix="/sign-in")
