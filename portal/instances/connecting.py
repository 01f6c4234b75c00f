"""Connecting: the trip to the vendor's consent page and back, the check of who we are, and what is kept of it."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils import timezone

from connectors.base import Client, ConnectorError, CredentialsRejected, Tenant
from portal.audit import trail
from portal.instances import health, staging
from portal.instances.clients import client_for, connector_of, method_of
from portal.instances.models import AppInstance, ConsentAttempt, State
from portal.instances.problems import ConnectProblem
from portal.instances.service import record, require_connect
from portal.instances.vault import InstanceVault
from portal.people.models import User
from portal.preferences import preferences
from portal.vault import seal

CONSENT_LASTS = timedelta(minutes=15)
ATTEMPTS_KEPT = timedelta(days=1)
AGAIN = "Open the app in Connected apps and choose Connect again."


def needs_consent(instance: AppInstance) -> bool:
    """Whether its method sends the admin to the vendor's consent page."""
    return method_of(instance).scheme.has_consent


def callback_url() -> str:
    """Where the vendor sends the browser back to; the same for every app and instance."""
    return f"{str(preferences.get('public_url')).rstrip('/')}/connect/callback/"


def consent_url(actor: User, instance: AppInstance, session_key: str) -> str:
    """The vendor's consent page for this browser, good for one trip within 15 minutes. Raises ConnectProblem."""
    require_connect(actor, instance)
    staging.refuse_ended(instance)
    state = secrets.token_urlsafe(32)
    redirect_uri = callback_url()
    try:
        consent = method_of(instance).scheme.begin(staging.trial(instance).client.setup, redirect_uri, state)
    except ConnectorError as error:
        raise ConnectProblem.of(error, instance) from error
    now = timezone.now()
    ConsentAttempt.objects.filter(expires_at__lt=now - ATTEMPTS_KEPT).delete()
    state_hash = _hash(state)
    ConsentAttempt.objects.create(
        instance=instance,
        state_hash=state_hash,
        session_hash=_hash(session_key),
        user_id=actor.pk,
        memo=seal.wrap(dict(consent.memo), _memo_place(state_hash)),
        redirect_uri=redirect_uri,
        expires_at=now + CONSENT_LASTS,
    )
    return consent.url


def finish_consent(actor: User, session_key: str, params: Mapping[str, str]) -> AppInstance:
    """The browser is back. Raises ConnectProblem with the sentence for the page; nothing typed is lost."""
    attempt = _used(actor, session_key, params.get("state", ""))
    instance = attempt.instance
    require_connect(actor, instance)
    with _told(actor, instance, "instance.connect_failed"):
        return _finish(actor, attempt, params)


def _finish(actor: User, attempt: ConsentAttempt, params: Mapping[str, str]) -> AppInstance:
    instance = attempt.instance
    try:
        staging.refuse_ended(instance)
        memo = seal.unwrap(attempt.memo, _memo_place(attempt.state_hash))
        tried = staging.trial(instance)
        tokens = method_of(instance).scheme.finish(tried.client.setup, params, memo, attempt.redirect_uri)
    except ConnectorError as error:
        raise ConnectProblem.of(error, instance) from error
    except seal.VaultError as error:
        raise ConnectProblem.of(CredentialsRejected(str(error), remedy=AGAIN), instance) from error
    tried.secrets.write_tokens(tokens)
    return _establish(actor, instance, tried)


def connect(actor: User, instance: AppInstance) -> AppInstance:
    """For methods without consent: the details are tried at once. Raises ConnectProblem."""
    require_connect(actor, instance)
    staging.refuse_ended(instance)
    with _told(actor, instance, "instance.connect_failed"):
        tried = staging.trial(instance) if staging.staged(instance) else None
        return _establish(actor, instance, tried)


def confirm(actor: User, instance: AppInstance, tried: staging.Trial | None = None) -> None:
    """Try the staged details, or those of `tried`, and put them to use. Nobody consents anew; a paused instance stays
    paused. Raises ConnectProblem."""
    require_connect(actor, instance)
    with _told(actor, instance, "instance.connect_failed"):
        tried = tried or staging.trial(instance)
        tenant = _checked(instance, tried.client)
        with _kept(actor, instance, tried, tenant):
            AppInstance.objects.filter(pk=instance.pk).update(connected_at=timezone.now())
            health.mark_connected(instance)
    instance.refresh_from_db()


def test_now(actor: User, instance: AppInstance) -> Tenant:
    """Ask the vendor again who we are and what we may do; mends or marks the instance. Raises ConnectProblem."""
    require_connect(actor, instance)
    with _told(actor, instance, "instance.test_failed"):
        tenant = _tested(instance)
    health.mark_connected(instance)
    instance.refresh_from_db()
    record(actor, "instance.tested", instance)
    return tenant


def _tested(instance: AppInstance) -> Tenant:
    try:
        return recheck(instance)
    except ConnectorError as error:
        if error.code in {"credentials_rejected", "permission_missing"}:
            health.mark_attention(instance, error)
        raise ConnectProblem.of(error, instance) from error


@contextmanager
def _told(actor: User, instance: AppInstance, verb: str) -> Iterator[None]:
    """A try that fails stands in the trail as well, with what the page says."""
    try:
        yield
    except ConnectProblem as problem:
        record(actor, verb, instance, after={"problem": f"{problem.message} {problem.why}".strip()})
        raise


