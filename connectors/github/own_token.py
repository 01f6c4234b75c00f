"""How the connection's own token shows in GitHub's lists, so that it is not revoked by mistake."""

from connectors.base import Client


def last_eight(client: Client) -> frozenset[str]:
    """The last eight characters of each token kept, as GitHub lists them."""
    return frozenset(str(token["value"])[-8:] for token in client.setup.tokens().get("access", {}).values())
