"""Box: one enterprise."""

from connectors.base import Connector
from connectors.box.actions import ACTIONS
from connectors.box.checking import check
from connectors.box.consequences import CONSEQUENCES
from connectors.box.feeds import FEEDS
from connectors.box.gaps import GAPS
from connectors.box.holding_place import HOLDING
from connectors.box.hosts import base_url, hosts
from connectors.box.limits import CALLS
from connectors.box.methods import METHODS
from connectors.box.refusals import classify
from connectors.box.webhook import WEBHOOK

connector = Connector(
    id="box",
    name="Box",
    summary="Users, groups, files with their sharing, and the events of an enterprise.",
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
    gaps=GAPS,
    limits=(CALLS,),
)
