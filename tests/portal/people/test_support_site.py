"""The support pages: what is on them, who opens them, and that nothing is changed there."""

import pytest
from django.contrib.admin import site as default_site
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from portal.people.admin_site import ReadOnlyAdmin, support_site
from portal.people.roles import Role
from tests.portal.people.persons import PASSWORD, holder, is_signed_in, person, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

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


def hidden_columns() -> list[tuple[str, str]]:
    """(changelist, column) of every column of a model that no filter offers, and of what hangs on its instance."""
    found = []
    for model, shown in support_site._registry.items():
        name = f"support:{model._meta.app_label}_{model._meta.model_name}_changelist"
        columns = {field.name for field in model._meta.concrete_fields} - set(shown.list_filter)
        found += [(name, column) for column in sorted(columns)]
        prefix = "" if model._meta.model_name == "appinstance" else "instance__"
        found += [(name, f"{prefix}connection__document"), (name, f"{prefix}connection__lease_owner")]
    return found


@pytest.mark.parametrize(("name", "column"), hidden_columns())
def test_an_address_cannot_ask_about_a_column_that_no_filter_offers(name: str, column: str) -> None:
    """An answer with or without rows would tell whether the guess was right."""
    browser = signed_in(person(Role.SUPPORT))
    for kind in ("", "__exact", "__startswith", "__contains", "__regex", "__isnull", "__gt"):
        assert browser.get(reverse(name), {f"{column}{kind}": "1"}).status_code == 400, kind


def test_what_is_hidden_in_a_delivery_is_not_guessed_letter_by_letter() -> None:
    from portal.instances.models import AppInstance
    from portal.scans.models import Delivery

    instance = AppInstance.objects.create(app_id="github", name="Contoso", method_id="oauth")
    Delivery.objects.create(
        instance=instance, vendor_id="1", received_at=timezone.now(), headers={"X-Signature": "s3cret"}, body=b"s3cret"
    )
    browser = signed_in(person(Role.SUPPORT))
    address = reverse("support:scans_delivery_changelist")
    assert "1 delivery" in text_of(browser.get(address).content.decode())
    for asked in ({"headers__icontains": "s3c"}, {"headers__X-Signature__startswith": "s"}, {"body__contains": "s"}):
        answer = browser.get(address, asked)
        assert answer.status_code == 400
        assert "1 delivery" not in text_of(answer.content.decode())


def test_the_filters_beside_the_lists_work() -> None:
    browser = signed_in(person(Role.SUPPORT))
    for model, shown in support_site._registry.items():
        address = reverse(f"support:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for column in shown.list_filter:
            assert browser.get(address, {f"{column}__exact": "x"}).status_code == 200
            assert browser.get(address, {str(column): "x"}).status_code == 200
        assert browser.get(address, {"q": "Contoso", "o": "1", "p": "1"}).status_code == 200


def test_support_staff_see_nothing_else_of_the_portal() -> None:
    browser = signed_in(person(Role.SUPPORT))
    assert browser.get(reverse("people_list")).status_code == 403
    assert browser.get(reverse("audit_list")).status_code == 403
