"""Ending the connection at GitHub: all tokens of the consenting account for our OAuth App are deleted there."""

import json

from connectors.base import Setup
from connectors.base.answers import judge
from connectors.base.setup import USER_AGENT, Call, basic
from connectors.base.tokens import stored_token
from connectors.github.products import api_url


def revoke(setup: Setup) -> None:
    """`DELETE /applications/{client_id}/grant`; a grant that is gone already (404, 422) is as good."""
    token = stored_token(setup.secrets.read()["tokens"], "")
    if token is None:
        return
    client_id = setup.config["client_id"]
    headers = {
        "User-Agent": USER_AGENT,
        **setup.connector.headers,
        "Content-Type": "application/json",
        "Authorization": basic(client_id, setup.secret("client_secret")),
    }
    body = json.dumps({"access_token": token.value}).encode()
    call = Call("DELETE", f"{api_url(setup.config)}/applications/{client_id}/grant", headers, body)
    judge(setup.connector, setup.exchange(call), (404, 422), setup.now())
