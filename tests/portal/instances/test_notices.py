"""Mails about instances: one when one begins to need attention, one when it is well again, and none in between."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from pytest_django import Settings

from connectors.base import CredentialsRejected
from portal.instances import health, notices
from portal.instances.models import AppInstance, Notice, State
from portal.people.roles import Role
from portal.preferences import preferences
from portal.scans.jobs import dispatch_due
from tests.portal.connected import read_only
from tests.portal.web.visitor import at_vendor, client_of, come_back, connect, consent_link, person
from tests.sandbox.github import CLIENT_SECRET
from tests.sandbox.server import Sandbox
from tests.tasks import waiting

pytestmark = pytest.mark.django_db

RunTasks = Callable[..., int]
RECIPIENTS = ["soc@contoso.example", "dana@contoso.example"]
PUBLIC_URL = "https://gatehouse.contoso.example"
REVOKED = CredentialsRejected(
    "GitHub does not accept the token.", why="It was revoked.", remedy="Choose Reconnect and consent again in GitHub."
)


@pytest.fixture
def mail_is_set_up(settings: Settings) -> None:
    settings.IS_MAIL_CONFIGURED = True
    preferences.keep({"mail_recipients": RECIPIENTS, "mail_from": "gatehouse@contoso.example"})


@pytest.fixture
def admin() -> Client:
    return client_of(person(Role.GLOBAL_ADMIN))


@pytest.fixture
def instance() -> AppInstance:
    return AppInstance.objects.create(
        app_id="github", name="Contoso", method_id="oauth_app", state=State.CONNECTED, connected_at=timezone.now()
    )


def subjects() -> list[str]:
    return [str(each.subject) for each in mail.outbox]


@pytest.mark.usefixtures("mail_is_set_up")
def test_from_a_revoked_token_to_the_reconnect_two_mails_are_sent(
    admin: Client, sandbox: Sandbox, run_tasks: RunTasks
) -> None:
    connected = connect(admin)
    read_only(connected, "accounts", "teams")
    assert mail.outbox == []
    token = next(iter(sandbox.github.state.tokens))
    sandbox.github.state.tokens.clear()
    for _ in range(3):
        read_only(connected, "accounts", "teams")
        admin.post(reverse("instance_test", args=[connected.pk]))
        run_tasks()
    assert subjects() == ["Gatehouse: Contoso (GitHub) needs attention"]
    come_back(admin, at_vendor(consent_link(admin, connected)))
    read_only(connected, "accounts", "teams")
    read_only(connected, "accounts", "teams")
    assert subjects()[1:] == ["Gatehouse: Contoso (GitHub) is well again"]
    for each in mail.outbox:
        assert token not in str(each.body)
        assert CLIENT_SECRET not in str(each.body)


@pytest.mark.usefixtures("mail_is_set_up")
def test_the_mail_says_what_happened_why_what_to_do_and_where(
    instance: AppInstance, run_tasks: RunTasks, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "gatehouse.contoso.example"]
    preferences.keep({"public_url": PUBLIC_URL})
    health.mark_attention(instance, REVOKED)
    run_tasks()
    (sent,) = mail.outbox
    assert (sent.from_email, sent.to) == ("gatehouse@contoso.example", RECIPIENTS)
    for words in (REVOKED.message, REVOKED.why, f"What to do: {REVOKED.remedy}"):
        assert words in str(sent.body)
    assert f"{PUBLIC_URL}/settings/connected-apps/{instance.pk}/" in str(sent.body)


@pytest.mark.usefixtures("mail_is_set_up")
def test_the_task_carries_an_id_and_nothing_else(instance: AppInstance) -> None:
    health.mark_attention(instance, REVOKED)
    (queued,) = (SignedPackage.loads(row.payload) for row in OrmQ.objects.all())
    assert queued["args"] == (Notice.objects.get().pk,)
    assert waiting("actions") == ["portal.instances.notices.send"]


@pytest.mark.usefixtures("mail_is_set_up")
def test_another_problem_while_it_needs_attention_is_shown_and_not_mailed(
    instance: AppInstance, run_tasks: RunTasks
) -> None:
    health.mark_attention(instance, REVOKED)
    health.mark_attention(instance, CredentialsRejected("GitHub wants the consent anew."))
    run_tasks()
    instance.refresh_from_db()
    assert instance.problem == "GitHub wants the consent anew."
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("values", [{"mail_recipients": []}, {"mail_recipients": RECIPIENTS}])
def test_without_a_mail_server_or_recipients_nothing_is_kept_or_queued(
    instance: AppInstance, settings: Settings, values: dict[str, Any]
) -> None:
    settings.IS_MAIL_CONFIGURED = not values["mail_recipients"]
    preferences.keep(values)
    health.mark_attention(instance, REVOKED)
    health.mark_connected(instance)
    assert not Notice.objects.exists()
    assert waiting("actions") == []


@pytest.mark.usefixtures("mail_is_set_up")
def test_who_was_not_told_of_the_trouble_is_not_told_of_its_end(
    instance: AppInstance, run_tasks: RunTasks
) -> None:
    AppInstance.objects.update(state=State.ATTENTION)
    health.mark_connected(instance)
    run_tasks()
    assert mail.outbox == []


@pytest.mark.usefixtures("mail_is_set_up")
def test_a_mail_that_was_sent_is_not_sent_by_a_second_task(instance: AppInstance) -> None:
    health.mark_attention(instance, REVOKED)
    notice = Notice.objects.get()
    notices.send(notice.pk)
    notices.send(notice.pk)
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("mail_is_set_up")
def test_a_mail_server_that_refuses_is_asked_again_later_and_not_for_ever(
    instance: AppInstance, run_tasks: RunTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    health.mark_attention(instance, REVOKED)
    tries = []

    def refuse(message: EmailMessage) -> int:
        tries.append(message.subject)
        raise smtplib.SMTPServerDisconnected("bye")

    with monkeypatch.context() as down:
        down.setattr(EmailMessage, "send", refuse)
        run_tasks("actions")
        assert len(tries) == 1
        dispatch_due()
        run_tasks("actions")
        assert len(tries) == 1, "it is not yet time"
        Notice.objects.update(next_try_at=timezone.now())
        dispatch_due()
        run_tasks("actions")
        assert len(tries) == 2
    Notice.objects.update(next_try_at=timezone.now())
    dispatch_due()
    run_tasks("actions")
    assert len(mail.outbox) == 1
    Notice.objects.update(sent_at=None, tries=notices.MOST_TRIES, next_try_at=timezone.now())
    dispatch_due()
    assert waiting("actions") == []


@pytest.mark.usefixtures("mail_is_set_up")
def test_a_worker_that_dies_while_sending_does_not_make_the_mail_come_twice(
    instance: AppInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    health.mark_attention(instance, REVOKED)
    notice, send = Notice.objects.get(), EmailMessage.send

    def dying(message: EmailMessage) -> int:
        send(message)
        raise Killed

    with monkeypatch.context() as death:
        death.setattr(EmailMessage, "send", dying)
        with pytest.raises(Killed):
            notices.send(notice.pk)
    Notice.objects.update(next_try_at=timezone.now() - timedelta(days=1))
    dispatch_due()
    notices.send(notice.pk)
    assert len(mail.outbox) == 1
