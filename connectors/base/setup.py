"""What a sign-in scheme works with: one instance's configuration, secrets, network and clock, and one call to sign."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from connectors.base import redaction
from connectors.base.addresses import matches
from connectors.base.answers import Answer
from connectors.base.errors import BadResponse, CredentialsRejected
from connectors.base.limits import Traffic
from connectors.base.network import Body, Network, Place, Reply, place
from connectors.base.secret_store import SecretDocument, SecretStore

if TYPE_CHECKING:
    from connectors.base.connector import AuthMethod, Connector

FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Call:
    """One request on its way out. A scheme adds its headers (or signs) right before it is sent.

    `audience`: what the token is for, in the vendor's words ('' where one token serves all). `subject`: whom to act as.
    """

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    body: Body = field(default=None, repr=False)
    audience: str = ""
    subject: str = ""


@dataclass(slots=True)
class Memory:
    """What one client remembers between its calls, so that the vault is not asked each time."""

    tokens: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    scopes: tuple[str, ...] = ()
    traffic: Traffic = field(default_factory=Traffic)


@dataclass(frozen=True)
class Setup:
    connector: "Connector"
    method: "AuthMethod"
    config: Mapping[str, str]
    secrets: SecretStore
    network: Network
    now: Callable[[], datetime]
    components: tuple[str, ...] | None = None
    """Ids of those that are switched on; None is all of them."""
    memory: Memory = field(default_factory=Memory, repr=False, compare=False)

    def secret(self, name: str) -> str:
        """The value of a secret wizard field. Raises CredentialsRejected when there is none."""
        value = self.optional_secret(name)
        if not value:
            raise CredentialsRejected(
                f"The connection to {self.connector.name} is not complete: {name.replace('_', ' ')} is missing.",
                remedy="Open the instance, choose Reconnect and fill in the details.",
            )
        return value

    def optional_secret(self, name: str) -> str:
        """The value of a secret wizard field, '' where it was left empty."""
        return str(self._document()["fields"].get(name) or "")

    def remembered(self, name: str) -> str:
        """Like `secret`, asking the vault once in the life of the client."""
        if name not in self.memory.values:
            self.memory.values[name] = self.secret(name)
        return str(self.memory.values[name])

    def tokens(self) -> dict[str, Any]:
        """The tokens document as the vault has it now."""
        tokens: dict[str, Any] = self._document()["tokens"]
        return tokens

    def _document(self) -> SecretDocument:
        document = self.secrets.read()
        redaction.remember(*redaction.texts_in(document))
        return document

    def scopes(self) -> tuple[str, ...]:
        """What is asked for at a sign-in without an audience."""
        return self.connector.wanted(self.method, self.config, self.components)

    def hosts(self) -> tuple[str, ...]:
        return self.connector.hosts(self.config)

    def check_host(self, url: str) -> None:
        """Raises BadResponse unless the connector declared the host (and port, where it is not the usual one)."""
        there = place(url)
        if not any(_is_declared(there, pattern) for pattern in self.hosts()):
            raise BadResponse(
                f"A call to {there.origin} was stopped.",
                why=f"It is not among the addresses that the connector for {self.connector.name} may call.",
                remedy="Check the instance's host name. If it is right, report this as a fault of the connector.",
            )

    def exchange(self, call: Call, *, deadline_s: float | None = None) -> Answer:
        """One exchange with a declared host; any status is an Answer."""
        self.check_host(call.url)
        self.memory.traffic.calls += 1
        reply = self.network.send(call.method, call.url, call.headers, call.body, deadline_s=deadline_s)
        answer = answer_of(call, reply, reply.body)
        self._note_budget(answer)
        return answer

    def open(self, call: Call, *, deadline_s: float | None = None) -> Reply:
        """Like `exchange`, with the body still to be read."""
        self.check_host(call.url)
        self.memory.traffic.calls += 1
        return self.network.send(call.method, call.url, call.headers, call.body, deadline_s=deadline_s, stream=True)

    def _note_budget(self, answer: Answer) -> None:
        found = self.connector.budget(answer) if self.connector.budget else None
        if found is not None:
            self.memory.traffic.budgets[found.name] = found

    def post_form(self, url: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        """A form sent to a sign-in endpoint of the vendor, with the connector's standing headers but no token."""
        sent = {"User-Agent": USER_AGENT, **self.connector.headers, "Accept": "application/json", **(headers or {})}
        return self.exchange(Call("POST", url, {**sent, "Content-Type": FORM}, urlencode(form).encode()))


USER_AGENT = "Gatehouse"


def answer_of(call: Call, reply: Reply, body: bytes) -> Answer:
    return Answer(call.method, place(call.url).without_query, reply.status, reply.headers, body)


def basic(user: str, password: str) -> str:
    """The value of an Authorization header for HTTP Basic (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _is_declared(there: Place, pattern: str) -> bool:
    host, _, port = pattern.partition(":")
    if port:
        return matches(there.host, host) and there.port == int(port)
    return matches(there.host, pattern) and there.port in (None, 443)
