"""The tokens of softphones are those of the carrier's own library, and nothing can be done with them but to ring."""

from dataclasses import replace
from datetime import UTC, datetime

import jwt
import pytest
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from console.desk.tokens import LIFETIME, mint
from tests.console.desk_stage import SOFTPHONES

AT = datetime.now(UTC).replace(microsecond=0)


def test_a_token_says_what_the_carriers_own_library_would_say() -> None:
    ours = mint(SOFTPHONES, "desk_1", at=AT)
    theirs = AccessToken(
        SOFTPHONES.account_sid,
        SOFTPHONES.key_sid,
        SOFTPHONES.key_secret,
        grants=[VoiceGrant(incoming_allow=True)],
        identity="desk_1",
        nbf=int(AT.timestamp()),
        valid_until=int(ours.ends_at.timestamp()),
    ).to_jwt()
    assert jwt.get_unverified_header(ours.text) == jwt.get_unverified_header(theirs)
    said, meant = (jwt.decode(token, SOFTPHONES.key_secret, algorithms=["HS256"]) for token in (ours.text, theirs))
    assert said.pop("jti").startswith(SOFTPHONES.key_sid)
    assert meant.pop("jti").startswith(SOFTPHONES.key_sid)
    assert said == meant
    assert ours.ends_at == AT + LIFETIME


def test_a_token_of_another_key_is_refused() -> None:
    forged = mint(replace(SOFTPHONES, key_secret="o" * 32), "desk_1", at=AT)
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(forged.text, SOFTPHONES.key_secret, algorithms=["HS256"])
