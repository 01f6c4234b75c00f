"""New details of a connected app: tried beside the connection in use, which goes on until the vendor has said yes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.base import CredentialsRejected
from portal.audit.models import AuditEntry
from portal.instances import connecting, health
from portal.instances.models import AppInstance, StagedDetails, State
from portal.instances.vault import InstanceVault
from portal.inventory.models import Activity, Group
from portal.people.models import User
from portal.people.roles import Role
from portal.scans.jobs import dispatch_due
from portal.scans.models import FeedState
from tests.portal.connected import read_only
from tests.portal.web.visitor import (
    DETAILS,
    at_vendor,
    client_of,
    come_back,
    connect,
    consent_link,
    person,
    text_of,
)
from tests.sandbox.github import CLIENT_SECRET, CONTOSO, FABRIKAM, SERVICE_OWNER
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

RunTasks = Callable[..., int]
WRONG_SECRET = "f" * len(CLIENT_SECRET)
MAINTAINERS_OF_FABRIKAM = "9777001"
OTHER = {**DETAILS, "organization": FABRIKAM}
SCOPES = ["admin:org", "read:audit_log", "read:user"]


READ = ("accounts", "teams", "repositories", "audit_log")
"""Feeds that any owner's token reads."""


@pytest.fixture
def user() -> User:
    return person(Role.GLOBAL_ADMIN)


@pytest.fixture
def admin(user: User) -> Client:
    return client_of(user)


@pytest.fixture
def fabrikam(sandbox: Sandbox) -> Organisation:
    """It has an audit log with events, as Contoso has."""
    found = sandbox.github.organisation(FABRIKAM)
    found.plan = "enterprise"
    found.audit.record("org.fabrikam_only", at=sandbox.clock.now() - 60)
    return found


@pytest.fixture
def instance(admin: Client, fabrikam: Organisation, no_pauses: None) -> AppInstance:
    """GitHub, connected to Contoso; its first scan waits for a worker."""
    return connect(admin)


def details(instance: AppInstance) -> str:
    return reverse("wizard_details", args=[instance.pk])


def edit(admin: Client, instance: AppInstance, form: dict[str, str]) -> str:
    """The text of the page that follows Save and test."""
    whole = {"name": instance.name, "scan_hours": "12", **form}
    return text_of(admin.post(reverse("instance_edit", args=[instance.pk]), whole, follow=True))


def in_use(instance: AppInstance) -> tuple[object, object]:
    return AppInstance.objects.values_list("config", flat=True).get(pk=instance.pk), InstanceVault(instance.pk).read()


def assert_works_as_before(instance: AppInstance, user: User) -> None:
    """Reads Contoso, and no row of Fabrikam came."""
    instance.refresh_from_db()
    assert connecting.test_now(user, instance).name == "Contoso Engineering"
    asked_at = timezone.now()
    read_only(instance, *READ)
    instance.refresh_from_db()
    assert (instance.state, instance.config["organization"]) == (State.CONNECTED, CONTOSO)
    states = FeedState.objects.filter(feed__in=READ)
    assert list(states.exclude(error_code="").values_list("feed", "error_code")) == []
    assert set(states.filter(last_success_at__gte=asked_at).values_list("feed", flat=True)) == set(READ)
    assert not Activity.objects.filter(action="org.fabrikam_only").exists()
    assert not Group.objects.filter(vendor_id__endswith=MAINTAINERS_OF_FABRIKAM).exists()


def test_reconnect_edit_details_and_cancel_changes_nothing(
    admin: Client, user: User, instance: AppInstance
) -> None:
    before = in_use(instance)
    admin.get(reverse("instance_reconnect", args=[instance.pk]), follow=True)
    sent = admin.post(details(instance), {**OTHER, "client_secret": WRONG_SECRET})
    assert sent.headers["Location"] == reverse("wizard_consent", args=[instance.pk])
    assert in_use(instance) == before
    page = admin.get(reverse("wizard_consent", args=[instance.pk]))
    assert "until then everything goes on with the old ones" in text_of(page)
    assert f'action="{reverse("wizard_cancel", args=[instance.pk])}"' in page.content.decode()
    said = text_of(admin.post(reverse("wizard_cancel", args=[instance.pk]), follow=True))
    assert "The new details were dropped. Contoso is connected as before." in said
    assert not StagedDetails.objects.exists()
    assert in_use(instance) == before
    assert_works_as_before(instance, user)


def test_of_another_organisation_nothing_is_read_whatever_the_person_does(
    admin: Client, user: User, instance: AppInstance
) -> None:
    before = in_use(instance)
    said = edit(admin, instance, OTHER)
    assert "Saved, but for the details: GitHub has to confirm them." in said
    read_only(instance, *READ)
    refused = come_back(admin, at_vendor(consent_link(admin, instance)))
    assert "This sign-in leads to Fabrikam Open Source, but Contoso is connected to Contoso Engineering." in text_of(
        refused
    )
    assert in_use(instance) == before
    assert_works_as_before(instance, user)


