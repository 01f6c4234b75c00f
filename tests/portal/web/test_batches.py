"""The page of what was asked for of many at once."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.governance.models import ActionBatch, ActionState, GovernanceAction
from portal.people.roles import Role
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> ActionBatch:
    """Three that wait, two that are done, one left out."""
    of, now = rows.instance(), timezone.now()
    made = ActionBatch.objects.create(
        action_name="remove_account", reason=rows.HOSTILE, requested_by_email="ada@contoso.example", requested_at=now,
        skipped=[["They are no longer in the inventory.", 1]],
    )
    for number, state in enumerate([ActionState.QUEUED] * 3 + [ActionState.DONE] * 2):
        GovernanceAction.objects.create(
            batch=made, instance=of, action_name="remove_account", kind="remove_account", target_kind="account",
            target_id=str(number), target_name=f"Person {number}", reason="left", state=state,
            requested_by_email="ada@contoso.example", requested_at=now,
        )
    return made


@pytest.fixture
def admin() -> Client:
    return client_of(person(Role.GLOBAL_ADMIN))


def test_the_page_counts_and_one_button_calls_off_what_waits(admin: Client, batch: ActionBatch) -> None:
    page, cancel = reverse("batch_detail", args=[batch.pk]), reverse("batch_cancel", args=[batch.pk])
    before = admin.get(page)
    assert "Queued 3 Done 2" in text_of(before)
    assert "Remove from the organisation, by ada@contoso.example" in text_of(before)
    assert "1: They are no longer in the inventory." in text_of(before)
    assert rows.HOSTILE not in before.content.decode()
    assert f'action="{cancel}"' in before.content.decode()
    assert 'hx-trigger="every 2s"' in before.content.decode()
    assert admin.get(cancel).status_code == 405
    after = admin.post(cancel, follow=True)
    assert "Called off: 3. What was done stays done." in text_of(after)
    assert "Done 2 Failed 3" in text_of(after)
    assert f'action="{cancel}"' not in after.content.decode()
    assert "hx-trigger" not in admin.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "None of them waits any more." in text_of(admin.post(cancel, follow=True))


def test_an_action_leads_to_those_it_was_asked_for_with(admin: Client, batch: ActionBatch) -> None:
    row = GovernanceAction.objects.order_by("pk")[0]
    html = admin.get(reverse("governance_detail", args=[row.pk])).content.decode()
    assert f'href="{reverse("batch_detail", args=[batch.pk])}"' in html


def test_who_may_not_act_sees_the_page_without_the_button(batch: ActionBatch) -> None:
    reader = client_of(person(Role.SECURITY_READER))
    page = reader.get(reverse("batch_detail", args=[batch.pk]))
    assert "Queued 3" in text_of(page)
    assert "Cancel all that wait" not in text_of(page)
    assert reader.post(reverse("batch_cancel", args=[batch.pk])).status_code == 403
    assert GovernanceAction.objects.filter(state=ActionState.QUEUED).count() == 3


def test_who_sees_none_of_its_actions_finds_no_page(batch: ActionBatch) -> None:
    other = rows.instance("Fabrikam")
    stranger = client_of(person(Role.APP_ADMIN, instance_id=other.pk, is_full=True))
    assert stranger.get(reverse("batch_detail", args=[batch.pk])).status_code == 404
    assert stranger.post(reverse("batch_cancel", args=[batch.pk])).status_code == 404
