"""Promises to write a text message about a call: its receipt, and information by key."""

from ivr.agents.rows import Agent
from ivr.calls.known import load
from ivr.calls.record import talked
from ivr.calls.rows import Call
from ivr.lines.hours import SEOUL
from ivr.messages.writing import Outgoing, write_message
from ivr.optouts.links import refusal_path
from workers.job import Job


def receipt(job: Job) -> None:
    """After an answered call: institution, receipt number, the agent's affiliation and name, the number."""
    call = job.session.get_one(Call, job.text("call"))
    known = load(job.session, call.id)
    met = talked(known.offers, known.facts)
    if not met or call.caller is None or not call.caller.takes_texts:
        return
    agent = job.session.get_one(Agent, met[-1].agent_id)
    line = job.line(call.line)
    values = {
        "receipt": call.receipt_number,
        "department": agent.department,
        "name": agent.name,
        "title": agent.title,
        "date": f"{call.arrived_at.astimezone(SEOUL):%Y-%m-%d %H:%M}",
    }
    written = Outgoing(f"{call.id}-receipt", line, call.caller, line.texts.receipt, f"call:{call.id}", values)
    write_message(job.session, job.house.texts, written, at=job.at)


def inform(job: Job) -> None:
    """Information that the caller asked for by key."""
    call = job.session.get_one(Call, job.text("call"))
    line = job.line(call.line)
    if call.caller is None or not call.caller.takes_texts:
        return
    template = job.house.texts.of(line.id).template(job.text("template"))
    id = f"{call.id}-{template.id}"
    values = {}
    if "link" in template.fields:
        path = refusal_path(job.house.keyring, id, line_id=line.id, number=call.caller)
        values["link"] = job.house.public_base_url + path
    written = Outgoing(id, line, call.caller, template.id, f"call:{call.id}", values)
    write_message(job.session, job.house.texts, written, at=job.at)
