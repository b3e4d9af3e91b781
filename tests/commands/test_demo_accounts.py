"""The accounts of the demo: somebody for every role of every line, made once, all with the password that is printed."""

from pathlib import Path

from sqlalchemy import Engine, select

from commands.demo import add_officers, agent_row, read_demo
from commands.demo_accounts import add_accounts, demo_password
from commands.installation import complete, make_folders, make_secrets
from config.files import LINES, MESSAGES, read_folder
from config.settings import read_settings
from console.demo import demo_people, first_line
from ivr.accounts.passwords import Passwords
from ivr.accounts.rows import Account, Role
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.accounts.people import AT


@ON_SQLITE
def test_every_line_has_a_softphone_agent_first_two_supervisors_an_auditor_and_the_administrator(
    engine: Engine, folder: Path
) -> None:
    store, demo = Store(engine), read_demo()
    lines = load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES)))
    installation = complete({"CHARTERLINE_DATA_DIR": str(folder / "data")})
    make_folders(installation)
    make_secrets(installation)
    password = demo_password(read_settings(installation.environment))
    with store.transaction() as session:
        session.add_all(agent_row(one, lines.by_id(one.line), AT) for one in demo.agents)
        session.flush()
        add_officers(session, demo.agents, demo.supervisors)
    for _ in range(2):
        add_accounts(store, demo, password, at=AT)
    with store.reading() as session:
        for line in lines:
            people = demo_people(session, line.id)
            assert people[0].is_softphone
            roles = [person.role for person in people]
            of_firms = 2 if line.centre else 0
            assert [roles.count(role) for role in Role] == [3, 2, 1, 1, of_firms]
        assert first_line(session) == demo.agents[0].line
        kept = session.scalars(select(Account.password).distinct()).one()
    assert Passwords().fits(kept, password)


def test_the_demo_has_a_key_for_softphones_that_the_carrier_is_given_and_a_real_installation_has_none(
    folder: Path,
) -> None:
    installation = complete({"CHARTERLINE_DATA_DIR": str(folder / "data")})
    make_folders(installation)
    make_secrets(installation)
    settings = read_settings(installation.environment)
    assert (settings.softphone, settings.is_demo) == ("local", True)
    assert settings.twilio_api_key_sid.startswith("SK")
    assert len(settings.twilio_api_key_secret.get_secret_value()) >= 32
    assert settings.console_address == "http://127.0.0.1:8081"
    own = {"CHARTERLINE_TWILIO_ACCOUNT_SID": "AC1", "CHARTERLINE_DATA_DIR": str(folder / "real")}
    assert "CHARTERLINE_SOFTPHONE" not in complete(own).environment
