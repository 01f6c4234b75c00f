"""Writing the audit trail: `trail.record(...)`, in the transaction of the change it tells of."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portal.audit.models import AuditEntry, Source

CHANGED = "changed"
"""What stands in `before` and `after` in place of a secret."""
SECRET_NAMES = re.compile(r"secret|password|token|private_key|api_key|recovery", re.IGNORECASE)

_source: ContextVar[Source] = ContextVar("audit_source", default=Source.JOB)


class Actor(Protocol):
    """Who did it. Anonymous visitors have neither pk nor e-mail."""

    pk: Any
    email: str


@contextmanager
def from_command() -> Iterator[None]:
    """Entries written inside come from a management command."""
    token = _source.set(Source.COMMAND)
    try:
        yield
    finally:
        _source.reset(token)


def record(
    *,
    verb: str,
    actor: Actor | None = None,
    object_kind: str = "",
    object_id: str = "",
    object_label: str = "",
    before: Any = None,
    after: Any = None,
) -> AuditEntry:
    """One entry. Where it came from, and the browser's address, are found out here."""
    request = context.request
    return AuditEntry.objects.create(
        at=timezone.now(),
        actor_id=actor.pk if actor else None,
        actor_email=_text(actor.email, 254) if actor else "",
        verb=verb,
        object_kind=object_kind,
        object_id=_text(object_id, 255),
        object_label=_text(object_label, 255),
        before=masked(before),
        after=masked(after),
        ip_address=_ip_address(request) if request else None,
        source=Source.WEB if request else _source.get(),
    )


def masked(value: Any) -> Any:
    """The value with everything under a name that sounds like a secret replaced. A last net, not the first."""
    if isinstance(value, Mapping):
        return {
            str(name): CHANGED if held and SECRET_NAMES.search(str(name)) else masked(held)
            for name, held in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(each) for each in value]
    return value


def _text(value: str, length: int) -> str:
    return value.replace("\0", "")[:length]


def _ip_address(request: Any) -> str | None:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # a test client or a socket without an address
        return None
