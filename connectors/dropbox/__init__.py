"""Dropbox: one team."""

from connectors.base import Connector
from connectors.dropbox.actions import ACTIONS
from connectors.dropbox.checking import check
from connectors.dropbox.consequences import CONSEQUENCES
from connectors.dropbox.feeds import FEEDS
from connectors.dropbox.gaps import GAPS
from connectors.dropbox.holding_place import HOLDING
from connectors.dropbox.hosts import base_url, hosts
from connectors.dropbox.methods import METHODS
from connectors.dropbox.refusals import classify
from connectors.dropbox.webhook import WEBHOOK

connector = Connector(
    id="dropbox",
    name="Dropbox",
    summary="Members, groups, activity, files, linked apps, sessions and devices of a team.",
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
)
