"""Office 365 in a real browser: connected with two components, the others added later."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from connectors.office365 import components, connector
from connectors.office365.methods import BY_MADE_CERTIFICATE
from portal.instances.models import AppInstance
from portal.people.roles import Role
from tests.journeys.conftest import Audit, Shoot, admit
from tests.portal.web.microsoft import DETAILS, register, upload
from tests.portal.web.visitor import person
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

FIRST = (components.USERS_AND_GROUPS, components.MANAGEMENT_EVENTS)


def wanted(*on: str) -> tuple[str, ...]:
    return connector.wanted(connector.method(BY_MADE_CERTIFICATE), {}, on or None)


def accept(page: Page) -> None:
    """At Microsoft, as an administrator who may consent."""
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="Great, Microsoft Office 365 is connected")).to_be_visible()


def test_office_365_with_two_components_and_the_others_later(
    page: Page, portal: str, sandbox: Sandbox, shoot: Shoot, audit: Audit
) -> None:
    admit(page.context, portal, person(Role.GLOBAL_ADMIN))
    register(sandbox, wanted(*FIRST))
    page.goto(f"{portal}{reverse('wizard_choose')}")
    page.get_by_role("link", name="Microsoft Office 365").click()

    # Two components, the first of which is always on.
    expect(page.get_by_role("heading", name="Select Microsoft Office 365 components")).to_be_visible()
    expect(page.get_by_label("Azure AD Users and groups")).to_be_checked()
    expect(page.get_by_label("Azure AD Users and groups")).to_be_disabled()
    page.get_by_label("Azure AD Management events").check()
    audit(page)
    shoot(page, "60-components")
    page.get_by_role("button", name="Next: Instance name").click()
    expect(page.get_by_label("Instance name")).to_have_value("Microsoft Office 365")
    page.get_by_role("button", name="Next: Connect Microsoft Office 365").click()

    # The certificate is made here, and its public part goes to Microsoft.
    page.get_by_label("Directory (tenant) ID").fill(DETAILS["tenant_id"])
    page.get_by_label("Application (client) ID").fill(DETAILS["client_id"])
    expect(page.locator("#id_tenant_id-error:empty")).to_be_attached()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download .pem").click()
    upload(sandbox, download.value.path().read_text())
    audit(page)
    shoot(page, "61-details")
    page.get_by_role("button", name="Next: Connect in Microsoft Office 365").click()
    shoot(page, "62-consent")
    page.get_by_role("link", name="Connect in Microsoft Office 365", exact=True).click()
    accept(page)
    instance = AppInstance.objects.get()
    assert (instance.components, instance.missing) == (list(FIRST), [])

    # All others: what they lack is told by component, and consent is asked for again.
    page.goto(f"{portal}{reverse('instance_detail', args=[instance.pk])}")
    page.get_by_role("link", name="Change components").click()
    for each in connector.components:
        if not each.is_fixed:
            page.get_by_label(each.label).check()
    audit(page)
    shoot(page, "63-change")
    page.get_by_role("button", name="Save and test").click()
    expect(page.get_by_text("Office 365 activities: 2 permissions not granted")).to_be_visible()
    audit(page)
    shoot(page, "64-missing")
    register(sandbox, wanted())
    page.get_by_role("link", name="Connect in Microsoft Office 365").first.click()
    page.get_by_role("link", name="Connect in Microsoft Office 365", exact=True).click()
    accept(page)
    instance.refresh_from_db()
    assert (len(instance.components), instance.missing) == (6, [])
    page.goto(f"{portal}{reverse('instance_detail', args=[instance.pk])}")
    page.get_by_role("button", name="Make a new certificate").click()
    expect(page.get_by_role("heading", name="New certificate, not in use yet")).to_be_visible()
    audit(page)
    shoot(page, "65-renewal")
