"""What is done to instances outside connecting. Each function checks the right itself and writes the audit trail."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from connectors.base import Connector, Field, certificates
from connectors.catalogue import catalogue
from portal.audit import trail
from portal.instances import destinations, fields
from portal.instances.clients import connector_of, method_of
from portal.instances.models import AppInstance, Connection, State
from portal.instances.problems import Problem
from portal.instances.vault import InstanceVault
from portal.people.models import User
from portal.people.roles import Right
from portal.people.scope import scope_of

SCAN_HOURS = (1, 24)


def require_connect(actor: User, instance: AppInstance) -> None:
    """Raises PermissionDenied unless the actor may connect and change this instance."""
    scope_of(actor).require(Right.CONNECT, instance_id=instance.pk, app_id=instance.app_id)


def record(actor: User, verb: str, instance: AppInstance, before: object = None, after: object = None) -> None:
    """One line of the audit trail about an instance."""
    trail.record(
        actor=actor, verb=verb, object_kind="app_instance", object_id=str(instance.pk), object_label=str(instance),
        before=before, after=after,
    )


def start(actor: User, app_id: str, name: str, method_id: str = "") -> AppInstance:
    """A draft for the wizard. Raises Problem for a name in use, an unknown app, a second one of a single instance."""
    connector = catalogue().get(app_id)
    if connector is None:
        raise Problem("Gatehouse has no connector for this app.", remedy="Choose another app, or suggest this one.")
    scope_of(actor).require(Right.CONNECT, app_id=app_id)
    _refuse_second(connector)
    draft = AppInstance(
        app_id=app_id,
        sole_app_id="" if connector.is_multi_instance else app_id,
        name=_name(name),
        method_id=method_id or connector.methods[0].id,
        components=[component.id for component in connector.components if component.is_fixed],
        created_by_id=actor.pk,
    )
    _save_name(draft)
    record(actor, "instance.started", draft)
    return draft


def rename(actor: User, instance: AppInstance, name: str) -> None:
    """Raises Problem for an empty name or one in use."""
    require_connect(actor, instance)
    before, instance.name = instance.name, _name(name)
    if instance.name == before:
        return
    _save_name(instance)
    record(actor, "instance.renamed", instance, {"name": before}, {"name": instance.name})


def name_problem(app_id: str, name: str, except_pk: int = 0) -> str:
    """What is wrong with a name for an instance of this app, '' where nothing is."""
    try:
        wanted = _name(name)
    except Problem as problem:
        return f"{problem.message} {problem.remedy}"
    others = AppInstance.objects.filter(app_id=app_id, name__iexact=wanted).exclude(state=State.DISCONNECTED)
    return f"An instance of this app is already called {wanted}." if others.exclude(pk=except_pk).exists() else ""


def choose_method(actor: User, instance: AppInstance, method_id: str) -> None:
    """Another way to sign in, of a draft. What was stored for the way before is forgotten: no form asks for it any
    more, so nobody would see that it is there. Raises Problem for an unknown method and for a connected instance."""
    require_connect(actor, instance)
    if instance.state != State.CONNECTING:
        raise Problem("The way to connect stays as it is.", remedy="Connect the app anew to choose another.")
    if method_id not in {method.id for method in connector_of(instance).methods}:
        raise Problem("This way to connect does not exist.", remedy="Choose one of the listed ways.", field="method")
    if method_id == instance.method_id:
        return
    before = instance.method_id
    with transaction.atomic():
        _refuse_connected(instance)
        instance.method_id = method_id
        instance.save(update_fields=["method_id"])
        InstanceVault(instance.pk).clear()
        record(actor, "instance.method_chosen", instance, {"method": before}, {"method": method_id})


def save_fields(actor: User, draft: AppInstance, values: Mapping[str, str]) -> dict[str, str]:
    """Keep what was typed for a draft: secrets in the vault, the rest in the row. Returns the problems by field;
    {} means saved. Raises Problem for an instance that was connected: what is typed for it goes through `staging.save`.
    """
    require_connect(actor, draft)
    method, vault = method_of(draft), InstanceVault(draft.pk)
    plain, secret = fields.parted(method, values)
    stored = vault.read()["fields"]
    kept = destinations.kept(draft, draft.config, plain, stored)
    problems = fields.problems(method, values, set(kept), set(stored) - set(kept))
    if problems:
        return problems
    with transaction.atomic():
        _refuse_connected(draft)
        before, draft.config = draft.config, plain
        draft.save(update_fields=["config"])
        # Tokens that no consent gave were obtained with the details before.
        is_as_before = method.scheme.has_consent or (not secret and plain == before)
        keeps_tokens = is_as_before and not destinations.is_moved(draft, before, plain)
        # Written even without secrets: the row is what locks a connection.
        vault.replace({**kept, **secret}, vault.read()["tokens"] if keeps_tokens else {})
        record(actor, "instance.details_changed", draft, before, {**plain, **dict.fromkeys(secret, trail.CHANGED)})
    return {}


def make_values(instance: AppInstance) -> None:
    """Values that the portal makes for the vendor's side, such as a webhook's secret: made once, kept in the vault."""
    method = method_of(instance)
    vault = InstanceVault(instance.pk)
    stored = vault.read()["fields"]
    missing = {field.name: _made(field) for field in method.fields if field.is_made and field.name not in stored}
    if not missing:
        return
    with transaction.atomic():
        state = AppInstance.objects.select_for_update().get(pk=instance.pk).state
        if state not in (State.DISCONNECTING, State.DISCONNECTED):
            vault.write_fields(missing)


def made_values(instance: AppInstance) -> dict[str, str]:
    """What `make_values` made, by field name: to be copied to the vendor's side by who may connect. Key pairs are not
    among it: of those key_pairs.py shows the public part."""
    stored = InstanceVault(instance.pk).read()["fields"]
    return {field.name: stored.get(field.name, "") for field in method_of(instance).fields if field.generate}


def stored_secrets(instance: AppInstance) -> set[str]:
    """Names of the secret fields that are set."""
    return set(InstanceVault(instance.pk).read()["fields"])


def has_tokens(instance: AppInstance) -> bool:
    """Whether what the vendor gave to sign in with is kept."""
    return bool(InstanceVault(instance.pk).read()["tokens"])


def cancel(actor: User, instance: AppInstance) -> None:
    """Drop a draft and its secrets. Raises Problem for an instance that was connected already."""
    require_connect(actor, instance)
    if instance.state != State.CONNECTING:
        raise Problem("This app is connected already.", remedy="To end it, open it and choose Disconnect.")
    with transaction.atomic():
        record(actor, "instance.cancelled", instance)
        Connection.objects.filter(pk=instance.pk).delete()
        instance.delete()


def pause(actor: User, instance: AppInstance) -> None:
    """No feed of it runs until it is resumed."""
    _set_state(actor, instance, "instance.paused", {State.CONNECTED, State.ATTENTION}, State.PAUSED)


def resume(actor: User, instance: AppInstance) -> None:
    _set_state(actor, instance, "instance.resumed", {State.PAUSED}, State.CONNECTED)


def set_scan_hours(actor: User, instance: AppInstance, hours: int) -> None:
    """How often snapshots are taken. Raises Problem outside 1 to 24 hours."""
    require_connect(actor, instance)
    least, most = SCAN_HOURS
    if not least <= hours <= most:
        raise Problem(f"Choose between {least} and {most} hours.", field="scan_hours")
    before, instance.scan_hours = instance.scan_hours, hours
    if before == hours:
        return
    instance.save(update_fields=["scan_hours"])
    record(actor, "instance.cadence_changed", instance, {"scan_hours": before}, {"scan_hours": hours})


def _made(field: Field) -> str:
    return field.generate() if field.generate else certificates.new_pair(timezone.now())


def _refuse_connected(draft: AppInstance) -> None:
    """Part of the transaction that writes; whoever connects or disconnects waits for it."""
    if AppInstance.objects.select_for_update().get(pk=draft.pk).state != State.CONNECTING:
        raise Problem(f"{draft.name} was connected or disconnected meanwhile.", remedy="Open it in Connected apps.")


def _set_state(actor: User, instance: AppInstance, verb: str, allowed: set[State], state: State) -> None:
    require_connect(actor, instance)
    with transaction.atomic():
        changed = AppInstance.objects.filter(pk=instance.pk, state__in=allowed).update(state=state)
        if changed:
            record(actor, verb, instance, {"state": instance.state}, {"state": str(state)})
    instance.refresh_from_db(fields=["state"])


def _name(name: str) -> str:
    wanted = " ".join(name.split())
    if not wanted:
        raise Problem("Instance name is needed.", remedy="Choose a name that tells it from others.", field="name")
    if len(wanted) > 120:
        raise Problem("Instance name is longer than 120 characters.", remedy="Choose a shorter one.", field="name")
    return wanted


def _save_name(instance: AppInstance) -> None:
    try:
        with transaction.atomic():
            instance.save()
    except IntegrityError:
        # Whoever began a moment earlier may have taken the name, or the one place there is.
        _refuse_second(connector_of(instance), instance.pk)
        raise Problem(
            f"An instance of this app is already called {instance.name}.", remedy="Choose another name.", field="name"
        ) from None


def _refuse_second(connector: Connector, except_pk: int = 0) -> None:
    if connector.is_multi_instance:
        return
    others = AppInstance.objects.filter(app_id=connector.id).exclude(state=State.DISCONNECTED)
    other = others.exclude(pk=except_pk).first()
    if other is None:
        return
    if other.state == State.CONNECTING:
        raise Problem(
            f"Somebody has begun to connect {connector.name} already, as {other.name}, and one connection covers it "
            "all.",
            remedy="Open it in the list of connected apps and go on, or discard it there.",
        )
    raise Problem(
        f"{connector.name} is connected already, and one connection covers it all.",
        remedy="Open the connection in the list and edit it.",
    )
