"""The Flask app that the carrier calls: every entry behind the one guarded edge."""

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config.bell import bell_at
from config.clock import Clock, system_clock
from config.files import HOLIDAYS, LINES, MESSAGES, SURVEYS, read_file, read_folder
from config.logging import configure_logging
from config.probes import BEGIN, probes
from config.settings import Settings, read_settings
from config.tracing import begin_tracing
from config.tracing_web import trace_requests
from ivr.editions.current import Current
from ivr.editions.merging import Files
from ivr.listening.transcriber import TRANSCRIBERS
from ivr.numbers import mask_numbers
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from ivr.surveys.reading import load_questionnaires
from webhooks import (
    callbacks,
    clips,
    conduct,
    consents,
    desk,
    dialled,
    dialling,
    firms,
    incoming,
    listening,
    meeting,
    menus,
    monitoring,
    optouts,
    status,
    survey_agents,
    surveys,
    texts,
    transfers,
    voicing,
    waiting,
)
from webhooks.answers import Views
from webhooks.api import mount
from webhooks.booking_pages import booking_pages
from webhooks.charter_pages import charter_pages
from webhooks.consent_pages import consent_pages
from webhooks.door import Door
from webhooks.edge import LARGEST_BODY, guarded
from webhooks.health import EXTENSION, inside
from webhooks.ratings import rating_pages
from webhooks.refusals import refusal_pages
from webhooks.survey_forms import survey_pages
from webhooks.switchboard import Switchboard
from webhooks.visitors import EXTENSION as VISITORS
from webhooks.visitors import Visitors

# A caller waits for this: rather an apology than silence.
PATIENCE_SECONDS = 1.5

log = structlog.get_logger(__name__)

VIEWS: Views = {
    **incoming.VIEWS,
    **menus.VIEWS,
    **firms.VIEWS,
    **optouts.VIEWS,
    **consents.VIEWS,
    **voicing.VIEWS,
    **surveys.VIEWS,
    **survey_agents.VIEWS,
    **waiting.VIEWS,
    **callbacks.VIEWS,
    **desk.VIEWS,
    **meeting.VIEWS,
    **monitoring.VIEWS,
    **dialling.VIEWS,
    **dialled.VIEWS,
    **conduct.VIEWS,
    **clips.VIEWS,
    **status.VIEWS,
    **listening.VIEWS,
    **texts.VIEWS,
    **transfers.VIEWS,
}


def create_app(board: Switchboard | None = None) -> Flask:
    """Make the app, from the settings of the environment where no switchboard is given."""
    if board is None:
        settings = read_settings()
        configure_logging(settings.log_format, mask=mask_numbers)
        begin_tracing(settings.otlp_endpoint)
        board = switchboard(settings, system_clock)
    app = Flask("webhooks", static_folder=None)
    trace_requests(app)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.extensions[EXTENSION], app.extensions[VISITORS] = board, Visitors()
    if board.proxies:
        # Only the address: scheme and host are those of the configured public address.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=board.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    app.extensions[BEGIN] = board.current.begin if board.current is not None else None
    for address, view in VIEWS.items():
        app.add_url_rule(
            address.value, endpoint=address.name, view_func=guarded(address, view, board), methods=["POST"]
        )
    app.register_blueprint(probes(board.store.answers))
    app.register_blueprint(inside)
    mount(app)
    app.register_blueprint(refusal_pages(board))
    app.register_blueprint(rating_pages(board))
    app.register_blueprint(booking_pages(board))
    app.register_blueprint(charter_pages(board))
    app.register_blueprint(consent_pages(board))
    app.register_blueprint(survey_pages(board))
    return app


def switchboard(settings: Settings, clock: Clock) -> Switchboard:
    """Put the parts of a web process together."""
    keyring = Keyring.from_secrets(settings.secret_keys.get_secret_value())
    store = Store(make_engine(settings.database_url, keyring=keyring, patience=PATIENCE_SECONDS))
    files = Files(read_folder(MESSAGES), read_folder(LINES), read_file(HOLIDAYS), settings.always_open)
    current = Current(files, store, clock=clock, tell=log.warning)
    now = current.installed
    current.begin_when_asked()
    door = Door(store, clock)
    door.begin_when_asked()
    return Switchboard(
        lines=now.lines,
        texts=now.texts,
        calendar=now.calendar,
        store=store,
        clock=clock,
        ring_bell=bell_at(settings.redis_url),
        public_base_url=settings.public_base_url,
        auth_tokens=settings.auth_tokens,
        transcriber=TRANSCRIBERS[settings.transcriber],
        surveys=load_questionnaires(read_folder(SURVEYS)),
        current=current,
        proxies=settings.webhooks_proxies,
        is_shut=door.is_shut,
    )
