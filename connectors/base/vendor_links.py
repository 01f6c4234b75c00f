"""Web addresses that come from a vendor's data and become links on the portal's pages."""

from typing import Any

from connectors.base.errors import BadResponse
from connectors.base.network import place


def vendor_link(address: Any) -> str:
    """The address if it is one for a link, else '': https with a host, and nothing that misleads a reader or a browser,
    such as another scheme, a user name before the host, spaces or characters that cannot be seen.

    Not http: no connector reaches its vendor without encryption, so no honest link of one leads there without it.
    What is no text, as vendors send null where there is no page, is no address either.
    """
    if not isinstance(address, str):
        return ""
    try:
        return address if place(address).scheme == "https" else ""
    except BadResponse:
        return ""
