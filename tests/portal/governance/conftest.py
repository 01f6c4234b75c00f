"""Contoso's GitHub connected and read, somebody to act upon, and the hand of death."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from portal.governance import claims, jobs
from portal.governance.models import ActionState, GovernanceAction
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance
from portal.inventory import store
from portal.inventory.models import Account
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from tests.portal.connected import connected_github
from tests.sandbox.server import Sandbox

MEMBER = "yhaddad"
RunTasks = Callable[..., int]


def person(role: Role, email: str = "admin@contoso.example", **where: Any) -> User:
    user = User.objects.create_user(email)
    RoleAssignment.objects.create(user=user, role=role, **where)
    return user


@pytest.fixture
def admin() -> User:
    return person(Role.GLOBAL_ADMIN)


@pytest.fixture
def instance(sandbox: Sandbox) -> AppInstance:
    """Connected, accounts and teams read."""
    instance = connected_github(sandbox)
    client = client_for(instance)
    for feed in (connector_of(instance).feed(name) for name in ("accounts", "teams")):
        for page in feed.pages(client, None):
            with transaction.atomic():
                store.save(
                    instance.pk, page.records, feed=feed.name, partition="", pass_id=1, now=timezone.now()
                )
    return instance


@pytest.fixture
def target(instance: AppInstance) -> Account:
    return Account.objects.get(instance_id=instance.pk, username=MEMBER)


@dataclass
class Vendor:
    """What GitHub received and how it stands now."""

    sandbox: Sandbox

    def removals(self) -> list[int]:
        """Statuses of the removing calls that GitHub answered; 204 took effect."""
        return [
            each.status
            for each in self.sandbox.requests
            if each.method == "DELETE" and each.path == f"/orgs/contoso-dev/memberships/{MEMBER}"
        ]

    def is_member(self) -> bool:
        organisation = self.sandbox.github.organisation()
        return self.sandbox.github.state.person(MEMBER).id in organisation.members

    def events(self) -> int:
        """How often GitHub itself says that the person was removed."""
        log = self.sandbox.github.organisation().audit
        told = [(each.event.get("action"), each.event.get("user")) for each in log.ascending(0, None)]
        return told.count(("org.remove_member", MEMBER))


@pytest.fixture
def vendor(sandbox: Sandbox) -> Vendor:
    return Vendor(sandbox)


def again(row: GovernanceAction) -> GovernanceAction:
    return GovernanceAction.objects.get(pk=row.pk)


def due_now(row: GovernanceAction) -> None:
    """As if time had passed: leases ended, waiting over."""
    past = timezone.now() - timedelta(seconds=1)
    GovernanceAction.objects.filter(pk=row.pk, state=ActionState.RUNNING).update(lease_until=past)
    GovernanceAction.objects.filter(pk=row.pk, state=ActionState.QUEUED).update(next_try_at=past)


class Killed(BaseException):
    """The worker dies here: nothing below it runs any more."""


def killing_claims(monkeypatch: pytest.MonkeyPatch, at: int, before: bool) -> dict[str, int]:
    """The worker dies at its n-th commit, before or after it."""
    commits = {"n": 0}
    write = claims.Claim.write

    def dying(self: claims.Claim, **values: Any) -> None:
        commits["n"] += 1
        if commits["n"] == at and before:
            raise Killed
        write(self, **values)
        if commits["n"] == at:
            raise Killed

    monkeypatch.setattr(claims.Claim, "write", dying)
    return commits


def killed_once(row: GovernanceAction, monkeypatch: pytest.MonkeyPatch, at: int, before: bool) -> None:
    """The worker dies at its n-th commit, others come by."""
    with monkeypatch.context() as dying:
        killing_claims(dying, at, before)
        with pytest.raises(Killed):
            jobs.run_action(row.pk)
    for _ in range(3):
        due_now(row)
        jobs.run_action(row.pk)
