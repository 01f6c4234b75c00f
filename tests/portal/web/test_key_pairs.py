"""Certificates that the portal makes: shown, downloaded, renewed beside the old one, and their private part never."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from django.test import Client
from django.urls import reverse

from connectors.base import (
    AuthMethod,
    CredentialsRejected,
    Field,
    Scheme,
    Setup,
    SetupStep,
    Tenant,
    certificates,
    made_key,
)
from connectors.base.setup import Call
from portal.audit.models import AuditEntry
from portal.instances.models import AppInstance, State
from portal.instances.vault import InstanceVault
from portal.people.roles import Role
from tests.portal.scans import example
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

KEY_PAIR = Field("key_pair", "Certificate", "Upload it.", is_secret=True, is_key_pair=True)
ACCOUNT = Field("account", "Account", "Whose it is.")


class Signing(Scheme):
    """Proves who is calling by naming the certificate; `uploaded` are those that the vendor knows."""

    uploaded: set[str] | None = None

    def authorize(self, setup: Setup, call: Call) -> None:
        name = made_key(setup).headers["x5t#S256"]
        if self.uploaded is not None and name not in self.uploaded:
            raise CredentialsRejected("The vendor does not know this certificate.", remedy="Upload it.")


@pytest.fixture
def scheme() -> Signing:
    return Signing()


@pytest.fixture
def admin(declare: Callable[..., None], scheme: Signing) -> Client:
    steps = (SetupStep("Upload it there."),)
    method = AuthMethod("key", "Certificate", "It signs.", (ACCOUNT, KEY_PAIR), steps, scheme)

    def check(client: Any) -> Tenant:
        scheme.authorize(client.setup, Call("GET", "https://api.example.com"))
        return Tenant("t1", "Contoso")

    declare(example.connector(methods=(method,), check=check, feeds=()))
    return client_of(person(Role.GLOBAL_ADMIN))


@pytest.fixture
def draft(admin: Client) -> AppInstance:
    admin.post(reverse("wizard_name", args=["example"]), {"name": "Contoso"})
    return AppInstance.objects.get()


@pytest.fixture
def instance(admin: Client, draft: AppInstance) -> AppInstance:
    """Connected, with the certificate that the form showed."""
    admin.get(details(draft))
    admin.post(details(draft), {"account": "contoso"})
    admin.post(reverse("wizard_consent", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.state == State.CONNECTED
    return draft


def details(draft: AppInstance) -> str:
    return reverse("wizard_details", args=[draft.pk])


def fields_of(instance: AppInstance) -> dict[str, str]:
    kept: dict[str, str] = InstanceVault(instance.pk).read()["fields"]
    return kept


def download(admin: Client, instance: AppInstance, which: str, form: str = "pem") -> Any:
    return admin.get(reverse("certificate_download", args=[instance.pk, "key_pair", which, form]))


def press(admin: Client, name: str, instance: AppInstance) -> str:
    return text_of(admin.post(reverse(f"certificate_{name}", args=[instance.pk, "key_pair"]), follow=True))


def test_the_form_shows_a_certificate_made_once_with_its_thumbprint_and_nothing_private(
    admin: Client, draft: AppInstance
) -> None:
    page, again = admin.get(details(draft)), admin.get(details(draft))
    made = fields_of(draft)["key_pair"]
    part = certificates.public_part(made)
    assert part.thumbprint in text_of(page)
    assert part.thumbprint in text_of(again)
    private = made.partition("-----BEGIN CERTIFICATE")[0].split("\n")[1]
    assert private not in page.content.decode()
    assert 'name="key_pair"' not in page.content.decode()
    admin.post(details(draft), {"account": "contoso", "key_pair": "typed"})
    assert fields_of(draft) == {"key_pair": made}


def test_the_certificate_is_downloaded_in_both_forms_without_the_key(admin: Client, draft: AppInstance) -> None:
    admin.get(details(draft))
    part = certificates.public_part(fields_of(draft)["key_pair"])
    pem, der = download(admin, draft, "current"), download(admin, draft, "current", "cer")
    assert pem.content.decode() == part.pem
    assert x509.load_der_x509_certificate(der.content).not_valid_after_utc == part.ends_at
    assert "PRIVATE" not in pem.content.decode()
    assert f'filename="gatehouse-example-{part.thumbprint[:8]}.cer"' in der["Content-Disposition"]
    assert download(admin, draft, "next").status_code == 404
    assert download(admin, draft, "current", "key").status_code == 404


def test_nobody_downloads_it_who_may_not_connect(admin: Client, draft: AppInstance) -> None:
    admin.get(details(draft))
    reader = client_of(person(Role.SECURITY_READER))
    assert download(reader, draft, "current").status_code == 403


def test_a_renewed_certificate_waits_beside_the_old_one_and_replaces_it_when_it_works(
    admin: Client, instance: AppInstance, scheme: Signing
) -> None:
    old = fields_of(instance)["key_pair"]
    assert "A new certificate is made." in press(admin, "renew", instance)
    kept = fields_of(instance)
    assert kept["key_pair"] == old
    new = certificates.public_part(kept["key_pair.next"])
    page = text_of(admin.get(reverse("instance_detail", args=[instance.pk])))
    assert "New certificate, not in use yet" in page
    assert new.thumbprint in page
    assert download(admin, instance, "next").content.decode() == new.pem
    assert "The new certificate is in use." in press(admin, "use", instance)
    assert certificates.public_part(fields_of(instance)["key_pair"]) == new
    assert "key_pair.next" not in fields_of(instance)
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"instance.certificate_made", "instance.certificate_renewed"} <= verbs


def test_a_renewed_certificate_that_is_not_uploaded_yet_leaves_the_old_one_in_use(
    admin: Client, instance: AppInstance, scheme: Signing
) -> None:
    old = fields_of(instance)["key_pair"]
    press(admin, "renew", instance)
    scheme.uploaded = set()
    said = press(admin, "use", instance)
    assert "The new certificate does not work yet, so the old one stays in use" in said
    assert "The vendor does not know this certificate." in said
    assert fields_of(instance)["key_pair"] == old
    assert "key_pair.next" in fields_of(instance)
    instance.refresh_from_db()
    assert instance.state == State.CONNECTED


def test_putting_to_use_what_was_never_made_is_told(admin: Client, instance: AppInstance) -> None:
    assert "There is no new certificate. Choose Make a new certificate first." in press(admin, "use", instance)


def test_renewing_asks_for_a_recent_sign_in_and_for_the_right(admin: Client, instance: AppInstance) -> None:
    before = fields_of(instance)
    stale = client_of(person(Role.GLOBAL_ADMIN, "other@contoso.example"), is_recent=False)
    reader = client_of(person(Role.SECURITY_READER))
    for client in (stale, reader):
        client.post(reverse("certificate_renew", args=[instance.pk, "key_pair"]))
    assert fields_of(instance) == before


def test_new_details_keep_the_certificate_and_the_one_that_waits(admin: Client, instance: AppInstance) -> None:
    press(admin, "renew", instance)
    kept = fields_of(instance)
    admin.post(
        reverse("instance_edit", args=[instance.pk]), {"name": "Contoso", "scan_hours": "12", "account": "other"}
    )
    instance.refresh_from_db()
    assert instance.config == {"account": "other"}
    assert fields_of(instance) == kept
