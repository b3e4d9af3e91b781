"""The settings of one installation, read from `CHARTERLINE_*` variables; all problems are named at once."""

import base64
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

PREFIX = "CHARTERLINE_"
Port = Annotated[int, Field(ge=1, le=65535)]


class BadSettings(ValueError):
    """One or more settings are missing or wrong; `problems` names each with what to do."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(["The settings do not fit:", *(f"  - {p}" for p in problems)]))


class Settings(BaseModel):
    """Everything an operator can set. Secrets may also be given as a file, by `NAME_FILE`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = Field(description="SQLAlchemy URL: sqlite:///FILE or postgresql://USER@HOST/NAME")
    redis_url: str = Field(description="Redis or Valkey: redis://, rediss:// or unix://")
    public_base_url: str = Field(description="The URL at which the carrier reaches the webhooks, no slash at the end")
    twilio_account_sid: str = Field(min_length=2, description="Account id at the carrier")
    twilio_auth_token: SecretStr = Field(
        description="Auth token at the carrier; two, separated by a comma, while the token is being rotated"
    )
    twilio_api_url: str = Field(default="https://api.twilio.com", description="Base URL of the carrier's REST API")
    aggregator_url: str = Field(
        default="https://api-sms.cloud.toast.com",
        description="Base URL of the domestic aggregator of text messages (NHN Cloud SMS v3.0, docs/messages.md)",
    )
    aggregator_key: str = Field(default="", description="App key at the aggregator; empty: it is not used")
    aggregator_secret: SecretStr = Field(
        default=SecretStr(""), validate_default=True, description="Secret key at the aggregator"
    )
    secret_keys: SecretStr = Field(
        description="Keys that seal personal data: `index:BASE64,k1:BASE64`, 32 bytes each, the first named key seals"
    )
    fallback_url: str = Field(
        default="",
        description="Static document (config/fallback.xml) that callers hear when nothing here answers; "
        "config/fallback_ordered.xml beside it is for those whom we ring",
    )
    data_dir: Path = Field(default=Path("data"), description="Folder for everything that is kept on this machine")
    webhooks_port: Port = Field(default=8080, description="Port of the webhooks")
    console_port: Port = Field(default=8081, description="Port of the console")
    carrier_port: Port = Field(default=8082, description="Port of the local carrier (embedded demo only)")
    bind_host: str = Field(default="127.0.0.1", description="Address that the web processes listen on")
    always_open: bool = Field(default=False, description="Treat every line as open at all hours (the demo does)")
    calls_per_second: Annotated[float, Field(gt=0, le=1000)] = Field(
        default=1.0,
        description="Calls a second that all diallers together may order; an account at Twilio begins with 1",
    )
    transcriber: Literal["none", "twilio"] = Field(
        default="none",
        description="Who makes words of the opening of a talk; twilio is the carrier (docs/listening.md)",
    )
    softphone: Literal["none", "twilio", "local"] = Field(
        default="none",
        description="What agents talk with in the browser: Twilio's Voice SDK, the local carrier, or telephones only",
    )
    twilio_api_key_sid: str = Field(default="", description="API key at the carrier that softphones' tokens name")
    twilio_api_key_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret of that API key; tokens of softphones are signed with it"
    )
    console_url: str = Field(
        default="", description="The URL at which people reach the console; empty: BIND_HOST and CONSOLE_PORT"
    )
    console_proxies: Annotated[int, Field(ge=0, le=4)] = Field(
        default=0, description="How many proxies stand before the console and name the caller in X-Forwarded-For"
    )
    webhooks_proxies: Annotated[int, Field(ge=0, le=4)] = Field(
        default=0, description="The same before the webhooks: whose pages are paced by address (docs/security.md)"
    )
    second_factor: Literal["offered", "required"] = Field(
        default="offered", description="Whether supervisors, auditors and administrators must set up a second factor"
    )
    oidc_issuer: str = Field(
        default="", description="Issuer of the single sign-on (OpenID Connect); empty: there is none (docs/accounts.md)"
    )
    oidc_client_id: str = Field(default="", description="Client id of the console at that provider")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="Client secret of the console there")
    oidc_claim: str = Field(
        default="preferred_username",
        description="Claim that names the account, where a person comes for the first time",
    )
    embedded: str = Field(
        default="", description="Written by `charterline up` itself: the parts of the embedded demo that it runs"
    )
    otlp_endpoint: str = Field(
        default="", description="Base URL of a collector (OTLP over HTTP) that takes traces; empty: there are none"
    )
    log_format: Literal["json", "text"] = Field(default="json", description="Form of the log lines")

    @field_validator("public_base_url", "twilio_api_url", "aggregator_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be http(s)://HOST[:PORT] without query or fragment")
        return value.rstrip("/")

    @field_validator("twilio_auth_token")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        if not any(part.strip() for part in value.get_secret_value().split(",")):
            raise ValueError("is empty: give the auth token of the carrier's account")
        return value

    @field_validator("aggregator_secret")
    @classmethod
    def _goes_with_its_key(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("aggregator_key") and not value.get_secret_value():
            raise ValueError("is empty although there is an app key: give the secret key that belongs to it")
        return value

    @field_validator("console_url", "oidc_issuer")
    @classmethod
    def _is_web_address_or_nothing(cls, value: str) -> str:
        return cls._is_web_address(value) if value else value

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if self.softphone != "none" and not (self.twilio_api_key_sid and self.twilio_api_key_secret.get_secret_value()):
            raise ValueError("CHARTERLINE_SOFTPHONE needs TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET: set both")
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret.get_secret_value()):
            raise ValueError("CHARTERLINE_OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: set both")
        return self

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: str) -> str:
        if not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must start with redis://, rediss:// or unix://")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql://")
        if value in {"sqlite:///", "sqlite:///:memory:"}:
            raise ValueError("must name a file: a database in memory forgets its promises")
        return value

    @field_validator("secret_keys")
    @classmethod
    def _are_keys(cls, value: SecretStr) -> SecretStr:
        entries = [entry.strip().partition(":") for entry in value.get_secret_value().split(",")]
        names = [name for name, _, _ in entries]
        if "index" not in names or len(names) < 2 or len(set(names)) != len(names):
            raise ValueError("must name an index key and at least one other, each once: index:BASE64,k1:BASE64")
        wrong = [str(place) for place, (_, _, key) in enumerate(entries, start=1) if not _is_key(key)]
        if wrong:
            raise ValueError(f"entry {', '.join(wrong)} is not 32 bytes in base64, written NAME:BASE64")
        return value

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The tokens a signature may be made with: one, or two during rotation (the first is sent)."""
        return tuple(part.strip() for part in self.twilio_auth_token.get_secret_value().split(",") if part.strip())

    @property
    def console_address(self) -> str:
        """The URL of the console as people type it."""
        host = "127.0.0.1" if self.bind_host == "0.0.0.0" else self.bind_host  # noqa: S104 - compared
        return self.console_url or f"http://{host}:{self.console_port}"

    @property
    def is_demo(self) -> bool:
        """Is this the embedded demo, with a carrier of its own on this machine?"""
        return "carrier" in self.embedded.split(",")


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)) == 32
    except ValueError:
        return False


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; raises `BadSettings` with every problem that was found."""
    source = os.environ if environment is None else environment
    problems: list[str] = []
    values: dict[str, str] = {}
    for name in Settings.model_fields:
        value = _read_one(name, source, problems)
        if value is not None:
            values[name] = value
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        problems += [_in_words(item["loc"], item["type"], item["msg"]) for item in error.errors()]
        raise BadSettings(problems) from None
    if problems:
        raise BadSettings(problems)
    return settings


def _read_one(name: str, source: Mapping[str, str], problems: list[str]) -> str | None:
    variable = PREFIX + name.upper()
    direct, file_name = source.get(variable), source.get(variable + "_FILE")
    if direct and file_name:
        problems.append(f"{variable} and {variable}_FILE are both set: keep one of them")
    if file_name and not direct:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            problems.append(f"{variable}_FILE: {file_name} cannot be read ({error.strerror})")
    return direct or None


def _in_words(place: tuple[int | str, ...], kind: str, message: str) -> str:
    if not place:
        return message.removeprefix("Value error, ")
    name = str(place[0])
    variable = PREFIX + name.upper()
    if kind == "missing":
        return f"{variable} is missing: {Settings.model_fields[name].description}"
    return f"{variable}: {message.removeprefix('Value error, ')}"


def new_secret_keys(random_bytes: bytes) -> str:
    """Write 64 random bytes in the form of `SECRET_KEYS`: an index key and one sealing key."""
    index, sealing = (base64.b64encode(part).decode() for part in (random_bytes[:32], random_bytes[32:64]))
    return f"index:{index},k1:{sealing}"
