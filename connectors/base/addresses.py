"""Where a call may go: host patterns, and the network addresses a host name may stand for."""

import ipaddress
import queue
import socket
import threading
from collections.abc import Iterable

from connectors.base.errors import Unavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out for the internet. The library counts more as global, such as fec0::/10 (site-local),
::10.0.0.1 and ::ffff:0:10.0.0.1 (IPv4 written as IPv6)."""

NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: where a network without IPv4 reaches IPv4 hosts, by the address in the last four bytes. Its local
counterpart 64:ff9b:1::/48 (RFC 8215) can hold the address in several places, so nobody can tell which host it means."""

NOT_PUBLIC = tuple(
    ipaddress.ip_network(each)
    for each in (
        "168.63.129.16/32",  # Azure's own services, which only machines in it can call
        "192.0.0.0/24",  # IETF protocol assignments; the library leaves out some of them
        "192.88.99.0/24",  # relays of 6to4, given up
        "2001::/32",  # Teredo: an IPv4 address inside
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)
"""Ranges that `is_global` lets through, or did in some 3.11.x. No vendor is there."""


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
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(address.packed[-4:]))
        if address not in GLOBAL_UNICAST:
            return False
    if any(address in network for network in NOT_PUBLIC):
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
