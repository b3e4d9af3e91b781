"""The blueprint of text messages, and who may look at them."""

from flask import Blueprint

from ivr.accounts.rows import Role

blueprint = Blueprint("messages", __name__, url_prefix="/messages")
LOOKING = (Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)
