"""The Flask app of the console: so far it only tells that it is alive and that its database answers."""

from flask import Flask

from config.logging import configure_logging
from config.probes import probes
from config.settings import read_settings
from ivr.numbers import mask_numbers
from ivr.sealing import Keyring
from ivr.store import Store, make_engine


def create_app(store: Store | None = None) -> Flask:
    """Make the app, from the settings of the environment where no store is given."""
    if store is None:
        settings = read_settings()
        configure_logging(settings.log_format, mask=mask_numbers)
        keyring = Keyring.from_secrets(settings.secret_keys.get_secret_value())
        store = Store(make_engine(settings.database_url, keyring=keyring))
    app = Flask("console", static_folder=None)
    app.register_blueprint(probes(store.answers))
    return app
