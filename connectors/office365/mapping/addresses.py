"""IP addresses as Microsoft's logs write them: with a port, in brackets, or not at all."""

import ipaddress
import re
from typing import Any

from connectors.office365.mapping.values import text

NOBODYS = "10.0.0.0"
"""What stands where Microsoft's own services did something."""


def address(value: Any) -> str:
    """`1.2.3.4:5678`, `[v6]:port` and IPv4 written as IPv6 are the address itself; '' for what is none."""
    written = text(value).strip()
    bare = re.sub(r"^\[(.*)\](?::\d+)?$", r"\1", written)
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    told = str(mapped or found)
    return "" if told == NOBODYS else told


def first_address(*values: Any) -> str:
    """The first that is one."""
    return next((found for each in values if (found := address(each))), "")
