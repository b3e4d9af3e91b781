"""To which providers of text messages the settings give access, and on what terms."""

from config.files import PROVIDERS, read_file
from config.settings import Settings
from ivr.messages.providers import Providers, load_providers
from ivr.orders import TELEPHONE_CARRIER, Carrier
from workers.providers.nhn import NHN, NhnSms


def aggregators(settings: Settings) -> dict[str, Carrier]:
    """The ports beside the carrier's, by name."""
    if not settings.aggregator_key:
        return {}
    secret = settings.aggregator_secret.get_secret_value()
    return {NHN: NhnSms(settings.aggregator_url, settings.aggregator_key, secret)}


def providers_of(settings: Settings) -> Providers:
    """The carrier and the aggregator if there is access to it, on the terms of config/providers.toml."""
    known = load_providers(read_file(PROVIDERS))
    return known.only(TELEPHONE_CARRIER, *([NHN] if settings.aggregator_key else []))
