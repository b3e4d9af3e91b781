"""Consent taken in a call: read out, agreed to by one key, entered with its evidence, and confirmed by one text."""

from sqlalchemy import func, select

from ivr.consents.contact import Limits, Wish, may_contact
from ivr.consents.recording import expiry
from ivr.consents.rows import Consent, ConsentNotice, Means, Purpose
from ivr.numbers import PhoneNumber
from ivr.people.finding import person_with
from tests.people import CALLER, customer
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, said, texts_of

WISH = Wish("dcgf", (Purpose.HAPPY_CALL,), None, Limits())


def consents(scene: Scene) -> list[Consent]:
    with scene.world.store.reading() as session:
        return list(session.scalars(select(Consent)))


def test_one_key_agrees_and_a_text_confirms_it_within_minutes(both: Stage) -> None:
    scene = both("dcgf")
    call = scene.dial(customer("8", "1", hang_up_after=90.0))
    scene.world.run_until_quiet()
    heard = " ".join(said(call.heard))
    for part in ("consent.terms", "consent.choice", "consent.agreed"):
        assert scene.words(part) in heard
    (consent,) = consents(scene)
    assert (consent.purpose, consent.how, consent.wording) == (Purpose.HAPPY_CALL, Means.KEY, "2026-11")
    assert consent.evidence.startswith("call:c")
    assert consent.expires_at == expiry(consent.given_at)
    confirmations = [body for body in texts_of(scene.network.handset(CALLER)) if "동의를 접수" in body]
    assert len(confirmations) == 1
    assert "해피콜" in confirmations[0]
    with scene.world.store.reading() as session:
        person = person_with(session, "dcgf", PhoneNumber.parse(CALLER))
        assert person is not None
        assert session.scalar(select(func.count()).select_from(ConsentNotice)) == 1
        assert may_contact(session, WISH, person.id, at=consent.given_at).why is None


def test_any_other_key_or_silence_is_no_consent(stage: Stage) -> None:
    for keys in (("8", "2"), ("8", "9"), ("8",)):
        scene = stage("dcgf")
        call = scene.dial(customer(*keys, hang_up_after=90.0))
        scene.world.run_until_quiet()
        assert scene.words("consent.kept") in " ".join(said(call.heard)), keys
        assert consents(scene) == []


def test_a_withheld_number_cannot_agree(stage: Stage) -> None:
    scene = stage("dcgf")
    call = scene.dial(customer("8", "1", hang_up_after=60.0), withheld="anonymous")
    scene.world.run_until_quiet()
    assert scene.words("consent.withheld") in " ".join(said(call.heard))
    assert consents(scene) == []
