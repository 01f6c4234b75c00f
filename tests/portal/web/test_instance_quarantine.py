"""The page of an instance's quarantine: chosen, tried, and what the app says where it does not work."""

import pytest
from django.urls import reverse

from portal.audit.models import AuditEntry
from portal.people.roles import Role
from tests.portal.connected import connected_box
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import client_of, person, text_of
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db


def test_the_place_is_chosen_tried_and_shown(sandbox: Sandbox) -> None:
    instance, box = connected_box(sandbox), sandbox.box.state
    folder = box.add_folder(box.tree.root(box.primary_admin.id), "Held by security", box.primary_admin)
    client, page = client_of(person(Role.SECURITY_ADMIN)), reverse("instance_quarantine", args=[instance.pk])
    typed = {"quarantine_folder": f"https://app.box.com/folder/{folder.id}", "notice_text": "", "then": "test"}
    assert "Save and test" in text_of(client.get(page))
    said = text_of(client.post(page, typed, follow=True))
    assert "Box took a small file into the folder Held by security of" in said
    assert folder.id in text_of(client.get(reverse("instance_detail", args=[instance.pk])))
    assert AuditEntry.objects.filter(verb="instance.quarantine_changed").count() == 1

    refused = client.post(page, {**typed, "quarantine_folder": "404"})
    assert refused.status_code == 422
    assert "Box shows the connected account no folder 404. Choose another folder" in text_of(refused)
    assert "This is not the number of a folder" in text_of(client.post(page, {"quarantine_folder": "abc"}))


def test_where_only_the_text_is_to_choose_nothing_is_tried() -> None:
    instance = rows.instance()
    client, page = client_of(person(Role.SECURITY_ADMIN)), reverse("instance_quarantine", args=[instance.pk])
    assert "Save and test" not in text_of(client.get(page))
    assert "Saved." in text_of(client.post(page, {"notice_text": "Ask Ada."}, follow=True))
    instance.refresh_from_db()
    assert instance.notice_text == "Ask Ada."


def test_it_takes_the_right_to_connect(sandbox: Sandbox) -> None:
    page = reverse("instance_quarantine", args=[rows.instance().pk])
    assert client_of(person(Role.COMPLIANCE_ADMIN)).get(page).status_code == 403