def recheck(instance: AppInstance) -> Tenant:
    """With the details in use: are we still who we were, with the same rights? Raises ConnectorError."""
    tenant = connector_of(instance).check(client_for(instance))
    if instance.tenant_id and tenant.id != instance.tenant_id:
        raise CredentialsRejected(
            f"The sign-in now leads to {tenant.name} instead of {instance.tenant_name}.",
            remedy=f"Reconnect with an account of {instance.tenant_name}.",
        )
    _keep(instance, tenant)
    return tenant


def _used(actor: User, session_key: str, state: str) -> ConsentAttempt:
    """As `_use`; an answer that is refused stands in the trail."""
    try:
        return _use(actor, session_key, state)
    except ConnectProblem as problem:
        instance = problem.instance
        trail.record(
            actor=actor, verb="instance.consent_refused", object_kind="app_instance",
            object_id=str(instance.pk) if instance else "", object_label=str(instance or ""),
            after={"problem": f"{problem.message} {problem.why}".strip()},
        )
        raise


def _use(actor: User, session_key: str, state: str) -> ConsentAttempt:
    """The attempt this state belongs to, used up. The answer is the same for every mismatch: it may be an attack."""
    now = timezone.now()
    try:
        attempt = ConsentAttempt.objects.select_related("instance").get(state_hash=_hash(state))
    except ConsentAttempt.DoesNotExist:
        raise _mismatch() from None
    except InvalidToken:
        raise ConnectProblem(seal.UNREADABLE, remedy=AGAIN, code="state_mismatch") from None
    is_ours = attempt.session_hash == _hash(session_key) and attempt.user_id == actor.pk
    if not is_ours or attempt.used_at:
        raise _mismatch()
    if not ConsentAttempt.objects.filter(pk=attempt.pk, used_at=None).update(used_at=now):
        raise _mismatch()
    if attempt.expires_at < now:
        problem = ConnectProblem(
            "The consent took longer than 15 minutes, so its answer is no longer accepted.",
            remedy="Choose Connect again and finish within 15 minutes.",
            code="consent_expired",
        )
        problem.instance = attempt.instance
        raise problem
    return attempt


def _mismatch() -> ConnectProblem:
    return ConnectProblem(
        "The answer from the vendor's consent page does not belong to a connection started in this browser.",
        why="The link was opened twice or in another browser, or someone else started it.",
        remedy=AGAIN,
        code="state_mismatch",
    )


def _establish(actor: User, instance: AppInstance, tried: staging.Trial | None) -> AppInstance:
    tenant = _checked(instance, tried.client if tried else client_for(instance))
    is_first = instance.state == State.CONNECTING
    with _kept(actor, instance, tried, tenant):
        health.mark_connected(instance)
        AppInstance.objects.filter(pk=instance.pk).update(
            state=State.CONNECTED, connected_at=timezone.now(), problem_code="", problem="", remedy=""
        )
        instance.refresh_from_db()
        verb = "instance.connected" if is_first else "instance.reconnected"
        record(actor, verb, instance, None, {"tenant": tenant.name, "connected_as": tenant.connected_as})
    return instance


@contextmanager
def _kept(actor: User, instance: AppInstance, tried: staging.Trial | None, tenant: Tenant) -> Iterator[None]:
    """One transaction in which the vendor's answer, and what was tried, take the place of what there was."""
    try:
        with InstanceVault(instance.pk).locked(), transaction.atomic():
            now = AppInstance.objects.select_for_update().get(pk=instance.pk)
            staging.refuse_ended(now)
            if tried:
                staging.put_to_use(actor, tried)
            _keep(instance, tenant)
            yield
    except ConnectorError as error:
        raise ConnectProblem.of(error, instance) from error


def _checked(instance: AppInstance, client: Client) -> Tenant:
    try:
        tenant = connector_of(instance).check(client)
    except ConnectorError as error:
        raise ConnectProblem.of(error, instance) from error
    _refuse_other_tenant(instance, tenant)
    return tenant


def _refuse_other_tenant(instance: AppInstance, tenant: Tenant) -> None:
    """One tenant is connected once, and an instance stays with its tenant."""
    if instance.tenant_id and instance.tenant_id != tenant.id:
        problem = ConnectProblem(
            f"This sign-in leads to {tenant.name}, but {instance.name} is connected to {instance.tenant_name}.",
            remedy=f"Sign in to {instance.tenant_name}, or connect {tenant.name} as an instance of its own.",
            code="other_tenant",
        )
        problem.instance = instance
        raise problem
    twin = AppInstance.objects.filter(app_id=instance.app_id, tenant_id=tenant.id).exclude(
        state=State.DISCONNECTED
    ).exclude(pk=instance.pk).first()
    if twin is not None:
        problem = ConnectProblem(
            f"{tenant.name} is connected already, as {twin.name}.",
            remedy=f"Open {twin.name} instead, or disconnect it first.",
            code="connected_already",
        )
        problem.instance = instance
        raise problem


def _keep(instance: AppInstance, tenant: Tenant) -> None:
    """Save who we are connected to and what was granted."""
    kept: dict[str, Any] = {
        "tenant_id": tenant.id,
        "tenant_name": tenant.name[:255],
        "tenant_url": tenant.url[:500],
        "plan": tenant.plan[:100],
        "connected_as": tenant.connected_as[:255],
        "granted": list(tenant.granted),
        "missing": [asdict(missing) for missing in tenant.missing],
        "warnings": list(tenant.warnings),
        "unavailable": dict(tenant.unavailable),
        "checked_at": timezone.now(),
    }
    AppInstance.objects.filter(pk=instance.pk).update(**kept)


def _memo_place(state_hash: str) -> str:
    return f"instances.ConsentAttempt/{state_hash}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
