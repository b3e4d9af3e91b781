"""The Flask app of the console: every page behind the one guard, with the same layout, words and headers."""

from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config.bell import bell_at
from config.clock import system_clock
from config.files import (
    CHARTERS,
    COMMON_PASSWORDS,
    HOLIDAYS,
    LINES,
    MESSAGES,
    SURVEYS,
    read_file,
    read_folder,
    read_words,
)
from config.logging import configure_logging
from config.probes import BEGIN, probes
from config.recordings import Recordings
from config.settings import Settings, read_settings
from config.tracing import begin_tracing
from config.tracing_web import trace_requests
from config.uploads import Uploads
from console.filters import FILTERS
from console.guard import guard
from console.office import EXTENSION, Office, SingleSignOn, SoftphoneAccount
from console.pages import PAGES
from console.problems import PROBLEMS
from console.shell import shell
from console.visitor import open_to_all
from console.words import load_wording
from ivr.accounts.passwords import Passwords
from ivr.accounts.sessions import LONGEST
from ivr.charters.reading import load_charters
from ivr.editions.current import Current
from ivr.editions.merging import Files
from ivr.numbers import mask_numbers
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from ivr.surveys.reading import load_questionnaires

log = structlog.get_logger(__name__)

# The largest upload: a list of a million people.
LARGEST_BODY = 512 * 1024 * 1024
LARGEST_FORM = 4 * 1024 * 1024
ONE_YEAR = timedelta(days=365)


def create_app(given: Office | None = None) -> Flask:
    """Make the app, from the settings of the environment where no office is given."""
    if given is None:
        settings = read_settings()
        configure_logging(settings.log_format, mask=mask_numbers)
        begin_tracing(settings.otlp_endpoint)
        given = open_office(settings)
    app = Flask("console")
    trace_requests(app)
    # Whoever types the address of a page finds it with a slash at its end as without.
    app.url_map.strict_slashes = False
    app.extensions[EXTENSION] = given
    app.extensions[BEGIN] = given.current.begin if given.current is not None else None
    app.config.update(
        SECRET_KEY=given.store.keyring.sign("console:cookies"),
        SESSION_COOKIE_NAME=_cookie_name(given.console_url),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=given.console_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=LONGEST,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        SEND_FILE_MAX_AGE_DEFAULT=ONE_YEAR,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_FIELD_NAME="csrf",
        WTF_CSRF_HEADERS=["X-CSRF"],
    )
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if given.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=given.proxies, x_proto=1, x_host=1)  # type: ignore[method-assign]
    _serve(app, given)
    return app


def _cookie_name(address: str) -> str:
    """A browser keeps cookies by host alone: two consoles of one machine tell theirs apart by the port."""
    port = urlsplit(address).port
    return f"charterline-{port}" if port else "charterline"


def _serve(app: Flask, given: Office) -> None:
    guard(app)
    CSRFProtect(app)
    app.context_processor(shell)
    room = probes(given.store.answers)
    app.register_blueprint(room)
    for endpoint in ("probes.healthz", "probes.readyz"):
        app.view_functions[endpoint] = open_to_all(app.view_functions[endpoint])
    for page in PAGES:
        app.register_blueprint(page)
    for kind, answer in PROBLEMS.items():
        app.register_error_handler(kind, answer)


def open_office(settings: Settings) -> Office:
    """Put the parts of the console's process together."""
    keyring = Keyring.from_secrets(settings.secret_keys.get_secret_value())
    store = Store(make_engine(settings.database_url, keyring=keyring))
    files = Files(read_folder(MESSAGES), read_folder(LINES), read_file(HOLIDAYS), settings.always_open)
    current = Current(files, store, clock=system_clock, tell=log.warning)
    now = current.installed
    current.begin_when_asked()
    return Office(
        lines=now.lines,
        texts=now.texts,
        calendar=now.calendar,
        charters=load_charters(read_folder(CHARTERS)),
        surveys=load_questionnaires(read_folder(SURVEYS)),
        store=store,
        clock=system_clock,
        ring_bell=bell_at(settings.redis_url),
        wordings=load_wording(),
        public_base_url=settings.public_base_url,
        recordings=Recordings(settings.data_dir),
        uploads=Uploads(settings.data_dir),
        questionnaire_files=read_folder(SURVEYS),
        current=current,
        softphones=_softphones(settings),
        is_demo=settings.is_demo,
        console_url=settings.console_address,
        proxies=settings.console_proxies,
        passwords=Passwords(common=read_words(COMMON_PASSWORDS)),
        second_factor_required=settings.second_factor == "required",
        single_sign_on=_single_sign_on(settings),
    )


def _softphones(settings: Settings) -> SoftphoneAccount:
    if settings.softphone == "none":
        return SoftphoneAccount()
    return SoftphoneAccount(
        driver=settings.softphone,
        account_sid=settings.twilio_account_sid,
        key_sid=settings.twilio_api_key_sid,
        key_secret=settings.twilio_api_key_secret.get_secret_value(),
        carrier_url=settings.twilio_api_url,
    )


def _single_sign_on(settings: Settings) -> SingleSignOn | None:
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    return SingleSignOn(settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_claim)
