"""The secrets of one instance: one sealed document, bound to its row, with a lock that holds across machines.

    {"fields": {wizard field: value}, "tokens": {...as the scheme keeps them...}}
"""

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from connectors.base import CredentialsRejected, Unavailable
from connectors.base.deadline import within
from portal.instances.models import Connection
from portal.vault import seal

LEASE = timedelta(seconds=30)
PATIENCE_SECONDS = 12.0
POLL_SECONDS = 0.1

Document = dict[str, Any]


class InstanceVault:
    """A connectors.base.SecretStore over the Connection row. Unreadable or moved secrets raise CredentialsRejected."""

    def __init__(self, instance_id: int) -> None:
        self._instance_id = instance_id
        self._bound_to = f"instances.Connection/{instance_id}"

    def read(self) -> Document:
        """The whole document; empty parts where nothing was stored yet."""
        return self._open(Connection.objects.filter(pk=self._instance_id))

    def write_fields(self, fields: Mapping[str, str]) -> None:
        """Add or replace secret fields of the wizard; others stay."""
        with transaction.atomic():
            document = self._open(Connection.objects.select_for_update().filter(pk=self._instance_id))
            self._put({**document, "fields": {**document["fields"], **fields}})

    def write_tokens(self, tokens: Mapping[str, Any]) -> None:
        """Replace the tokens. Raises CredentialsRejected where nothing is stored: the instance was disconnected
        meanwhile, and a token that was on its way must not bring the connection back."""
        with transaction.atomic():
            rows = Connection.objects.select_for_update().filter(pk=self._instance_id)
            document = seal.wrap({**self._open(rows), "tokens": dict(tokens)}, self._bound_to)
            if not rows.update(document=document, updated_at=timezone.now()):
                raise CredentialsRejected("This connection has ended.", remedy="Connect the app anew.")

    def replace(self, fields: Mapping[str, str], tokens: Mapping[str, Any]) -> None:
        """Put a new document in place of whatever was there, readable or not."""
        self._put({"fields": dict(fields), "tokens": dict(tokens)})

    def clear(self) -> None:
        """Forget everything."""
        Connection.objects.filter(pk=self._instance_id).delete()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One holder at a time over all workers; what was read before must be read again inside.

        A holder that died loses the lock after LEASE. Raises Unavailable when it stays taken, or when the deadline that
        the caller is under ends.
        """
        owner = secrets.token_hex(16)
        gives_up_at = time.monotonic() + within(PATIENCE_SECONDS)
        while not self._take(owner):
            if time.monotonic() >= gives_up_at:
                raise Unavailable(
                    "Another worker is renewing this connection's sign-in and has not finished.",
                    remedy="Nothing needs doing: it is tried again shortly.",
                    is_sent=False,
                )
            time.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            Connection.objects.filter(pk=self._instance_id, lease_owner=owner).update(lease_owner="", lease_until=None)

    def _take(self, owner: str) -> bool:
        now = timezone.now()
        is_free = Q(lease_until=None) | Q(lease_until__lt=now)
        row = Connection.objects.filter(is_free, pk=self._instance_id)
        return row.update(lease_owner=owner, lease_until=now + LEASE) == 1

    def _open(self, rows: Any) -> Document:
        try:
            text = rows.values_list("document", flat=True).first()
            document = {} if text is None else seal.unwrap(text, self._bound_to)
        except InvalidToken:
            raise CredentialsRejected(seal.UNREADABLE) from None
        except seal.VaultError as error:
            raise CredentialsRejected(str(error)) from None
        return {"fields": document.get("fields", {}), "tokens": document.get("tokens", {})}

    def _put(self, document: Document) -> None:
        text = seal.wrap(document, self._bound_to)
        row = Connection.objects.filter(pk=self._instance_id)
        if not row.update(document=text, updated_at=timezone.now()):
            Connection.objects.create(instance_id=self._instance_id, document=text)
