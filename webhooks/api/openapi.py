"""The OpenAPI document: made when somebody first asks for it, since making it takes longer than starting a process."""

import json
from functools import lru_cache

from flask import Flask
from flask_smorest import Api, Blueprint

from webhooks.api.described import TOKEN

SETTINGS = {
    "API_TITLE": "Charterline",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.1.0",
}


@lru_cache(maxsize=1)
def openapi(blueprints: tuple[Blueprint, ...]) -> str:
    """The document about these resources, as JSON."""
    app = Flask("openapi", static_folder=None)
    app.config.update(SETTINGS)
    api = Api()
    api.DEFAULT_ERROR_RESPONSE_NAME = None
    api.init_app(app)
    api.spec.components.security_scheme(TOKEN, {"type": "http", "scheme": "bearer"})
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    return json.dumps(api.spec.to_dict(), ensure_ascii=False)
