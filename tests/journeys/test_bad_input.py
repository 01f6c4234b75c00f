"""What may go wrong while connecting: each has its own sentence with the remedy, on a page that leads on, and the same
instance is connected in the end."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.base import Network
from portal.audit.models import AuditEntry
from portal.instances import network
from portal.instances.models import AppInstance, ConsentAttempt, State
from portal.people.roles import Role
from tests.portal.web.visitor import DETAILS, at_vendor, client_of, come_back, consent_link, draft, person, text_of
from tests.sandbox.faults import FaultKind
from tests.sandbox.github import CLIENT_ID, CONTOSO, FABRIKAM, OWNER
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

Change = Callable[[Sandbox], object]


def _nothing(_: Sandbox) -> None:
    """Nothing is to be changed at the vendor."""


def _api(kind: FaultKind) -> Change:
    return lambda sandbox: sandbox.faults.add(kind, host="api.github.com", times=None, seconds=30, retry_after=60)


def _heal(sandbox: Sandbox) -> None:
    sandbox.faults.clear()


def _enforce_saml(sandbox: Sandbox) -> None:
    sandbox.github.organisation().is_saml_enforced = True


def _approve(sandbox: Sandbox) -> None:
    """An owner let the app in before, so that a member gets as far as the check."""
    sandbox.github.organisation().approved_applications.add(CLIENT_ID)


@dataclass(frozen=True)
class Trouble:
    """`spoil` and `heal` change the vendor, `details` and `consent` what is typed and pressed; `says` is what the page
    must say: what happened, and what to do."""

    name: str
    says: tuple[str, ...]
    details: dict[str, str] = field(default_factory=dict)
    decision: str = "authorize"
    consent: dict[str, str] = field(default_factory=dict)
    spoil: Change = _nothing
    heal: Change = _nothing


WRONG_SECRET = "f" * 40
WAIT = "choose Connect again"
TROUBLES = [
    Trouble(
        "wrong client secret",
        ("GitHub does not know this Client ID with this Client Secret.", "Choose Edit details and put both in again"),
        details={"client_secret": WRONG_SECRET},
    ),
    Trouble(
        "consent denied", ("Consent was declined", "then connect again and accept"), decision="cancel",
    ),
    Trouble(
        "no organisation of this name",
        ("GitHub shows no organisation called contoso-nowhere.", "Correct Organization Login Name"),
        details={"organization": "contoso-nowhere"},
    ),
    Trouble(
        "not an owner",
        ("The account that consented is not an owner of contoso-dev.", "Make it an owner in GitHub"),
        consent={"login": "asingh"}, spoil=_approve,
    ),
    Trouble(
        "not approved by an owner",
        ("The organisation restricts OAuth apps, and this one is not approved.", "Third-party Access"),
        consent={"grant": "no"},
    ),
    Trouble(
        "single sign-on enforced",
        ("The organisation is protected by SAML single sign-on", "Sign in to the organisation with single sign-on"),
        spoil=_enforce_saml,
    ),
    Trouble(
        "vendor error 500", ("GitHub has a fault at the moment", WAIT), spoil=_api(FaultKind.SERVER_ERROR), heal=_heal,
    ),
    Trouble(
        "vendor limit 429",
        ("GitHub's hourly limit of calls is used up.", "Wait a minute, then choose Connect again."),
        spoil=_api(FaultKind.RATE_LIMIT), heal=_heal,
    ),
    Trouble(
        "a page instead of an answer", ("answered something that is not JSON", WAIT), spoil=_api(FaultKind.HTML),
        heal=_heal,
    ),
    Trouble(
        "no answer in time", ("api.github.com did not answer in time.", WAIT), spoil=_api(FaultKind.TIMEOUT),
        heal=_heal,
    ),
]


def _page(client: Client, instance: AppInstance) -> str:
    return text_of(client.get(reverse("wizard_consent", args=[instance.pk])))


@pytest.fixture
def short_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call is given up after two seconds instead of ten."""
    monkeypatch.setattr(network, "Network", partial(Network, call_s=2.0))


