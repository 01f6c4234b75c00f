"""Microsoft Azure: the subscriptions of one tenant."""

from connectors.azure.actions import ACTIONS
from connectors.azure.budget import budget
from connectors.azure.checking import check
from connectors.azure.consequences import CONSEQUENCES
from connectors.azure.feeds import FEEDS
from connectors.azure.gaps import GAPS
from connectors.azure.hosts import audience, base_url, hosts
from connectors.azure.limits import REPORTS
from connectors.azure.methods import METHODS
from connectors.azure.refusals import classify
from connectors.azure.scope_words import scope_meaning
from connectors.azure.webhook import WEBHOOK
from connectors.base import Connector

connector = Connector(
    id="azure",
    name="Microsoft Azure",
    summary="Who may do what in subscriptions, and the activity log.",
    base_url=base_url,
    hosts=hosts,
    methods=METHODS,
    check=check,
    feeds=FEEDS,
    classify=classify,
    actions=ACTIONS,
    consequences=CONSEQUENCES,
    webhook=WEBHOOK,
    is_multi_instance=False,
    gaps=GAPS,
    audience=audience,
    budget=budget,
    limits=(REPORTS,),
    scope_meaning=scope_meaning,
)
