"""Every part of the console, in the order of the menu; each is a blueprint of its own folder."""

from typing import Final

from flask import Blueprint

from console.access.pages import blueprint as access
from console.account.pages import blueprint as account
from console.accounts.pages import blueprint as accounts
from console.audiences.choosing import blueprint as served
from console.audiences.pages import blueprint as audiences
from console.audiences.sending import blueprint as audience_files
from console.bills.pages import blueprint as bills
from console.callbacks.pages import blueprint as callbacks
from console.calls.pages import blueprint as calls
from console.campaigns.pages import blueprint as campaigns
from console.cases.pages import blueprint as cases
from console.charter.pages import blueprint as charter
from console.consents.pages import blueprint as consents
from console.courtesy.pages import blueprint as courtesy
from console.desk.pages import blueprint as desk
from console.directory.pages import blueprint as directory
from console.directory.posts import blueprint as posts
from console.firm.pages import blueprint as firm
from console.firms.pages import blueprint as firms
from console.home import blueprint as home
from console.intake.pages import blueprint as intake
from console.knowledge.pages import blueprint as knowledge
from console.lines.pages import blueprint as lines
from console.messages.pages import blueprint as messages
from console.monitoring.pages import blueprint as monitoring
from console.officers import blueprint as officers
from console.repairs.pages import blueprint as repairs
from console.sign_in.pages import blueprint as sign_in
from console.staffing.pages import blueprint as staffing
from console.surveys.after_calls import blueprint as after_calls
from console.surveys.drafts import blueprint as survey_drafts
from console.surveys.pages import blueprint as surveys
from console.system.pages import blueprint as system
from console.talk.pages import blueprint as talk
from console.wall.pages import blueprint as wall

PAGES: Final[tuple[Blueprint, ...]] = (
    sign_in,
    home,
    desk,
    talk,
    account,
    accounts,
    access,
    wall,
    monitoring,
    directory,
    lines,
    system,
    posts,
    officers,
    callbacks,
    cases,
    charter,
    messages,
    courtesy,
    calls,
    served,
    audiences,
    audience_files,
    campaigns,
    consents,
    after_calls,
    survey_drafts,
    surveys,
    firm,
    firms,
    knowledge,
    repairs,
    intake,
    staffing,
    bills,
)
