"""Checks that refuse an unsafe start: by `manage.py` (so also by the workers) and by the web server alike.

Each finding says what is wrong and why, and as its hint what to do.
"""

import ipaddress
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register, run_checks
from django.db import Error as DatabaseError
from django.db import connection

TAG = "gatehouse"
SANDBOX_NAMES = ("demo", "sandbox", "test_")
SECRET_KEY_LENGTH = 32
BOOT_FAILED = 3
"""The exit code that gunicorn takes as "failed to boot": it stops, instead of starting the worker again and again."""


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def public_names() -> list[str]:
    """Under which names other machines are meant to reach the portal: of the public address, and of further hosts that
    it answers to. (Not of ALLOWED_HOSTS, to which a test run adds a name of its own.)"""
    names = [urlsplit(settings.PUBLIC_URL).hostname or "", *settings.FURTHER_HOSTS]
    return [name for name in names if not is_loopback(name)]


def is_production() -> bool:
    """Whether other machines are meant to reach the portal."""
    return bool(public_names())


@register(TAG)
def check_sandbox(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return list(_sandbox_problems())


def _sandbox_problems() -> Iterator[CheckMessage]:
    if settings.NETWORK_OVERRIDES and not settings.SANDBOX:
        yield Error(
            "GATEHOUSE_NETWORK_OVERRIDES is set without GATEHOUSE_SANDBOX=1: calls for cloud apps, and the tokens in "
            "them, would go to other addresses.",
            hint="Remove GATEHOUSE_NETWORK_OVERRIDES from the environment; it is for `python3 run.py demo` alone.",
            id="gatehouse.E001",
        )
    away = [host for host, target in settings.NETWORK_OVERRIDES.items() if not is_loopback(_host(target))]
    if away:
        yield Error(
            f"GATEHOUSE_NETWORK_OVERRIDES sends {', '.join(sorted(away))} to another machine: tokens would leave this "
            "one.",
            hint="Let every override point to 127.0.0.1, or remove GATEHOUSE_NETWORK_OVERRIDES.",
            id="gatehouse.E002",
        )
    if settings.SANDBOX and not any(name in _database_name() for name in SANDBOX_NAMES):
        yield Error(
            "GATEHOUSE_SANDBOX=1 with a database that is not the demo's: simulated people would mix with real ones.",
            hint="Remove GATEHOUSE_SANDBOX, or give the sandbox a database of its own with `demo` or `sandbox` in its "
            "name.",
            id="gatehouse.E003",
        )
    if settings.SANDBOX and is_production():
        yield Error(
            f"GATEHOUSE_SANDBOX=1 while other machines reach the portal as {_names()}: the demo's accounts and consent "
            "pages are known to everyone.",
            hint="Remove GATEHOUSE_SANDBOX, or let GATEHOUSE_PUBLIC_URL be http://localhost:8800 and remove "
            "GATEHOUSE_ALLOWED_HOSTS.",
            id="gatehouse.E004",
        )


def _names() -> str:
    return ", ".join(public_names())


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _database_name() -> str:
    """The database's name; of a SQLite file also its folder's."""
    return "/".join(str(settings.DATABASES["default"]["NAME"]).lower().split("/")[-2:])


@register(TAG)
def check_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return list(_production_problems()) if is_production() else list(_local_problems())


def _production_problems() -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield Error(
            f"GATEHOUSE_DEBUG=1 while other machines reach the portal as {_names()}: error pages would show settings.",
            hint="Remove GATEHOUSE_DEBUG from the environment.",
            id="gatehouse.E005",
        )
    if not settings.IS_HTTPS:
        yield Error(
            f"GATEHOUSE_PUBLIC_URL is {settings.PUBLIC_URL} while other machines reach the portal as {_names()}: "
            "without https, passwords and sessions cross the network readable.",
            hint="Put a proxy with a certificate in front, set GATEHOUSE_PUBLIC_URL to its https:// address and "
            "GATEHOUSE_TRUSTED_PROXY=1. For this machine alone, remove GATEHOUSE_ALLOWED_HOSTS.",
            id="gatehouse.E006",
        )
    if len(settings.SECRET_KEY) < SECRET_KEY_LENGTH:
        yield Error(
            f"GATEHOUSE_SECRET_KEY has fewer than {SECRET_KEY_LENGTH} characters, so sessions could be forged by "
            "guessing it.",
            hint="Set a new one, such as the output of `openssl rand -hex 32`; everybody then signs in again.",
            id="gatehouse.E007",
        )
    if settings.IS_HTTPS and not settings.TRUSTED_PROXY:
        yield Warning(
            "The public address is https but GATEHOUSE_TRUSTED_PROXY is not set: behind a proxy that ends TLS every "
            "page would redirect to itself, and sign-in limits would count the proxy as one client.",
            hint="If a proxy stands in front and overwrites X-Forwarded-Proto and X-Forwarded-For, set "
            "GATEHOUSE_TRUSTED_PROXY=1.",
            id="gatehouse.W001",
        )


def _local_problems() -> Iterator[CheckMessage]:
    if settings.TRUSTED_PROXY:
        yield Warning(
            f"GATEHOUSE_TRUSTED_PROXY=1 while the public address is {settings.PUBLIC_URL}: without a proxy in front, "
            "any client can choose the address that sign-in limits and the audit trail see.",
            hint="Remove GATEHOUSE_TRUSTED_PROXY, or set GATEHOUSE_PUBLIC_URL to the proxy's address.",
            id="gatehouse.W002",
        )


@register(TAG)
def check_vault(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    from portal.vault import canary
    from portal.vault.models import Canary

    try:
        if Canary._meta.db_table not in connection.introspection.table_names():
            return []
    except DatabaseError:
        return [
            Error(
                "The database cannot be reached.",
                hint="Check DATABASE_URL, and that the database server runs and accepts this user.",
                id="gatehouse.E008",
            )
        ]
    problem = canary.problem()
    return [Error(problem, id="gatehouse.E009")] if problem else []


def refuse_unsafe_start() -> None:
    """End the process with the sentences of what is wrong. For servers that do not start through `manage.py`."""
    problems = [each for each in run_checks(tags=[TAG]) if each.is_serious()]
    connection.close()  # the server may fork
    if problems:
        refuse(" ".join(f"{each.msg} {each.hint or ''}".strip() for each in problems))


def refuse(sentence: str) -> None:
    sys.stderr.write(f"Gatehouse does not start: {sentence}\n")
    sys.stderr.flush()
    sys.exit(BOOT_FAILED)
