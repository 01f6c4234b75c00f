"""The tenant's own domains: whose address is of none of them is from outside."""

from connectors.base import Client
from connectors.office365.mapping.values import rows, text
from connectors.office365.reading import listed

KEPT = "own domains"


def own_domains(client: Client) -> frozenset[str]:
    """Those that the tenant has verified. A client asks once."""
    kept = client.setup.memory.values
    if KEPT not in kept:
        found = listed(client.get("/organization", params={"$select": "id,verifiedDomains"}), "id").rows
        told = [text(each.get("name")).lower() for row in found for each in rows(row, "verifiedDomains")]
        kept[KEPT] = frozenset(each for each in told if each)
    domains: frozenset[str] = kept[KEPT]
    return domains
