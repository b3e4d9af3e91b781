"""The talk with the provider of the single sign-on (OpenID Connect, code flow with PKCE), over HTTP that goes out."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from console.office import SingleSignOn
from ivr.accounts.linking import Identity

SECONDS_FOR_THE_PROVIDER: Final = 5.0
# Signed with the provider's own key only: a shared secret, or no signature at all, proves nothing.
ALGORITHMS: Final = ["RS256", "PS256", "ES256", "RS384", "RS512", "ES384"]
LEEWAY_SECONDS: Final = 60
SCOPE: Final = "openid profile email"
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderSilent(Exception):
    """The provider does not answer, or not as one; the message says what was wrong, for the log."""


class NotProven(Exception):
    """What came back does not prove who somebody is; the message says why, for the log."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way: what the browser keeps until it comes back, and where it is sent."""

    state: str
    nonce: str
    verifier: str
    address: str


@dataclass(frozen=True, slots=True)
class Back:
    """A browser that came back: what it had kept, the address it came to with its query, and ours without."""

    nonce: str
    verifier: str
    state: str
    address: str
    own_address: str


def begin(provider: SingleSignOn, own_address: str) -> Begun:
    """Where to send a browser so that it comes back to `own_address` with a proof; raises `ProviderSilent`."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    with _client(provider, own_address) as client:
        known = _discovered(client, provider)
        address, _ = client.create_authorization_url(
            known["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    return Begun(state, nonce, verifier, str(address))


def finish(provider: SingleSignOn, back: Back, *, at: datetime) -> Identity:
    """Fetch and check the proof of a browser that came back; raises `ProviderSilent`, `NotProven`."""
    with _client(provider, back.own_address) as client:
        known = _discovered(client, provider)
        try:
            token = client.fetch_token(
                known["token_endpoint"],
                authorization_response=back.address,
                state=back.state,
                code_verifier=back.verifier,
            )
            keys = KeySet.import_key_set({"keys": _read(client, known["jwks_uri"])["keys"]})
        except (requests.RequestException, ValueError, KeyError) as error:
            raise ProviderSilent(f"{provider.issuer}: {type(error).__name__}") from error
        except OAuthError as error:
            raise NotProven(f"{provider.issuer} refused the code: {error.error}") from error
    return _identity(provider, _claims(str(token.get("id_token", "")), keys, back, provider=provider, at=at))


def _client(provider: SingleSignOn, own_address: str) -> OAuth2Session:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope=SCOPE,
        redirect_uri=own_address,
        code_challenge_method="S256",
        default_timeout=SECONDS_FOR_THE_PROVIDER,
    )


def _discovered(client: OAuth2Session, provider: SingleSignOn) -> dict[str, str]:
    """The provider's own description, which must be about itself."""
    try:
        found = _read(client, f"{provider.issuer}/.well-known/openid-configuration")
    except (requests.RequestException, ValueError) as error:
        raise ProviderSilent(f"{provider.issuer}: {type(error).__name__}") from error
    scheme = provider.issuer.partition(":")[0]
    addresses = {name: str(found.get(name, "")) for name in ENDPOINTS}
    told = str(found.get("issuer", "")).rstrip("/")
    if told != provider.issuer or any(not address.startswith(f"{scheme}:") for address in addresses.values()):
        raise ProviderSilent(f"{provider.issuer} describes another issuer, or addresses without https")
    return addresses


# Any: JSON of another house.
def _read(client: OAuth2Session, address: str) -> dict[str, Any]:
    response = client.get(address, withhold_token=True, allow_redirects=False)
    response.raise_for_status()
    document = response.json()
    if not isinstance(document, dict):
        raise ValueError("no JSON object")
    return document


def _claims(token: str, keys: KeySet, back: Back, *, provider: SingleSignOn, at: datetime) -> Mapping[str, object]:
    rules = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": back.nonce},
    )
    try:
        read = jwt.decode(token, keys, algorithms=ALGORITHMS)
        rules.validate(read.claims)
    except (JoseError, ValueError) as error:
        raise NotProven(f"the token of {provider.issuer} does not hold: {type(error).__name__}") from error
    if str(read.claims["iss"]).rstrip("/") != provider.issuer:
        raise NotProven(f"the token is of another issuer than {provider.issuer}")
    if read.claims.get("azp", provider.client_id) != provider.client_id:
        raise NotProven(f"the token of {provider.issuer} was made for another client")
    return read.claims


def _identity(provider: SingleSignOn, claims: Mapping[str, object]) -> Identity:
    named = claims.get(provider.claim)
    # Whoever may type an address of somebody else has not shown to be that person.
    is_shown = provider.claim != "email" or claims.get("email_verified") is True
    return Identity(provider.issuer, str(claims["sub"]), str(named) if named and is_shown else "")
