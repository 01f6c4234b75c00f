import smtplib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from connectors.base import Activity, ActivityCategory
from portal.audit.models import AuditEntry
from portal.inventory import models, store
from portal.inventory.models import Recomputation
from portal.people.roles import Role
from portal.preferences import preferences
from portal.web.mail_words import mail_problem
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

RunTasks = Callable[..., int]

pytestmark = pytest.mark.django_db

GENERAL = {
    "organisation_domains": "contoso.example\ncontoso.test",
    "public_url": settings.PUBLIC_URL,
    "egress_addresses": "198.51.100.7",
    "file_monitoring": "on",
    "activity_days": "180",
    "quarantine_days": "90",
    "deletion_second_person": "on",
    "store_megabytes": "250",
}


def test_a_global_admin_changes_settings_and_the_trail_tells_of_it() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    said = text_of(client.post(reverse("settings_general"), GENERAL, follow=True))
    assert "Saved." in said
    assert preferences.get("organisation_domains") == ["contoso.example", "contoso.test"]
    entry = AuditEntry.objects.get(verb="settings.changed", object_id="egress_addresses")
    assert (entry.before, entry.after) == ([], ["198.51.100.7"])


@pytest.mark.parametrize("name", ["settings_general", "settings_mail"])
def test_changing_settings_asks_for_a_recent_sign_in_and_reading_does_not(name: str) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN), is_recent=False)
    for answer in (client.get(reverse(name)), client.post(reverse(name), GENERAL)):
        assert "/auth/reauthenticate/" in answer.headers["Location"]
    assert preferences.get("egress_addresses") == []
    reader = client_of(person(Role.SECURITY_ADMIN), is_recent=False)
    assert reader.get(reverse(name)).status_code == 200


def test_other_domains_are_followed_by_working_out_exposure_anew_which_the_page_tells(run_tasks: RunTasks) -> None:
    instance = rows.instance()
    rows.accounts(instance, 3)
    client = client_of(person(Role.GLOBAL_ADMIN))
    assert "recomputed" not in text_of(client.get(reverse("settings_general")))
    said = text_of(client.post(reverse("settings_general"), GENERAL, follow=True))
    assert "Exposure is being recomputed." in said
    Recomputation.objects.update(done_rows=12_400, total_rows=50_000)
    assert "being recomputed: 12,400 of 50,000 rows." in text_of(client.get(reverse("settings_general")))
    run_tasks("scans")
    assert "recomputed" not in text_of(client.get(reverse("settings_general")))
    client.post(reverse("settings_general"), {**GENERAL, "egress_addresses": ""})
    assert Recomputation.objects.filter(ended_at=None).count() == 0, "only domains decide who is external"


def test_keeping_activities_for_fewer_days_removes_the_older_ones_at_once(run_tasks: RunTasks) -> None:
    contoso, now = rows.instance(), timezone.now()
    for days in (10, 50):
        record = Activity(
            id=f"{days}", occurred_at=now - timedelta(days=days), action="repo.create", category=ActivityCategory.ADMIN
        )
        with transaction.atomic():
            store.save(contoso.pk, [record], feed="f", partition="", pass_id=1, now=now)
    client = client_of(person(Role.GLOBAL_ADMIN))
    client.post(reverse("settings_general"), {**GENERAL, "activity_days": "180"})
    run_tasks("scans")
    assert models.Activity.objects.count() == 2
    client.post(reverse("settings_general"), {**GENERAL, "activity_days": "30"})
    run_tasks("scans")
    assert list(models.Activity.objects.values_list("vendor_id", flat=True)) == ["10"]
    entry = AuditEntry.objects.get(verb="settings.changed", object_id="activity_days")
    assert (entry.before, entry.after) == (180, 30)


@pytest.mark.parametrize("typed", ["", "6", "3651", "-30", "1e3", "ninety", "٣٠"])
def test_days_are_a_number_within_reason(typed: str) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    response = client.post(reverse("settings_general"), {**GENERAL, "activity_days": typed})
    assert response.status_code == 422
    assert "Write a number of days from 7 to 3650." in text_of(response)
    assert preferences.get("activity_days") == 180


def test_a_bad_value_is_told_under_its_field_and_nothing_is_saved() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    response = client.post(reverse("settings_general"), {**GENERAL, "egress_addresses": "not an address"})
    assert response.status_code == 422
    assert "is neither an address nor a network" in text_of(response)
    assert "not an address" in response.content.decode()
    assert preferences.get("organisation_domains") == []


def test_a_security_admin_reads_settings_but_cannot_change_them() -> None:
    client = client_of(person(Role.SECURITY_ADMIN))
    page = client.get(reverse("settings_general"))
    assert "Only a Global Admin can change these." in text_of(page)
    assert "Save</button>" not in page.content.decode()
    assert client.post(reverse("settings_general"), GENERAL).status_code == 403
    assert client.post(reverse("settings_mail_test")).status_code == 403
    assert preferences.get("egress_addresses") == []


@pytest.mark.parametrize("role", [Role.COMPLIANCE_ADMIN, Role.SECURITY_READER, Role.SUPPORT])
def test_others_do_not_read_settings(role: Role) -> None:
    client = client_of(person(role))
    assert client.get(reverse("settings_general")).status_code == 403
    assert client.get(reverse("settings_mail")).status_code == 403


def test_the_index_lists_what_the_person_may_open() -> None:
    def listed(role: Role) -> list[str]:
        text = text_of(client_of(person(role)).get(reverse("settings_home")))
        words = ("Organisation domains", "Sender, who is told", "Who may sign in", "Who changed what", "would like")
        return [word for word in words if word in text]

    assert len(listed(Role.GLOBAL_ADMIN)) == 5
    assert listed(Role.SECURITY_READER) == []


def test_without_a_mail_server_the_page_says_so_and_nothing_is_sent() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    assert "Nothing is sent. To send mail, set GATEHOUSE_EMAIL_URL" in text_of(client.get(reverse("settings_mail")))
    said = text_of(client.post(reverse("settings_mail_test"), follow=True))
    assert "No mail server is set" in said
    assert mail.outbox == []


def test_a_test_mail_goes_to_the_person_who_asks(settings: Settings) -> None:
    settings.IS_MAIL_CONFIGURED = True
    client = client_of(person(Role.GLOBAL_ADMIN))
    form = {"mail_from": "gatehouse@contoso.example", "mail_recipients": "soc@contoso.example"}
    client.post(reverse("settings_mail"), form)
    said = text_of(client.post(reverse("settings_mail_test"), follow=True))
    assert "The mail server took a test mail to global_admin@contoso.example." in said
    assert [(each.from_email, each.to) for each in mail.outbox] == [
        ("gatehouse@contoso.example", ["global_admin@contoso.example"])
    ]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (smtplib.SMTPAuthenticationError(535, b"user joe: bad password"), "refused the sign-in"),
        (smtplib.SMTPSenderRefused(550, b"no", "x@y"), "refuses the sender"),
        (smtplib.SMTPRecipientsRefused({}), "refuses your address"),
        (smtplib.SMTPNotSupportedError("STARTTLS"), "does not speak the encryption"),
        (smtplib.SMTPServerDisconnected("bye"), "broke off"),
        (ConnectionRefusedError("refused"), "cannot be reached"),
    ],
)
def test_each_refusal_of_a_mail_server_has_its_sentence(error: smtplib.SMTPException | OSError, words: str) -> None:
    assert words in mail_problem(error)
    assert "joe" not in mail_problem(error)
