"""The blueprint of campaigns, and how many rows a page of theirs holds."""

from flask import Blueprint

blueprint = Blueprint("campaigns", __name__, url_prefix="/campaigns")
SIZE = 50
