"""Ending the connection at GitHub: all tokens of the consenting account for our OAuth App are deleted there."""

import json

from connectors.base import Setup
from connectors.base.answers import judge
from connectors.base.setup import Call, basic
from connectors.base.tokens import stored_token


def revoke(setup: Setup) -> None:
    """`DELETE /applications/{client_id}/grant`; a grant that is gone already (404, 422) is as good."""
    token = stored_token(setup.secrets.read()["tokens"], "")
    if token is None:
        return
    client_id = setup.config["client_id"]
    headers = {
        "User-Agent": "Gatehouse",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "Content-Type": "application/json",
        "Authorization": basic(client_id, setup.secret("client_secret")),
    }
    body = json.dumps({"access_token": token.value}).encode()
    url = f"https://api.github.com/applications/{client_id}/grant"
    judge(setup.connector, setup.exchange(Call("DELETE", url, headers, body)), (404, 422), setup.now())
