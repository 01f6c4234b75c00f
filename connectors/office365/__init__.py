"""Office 365: one tenant of Microsoft's."""

from connectors.base import Connector, entra
from connectors.office365.actions import ACTIONS
from connectors.office365.budget import budget
from connectors.office365.checking import check
from connectors.office365.components import COMPONENTS
from connectors.office365.consequences import CONSEQUENCES
from connectors.office365.feeds import FEEDS
from connectors.office365.gaps import GAPS
from connectors.office365.holding_place import HOLDING
from connectors.office365.hosts import base_url, hosts
from connectors.office365.limits import ACTIVITY, REPORTS
from connectors.office365.methods import METHODS
from connectors.office365.office_apps import OFFICE_APPS
from connectors.office365.refusals import classify
from connectors.office365.scope_words import scope_meaning
from connectors.office365.webhook import WEBHOOK

connector = Connector(
    id="office365",
    name="Microsoft Office 365",
    summary="Users, groups, sign-ins, audit logs, apps, activity in the Office apps, and files of a tenant.",
    base_url=base_url,
    hosts=hosts,
    methods=METHODS,
    check=check,
    feeds=FEEDS,
    classify=classify,
    actions=ACTIONS,
    consequences=CONSEQUENCES,
    webhook=WEBHOOK,
    holding=HOLDING,
    components=COMPONENTS,
    activity_components=OFFICE_APPS,
    is_multi_instance=False,
    gaps=GAPS,
    audience=entra.audience,
    budget=budget,
    scope_meaning=scope_meaning,
    limits=(REPORTS, ACTIVITY),
)
