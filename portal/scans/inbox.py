"""The address that an instance's pushes come to, and the secrets that prove who sent them."""

import hashlib
import secrets
from typing import Any, TypedDict
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from connectors.base import redaction
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance
from portal.instances.vault import InstanceVault
from portal.preferences import preferences
from portal.scans.models import Inbox
from portal.vault import seal

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Document(TypedDict):
    token: str
    secret: str
    registrations: dict[str, str]


def ensure(instance: AppInstance) -> Inbox:
    """The instance's inbox, made with a fresh address and secret where there is none."""
    found = rows().filter(pk=instance.pk).first()
    if found is not None:
        return found
    document: Document = {
        "token": secrets.token_urlsafe(32), "secret": secrets.token_urlsafe(32), "registrations": {},
    }
    made, _ = Inbox.objects.get_or_create(
        instance=instance,
        defaults={"token_hash": hash_of(document["token"]), "document": seal.wrap(document, _place(instance.pk))},
    )
    return made


def rows() -> QuerySet[Inbox]:
    """Without the sealed document: with a wrong key, a row that has it cannot even be looked at."""
    return Inbox.objects.defer("document")


def find(token: str) -> Inbox | None:
    """The inbox whose address this is."""
    return rows().select_related("instance").filter(token_hash=hash_of(token)).first()


def address(inbox: Inbox) -> str:
    """What the vendor is told. Raises VaultError."""
    path = reverse("webhook", args=[read(inbox)["token"]])
    return f"{str(preferences.get('public_url')).rstrip('/')}{path}"


def is_reachable() -> bool:
    """Whether vendors can reach the portal: it has a public address with https. The sandbox is on this machine."""
    parts = urlsplit(str(preferences.get("public_url")))
    return bool(settings.SANDBOX) or (parts.scheme == "https" and (parts.hostname or "") not in LOCAL)


def read(inbox: Inbox) -> Document:
    """What is read is kept out of this process's log from then on. Raises VaultError."""
    try:
        text = inbox.document
    except InvalidToken:
        raise seal.VaultError(seal.UNREADABLE) from None
    document: Document = seal.unwrap(text, _place(inbox.pk))
    redaction.remember(*redaction.texts_in(document))
    return document


def change_registrations(inbox: Inbox, add: dict[str, str] | None = None, remove: str = "") -> None:
    """Keep or forget the secret of a registration."""
    with transaction.atomic():
        row = rows().select_for_update().get(pk=inbox.pk)
        document = read(row)
        kept = {name: secret for name, secret in document["registrations"].items() if name != remove}
        document["registrations"] = {**kept, **(add or {})}
        Inbox.objects.filter(pk=row.pk).update(document=seal.wrap(document, _place(row.pk)))


def signing_secrets(inbox: Inbox) -> tuple[str, ...]:
    """All that a genuine delivery may be signed with. Raises VaultError or CredentialsRejected."""
    document = read(inbox)
    webhook = connector_of(inbox.instance).webhook
    names = webhook.secret_fields if webhook else ()
    fields: dict[str, Any] = InstanceVault(inbox.pk).read()["fields"] if names else {}
    of_console = [str(fields[name]) for name in names if fields.get(name)]
    redaction.remember(*of_console)
    return tuple(dict.fromkeys([document["secret"], *document["registrations"].values(), *of_console]))


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _place(instance_id: int) -> str:
    return f"scans.Inbox/{instance_id}"
