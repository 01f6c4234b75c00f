"""Ending the connection at Dropbox."""

from collections.abc import Mapping

from connectors.base import Answer, CredentialsRejected, Setup
from connectors.base.answers import judge
from connectors.base.setup import Call
from connectors.dropbox.hosts import API
from connectors.dropbox.reading import document, having
from connectors.dropbox.signing_in import as_member


def revoke(setup: Setup) -> None:
    """Ends the refresh token with its access tokens. Dropbox takes this call in a member's name alone, so it is made in
    that of the admin who consented (that this ends a token of the team is unverified). What ended before is as good."""
    try:
        answer = _asked(setup, "team/token/get_authenticated_admin", {})
        admin = having(answer, document(answer, "admin_profile")["admin_profile"], "team_member_id")
        _asked(setup, "auth/token/revoke", as_member(str(admin["team_member_id"])))
    except CredentialsRejected:
        return


def _asked(setup: Setup, route: str, headers: Mapping[str, str]) -> Answer:
    call = Call("POST", f"{API}/{route}", {"Content-Type": "application/json", **headers}, b"null")
    setup.method.scheme.authorize(setup, call)
    return judge(setup.connector, setup.exchange(call), (), setup.now())
