"""The support pages: what is on them, who opens them, and that nothing is changed there."""

import pytest
from django.contrib.admin import site as default_site
from django.test import Client
from django.urls import get_resolver, reverse

from portal.people.admin_site import ReadOnlyAdmin, support_site
from portal.people.roles import Role
from tests.portal.people.persons import PASSWORD, holder, is_signed_in, person, signed_in

pytestmark = pytest.mark.django_db

REGISTERED = {
    "instances.AppInstance", "scans.Delivery", "scans.FeedState", "scans.ScanRun", "scans.Subscription",
}
"""Exactly what support staff can see. Whoever adds a model here says why it holds no content and no secret."""


def test_exactly_these_models_are_registered() -> None:
    assert {model._meta.label for model in support_site._registry} == REGISTERED


def test_nothing_of_the_inventory_governance_secrets_or_tasks_can_slip_in() -> None:
    forbidden = {"inventory", "governance", "vault", "django_q", "sessions", "people", "mfa", "audit", "socialaccount"}
    assert not {model._meta.app_label for model in support_site._registry} & forbidden
    assert not {model._meta.label for model in support_site._registry} & {"instances.Connection"}


def test_every_model_is_shown_read_only() -> None:
    assert all(isinstance(each, ReadOnlyAdmin) for each in support_site._registry.values())


def test_the_default_admin_site_is_not_mounted() -> None:
    assert default_site is not support_site
    assert "support" in get_resolver().namespace_dict
    assert default_site.name not in get_resolver().namespace_dict
    assert not default_site._registry


@pytest.mark.parametrize("role", Role)
def test_only_support_and_global_admins_open_it(role: Role) -> None:
    answer = signed_in(holder(role)).get(reverse("support:index"), follow=True)
    assert answer.status_code == (200 if role in (Role.SUPPORT, Role.GLOBAL_ADMIN) else 403)


def test_it_stands_behind_the_portal_s_own_sign_in() -> None:
    address, sign_in = reverse("support:instances_appinstance_changelist"), reverse("account_login")
    *_, (last, _) = Client().get(address, follow=True).redirect_chain
    assert last == f"{sign_in}?next={address}"
    support = person(Role.SUPPORT)
    browser = Client()
    answer = browser.post(reverse("support:login"), {"username": support.email, "password": PASSWORD})
    assert answer["Location"].startswith(sign_in)
    assert not is_signed_in(browser)


def test_nothing_is_added_changed_or_deleted_there() -> None:
    from portal.instances.models import AppInstance

    instance = AppInstance.objects.create(app_id="github", name="Contoso", method_id="oauth")
    browser = signed_in(person(Role.SUPPORT))
    base = "support:instances_appinstance"
    assert browser.get(reverse(f"{base}_changelist")).status_code == 200
    assert browser.get(reverse(f"{base}_change", args=[instance.pk])).status_code == 200
    assert browser.get(reverse(f"{base}_add")).status_code == 403
    assert browser.post(reverse(f"{base}_change", args=[instance.pk]), {"name": "Taken"}).status_code == 403
    assert browser.post(reverse(f"{base}_delete", args=[instance.pk]), {"post": "yes"}).status_code == 403
    instance.refresh_from_db()
    assert instance.name == "Contoso"


def test_support_staff_see_nothing_else_of_the_portal() -> None:
    browser = signed_in(person(Role.SUPPORT))
    assert browser.get(reverse("people_list")).status_code == 403
    assert browser.get(reverse("audit_list")).status_code == 403
