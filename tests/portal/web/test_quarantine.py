"""The page Quarantine: what is held, by whom and why, and until when; a row leads to its release."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.governance.models import ActionState, DeletionRequest, GovernanceAction, QuarantineRecord
from portal.instances.models import AppInstance, State
from portal.people.roles import Role
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

LIST = "/quarantine/"


@pytest.fixture
def admin() -> Client:
    return client_of(person(Role.COMPLIANCE_ADMIN))


def held(of: AppInstance, name: str, **fields: Any) -> QuarantineRecord:
    action = GovernanceAction.objects.create(
        instance=of, action_name="quarantine_repository", kind="quarantine_file", target_kind="file", target_id=name,
        target_name=name, reason="Customers' data", state=ActionState.DONE, requested_by_email="ada@contoso.example",
        requested_at=timezone.now(), ended_at=timezone.now(),
    )
    values = {"held_at": timezone.now(), "review_at": timezone.now() + timedelta(days=9), "exposure": "public"}
    return QuarantineRecord.objects.create(
        action=action, instance=of, name=name, place=f"team/{name}", owner_name="Bo", **{**values, **fields}
    )


def test_the_list_says_what_is_held_by_whom_and_why(admin: Client) -> None:
    contoso = rows.instance()
    held(contoso, "plans", review_at=timezone.now() - timedelta(days=1))
    held(contoso, "given-back", released_at=timezone.now())
    held(contoso, rows.HOSTILE)
    held(contoso, "not-yet", held_at=None)
    page = admin.get(LIST)
    said = text_of(page)
    assert "plans team/plans Review due Bo" in said
    assert "ada@contoso.example Customers' data" in said
    assert "given-back" not in said
    assert "not-yet" not in said
    assert "<script>alert" not in page.content.decode()
    assert "given-back team/given-back Released" in text_of(admin.get(LIST, {"state": "released"}))
    assert "plans" in text_of(admin.get(LIST, {"state": "due", "q": "plans"}))


def test_an_empty_page_says_how_something_gets_there(admin: Client) -> None:
    rows.instance()
    assert "Nothing is held in quarantine Open a file and choose Quarantine" in text_of(admin.get(LIST))


def test_the_export_holds_all_that_match_with_formulas_as_text(admin: Client) -> None:
    held(rows.instance(), "=1+1")
    text = b"".join(admin.get(reverse("quarantine_export")).streaming_content).decode()  # type: ignore[attr-defined]
    assert "Place before" in text.splitlines()[0]
    assert "'=1+1" in text


def test_the_review_is_put_off_from_the_action_s_page_and_it_says_until_when(admin: Client) -> None:
    record = held(rows.instance(), "plans", review_at=None)
    address = reverse("quarantine_extend", args=[record.pk])
    detail = reverse("governance_detail", args=[record.action_id])
    assert "no day set" in text_of(admin.get(detail))
    assert f'action="{address}"' in admin.get(detail).content.decode()
    admin.post(address)
    assert "no day set" not in text_of(admin.get(detail))

    reader = client_of(person(Role.SECURITY_READER))
    assert address not in reader.get(detail).content.decode()
    assert reader.post(address).status_code == 403
    stranger = client_of(person(Role.APP_ADMIN, "other@contoso.example", instance_id=record.instance_id + 1))
    assert stranger.post(address).status_code == 404
    assert client_of(person(Role.SUPPORT)).get(LIST).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_rows(
    admin: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    contoso = rows.instance()
    held(contoso, "one")
    admin.get(LIST)
    with django_assert_max_num_queries(14) as few:
        admin.get(LIST)
    for number in range(60):
        held(contoso, f"file-{number}")
    with django_assert_max_num_queries(14) as many:
        admin.get(LIST)
    assert len(many) == len(few)


# --- deleting for good ----------------------------------------------------------------------------------------------


def box_instance() -> AppInstance:
    return AppInstance.objects.create(app_id="box", name="Box", state=State.CONNECTED, method_id="primary_admin")


def test_a_deletion_waits_visibly_and_another_person_decides_on_a_page_of_its_own(admin: Client) -> None:
    record = held(box_instance(), "plans")
    asked = admin.post(reverse("deletion_ask", args=[record.pk]), {"reason": "The customer wants it"}, follow=True)
    assert "wants it deleted for good. It waits for a second person until" in text_of(asked)
    assert "Deletion asked" in text_of(admin.get(LIST, {"state": "deletion"}))
    page = reverse("deletion_decide", args=[DeletionRequest.objects.get().pk])
    assert "somebody else has to approve" in text_of(admin.get(page))
    assert "cannot approve it" in text_of(admin.post(page, {"decision": "approve"}))
    other = client_of(person(Role.SECURITY_ADMIN))
    said = text_of(other.get(page))
    assert "Earlier versions All earlier versions are deleted with the file. Who is told" in said
    assert "Approve and delete for good" in said
    other.post(page, {"decision": "approve"})
    row = GovernanceAction.objects.get(deletes=record.action)
    said = text_of(other.get(reverse("governance_detail", args=[row.pk])))
    assert "Approved by security_admin@contoso.example" in said


def test_a_request_that_expired_asks_for_nothing_any_more(admin: Client) -> None:
    record = held(box_instance(), "plans")
    admin.post(reverse("deletion_ask", args=[record.pk]), {"reason": "The customer wants it"})
    DeletionRequest.objects.update(expires_at=timezone.now() - timedelta(days=1))
    address = reverse("deletion_decide", args=[DeletionRequest.objects.get().pk])
    page = client_of(person(Role.SECURITY_ADMIN)).get(address)
    assert "State Expired" in text_of(page)
    assert "Approve and delete" not in text_of(page)


def test_a_deletion_needs_a_reason_the_right_and_a_recent_sign_in(admin: Client) -> None:
    record = held(box_instance(), "plans")
    address = reverse("deletion_ask", args=[record.pk])
    assert "A reason is needed" in text_of(admin.post(address, {"reason": " "}))
    assert client_of(person(Role.SECURITY_READER)).get(address).status_code == 403
    late = client_of(person(Role.SECURITY_ADMIN), is_recent=False)
    assert late.post(address, {"reason": "Away"}).status_code == 302
    assert not DeletionRequest.objects.exists()


def test_where_the_app_deletes_nothing_for_good_the_page_says_why(admin: Client) -> None:
    record = held(rows.instance(), "plans")
    said = text_of(admin.get(reverse("governance_detail", args=[record.action_id])))
    assert "Not deleted for good from here: The history keeps every version" in said
    assert "Delete for good…" not in said
