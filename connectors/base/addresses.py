"""Where a call may go: host patterns, and the network addresses a host name may stand for."""

import ipaddress
import queue
import socket
import threading
from collections.abc import Iterable

from connectors.base.errors import Unavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

SHARED_SPACE = ipaddress.ip_network("100.64.0.0/10")
"""Carrier-grade NAT (RFC 6598): not private by the library's word, and not the public internet either."""

TUNNELS = (
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("2001::/32"),
    ipaddress.ip_network("2002::/16"),
)
"""IPv6 ranges that carry an IPv4 address inside (NAT64, Teredo, 6to4): they could smuggle in a private one."""


def matches(host: str, pattern: str) -> bool:
    """Whether `host` is meant by `pattern`: the same name, or `*.example.com` for its sub-domains, never itself."""
    if pattern.startswith("*."):
        return host.lower().endswith(pattern[1:].lower())
    return host.lower() == pattern.lower()


def matches_any(host: str, patterns: Iterable[str]) -> bool:
    return any(matches(host, pattern) for pattern in patterns)


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet, looking inside IPv6 forms of IPv4 addresses."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if any(address in tunnel for tunnel in TUNNELS):
            return False
    elif address in SHARED_SPACE:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def is_loopback(address: Address) -> bool:
    return address.is_loopback


def resolve(host: str, port: int, timeout: float) -> list[str]:
    """The addresses of `host`, as texts, in the resolver's order. Raises Unavailable, with nothing sent.

    The system's resolver knows no time-out, so it is asked in a thread that is left behind when it takes too long.
    """
    answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(entry[4][0]) for entry in found])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name="resolve").start()
    try:
        answer = answers.get(timeout=max(timeout, 0.001))
    except queue.Empty:
        raise Unavailable(
            f"The address of {host} could not be found in time.",
            why="The name server did not answer.",
            remedy="Check the name servers of the machine Gatehouse runs on; it is tried again by itself.",
            is_sent=False,
        ) from None
    if isinstance(answer, Exception):
        raise Unavailable(
            f"There is no address for {host}.",
            why="The name is misspelt, or the name server of this network does not know it.",
            remedy="Check the host name in the instance's details, and the name servers of the machine.",
            is_sent=False,
        ) from answer
    return list(dict.fromkeys(answer))


def parsed(address: str) -> Address:
    """An address as the resolver writes it, with or without an IPv6 zone."""
    return ipaddress.ip_address(address.partition("%")[0])
