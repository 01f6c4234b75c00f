"""Key pairs that the portal made for a connection: what is shown of them, and their renewal.

A renewed pair is kept beside the one in use until an admin says that its certificate is uploaded. Then it is tried, and
replaces the old one only once the vendor has taken it.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from connectors.base import ConnectorError, Field, MemorySecrets, certificates
from connectors.base.certificates import PublicPart
from portal.instances import connecting, staging
from portal.instances.clients import method_of
from portal.instances.models import AppInstance
from portal.instances.problems import ConnectProblem, Problem
from portal.instances.service import make_values, record, require_connect
from portal.instances.vault import InstanceVault
from portal.people.models import User


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Of one field: the certificate in use, and the one that waits to be uploaded."""

    field: Field
    in_use: PublicPart
    next: PublicPart | None

    @property
    def ends_soon(self) -> bool:
        return self.in_use.ends_soon(timezone.now())


def field_of(instance: AppInstance, name: str) -> Field:
    """Raises KeyError unless the way to connect has such a key pair."""
    return {field.name: field for field in method_of(instance).fields if field.is_key_pair}[name]


def pairs(instance: AppInstance) -> dict[str, KeyPair]:
    """By field name, made where there are none yet. Raises ConnectorError where the vault cannot be read."""
    fields = [field for field in method_of(instance).fields if field.is_key_pair]
    if not fields:
        return {}
    make_values(instance)
    stored = InstanceVault(instance.pk).read()["fields"]
    return {field.name: _pair(field, stored) for field in fields if field.name in stored}


def renew(actor: User, instance: AppInstance, name: str) -> None:
    """A new pair beside the one in use; a second call makes another in its place."""
    require_connect(actor, instance)
    field = field_of(instance, name)
    made = certificates.new_pair(timezone.now())
    with transaction.atomic():
        staging.refuse_ended(AppInstance.objects.select_for_update().get(pk=instance.pk))
        InstanceVault(instance.pk).write_fields({field.next_name: made})
        thumbprint = certificates.public_part(made).thumbprint
        record(actor, "instance.certificate_made", instance, None, {"thumbprint": thumbprint})


def put_to_use(actor: User, instance: AppInstance, name: str) -> None:
    """The new certificate is uploaded: try it, and let it replace the old one. Raises Problem; the old one then goes
    on."""
    require_connect(actor, instance)
    field = field_of(instance, name)
    try:
        promoted = _promoted(field, InstanceVault(instance.pk).read()["fields"])
    except ConnectorError as error:
        raise ConnectProblem.of(error, instance) from error
    connecting.confirm(actor, instance, staging.Trial(instance, instance.config, MemorySecrets(promoted), None))
    record(actor, "instance.certificate_renewed", instance)


def _pair(field: Field, stored: dict[str, str]) -> KeyPair:
    waiting = stored.get(field.next_name)
    return KeyPair(
        field,
        certificates.public_part(stored[field.name]),
        certificates.public_part(waiting) if waiting else None,
    )


def _promoted(field: Field, stored: dict[str, str]) -> dict[str, str]:
    if field.next_name not in stored:
        raise Problem("There is no new certificate.", remedy="Choose Make a new certificate first.")
    others = {name: value for name, value in stored.items() if name != field.next_name}
    return {**others, field.name: stored[field.next_name]}
