"""New details of a connected app, kept beside the connection until the vendor has confirmed them.

The connection in use goes on meanwhile. What was typed is tried by a client of its own with tokens of its own; it takes
the place of the old details in one transaction, or is dropped.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils import timezone

from connectors.base import Client, CredentialsRejected, MemorySecrets
from portal.audit import trail
from portal.instances import destinations, fields, service
from portal.instances.clients import client_with, method_of
from portal.instances.models import AppInstance, StagedDetails, State
from portal.instances.problems import ConnectProblem
from portal.instances.vault import InstanceVault
from portal.people.models import User
from portal.vault import seal

logger = logging.getLogger(__name__)

LASTS = timedelta(days=1)
ENDED = (State.DISCONNECTING, State.DISCONNECTED)


@dataclass(frozen=True, slots=True)
class Staged:
    """`config`: all non-secret fields. `secrets`: those that were typed; the others are kept, unless the config leads
    to another host."""

    config: dict[str, str]
    secrets: dict[str, str] = field(repr=False)
    at: datetime
    by_email: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A connection that is only tried: nothing of it is kept before `put_to_use`."""

    instance: AppInstance
    config: Mapping[str, str]
    secrets: MemorySecrets = field(repr=False)
    staged: Staged | None

    @property
    def client(self) -> Client:
        return client_with(self.instance, self.config, self.secrets)


def staged(instance: AppInstance) -> Staged | None:
    """What waits to be confirmed; None after a day, and where it cannot be read, so that it is typed again."""
    try:
        row = StagedDetails.objects.filter(pk=instance.pk, staged_at__gt=timezone.now() - LASTS).first()
        document = seal.unwrap(row.document, _place(instance.pk)) if row else {}
    except (InvalidToken, seal.VaultError):
        logger.warning("the new details of instance %s cannot be read, so they do not count", instance.pk)
        return None
    return Staged(document["config"], document["fields"], row.staged_at, row.staged_by_email) if row else None


def save(actor: User, instance: AppInstance, values: Mapping[str, str]) -> dict[str, str]:
    """Keep what was typed: for a draft at once, for a connected instance beside the details in use. Returns the
    problems by field; {} means kept. Raises ConnectProblem for an instance that has ended."""
    service.require_connect(actor, instance)
    refuse_ended(instance)
    if instance.state == State.CONNECTING:
        return service.save_fields(actor, instance, values)
    in_use, waiting = _secrets_in_use(instance), staged(instance)
    plain, typed = fields.parted(method_of(instance), values)
    kept = destinations.kept(instance, instance.config, plain, in_use)
    waiting_kept = destinations.kept(instance, waiting.config, plain, waiting.secrets) if waiting else {}
    stored = {*in_use, *(waiting.secrets if waiting else ())}
    known = {*kept, *waiting_kept}
    problems = fields.problems(method_of(instance), values, known, stored - known)
    if problems:
        return problems
    secrets = {**waiting_kept, **typed}
    if _filled(plain) == _filled(instance.config) and secrets.items() <= in_use.items():
        forget(instance.pk)
        return {}
    document = seal.wrap({"config": plain, "fields": secrets}, _place(instance.pk))
    with transaction.atomic():
        refuse_ended(AppInstance.objects.select_for_update().get(pk=instance.pk))
        StagedDetails.objects.update_or_create(
            pk=instance.pk,
            defaults={"document": document, "staged_at": timezone.now(), "staged_by_email": actor.email},
        )
        _record(actor, "instance.details_staged", instance, plain, secrets)
    return {}


def drop(actor: User, instance: AppInstance) -> bool:
    """Forget what waits; the connection stays as it is. Whether there was anything."""
    service.require_connect(actor, instance)
    with transaction.atomic():
        is_dropped = forget(instance.pk)
        if is_dropped:
            service.record(actor, "instance.details_dropped", instance)
    return is_dropped


def forget_expired() -> None:
    """Each minute: what waited for too long."""
    StagedDetails.objects.filter(staged_at__lte=timezone.now() - LASTS).delete()


def forget(instance_id: int) -> bool:
    """Without a trace. Whether there was anything."""
    deleted, _ = StagedDetails.objects.filter(pk=instance_id).delete()
    return bool(deleted)


def trial(instance: AppInstance) -> Trial:
    """With the staged details, or with those in use where none wait, and no tokens. Raises CredentialsRejected."""
    waiting = staged(instance)
    if waiting is None:
        return Trial(instance, instance.config, MemorySecrets(InstanceVault(instance.pk).read()["fields"]), None)
    kept = destinations.kept(instance, instance.config, waiting.config, _secrets_in_use(instance))
    secrets = MemorySecrets({**kept, **waiting.secrets})
    return Trial(instance, waiting.config, secrets, waiting)


def put_to_use(actor: User, tried: Trial) -> None:
    """What the vendor has confirmed takes the place of the old details. In the caller's transaction, which holds the
    vault's lock: a worker that renews the old tokens must not write them over the new ones."""
    instance, document = tried.instance, tried.secrets.read()
    InstanceVault(instance.pk).replace(document["fields"], document["tokens"])
    if tried.staged is None:
        return
    before, instance.config = instance.config, dict(tried.config)
    AppInstance.objects.filter(pk=instance.pk).update(config=instance.config)
    # What somebody typed after this was tried goes on waiting.
    StagedDetails.objects.filter(pk=instance.pk, staged_at=tried.staged.at).delete()
    _record(actor, "instance.details_changed", instance, tried.config, tried.staged.secrets, before)


def refuse_ended(instance: AppInstance) -> None:
    """Raises ConnectProblem for an instance that is disconnected, or about to be: it gets no secrets any more."""
    if instance.state in ENDED:
        raise ConnectProblem(f"{instance.name} is disconnected.", remedy="Connect the app anew.")


def _secrets_in_use(instance: AppInstance) -> dict[str, str]:
    """None where they cannot be read: then all are asked for anew, and the connection is mended by typing them."""
    try:
        secrets: dict[str, str] = InstanceVault(instance.pk).read()["fields"]
    except CredentialsRejected:
        return {}
    return secrets


def _filled(config: Mapping[str, str]) -> dict[str, str]:
    """A field that a newer connector has added is like one left empty."""
    return {name: value for name, value in config.items() if value}


def _record(
    actor: User,
    verb: str,
    instance: AppInstance,
    config: Mapping[str, str],
    secrets: Mapping[str, str],
    before: Mapping[str, str] | None = None,
) -> None:
    after = {**config, **dict.fromkeys(secrets, trail.CHANGED)}
    service.record(actor, verb, instance, before if before is not None else dict(instance.config), after)


def _place(instance_id: int) -> str:
    return f"instances.StagedDetails/{instance_id}"