def test_a_wrong_secret_is_told_what_was_typed_is_kept_and_the_old_connection_works(
    admin: Client, user: User, instance: AppInstance
) -> None:
    renamed = f"{CONTOSO}-renamed"
    edit(admin, instance, {**DETAILS, "organization": renamed, "client_secret": WRONG_SECRET})
    refused = come_back(admin, at_vendor(consent_link(admin, instance)))
    assert "GitHub does not know this Client ID with this Client Secret." in text_of(refused)
    page = admin.get(details(instance))
    assert f'value="{renamed}"' in page.content.decode()
    assert "GitHub does not know this Client ID with this Client Secret." in text_of(page)
    assert "Typed and not confirmed yet; never shown again." in text_of(page)
    for secret in (WRONG_SECRET, CLIENT_SECRET):
        assert secret not in page.content.decode()
    assert_works_as_before(instance, user)


def test_details_the_vendor_confirms_take_the_place_of_the_old_ones(
    admin: Client, instance: AppInstance, sandbox: Sandbox
) -> None:
    application = next(iter(sandbox.github.state.applications.values()))
    application.client_secret = WRONG_SECRET  # made anew at GitHub
    old_tokens = InstanceVault(instance.pk).read()["tokens"]
    edit(admin, instance, {**DETAILS, "client_secret": WRONG_SECRET})
    page = come_back(admin, at_vendor(consent_link(admin, instance)))
    assert "Great, GitHub is connected" in text_of(page)
    kept = InstanceVault(instance.pk).read()
    assert kept["fields"]["client_secret"] == WRONG_SECRET
    assert kept["tokens"] != old_tokens
    assert not StagedDetails.objects.exists()
    changed = AuditEntry.objects.filter(verb="instance.details_changed").order_by("-pk")[0].after or {}
    assert (changed["client_secret"], changed["organization"]) == ("changed", CONTOSO)


