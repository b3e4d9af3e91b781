"""The token with which the page's softphone registers at the carrier."""

from flask import Response, jsonify

from console.desk.room import blueprint
from console.desk.showing import own_agent
from console.desk.tokens import mint
from console.office import office
from console.visitor import allowed, wording
from ivr.accounts.rows import Role


@blueprint.post("/token")
@allowed(Role.AGENT)
def token() -> Response | tuple[Response, int]:
    """A token for the agent's own softphone, for an hour; 409 where there is none."""
    here = office()
    with here.store.reading() as session:
        softphone = own_agent(session).softphone
    if not softphone or not here.softphones.driver:
        return jsonify(problem=wording().say("desk.phone.none")), 409
    made = mint(here.softphones, softphone, at=here.clock())
    return jsonify(
        identity=softphone,
        token=made.text,
        ends=made.ends_at.isoformat(timespec="seconds"),
        url=here.softphones.carrier_url,
    )
