"""Mails about deletions for good that wait for a second person: who gets them, once, and again after trouble."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django import Settings

from portal.governance import deleting, deletion_mails
from portal.governance.models import ActionState, DeletionRequest, GovernanceAction, QuarantineRecord
from portal.instances.models import AppInstance, State
from portal.people.models import User
from portal.people.roles import Role
from portal.preferences import preferences
from tests.portal.governance.conftest import RunTasks
from tests.portal.web.visitor import person

pytestmark = pytest.mark.django_db(transaction=True)

PUBLIC_URL = "https://gatehouse.contoso.example"


@pytest.fixture
def asking() -> User:
    return person(Role.GLOBAL_ADMIN, "first@contoso.example")


@pytest.fixture
def record() -> QuarantineRecord:
    """Held in Box; its deletion is asked for without a call."""
    instance = AppInstance.objects.create(
        app_id="box", name="Contoso", method_id="primary_admin", state=State.CONNECTED, tenant_id="1"
    )
    action = GovernanceAction.objects.create(
        instance=instance, action_name="quarantine_with_admin", kind="quarantine_file_admin", target_kind="file",
        target_id="file:1", target_name="Plan.pdf", reason="leak", requested_by_email="first@contoso.example",
        requested_at=timezone.now(), state=ActionState.DONE,
    )
    return QuarantineRecord.objects.create(
        action=action, instance=instance, name="Plan\n.pdf", exposure="public", held_at=timezone.now()
    )


@pytest.fixture(autouse=True)
def mail_is_set_up(settings: Settings) -> None:
    settings.IS_MAIL_CONFIGURED, settings.ALLOWED_HOSTS = True, ["gatehouse.contoso.example"]
    preferences.keep({"mail_from": "gatehouse@contoso.example", "public_url": PUBLIC_URL})


def ask(asking: User, record: QuarantineRecord) -> DeletionRequest:
    made = deleting.ask(asking, record, "The customer wants it, S3CRET project")
    assert isinstance(made, DeletionRequest)
    return made


def test_the_other_global_admins_are_told_once(asking: User, record: QuarantineRecord, run_tasks: RunTasks) -> None:
    for number in (1, 2):
        person(Role.GLOBAL_ADMIN, f"admin{number}@contoso.example")
    person(Role.COMPLIANCE_ADMIN, "compliance@contoso.example")
    gone = person(Role.GLOBAL_ADMIN, "gone@contoso.example")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    asked = ask(asking, record)
    run_tasks("actions")
    deletion_mails.send(asked.pk)
    (sent,) = mail.outbox
    assert sent.to == ["admin1@contoso.example", "admin2@contoso.example"]
    assert sent.subject == "Gatehouse: deleting Plan .pdf waits for your approval"
    assert f"{PUBLIC_URL}/governance/{record.action_id}/" in sent.body
    assert "first@contoso.example wants" in sent.body
    assert "S3CRET" not in sent.body


def test_without_another_global_admin_all_who_may_approve_are_told(asking: User, record: QuarantineRecord) -> None:
    person(Role.COMPLIANCE_ADMIN, "compliance@contoso.example")
    person(Role.SECURITY_READER, "reader@contoso.example")
    person(Role.APP_ADMIN, "elsewhere@contoso.example", instance_id=record.instance_id + 1, is_full=True)
    assert deletion_mails.recipients(ask(asking, record)) == ["compliance@contoso.example"]


def test_nobody_is_told_without_a_mail_server_nor_after_somebody_decided(
    asking: User, record: QuarantineRecord, run_tasks: RunTasks, settings: Settings
) -> None:
    second = person(Role.GLOBAL_ADMIN, "second@contoso.example")
    deleting.decline(second, ask(asking, record))
    run_tasks("actions")
    settings.IS_MAIL_CONFIGURED = False
    ask(asking, record)
    run_tasks("actions")
    deletion_mails.revive()
    run_tasks("actions")
    assert mail.outbox == []


def test_a_mail_server_that_refuses_is_asked_again(
    asking: User, record: QuarantineRecord, run_tasks: RunTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(Role.GLOBAL_ADMIN, "second@contoso.example")

    def refuse(*_: Any, **__: Any) -> int:
        raise smtplib.SMTPServerDisconnected("busy")

    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", refuse)
        asked = ask(asking, record)
        run_tasks("actions")
    deletion_mails.revive()
    run_tasks("actions")
    assert mail.outbox == [], "not before its time"
    DeletionRequest.objects.filter(pk=asked.pk).update(mail_due_at=timezone.now() - timedelta(seconds=1))
    deletion_mails.revive()
    run_tasks("actions")
    assert len(mail.outbox) == 1
