"""The page of one connected app, its buttons, and who may press them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from connectors.github.availability import APP_ONLY, TOLD_BETTER
from portal.audit.models import AuditEntry
from portal.instances.models import AppInstance, Connection, State
from portal.inventory.models import Account
from portal.people.models import RoleAssignment
from portal.people.roles import Role
from portal.preferences import preferences
from portal.vault import seal
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
from tests.sandbox.faults import FaultKind
from tests.sandbox.github import CLIENT_SECRET, CONTOSO, FABRIKAM
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

RunTasks = Callable[..., int]


@pytest.fixture
def admin() -> Client:
    return client_of(person(Role.GLOBAL_ADMIN))


@pytest.fixture
def instance(admin: Client, sandbox: Sandbox) -> AppInstance:
    """GitHub, connected; its first scan waits for a worker."""
    return connect(admin)


@pytest.fixture
def read(instance: AppInstance, no_pauses: None) -> AppInstance:
    """GitHub, connected, its accounts read."""
    read_only(instance, "accounts")
    return instance


def _page(client: Client, instance: AppInstance) -> str:
    return text_of(client.get(reverse("instance_detail", args=[instance.pk])))


def _press(client: Client, name: str, instance: AppInstance) -> str:
    return text_of(client.post(reverse(f"instance_{name}", args=[instance.pk]), follow=True))


def test_the_page_tells_state_health_permissions_and_what_was_changed(admin: Client, read: AppInstance) -> None:
    preferences.keep({"egress_addresses": ["198.51.100.7"]})
    page = admin.get(reverse("instance_detail", args=[read.pk]))
    text = text_of(page)
    for words in ("Connected", "What is read", "Accounts", "Up to date", "Last runs", "Done", "Connected as",
                  "contoso-security-svc", "enterprise", "Nothing Gatehouse needs is missing.",
                  "Administer organisations: members, teams, roles, settings admin:org",
                  "198.51.100.7", "Changes to this connection", "Connected", "Set-up guide for GitHub"):
        assert words in text
    assert CLIENT_SECRET not in page.content.decode()


def test_the_last_runs_are_downloaded_with_what_they_read(admin: Client, read: AppInstance) -> None:
    address = reverse("instance_runs_export", args=[read.pk])
    assert f'href="{address}"' in admin.get(reverse("instance_detail", args=[read.pk])).content.decode()
    answer = admin.get(address)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("Feed,Outcome,Read,New,Gone,Pages,Started,Ended")
    assert any(line.startswith("Accounts,Done,") for line in lines)
    other = client_of(person(Role.APP_ADMIN, instance_id=read.pk + 1))
    assert other.get(address).status_code == 404


def test_the_page_asks_often_while_something_is_read_and_seldom_after(
    admin: Client, instance: AppInstance, no_pauses: None
) -> None:
    live = reverse("instance_live", args=[instance.pk])
    assert 'hx-trigger="every 2s"' in admin.get(live).content.decode()
    read_only(instance, "accounts")
    assert 'hx-trigger="every 15s"' in admin.get(live).content.decode()


def test_test_now_asks_the_vendor_and_says_who_we_are(admin: Client, instance: AppInstance, sandbox: Sandbox) -> None:
    asked = len(sandbox.requests)
    assert "The connection works: Gatehouse reads Contoso Engineering as contoso-security-svc." in _press(
        admin, "test", instance
    )
    assert len(sandbox.requests) > asked


def test_a_revoked_token_shows_its_sentence_and_reconnect_and_test_now_mends_it(
    admin: Client, instance: AppInstance, sandbox: Sandbox
) -> None:
    sandbox.faults.add(FaultKind.UNAUTHORIZED, host="api.github.com", times=None)
    shown = _press(admin, "test", instance)
    assert "Needs attention" in shown
    assert "GitHub does not accept the token." in shown
    assert "Choose Reconnect and consent again in GitHub." in shown
    assert "Connection tested, and it failed" in shown
    listed = text_of(admin.get(reverse("connected_apps")))
    assert "Needs attention GitHub does not accept the token." in listed
    sandbox.faults.clear()
    assert "The connection works" in _press(admin, "test", instance)
    assert AppInstance.objects.get().state == State.CONNECTED


def test_test_now_under_a_limit_says_when_it_ends_and_what_to_do(
    admin: Client, instance: AppInstance, sandbox: Sandbox
) -> None:
    sandbox.faults.add(FaultKind.RATE_LIMIT, host="api.github.com", times=None, retry_after=720)
    shown = _press(admin, "test", instance)
    assert "Nothing is lost. Wait 12 minutes, then choose Test now." in shown


def test_a_reconnect_that_fails_stands_among_the_changes(admin: Client, instance: AppInstance) -> None:
    _failed_reconnect(admin, instance)
    assert "Connecting failed" in _page(admin, instance)


def _failed_reconnect(admin: Client, instance: AppInstance) -> None:
    come_back(admin, at_vendor(consent_link(admin, instance), "cancel"))
    assert "Consent was declined" in text_of(admin.get(reverse("wizard_consent", args=[instance.pk])))


@pytest.mark.parametrize("how", ["reconnect", "test", "edit"])
def test_a_problem_of_the_last_reconnect_is_not_shown_after_a_new_beginning(
    how: str, admin: Client, instance: AppInstance
) -> None:
    _failed_reconnect(admin, instance)
    if how == "reconnect":
        admin.get(reverse("instance_reconnect", args=[instance.pk]))
    elif how == "test":
        _press(admin, "test", instance)
    else:
        form = {**DETAILS, "client_secret": "", "name": instance.name, "scan_hours": "12"}
        admin.post(reverse("instance_edit", args=[instance.pk]), form)
    assert "Consent was declined" not in text_of(admin.get(reverse("wizard_consent", args=[instance.pk])))


def test_the_page_tells_what_the_vault_holds_and_after_disconnecting_that_it_holds_nothing(
    admin: Client, instance: AppInstance, run_tasks: RunTasks
) -> None:
    shown = _page(admin, instance)
    assert "Client Secret stored, never shown" in shown
    assert "Sign-in at GitHub stored, never shown" in shown
    admin.post(reverse("instance_disconnect", args=[instance.pk]), {"data": "keep"})
    run_tasks()
    ended = _page(admin, instance)
    assert "Client Secret not stored" in ended
    assert "Sign-in at GitHub not stored" in ended
    for words in ("Nothing Gatehouse needs is missing", "Granted by GitHub", "For allow lists", "stored, never"):
        assert words not in ended


def test_secrets_that_cannot_be_read_are_not_called_stored(admin: Client, instance: AppInstance) -> None:
    Connection.objects.update(document=seal.wrap({"fields": {}}, "somewhere else"))
    assert "Client Secret cannot be read" in _page(admin, instance)


def test_pausing_stops_reading_and_resuming_goes_on(
    admin: Client, instance: AppInstance, sandbox: Sandbox, run_tasks: RunTasks
) -> None:
    assert "Nothing is read until it is resumed." in _press(admin, "pause", instance)
    asked = len(sandbox.requests)
    assert "is not read at present" in _press(admin, "scan", instance)
    run_tasks()
    assert len(sandbox.requests) == asked
    assert "is read again" in _press(admin, "resume", instance)
    _press(admin, "scan", instance)
    read_only(instance, "accounts")
    assert len(sandbox.requests) > asked


def test_scan_now_reads_everything_again(
    admin: Client, read: AppInstance, sandbox: Sandbox, run_tasks: RunTasks
) -> None:
    sandbox.github.state.grow(members=40)
    assert "feeds started: Accounts, " in _press(admin, "scan", read)
    run_tasks()
    assert Account.objects.filter(username__startswith="grown-").count() == 26


def test_what_the_way_of_connecting_does_not_offer_is_not_asked_for_and_the_page_says_why(
    admin: Client, instance: AppInstance, sandbox: Sandbox, run_tasks: RunTasks, no_pauses: None
) -> None:
    asked = len(sandbox.requests)
    said = _press(admin, "scan", instance)
    run_tasks()
    paths = {each.path for each in sandbox.requests[asked:]}
    assert f"/orgs/{CONTOSO}/audit-log" in paths
    assert not [path for path in paths if "personal-access-token" in path or path.endswith("/activity")]
    for title, reason in (("Fine-grained tokens", APP_ONLY), ("Pushes and branches", TOLD_BETTER)):
        assert f"{title}: {reason}" in said
        assert f"{title} Not available {reason}" in _page(admin, instance)


def test_what_the_plan_does_not_offer_takes_nothing_from_what_was_read(
    admin: Client, sandbox: Sandbox, run_tasks: RunTasks
) -> None:
    instance = connect(admin, details={"organization": FABRIKAM})
    run_tasks()
    assert "revoke_fine_grained_token" in instance.unavailable
    page = _page(admin, instance)
    assert "As of: first scan not complete" not in page
    assert "Revoke the token's access" in page
    assert "revoke_fine_grained_token" not in page, "a name of the code"
    sandbox.faults.add(FaultKind.SERVER_ERROR, host="api.github.com", times=None)
    assert "As of: first scan not complete" not in _press(admin, "scan", instance)
    run_tasks()
    assert "As of: first scan not complete" not in _page(admin, instance)


def test_edit_details_renames_keeps_the_secret_and_tries_the_connection(
    admin: Client, instance: AppInstance, sandbox: Sandbox
) -> None:
    address = reverse("instance_edit", args=[instance.pk])
    page = admin.get(address).content.decode()
    assert CLIENT_SECRET not in page
    assert f'value="{CONTOSO}"' in page
    form = {**DETAILS, "client_secret": "", "name": "Contoso Ltd", "scan_hours": "6"}
    said = text_of(admin.post(address, form, follow=True))
    assert "Saved, and the connection works." in said
    instance.refresh_from_db()
    assert (instance.name, instance.scan_hours) == ("Contoso Ltd", 6)
    entry = AuditEntry.objects.filter(verb="instance.details_changed").order_by("-pk")[0]
    assert CLIENT_SECRET not in f"{entry.before}{entry.after}"


def test_edit_details_tells_each_mistake_and_keeps_what_was_typed(admin: Client, instance: AppInstance) -> None:
    form = {**DETAILS, "name": " ", "scan_hours": "99", "organization": "no such name!"}
    response = admin.post(reverse("instance_edit", args=[instance.pk]), form)
    text = text_of(response)
    assert "Instance name is needed." in text
    assert "Choose between 1 and 24 hours." in text
    assert 'value="no such name!"' in response.content.decode()
    assert CLIENT_SECRET not in response.content.decode()
    instance.refresh_from_db()
    assert instance.config["organization"] == CONTOSO


def test_reconnecting_leads_to_the_consent_page_and_keeps_the_instance(admin: Client, instance: AppInstance) -> None:
    response = admin.get(reverse("instance_reconnect", args=[instance.pk]), follow=True)
    assert "Connecting again replaces that sign-in" in text_of(response)


def test_disconnecting_asks_what_becomes_of_the_data(admin: Client, instance: AppInstance) -> None:
    address = reverse("instance_disconnect", args=[instance.pk])
    assert "Disconnect Contoso?" in text_of(admin.get(address))
    for answer in ("", "maybe"):
        refused = admin.post(address, {"data": answer})
        assert refused.status_code == 422
        assert "Choose whether to keep or to delete what was read." in text_of(refused)
    instance.refresh_from_db()
    assert instance.state == State.CONNECTED


@pytest.mark.parametrize(("choice", "left"), [("keep", True), ("delete", False)])
def test_disconnecting_revokes_forgets_and_keeps_or_deletes(
    choice: str, left: bool, admin: Client, read: AppInstance, sandbox: Sandbox, run_tasks: RunTasks
) -> None:
    address = reverse("instance_disconnect", args=[read.pk])
    started = text_of(admin.post(address, {"data": choice}, follow=True))
    assert "Disconnecting" in started
    run_tasks()
    ended = _page(admin, read)
    assert "Disconnected" in ended
    assert "Disconnect</a>" not in ended
    assert sandbox.github.state.tokens == {}
    assert not Connection.objects.exists()
    assert Account.objects.exists() == left
    assert "Disconnected (1)" in text_of(admin.get(reverse("connected_apps")))


def test_sensitive_buttons_ask_for_a_recent_sign_in(instance: AppInstance) -> None:
    client = client_of(person(Role.SECURITY_ADMIN), is_recent=False)
    for name in ("instance_edit", "instance_disconnect", "wizard_consent", "wizard_details"):
        for response in (client.get(reverse(name, args=[instance.pk])), client.post(reverse(name, args=[instance.pk]))):
            assert "/auth/reauthenticate/" in response.headers["Location"]
    instance.refresh_from_db()
    assert instance.state == State.CONNECTED


def test_readers_see_the_page_without_buttons_and_cannot_press_them(instance: AppInstance) -> None:
    client = client_of(person(Role.SECURITY_READER))
    html = client.get(reverse("instance_detail", args=[instance.pk])).content.decode()
    assert "Contoso Engineering" in html
    for name in ("test", "scan", "pause", "resume"):
        address = reverse(f"instance_{name}", args=[instance.pk])
        assert address not in html
        assert client.post(address).status_code == 403
    for name in ("edit", "disconnect", "reconnect"):
        address = reverse(f"instance_{name}", args=[instance.pk])
        assert address not in html
        assert client.get(address).status_code == 403


def test_an_app_admin_sees_the_own_instance_only(admin: Client, instance: AppInstance) -> None:
    user = person(Role.APP_ADMIN, instance_id=instance.pk + 1)
    client = client_of(user)
    assert client.get(reverse("instance_detail", args=[instance.pk])).status_code == 404
    RoleAssignment.objects.filter(user=user).update(instance_id=instance.pk, is_full=True)
    assert "Test now" in _page(client, instance)


def test_the_list_shows_every_connection_and_leads_to_its_page(admin: Client, instance: AppInstance) -> None:
    page = admin.get(reverse("connected_apps"))
    assert "Contoso GitHub Contoso Engineering Connected" in text_of(page)
    assert reverse("instance_detail", args=[instance.pk]) in page.content.decode()
    assert "App connectors" in text_of(page)


def test_an_empty_list_offers_the_next_step_to_who_may_take_it() -> None:
    assert "No app is connected yet" in text_of(client_of(person(Role.GLOBAL_ADMIN)).get(reverse("connected_apps")))
    reader = text_of(client_of(person(Role.SECURITY_READER)).get(reverse("connected_apps")))
    assert "A Global Admin or Security Admin connects apps." in reader
    assert "Connect an app" not in reader
