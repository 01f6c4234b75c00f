"""Signing in as a GitHub App. A statement signed with its private key stands for the app itself; the app gets a token
of its installation in the organisation, which is good for an hour.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from connectors.base import Answer, ConnectorError, CredentialsRejected, NotAvailable, SigningKey, load_key, redaction
from connectors.base.answers import judge
from connectors.base.auth import Renewal, TokenScheme
from connectors.base.setup import USER_AGENT, Call, Setup
from connectors.base.tokens import Obtained, Token, stored_token
from connectors.github.mapping import moment
from connectors.github.products import api_url
from connectors.github.reading import document
from connectors.github.scopes import permissions_of

AS_APP = "app"
"""The audience of calls in the name of the app itself: client.for_audience(AS_APP)."""
AS_ENTERPRISE = "enterprise"
"""The audience of calls by the app's installation on the enterprise instead of the organisation."""
CLOCKS_DIFFER_S = 60
STATEMENT_S = 540
"""GitHub takes no statement that ends later than in ten minutes."""
RENEWAL_MARGIN = timedelta(minutes=5)


def uninstall(setup: Setup) -> None:
    """Take the app out of the organisation; it is as good if it is gone."""
    found = _as_app(setup, "GET", installation_path(setup.config, ""), expect=(404,))
    if found.status != 404:
        _as_app(setup, "DELETE", f"/app/installations/{document(found, 'id')['id']}", expect=(404,))


@dataclass(frozen=True)
class GitHubApp(TokenScheme):
    """Reads `app_id`, `organization` and `enterprise` from the config and `private_key` from the secrets.

    The granted scopes are the installation's permissions, as permissions_of has them.
    """

    revoke: Callable[[Setup], None] = uninstall

    def authorize(self, setup: Setup, call: Call) -> None:
        if call.audience == AS_APP:
            call.headers["Authorization"] = f"Bearer {_statement(setup)}"
        else:
            super().authorize(setup, call)

    def renew(self, setup: Setup, call: Call, answer: Answer) -> Renewal:
        return Renewal.NONE if call.audience == AS_APP else super().renew(setup, call, answer)

    def obtain(self, setup: Setup, tokens: Mapping[str, Any], call: Call) -> Obtained:
        installation = _installation(setup, call.audience)
        path = f"/app/installations/{installation['id']}/access_tokens"
        given = document(_as_app(setup, "POST", path), "token", "expires_at")
        redaction.remember(str(given["token"]))
        expires_at = moment(given["expires_at"])
        permissions = given.get("permissions") or installation["permissions"]
        token = Token(
            str(given["token"]), expires_at - RENEWAL_MARGIN if expires_at else None, permissions_of(permissions)
        )
        return Obtained(token)

    def renew_for(self, setup: Setup, permissions: tuple[str, ...]) -> None:
        """A token keeps the permissions it was made with: obtain one that has what the organisation grants now."""
        token = stored_token(setup.tokens(), "")
        if token is not None and token.scopes != permissions:
            self._renewed(setup, Call("GET", api_url(setup.config)), refused=token.value)


def installation_path(config: Mapping[str, str], audience: str) -> str:
    """Of the installation on the organisation, or on its enterprise."""
    if audience == AS_ENTERPRISE:
        return f"/enterprises/{config['enterprise']}/installation"
    return f"/orgs/{config['organization']}/installation"


def _installation(setup: Setup, audience: str) -> Mapping[str, Any]:
    answer = _as_app(setup, "GET", installation_path(setup.config, audience), expect=(404,))
    if answer.status == 404:
        raise _not_on_enterprise() if audience == AS_ENTERPRISE else not_installed(setup.config["organization"])
    return document(answer, "id", "permissions")


def _not_on_enterprise() -> ConnectorError:
    return NotAvailable(
        "The GitHub App is not installed on the enterprise.",
        remedy="Install it there: the app's page in GitHub > Install App.",
    )


def not_installed(organization: str) -> CredentialsRejected:
    return CredentialsRejected(
        f"GitHub knows no installation of this GitHub App in {organization}.",
        why="It was not installed there, was uninstalled, the App ID is another app's, or the organisation is called "
        "otherwise.",
        remedy="On the GitHub App's page choose Install App and all repositories of the organisation, or correct App "
        "ID and Organization Login Name, then connect again.",
    )


def _statement(setup: Setup) -> str:
    """A JSON web token (RFC 7519) that says which app is calling."""
    now = int(setup.now().timestamp())
    claims = {"iat": now - CLOCKS_DIFFER_S, "exp": now + STATEMENT_S, "iss": setup.config["app_id"]}
    return SigningKey(load_key(setup.remembered("private_key")), "RS256").sign(claims)


def _as_app(setup: Setup, method: str, path: str, *, expect: tuple[int, ...] = ()) -> Answer:
    headers = {"User-Agent": USER_AGENT, **setup.connector.headers, "Authorization": f"Bearer {_statement(setup)}"}
    call = Call(method, f"{api_url(setup.config)}{path}", headers)
    return judge(setup.connector, setup.exchange(call), expect, setup.now())
