"""The declaration of a connector: a frozen value that lists plain functions."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.base.actions import Action
from connectors.base.capabilities import ActionKind, Capability
from connectors.base.consequences import Consequence
from connectors.base.errors import ConnectorError
from connectors.base.feeds import Feed
from connectors.base.fields import Field
from connectors.base.holding import Holding
from connectors.base.limits import Budget, Limit
from connectors.base.network import place
from connectors.base.records import Linked, Risk
from connectors.base.webhooks import Webhook

if TYPE_CHECKING:
    from connectors.base.auth import Scheme
    from connectors.base.client import Answer, Client


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step at the vendor's side, shown beside the form. `copy` names what to copy: `callback_url`, `webhook_url`,
    `scopes`, `egress_addresses`, or `text` for `copy_text` (a policy, a manifest), in which `[[name]]` stands for the
    value of that field."""

    text: str
    copy: str = ""
    copy_text: str = ""
    url: str = ""
    of_scopes: Callable[[str], str] | None = None
    """For vendors where scopes are granted in several places: how a scope is called at this one, '' where it is not
    among its scopes. They are then copied one a line, and a step without any is left out."""


def no_scopes(config: Mapping[str, str]) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class AuthMethod:
    """One way to connect. The first method of a connector is the one the wizard proposes."""

    id: str
    label: str
    help: str
    fields: tuple[Field, ...]
    steps: tuple[SetupStep, ...]
    scheme: "Scheme"
    scopes: tuple[str, ...] = ()
    """The least the connector needs, in the vendor's words, as copied into the vendor's console."""
    useless_scopes: tuple[str, ...] = ()
    """Of what components want, what the vendor does not honour for who connects in this way: it is not asked for."""
    more_scopes: Callable[[Mapping[str, str]], tuple[str, ...]] = no_scopes
    """Beside them, what the instance's config calls for: a field that was filled in and opens more to read."""

    def wanted(self, config: Mapping[str, str]) -> tuple[str, ...]:
        """The scopes to ask for, whatever components are on."""
        return (*self.scopes, *self.more_scopes(config))


@dataclass(frozen=True, slots=True)
class MissingPermission:
    """What was not granted, which capabilities that closes, and how to grant it."""

    permission: str
    closes: tuple[Capability | ActionKind, ...]
    remedy: str


@dataclass(frozen=True, slots=True)
class Tenant(Linked):
    """Who we are connected to, as `check` found it. `id` survives renames and refuses a second connection."""

    id: str
    name: str
    url: str = ""
    plan: str = ""
    connected_as: str = ""
    granted: tuple[str, ...] = ()
    missing: tuple[MissingPermission, ...] = ()
    warnings: tuple[str, ...] = ()
    """Sentences, such as that the consenting account looks personal."""
    unavailable: Mapping[str, str] = field(default_factory=dict)
    """Names of feeds and actions that the plan, the product or the way of connecting does not offer, each with the
    reason."""


@dataclass(frozen=True, slots=True)
class Component:
    """A part of an app that can be switched on. `help` says what it shows."""

    id: str
    label: str
    help: str
    needs: tuple[str, ...] = ()
    """Ids of the components it cannot do without."""
    is_fixed: bool = False
    """Always on, as all others build on it."""
    needs_file_monitoring: bool = False
    """It can be switched on only where the portal monitors files."""
    scopes: Callable[[Mapping[str, str]], tuple[str, ...]] = no_scopes
    """What it wants granted beside what the auth method wants, by the instance's config."""


@dataclass(frozen=True, slots=True)
class ScopeMeaning:
    """A scope or permission in words for an analyst, such as "Read and change code", and what harm it can do."""

    words: str
    risk: Risk


@dataclass(frozen=True)
class Connector:
    id: str
    """The folder's name."""
    name: str
    summary: str
    """One sentence for the list of apps."""
    base_url: Callable[[Mapping[str, str]], str]
    """From the instance's config: where relative paths go."""
    hosts: Callable[[Mapping[str, str]], tuple[str, ...]]
    """From the config: the hosts that may be called and may receive tokens; `*.example.com` for sub-domains."""
    methods: tuple[AuthMethod, ...]
    check: Callable[["Client"], Tenant]
    feeds: tuple[Feed, ...]
    """In the order of a first scan: accounts first."""
    classify: Callable[["Answer"], ConnectorError | None]
    """The vendor's reading of an answer: an error, or None where the general rules of client.py decide."""
    actions: tuple[Action, ...] = ()
    webhook: Webhook | None = None
    components: tuple[Component, ...] = ()
    activity_components: tuple[str, ...] = ()
    """What an Activity's `component` can be: the parts of the app that its activities are told apart by."""
    is_multi_instance: bool = True
    consequences: Mapping[ActionKind, Consequence] = field(default_factory=dict)
    """Of its actions on files, by kind: what they mean beside what they do."""
    holding: Holding | None = None
    """How its quarantine is set up for an instance; None where there is nothing to choose."""
    gaps: Mapping[Capability | ActionKind, str] = field(default_factory=dict)
    """For everything not offered, the reason an admin reads."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with every call."""
    audience: Callable[[str], str] | None = None
    """From a host name to the audience its tokens are for; None where one token serves all hosts."""
    budget: Callable[["Answer"], Budget | None] | None = None
    """What an answer, also an error's, says is left of a limit."""
    limits: tuple[Limit, ...] = ()
    """What the vendor's documents allow and its answers do not count; each instance keeps to it across all workers."""
    scope_meaning: Callable[[str], ScopeMeaning] | None = None
    """What a scope of an OAuthApp, Grant or Credential means. Called for any text; an unknown scope keeps its name."""

    def wanted(
        self, method: AuthMethod, config: Mapping[str, str], components: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """The scopes to ask for with these components switched on, each once; None is all of them."""
        on = [each for each in self.components if components is None or each.id in components]
        scopes = (*method.wanted(config), *(scope for each in on for scope in each.scopes(config)))
        return tuple(scope for scope in dict.fromkeys(scopes) if scope not in method.useless_scopes)

    def feed(self, name: str) -> Feed:
        """The feed of this name. Raises KeyError."""
        return {feed.name: feed for feed in self.feeds}[name]

    def action(self, name: str) -> Action:
        """The action of this name. Raises KeyError."""
        return {action.name: action for action in self.actions}[name]

    @property
    def kinds(self) -> frozenset[ActionKind]:
        """The kinds of governance on offer; bringing a file back is the undo of its quarantine."""
        kinds = {action.kind for action in self.actions}
        quarantines = (ActionKind.QUARANTINE_FILE, ActionKind.QUARANTINE_TRASHED_FILE)
        if any(action.kind in quarantines and action.is_reversible for action in self.actions):
            kinds.add(ActionKind.RESTORE_FROM_QUARANTINE)
        return frozenset(kinds)

    def destinations(self, method: AuthMethod, config: Mapping[str, str]) -> frozenset[str]:
        """Where secrets may be sent to with this config: host patterns as declared, and beginnings of addresses.
        Raises KeyError where the config lacks a field, BadResponse where it makes no address."""
        places = [place(each) for each in (self.base_url(config), *method.scheme.addresses(config))]
        return frozenset({*self.hosts(config), *(f"{each.scheme}://{each.origin}" for each in places)})

    def method(self, method_id: str) -> AuthMethod:
        """The method of this id. Raises KeyError."""
        return {method.id: method for method in self.methods}[method_id]