@pytest.mark.usefixtures("short_calls")
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_each_trouble_has_its_sentence_and_the_same_instance_is_connected_in_the_end(
    trouble: Trouble, sandbox: Sandbox
) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = draft(client, details=trouble.details)
    trouble.spoil(sandbox)
    link = consent_link(client, instance)
    shown = come_back(client, at_vendor(link, trouble.decision, **trouble.consent))
    text = text_of(shown)
    assert [words for words in trouble.says if words not in text] == []
    assert "Edit details" in text
    assert "Connect again" in text
    assert WRONG_SECRET not in shown.content.decode()
    assert shown.content.decode().count("/login/oauth/authorize") <= 1, "two buttons lead to the same page"
    told = AuditEntry.objects.get(verb="instance.connect_failed", object_id=str(instance.pk))
    assert trouble.says[0] in str(told.after)
    refreshed = _page(client, instance)
    assert trouble.says[0] in refreshed, "the sentence is gone after a refresh"
    assert "hoose Edit details" not in text_of(client.get(reverse("wizard_details", args=[instance.pk])))
    trouble.heal(sandbox)
    if trouble.details:
        client.post(reverse("wizard_details", args=[instance.pk]), DETAILS)
    sso = {"sso": CONTOSO} if trouble.spoil is _enforce_saml else {}
    mended = come_back(client, at_vendor(consent_link(client, instance), **sso))
    assert "Great, GitHub is connected" in text_of(mended)
    assert AppInstance.objects.get().pk == instance.pk
    assert AppInstance.objects.get().state == State.CONNECTED


def test_a_plan_without_audit_log_is_connected_and_says_what_is_closed(sandbox: Sandbox) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = draft(client, details={"organization": FABRIKAM})
    shown = text_of(come_back(client, at_vendor(consent_link(client, instance))))
    assert "Great, GitHub is connected" in shown
    assert "Audit log Not available" in shown
    assert shown.count("The audit log is part of GitHub Enterprise Cloud.") == 1


def test_a_scope_that_was_not_granted_is_named_with_its_remedy_and_mended_by_connecting_again(sandbox: Sandbox) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = draft(client)
    shown = text_of(come_back(client, at_vendor(consent_link(client, instance), without="admin:org")))
    assert "Great, GitHub is connected" in shown
    closed = "Accounts, Privileges, Remove from the organisation"
    assert f"Not granted: admin:org Without it these are missing or incomplete: {closed}" in shown
    assert "Choose Reconnect and grant all scopes" in shown
    mended = text_of(come_back(client, at_vendor(consent_link(client, instance))))
    assert "Not granted" not in mended
    assert AppInstance.objects.get().missing == []


def test_a_person_s_account_is_connected_with_a_warning(sandbox: Sandbox) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = draft(client)
    shown = text_of(come_back(client, at_vendor(consent_link(client, instance), login=OWNER)))
    assert f"The account {OWNER} looks like a person's" in shown


MISMATCH = "does not belong to a connection started in this browser"


def test_an_answer_with_another_state_is_refused_and_the_draft_can_go_on(sandbox: Sandbox) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = draft(client)
    address = at_vendor(consent_link(client, instance))
    forged = re.sub(r"state=[^&]+", "state=forged", address)
    shown = come_back(client, forged)
    assert MISMATCH in text_of(shown)
    assert f'href="{reverse("wizard_details", args=[instance.pk])}"' in shown.content.decode()
    exchanges = [each for each in sandbox.requests if each.path == "/login/oauth/access_token"]
    assert exchanges == [], "a code of a forged answer was sent to the vendor"
    assert MISMATCH in str(AuditEntry.objects.get(verb="instance.consent_refused").after)
    assert "Great, GitHub is connected" in text_of(come_back(client, address))


def test_the_answer_in_another_browser_of_the_same_person_is_refused(sandbox: Sandbox) -> None:
    user = person(Role.GLOBAL_ADMIN)
    here, elsewhere = client_of(user), client_of(user)
    instance = draft(here)
    address = at_vendor(consent_link(here, instance))
    assert MISMATCH in text_of(come_back(elsewhere, address))
    instance.refresh_from_db()
    assert instance.state == State.CONNECTING


def test_a_consent_that_took_too_long_says_so_and_can_be_repeated(sandbox: Sandbox) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = draft(client)
    address = at_vendor(consent_link(client, instance))
    ConsentAttempt.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    shown = text_of(come_back(client, address))
    assert "The consent took longer than 15 minutes" in shown
    assert AuditEntry.objects.get(verb="instance.consent_refused").object_id == str(instance.pk)
    assert "Connect again" in shown
    assert "Great, GitHub is connected" in text_of(come_back(client, at_vendor(consent_link(client, instance))))
