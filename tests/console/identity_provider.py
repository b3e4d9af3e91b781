"""A little OpenID Connect provider over real HTTP: discovery, authorize, token and keys, with faults to order."""

import base64
import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, abort, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from tests.http.board import Moment

CLIENT = "console"
SECRET = "the secret of the console at the provider"


@dataclass
class Provider:
    """What the provider knows: its own key, who is signed in there, and how its tokens lie (`changes`, `header`)."""

    clock: Moment
    issuer: str = ""
    claims: dict[str, object] = field(default_factory=lambda: {"sub": "u-1", "preferred_username": "hanjiwon"})
    changes: dict[str, object] = field(default_factory=dict)
    algorithm: str = "RS256"
    told_issuer: str = ""
    refuses: bool = False
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    signing_key: Any = None
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def id_token(self, nonce: str) -> str:
        """The proof, made at the provider's time."""
        now = int(self.clock().timestamp())
        claims = {
            **{"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce},
            **self.claims,
            **self.changes,
        }
        present = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
            body = jwt.encode({"alg": "HS256"}, present, OctKey.import_key("x" * 32)).split(".")[1]
            return f"{head}.{body}."
        key = OctKey.import_key(SECRET) if self.algorithm == "HS256" else self.signing_key or self.key
        return jwt.encode({"alg": self.algorithm, "kid": "k1"}, present, key)


def provider_app(provider: Provider) -> Flask:
    """The provider's site."""
    app = Flask("identity_provider")

    _describe(app, provider)

    @app.get("/authorize")
    def authorize() -> Response:
        given = request.args
        if given["client_id"] != CLIENT or given["code_challenge_method"] != "S256" or "openid" not in given["scope"]:
            abort(400)
        back = {"state": given["state"]}
        if provider.refuses:
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(8)
            provider.asked[back["code"]] = dict(given)
        return redirect(f"{given['redirect_uri']}?{urlencode(back)}")

    @app.post("/token")
    def token() -> Response | tuple[Response, int]:
        asked = provider.asked.pop(request.form["code"], None)
        basic = request.authorization
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_client = basic is not None and (basic.username, basic.password) == (CLIENT, SECRET)
        if asked is None or not is_client or asked["code_challenge"] != challenge:
            return jsonify(error="invalid_grant"), 400
        if asked["redirect_uri"] != request.form["redirect_uri"]:
            return jsonify(error="invalid_grant"), 400
        id_token = provider.id_token(asked["nonce"])
        return jsonify(access_token="a", token_type="Bearer", expires_in=300, id_token=id_token)

    return app


def _describe(app: Flask, provider: Provider) -> None:
    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        return jsonify(
            issuer=provider.told_issuer or provider.issuer,
            authorization_endpoint=f"{provider.issuer}/authorize",
            token_endpoint=f"{provider.issuer}/token",
            jwks_uri=f"{provider.issuer}/keys",
        )

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(keys=[provider.key.as_dict(private=False)])


@contextmanager
def served_provider(clock: Moment) -> Iterator[Provider]:
    """A provider at a real address."""
    provider = Provider(clock)
    server = make_server("127.0.0.1", 0, provider_app(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
