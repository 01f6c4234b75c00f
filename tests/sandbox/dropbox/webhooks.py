"""The app's webhooks: verified by a challenge, then told which members' content changed. The shape of a notification
for a team is as two consumers of it read it; the vendor's own text was not seen."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.sandbox.dropbox.state import State
from tests.sandbox.postman import Got

Deliver = Callable[[str, dict[str, str], bytes], int]
Ask = Callable[[str], Got]
AGENT = "DropboxWebhooks/1.0"


def verify(state: State, ask: Ask, url: str) -> str:
    """Why the address is refused, "" when it is added: it has to say the challenge again, as plain text."""
    challenge = state.secret("", 40)
    got = ask(f"{url}{'&' if '?' in url else '?'}challenge={quote(challenge)}")
    if got.status != 200:
        return f"The webhook answered with status {got.status}."
    if got.body != challenge.encode():
        return "The webhook did not echo the challenge."
    if got.headers.get("content-type", "").split(";")[0] != "text/plain":
        return "The webhook's Content-Type is not text/plain."
    if got.headers.get("x-content-type-options") != "nosniff":
        return "The webhook's X-Content-Type-Options is not nosniff."
    if url not in state.application.webhooks:
        state.application.webhooks.append(url)
    return ""


@dataclass(slots=True)
class Announcer:
    """Tells once per change; what was not answered with 200 is told again, as often as it is asked to send."""

    state: State
    unsent: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def collect(self) -> None:
        application, changed = self.state.application, sorted(self.state.changed_members)
        self.state.changed_members.clear()
        has_access = any(not grant.is_revoked and "team_data.member" in grant.scopes for grant in self.state.grants)
        if not changed or not has_access:
            return
        body = json.dumps({"list_folder": {"teams": {self.state.team_id: changed}}}).encode()
        signature = hmac.new(application.secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "User-Agent": AGENT, "X-Dropbox-Signature": signature}
        self.unsent += [(url, headers, body) for url in application.webhooks]

    def send(self, deliver: Deliver) -> None:
        sending, self.unsent = self.unsent, []
        self.unsent += [each for each in sending if deliver(*each) != 200]
