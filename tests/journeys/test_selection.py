"""Several rows of a list acted on at once, in a browser: by mouse and keys, and without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from portal.people.roles import Role
from tests.journeys.acting import RunTasks, changes
from tests.journeys.conftest import Audit, Shoot, admit
from tests.portal.connected import connected_github, read_only
from tests.portal.web.visitor import person
from tests.sandbox.github import CONTOSO
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_three_members_are_removed_together_and_the_rest_of_the_selection_is_left_out(
    page: Page, portal: str, sandbox: Sandbox, run_tasks: RunTasks, shoot: Shoot, audit: Audit
) -> None:
    instance = connected_github(sandbox)
    read_only(instance, "accounts", "invitations")
    sandbox.requests.clear()
    admit(page.context, portal, person(Role.GLOBAL_ADMIN))
    page.goto(f"{portal}{reverse('account_list')}?affiliation=internal&admin=no&kind=user&instance={instance.pk}")
    boxes = page.locator('tbody input[name="row"]')
    boxes.nth(0).focus()
    page.keyboard.press("Space")
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.get_by_text("3 selected")).to_be_visible()
    shoot(page, "80-selected")
    audit(page)
    page.get_by_label("Select", exact=True).check()
    expect(page.get_by_text(re.compile("^[0-9]+ selected"))).not_to_have_text("3 selected")
    page.get_by_label("Select", exact=True).uncheck()
    for number in range(3):
        boxes.nth(number).check()
    names = [page.locator("tbody tr th").nth(number).inner_text() for number in range(3)]
    logins = {row.locator("td").nth(1).inner_text() for row in page.locator("tbody tr").all()[:3]}

    page.get_by_role("button", name="Act on the selected…").click()
    shoot(page, "81-what-to-do")
    audit(page)
    page.get_by_role("link", name=re.compile("Remove from the organisation…")).click()
    for name in names:
        expect(page.locator("#main")).to_contain_text(name)
    page.get_by_label("Reason").fill("The project ended")
    shoot(page, "82-confirm-many")
    audit(page)
    page.get_by_role("button", name="Remove from the organisation: 3").click()
    expect(page.get_by_text("0 of 3 ended")).to_be_visible()
    run_tasks()
    expect(page.get_by_text("3 of 3 ended")).to_be_visible(timeout=15_000)
    shoot(page, "83-batch")
    audit(page)
    asked = {("DELETE", f"/orgs/{CONTOSO}/memberships/{login}") for login in logins}
    assert set(changes(sandbox)) == asked
    page.get_by_role("link", name="Done").click()
    expect(page.locator("tbody tr[data-href]")).to_have_count(3)


def test_without_scripts_the_boxes_and_the_button_do(
    browser: Browser, portal: str, sandbox: Sandbox
) -> None:
    read_only(connected_github(sandbox), "accounts")
    context = browser.new_context(java_script_enabled=False)
    admit(context, portal, person(Role.GLOBAL_ADMIN))
    page = context.new_page()
    page.goto(f"{portal}{reverse('account_list')}?affiliation=internal&admin=no&kind=user")
    page.locator('tbody input[name="row"]').nth(0).check()
    page.get_by_role("button", name="Act on the selected…").click()
    page.get_by_role("link", name=re.compile("Remove from the organisation…")).click()
    page.get_by_label("Reason").fill("The project ended")
    page.get_by_role("button", name="Remove from the organisation: 1").click()
    expect(page.get_by_text("0 of 1 ended")).to_be_visible()
    context.close()
