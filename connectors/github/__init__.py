"""GitHub: one organisation on github.com, on a subdomain of ghe.com or on an Enterprise Server."""

from connectors.base import Connector, Holding
from connectors.github.actions import ACTIONS
from connectors.github.budget import budget
from connectors.github.checking import check
from connectors.github.consequences import CONSEQUENCES
from connectors.github.feeds import FEEDS
from connectors.github.feeds.tree import FILE_NAMES
from connectors.github.gaps import GAPS
from connectors.github.methods import GITHUB_APP, OAUTH_APP
from connectors.github.products import api_url, hosts
from connectors.github.refusals import classify
from connectors.github.scope_words import scope_meaning
from connectors.github.webhook import WEBHOOK

connector = Connector(
    id="github",
    name="GitHub",
    summary="Accounts, teams, repositories, app permissions and the audit log of an organisation.",
    base_url=api_url,
    hosts=hosts,
    methods=(OAUTH_APP, GITHUB_APP),
    check=check,
    feeds=FEEDS,
    classify=classify,
    actions=ACTIONS,
    consequences=CONSEQUENCES,
    webhook=WEBHOOK,
    components=(FILE_NAMES,),
    budget=budget,
    holding=Holding("the file that is overwritten"),
    gaps=GAPS,
    scope_meaning=scope_meaning,
    headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
)
