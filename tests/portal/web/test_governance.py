"""Acting from the pages: the confirmation, the request, the log that follows it, trying again and taking back."""

import csv
import io
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.governance.models import ActionState, GovernanceAction
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance, State
from portal.inventory import store
from portal.inventory.models import Account
from portal.people.roles import Role
from tests.portal.connected import connected_github
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of
from tests.sandbox.faults import FaultKind
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

MEMBER = "yhaddad"
REASON = "Left the company on Friday"
RunTasks = Callable[..., int]


@pytest.fixture
def instance(sandbox: Sandbox) -> AppInstance:
    """Connected, its accounts read."""
    instance = connected_github(sandbox)
    feed = connector_of(instance).feeds[0]
    for page in feed.pages(client_for(instance), None):
        with transaction.atomic():
            store.save(instance.pk, page.records, feed=feed.name, partition="", pass_id=1, now=timezone.now())
    return instance


@pytest.fixture
def target(instance: AppInstance) -> Account:
    return Account.objects.get(instance_id=instance.pk, username=MEMBER)


@pytest.fixture
def admin() -> Client:
    return client_of(person(Role.GLOBAL_ADMIN))


def confirmation(target: Account) -> str:
    return reverse("governance_request", args=["account", target.pk, "remove_account"])


def preview(target: Account) -> str:
    return reverse("governance_preview", args=["account", target.pk, "remove_account"])


def logged(of: AppInstance, state: ActionState, **fields: object) -> GovernanceAction:
    """A row of the log as a worker would have left it."""
    return GovernanceAction.objects.create(
        instance=of, action_name="remove_account", kind="remove_account", target_kind="account", target_id="17",
        target_name="Ada", reason=REASON, state=state, requested_by_email="admin@contoso.example",
        requested_at=timezone.now(), **fields,
    )


def test_the_account_page_leads_to_a_confirmation_that_says_what_happens_where_and_to_whom(
    admin: Client, target: Account
) -> None:
    page = admin.get(reverse("account_detail", args=[target.pk]))
    assert f'href="{confirmation(target)}"' in page.content.decode()
    text = text_of(admin.get(confirmation(target)))
    assert "What will happen in GitHub" in text
    assert f"{target} is removed from the GitHub organisation" in text
    assert "Undo sends" in text
    details = text_of(admin.get(preview(target)))
    assert "yhaddad is a member and in" in details


def test_without_a_reason_nothing_is_asked_for_and_the_field_complains(admin: Client, target: Account) -> None:
    response = admin.post(confirmation(target), {"reason": "   "})
    assert response.status_code == 422
    assert "A reason is needed." in text_of(response)
    assert not GovernanceAction.objects.exists()


