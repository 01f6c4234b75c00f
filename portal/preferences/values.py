"""What counts as a good value of a setting. Each function returns the value as it is kept, or raises ValidationError.

Lists may come as text, one entry a line or separated by commas, or as a list of texts.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http.request import validate_host

MAX_ENTRIES = 500
MOST_MEGABYTES = 10_000
FEWEST_DAYS, MOST_DAYS = 7, 3650
MOST_PROBLEMS = 20
"""That many are told at once; who mistook the field for another need not read five hundred."""
DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def domains(value: Any) -> list[str]:
    """Domain names in lower case; other scripts in their ASCII form."""
    return _each(value, _domain)


def networks(value: Any) -> list[str]:
    """Single addresses and networks, IPv4 or IPv6, written the usual way."""
    return _each(value, _network)


def emails(value: Any) -> list[str]:
    return _each(value, email)


def email(value: Any) -> str:
    """A mail address, or '' for none."""
    text = str(value or "").strip()
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        raise ValidationError(f"{_quoted(text)} is not a mail address. Write it like name@example.com.") from None
    return text


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError("Choose yes or no.")
    return value


def days(value: Any) -> int:
    text = str(value or "").strip()
    if not re.fullmatch("[0-9]{1,6}", text) or not FEWEST_DAYS <= int(text) <= MOST_DAYS:
        raise ValidationError(f"Write a number of days from {FEWEST_DAYS} to {MOST_DAYS}.")
    return int(text)


def megabytes(value: Any) -> int:
    text = str(value or "").strip()
    if not re.fullmatch("[0-9]{1,6}", text) or not 1 <= int(text) <= MOST_MEGABYTES:
        raise ValidationError(f"Write a number of megabytes from 1 to {MOST_MEGABYTES:,}.")
    return int(text)


def public_url(value: Any) -> str:
    """https://host[:port] without a path; http for this machine alone."""
    text = str(value or "").strip().rstrip("/")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if not host or parts.scheme not in ("https", "http") or parts.path or parts.query or parts.username:
        raise ValidationError("Write it like https://gatehouse.example.com, without a path.")
    if parts.scheme == "http" and host not in ("localhost", "127.0.0.1", "::1"):
        raise ValidationError("Other machines would reach it unencrypted. Write an https:// address.")
    if not validate_host(host, settings.ALLOWED_HOSTS):
        raise ValidationError(
            f"The portal does not answer under {_quoted(host)}. Add this name to GATEHOUSE_ALLOWED_HOSTS first."
        )
    return text


def _each(value: Any, clean: Callable[[str], str]) -> list[str]:
    entries, problems = [], []
    for entry in _entries(value):
        try:
            entries.append(clean(entry))
        except ValidationError as problem:
            problems.append(problem)
    if problems:
        raise ValidationError(problems[:MOST_PROBLEMS])
    if len(entries) > MAX_ENTRIES:
        raise ValidationError(f"These are {len(entries)} entries; at most {MAX_ENTRIES} can be kept.")
    return list(dict.fromkeys(entries))


def _entries(value: Any) -> Iterable[str]:
    parts = re.split(r"[\s,;]+", value) if isinstance(value, str) else [str(each) for each in value or ()]
    return [part.strip() for part in parts if part.strip()]


def _domain(text: str) -> str:
    try:
        name = text.lower().rstrip(".").encode("idna").decode()
    except UnicodeError:
        name = ""
    if not DOMAIN.fullmatch(name):
        raise ValidationError(f"{_quoted(text)} is not a domain. Write it like example.com, without @ or https://.")
    return name


def domain_words(name: str) -> str:
    """A kept domain in its own script."""
    return name.encode().decode("idna")


def _network(text: str) -> str:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        raise ValidationError(_network_problem(text)) from None
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _network_problem(text: str) -> str:
    try:
        meant = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return f"{_quoted(text)} is neither an address nor a network. Write it like 198.51.100.7 or 198.51.100.0/28."
    address = text.split("/")[0]
    return f"In {_quoted(text)} host bits are set: write {meant} for the network, or {address} for the address."


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 60 else f'{text[:57]}...'}”"