def test_a_failed_reconnect_never_puts_its_tokens_where_workers_find_them(
    admin: Client, instance: AppInstance, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[object] = []
    monkeypatch.setattr(InstanceVault, "_put", lambda vault, document: written.append(document))
    address = at_vendor(consent_link(admin, instance))
    sandbox.github.organisation().id += 1
    assert "is connected to Contoso Engineering" in text_of(come_back(admin, address))
    assert written == []


def test_the_page_of_the_app_says_what_waits_and_drops_it(admin: Client, instance: AppInstance) -> None:
    edit(admin, instance, OTHER)
    page = text_of(admin.get(reverse("instance_detail", args=[instance.pk])))
    assert "New details wait for GitHub's word." in page
    assert "global_admin@contoso.example typed them" in page
    admin.post(reverse("wizard_cancel", args=[instance.pk]))
    assert "New details wait" not in text_of(admin.get(reverse("instance_detail", args=[instance.pk])))
    verbs = list(AuditEntry.objects.order_by("-pk").values_list("verb", flat=True)[:2])
    assert verbs == ["instance.details_dropped", "instance.details_staged"]


def test_typing_the_details_in_use_again_leaves_nothing_waiting(admin: Client, instance: AppInstance) -> None:
    edit(admin, instance, OTHER)
    assert "Saved, and the connection works." in edit(admin, instance, {**DETAILS, "client_secret": CLIENT_SECRET})
    assert not StagedDetails.objects.exists()


def test_details_that_wait_for_a_day_count_no_longer(admin: Client, instance: AppInstance) -> None:
    edit(admin, instance, OTHER)
    StagedDetails.objects.update(staged_at=timezone.now() - timedelta(days=1, seconds=1))
    assert f'value="{CONTOSO}"' in admin.get(details(instance)).content.decode()
    dispatch_due()
    assert not StagedDetails.objects.exists()


def test_details_moved_from_another_instance_do_not_count(admin: Client, instance: AppInstance) -> None:
    edit(admin, instance, OTHER)
    document = StagedDetails.objects.get().document
    other = AppInstance.objects.create(app_id="github", name="other", method_id="oauth_app", state=State.CONNECTED)
    StagedDetails.objects.create(instance=other, document=document, staged_at=timezone.now(), staged_by_email="x")
    assert f'value="{FABRIKAM}"' not in admin.get(details(other)).content.decode()


def test_unreadable_secrets_are_mended_by_typing_all_of_them_again(admin: Client, instance: AppInstance) -> None:
    other = AppInstance.objects.create(app_id="github", name="other", method_id="oauth_app", state=State.DISCONNECTED)
    InstanceVault(other.pk).write_fields({"client_secret": "of another"})
    moved = other.connection.document
    instance.connection.document = moved
    instance.connection.save()
    assert "Client Secret is needed." in text_of(admin.post(details(instance), {**DETAILS, "client_secret": ""}))
    admin.post(details(instance), DETAILS)
    assert "Great, GitHub is connected" in text_of(come_back(admin, at_vendor(consent_link(admin, instance))))
    assert InstanceVault(instance.pk).read()["fields"] == {"client_secret": CLIENT_SECRET}


def test_a_disconnected_app_takes_no_details(admin: Client, instance: AppInstance) -> None:
    AppInstance.objects.update(state=State.DISCONNECTED)
    for name in ("wizard_details", "wizard_consent", "instance_edit"):
        address = reverse(name, args=[instance.pk])
        for answer in (admin.get(address), admin.post(address, OTHER)):
            assert answer.headers["Location"] == reverse("instance_detail", args=[instance.pk])
    assert not StagedDetails.objects.exists()


def test_disconnecting_forgets_what_waits(admin: Client, instance: AppInstance, run_tasks: RunTasks) -> None:
    edit(admin, instance, OTHER)
    admin.post(reverse("instance_disconnect", args=[instance.pk]), {"data": "keep"})
    run_tasks()
    assert not StagedDetails.objects.exists()


def test_a_worker_refused_with_the_old_sign_in_says_nothing_of_the_new_one(
    admin: Client, instance: AppInstance
) -> None:
    stale = AppInstance.objects.get(pk=instance.pk)
    come_back(admin, at_vendor(consent_link(admin, instance)))
    health.mark_attention(stale, CredentialsRejected("GitHub does not accept the token."))
    instance.refresh_from_db()
    assert instance.state == State.CONNECTED
    health.mark_attention(instance, CredentialsRejected("GitHub does not accept the token."))
    instance.refresh_from_db()
    assert instance.state == State.ATTENTION


# --- without a consent page -----------------------------------------------------------------------------------------


@pytest.fixture
def pasted(
    two_ways: None, admin: Client, sandbox: Sandbox, fabrikam: Organisation, no_pauses: None
) -> AppInstance:
    """Connected by a pasted token."""
    admin.post(reverse("wizard_name", args=["github"]), {"name": "Contoso", "method": "pasted_token"})
    made = AppInstance.objects.get()
    token = sandbox.github.state.issue_token(SERVICE_OWNER, SCOPES)
    admin.post(details(made), {"token": token, "organization": CONTOSO})
    admin.post(reverse("wizard_consent", args=[made.pk]))
    return made


def test_a_refused_token_stays_on_the_page_with_what_was_typed(
    admin: Client, user: User, pasted: AppInstance
) -> None:
    before = in_use(pasted)
    form = {"name": "Contoso", "scan_hours": "12", "token": "gho_nobodysTokenAtAll", "organization": "contoso-typed"}
    page = admin.post(reverse("instance_edit", args=[pasted.pk]), form)
    assert page.status_code == 422
    assert "GitHub does not accept the token." in text_of(page)
    assert 'value="contoso-typed"' in page.content.decode()
    assert "gho_nobodysTokenAtAll" not in page.content.decode()
    assert in_use(pasted) == before
    assert_works_as_before(pasted, user)


def test_another_organisation_by_token_is_refused_at_once(
    admin: Client, user: User, pasted: AppInstance
) -> None:
    said = edit(admin, pasted, {"token": "", "organization": FABRIKAM})
    assert "This sign-in leads to Fabrikam Open Source" in said
    assert_works_as_before(pasted, user)


def test_a_new_token_is_used_once_it_works_and_a_paused_app_stays_paused(
    admin: Client, pasted: AppInstance, sandbox: Sandbox
) -> None:
    admin.post(reverse("instance_pause", args=[pasted.pk]))
    token = sandbox.github.state.issue_token(SERVICE_OWNER, SCOPES)
    assert "Saved, and the connection works." in edit(admin, pasted, {"token": token, "organization": CONTOSO})
    assert InstanceVault(pasted.pk).read()["fields"] == {"token": token}
    pasted.refresh_from_db()
    assert pasted.state == State.PAUSED


def test_new_details_mend_an_app_that_needs_attention(
    admin: Client, pasted: AppInstance, sandbox: Sandbox
) -> None:
    sandbox.github.state.tokens.clear()
    admin.post(reverse("instance_test", args=[pasted.pk]))
    pasted.refresh_from_db()
    assert pasted.state == State.ATTENTION
    token = sandbox.github.state.issue_token(SERVICE_OWNER, SCOPES)
    admin.post(details(pasted), {"token": token, "organization": CONTOSO})
    done = admin.post(reverse("wizard_consent", args=[pasted.pk]), follow=True)
    assert "Great, GitHub is connected" in text_of(done)
    pasted.refresh_from_db()
    assert (pasted.state, pasted.problem) == (State.CONNECTED, "")


def test_an_app_that_leads_elsewhere_by_itself_is_marked_and_read_no_more(
    admin: Client, pasted: AppInstance, sandbox: Sandbox
) -> None:
    """The organisation was renamed at GitHub, and another one has taken its name."""
    contoso, fabrikam = (sandbox.github.organisation(login) for login in (CONTOSO, FABRIKAM))
    contoso.id, fabrikam.id = fabrikam.id, contoso.id
    admin.post(reverse("instance_test", args=[pasted.pk]))
    pasted.refresh_from_db()
    assert pasted.state == State.ATTENTION
    assert "instead of Contoso Engineering" in pasted.problem
    asked = len(sandbox.requests)
    read_only(pasted, *READ)
    assert len(sandbox.requests) == asked