def test_a_request_is_followed_until_it_is_done_and_the_polling_ends(
    admin: Client, target: Account, run_tasks: RunTasks
) -> None:
    response = admin.post(confirmation(target), {"reason": REASON}, follow=True)
    row = GovernanceAction.objects.get()
    live = reverse("governance_live", args=[row.pk])
    assert "State: Queued" in text_of(response)
    assert REASON in text_of(response)
    assert f'hx-get="{live}"' in response.content.decode()
    log = admin.get(reverse("governance_list"), headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every' in log

    run_tasks("actions")

    fragment = admin.get(live)
    assert "State: Done" in text_of(fragment)
    assert "Remember role and teams Done" in text_of(fragment)
    assert "hx-get" not in fragment.content.decode()
    assert reverse("governance_revert", args=[row.pk]) in fragment.content.decode()
    after = admin.get(reverse("governance_list"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in after
    assert "hx-trigger" not in after
    gone = text_of(admin.get(reverse("account_detail", args=[target.pk])))
    assert "lists this account no more" in gone
    assert "What was done here" in gone


def test_undo_asks_first_and_becomes_a_row_of_its_own(admin: Client, target: Account, run_tasks: RunTasks) -> None:
    admin.post(confirmation(target), {"reason": REASON})
    run_tasks("actions")
    row = GovernanceAction.objects.get()
    undo = reverse("governance_revert", args=[row.pk])
    assert "Undo sends" in text_of(admin.get(undo))
    response = admin.post(undo, {"reason": "It was somebody else"}, follow=True)
    assert "Undo of" in text_of(response)
    run_tasks("actions")
    again = GovernanceAction.objects.get(reverts=row)
    assert "State: Done" in text_of(admin.get(reverse("governance_live", args=[again.pk])))
    undone = text_of(admin.get(reverse("governance_live", args=[row.pk])))
    assert "The undo of it : Done" in undone
    assert "a new invitation with the same role and teams, which has to be accepted" in undone
    log = admin.get(reverse("governance_list"))
    assert "Remove from the organisation" in text_of(log)
    assert "Done undone" in text_of(log)
    assert f'href="{reverse("governance_detail", args=[again.pk])}">undone' in log.content.decode()
    shown = text_of(admin.get(reverse("account_detail", args=[target.pk])))
    assert "Undo: Remove from the organisation" in shown
    assert "Done undone" in shown
    twice = admin.post(undo, {"reason": "and again"})
    assert twice.status_code == 422
    assert "This action is being undone already, or was." in text_of(twice)


def test_a_failed_action_says_why_and_is_tried_again_after_a_question(admin: Client, instance: AppInstance) -> None:
    row = logged(instance, ActionState.FAILED, problem="GitHub refused.", remedy="Grant admin:org.")
    text = text_of(admin.get(reverse("governance_detail", args=[row.pk])))
    assert "State: Failed" in text
    assert "GitHub refused. Grant admin:org." in text
    retry = reverse("governance_retry", args=[row.pk])
    assert "What was done already is not repeated" in text_of(admin.get(retry))
    assert GovernanceAction.objects.get().state == ActionState.FAILED
    assert "State: Queued" in text_of(admin.post(retry, follow=True))
    refused = admin.post(retry)
    assert refused.status_code == 422
    assert "Only an action that failed" in text_of(refused)


def test_an_action_that_waits_is_cancelled_from_its_page(
    admin: Client, instance: AppInstance, run_tasks: RunTasks
) -> None:
    row = logged(instance, ActionState.QUEUED)
    page = reverse("governance_detail", args=[row.pk])
    address = reverse("governance_cancel", args=[row.pk])
    assert f'action="{address}"' in admin.get(page).content.decode()
    assert admin.get(address).status_code == 405
    said = text_of(admin.post(address, follow=True))
    assert "cancelled it while it waited" in said
    assert f'action="{address}"' not in admin.get(page).content.decode()
    assert "Only an action that waits is cancelled." in text_of(admin.post(address, follow=True))


def test_who_may_not_act_is_offered_no_cancelling(instance: AppInstance) -> None:
    row = logged(instance, ActionState.QUEUED)
    reader = client_of(person(Role.SECURITY_READER))
    assert "Cancel the action" not in text_of(reader.get(reverse("governance_detail", args=[row.pk])))
    assert reader.post(reverse("governance_cancel", args=[row.pk])).status_code == 403
    row.refresh_from_db()
    assert row.state == ActionState.QUEUED


def test_an_unknown_end_asks_to_look_in_the_app_first(admin: Client, instance: AppInstance) -> None:
    row = logged(instance, ActionState.UNKNOWN, problem="The answer was lost.")
    assert "Look at Ada in GitHub first" in text_of(admin.get(reverse("governance_retry", args=[row.pk])))


def test_a_vendor_in_trouble_is_told_in_the_preview_and_the_form_stays(
    admin: Client, target: Account, sandbox: Sandbox
) -> None:
    sandbox.faults.add(FaultKind.SERVER_ERROR, host="api.github.com", times=None)
    response = admin.get(preview(target))
    assert response.status_code == 200
    assert "banner-warn" in response.content.decode()
    assert admin.get(confirmation(target)).status_code == 200


def test_a_paused_app_offers_nothing_and_says_why(admin: Client, target: Account) -> None:
    AppInstance.objects.update(state=State.PAUSED)
    page = admin.get(reverse("account_detail", args=[target.pk]))
    assert f'href="{confirmation(target)}"' not in page.content.decode()
    assert "Nothing can be done now: Contoso is paused. Resume it first." in text_of(page)
    refused = admin.post(confirmation(target), {"reason": REASON})
    assert refused.status_code == 422
    assert not GovernanceAction.objects.exists()


@pytest.mark.parametrize("role", [Role.SECURITY_READER, Role.SECURITY_OPERATOR, Role.COMPLIANCE_ADMIN])
def test_who_may_not_act_is_offered_nothing_and_refused_by_address(role: Role, target: Account) -> None:
    client = client_of(person(role))
    assert confirmation(target) not in client.get(reverse("account_detail", args=[target.pk])).content.decode()
    assert client.get(confirmation(target)).status_code == 403
    assert client.post(confirmation(target), {"reason": REASON}).status_code == 403
    assert client.get(preview(target)).status_code == 403
    assert not GovernanceAction.objects.exists()


def test_who_may_only_read_the_log_is_offered_neither_undo_nor_another_try(instance: AppInstance) -> None:
    failed, done = logged(instance, ActionState.FAILED), logged(instance, ActionState.DONE)
    client = client_of(person(Role.SECURITY_READER))
    for row, name in ((failed, "governance_retry"), (done, "governance_revert")):
        address = reverse(name, args=[row.pk])
        assert address not in client.get(reverse("governance_detail", args=[row.pk])).content.decode()
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403
    assert set(GovernanceAction.objects.values_list("state", flat=True)) == {ActionState.FAILED, ActionState.DONE}


def test_an_app_admin_with_full_control_acts_in_the_own_instance_alone(target: Account, instance: AppInstance) -> None:
    own = client_of(person(Role.APP_ADMIN, "own@contoso.example", instance_id=instance.pk, is_full=True))
    other = client_of(person(Role.APP_ADMIN, "other@contoso.example", instance_id=instance.pk + 1, is_full=True))
    assert own.get(confirmation(target)).status_code == 200
    assert other.get(confirmation(target)).status_code == 404
    row = logged(instance, ActionState.DONE)
    assert other.get(reverse("governance_detail", args=[row.pk])).status_code == 404
    assert "Ada" not in text_of(other.get(reverse("governance_list")))


def test_acting_needs_a_recent_sign_in(target: Account) -> None:
    stale = client_of(person(Role.GLOBAL_ADMIN), is_recent=False)
    for response in (stale.get(confirmation(target)), stale.post(confirmation(target), {"reason": REASON})):
        assert response.status_code == 302
        assert response["Location"].startswith("/auth/")
    assert not GovernanceAction.objects.exists()


def test_hostile_targets_and_reasons_come_out_as_text(admin: Client, instance: AppInstance) -> None:
    row = logged(instance, ActionState.FAILED, problem=rows.HOSTILE, target_raw={"login": rows.HOSTILE})
    GovernanceAction.objects.update(target_name=rows.HOSTILE, reason=rows.HOSTILE)
    for address in (
        reverse("governance_list"),
        reverse("governance_detail", args=[row.pk]),
        reverse("governance_retry", args=[row.pk]),
    ):
        html = admin.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_the_export_tells_an_undo_from_a_second_removal(admin: Client, instance: AppInstance) -> None:
    first = logged(instance, ActionState.DONE)
    undo = logged(instance, ActionState.DONE, reverts=first)
    lines = b"".join(admin.get(reverse("governance_export")).streaming_content).decode()  # type: ignore[attr-defined]
    by_id = {line["Id"]: line for line in csv.DictReader(io.StringIO(lines.removeprefix("\ufeff")))}
    assert (by_id[str(first.pk)]["Action"], by_id[str(first.pk)]["Undoes"]) == ("Remove from the organisation", "")
    assert by_id[str(undo.pk)]["Action"] == "Undo: Remove from the organisation"
    assert by_id[str(undo.pk)]["Undoes"] == str(first.pk)


def test_the_log_is_filtered_counted_and_exported(admin: Client, instance: AppInstance) -> None:
    logged(instance, ActionState.DONE)
    logged(instance, ActionState.FAILED, problem="=cmd")
    page = admin.get(reverse("governance_list"), {"state": "failed"})
    assert "State is Failed" in text_of(page)
    assert text_of(admin.get(reverse("governance_count"), {"state": "failed"})) == "1 result"
    text = b"".join(admin.get(reverse("governance_export")).streaming_content).decode()  # type: ignore[attr-defined]
    assert ",failed," in text
    assert ",Remove from the organisation,remove_account,," in text
    assert ",done," in text
    assert ",'=cmd," in text
