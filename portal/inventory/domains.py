"""The organisation's own mail domains, and who is told by them to be external."""

import hashlib
import json

from portal.preferences import preferences

Domains = frozenset[str]
"""In lower case."""


def own_domains() -> Domains:
    """As they are set now."""
    return frozenset(str(domain).lower() for domain in preferences.get("organisation_domains"))


def domain_of(email: str) -> str:
    """In lower case; '' where it is no address."""
    _, at, domain = email.lower().rpartition("@")
    return domain if at else ""


def is_outside(email: str, domains: Domains) -> bool | None:
    """Whether an address belongs to somebody else; None where there is no address or no domain to compare with.
    A sub-domain of an own domain is an own one."""
    _, _, domain = email.lower().rpartition("@")
    if not domain or not domains:
        return None
    return not any(domain == own or domain.endswith(f".{own}") for own in domains)


def digest(domains: Domains) -> str:
    """Tells two sets of domains apart."""
    return hashlib.sha256(json.dumps(sorted(domains)).encode()).hexdigest()
