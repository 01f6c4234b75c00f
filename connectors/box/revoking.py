"""Ending the connection at Box: the tokens of the account that consented end there."""

from connectors.base import Setup
from connectors.base.answers import judge
from connectors.base.tokens import stored_token
from connectors.box.hosts import REVOKE_URL


def revoke(setup: Setup) -> None:
    """One of the two tokens ends both (unverified for the refresh token alone). A token that ended before (400) is as
    good."""
    tokens = setup.tokens()
    access = stored_token(tokens, "")
    kept = [str(tokens.get("refresh_token") or ""), access.value if access else ""]
    for token in filter(None, kept):
        form = {"client_id": setup.config["client_id"], "client_secret": setup.secret("client_secret"), "token": token}
        judge(setup.connector, setup.post_form(REVOKE_URL, form), (400,), setup.now())
