"""Lists in a browser: the drawer and its address, the keys, the filters, and all of it without scripts."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.people.models import User
from portal.people.roles import Role
from tests.journeys.conftest import Audit, Shoot, admit
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = ("Ada", "Bert", "Carla")


@pytest.fixture
def reader() -> User:
    return person(Role.SECURITY_READER)


@pytest.fixture
def browser_of_reader(context: BrowserContext, portal: str, reader: User) -> BrowserContext:
    admit(context, portal, reader)
    return context


@pytest.fixture
def list_page(browser_of_reader: BrowserContext, portal: str) -> Page:
    """The list of accounts with three people, a group and activities."""
    contoso = rows.instance()
    made = [rows.account(contoso, each, email=f"{each.lower()}@contoso.example") for each in PEOPLE]
    rows.group(contoso, "Platform", *made)
    rows.activity(contoso, "e1", actor_id="Ada", actor_name="Ada", ip_address="203.0.113.9")
    page = browser_of_reader.new_page()
    page.goto(f"{portal}/accounts/")
    return page


def test_a_row_opens_beside_the_list_with_its_own_address_and_the_keys_lead_on(list_page: Page, portal: str) -> None:
    drawer, title = list_page.locator("#drawer"), list_page.locator("#drawer-title")
    expect(list_page.locator("#count")).to_have_text("3 results")
    list_page.get_by_role("row", name="Ada").get_by_text("ada@contoso.example").click()
    expect(title).to_have_text("Ada")
    own_page = list_page.url
    assert own_page != f"{portal}/accounts/"

    list_page.keyboard.press("ArrowDown")
    expect(title).to_have_text("Bert")
    list_page.keyboard.press("ArrowUp")
    expect(title).to_have_text("Ada")
    assert list_page.url == own_page

    list_page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert list_page.url == f"{portal}/accounts/"
    expect(list_page.get_by_role("link", name="Ada")).to_be_focused()

    list_page.go_back()
    expect(title).to_have_text("Ada")
    list_page.reload()
    expect(list_page.get_by_role("heading", level=1)).to_have_text("Ada")


def test_a_middle_click_opens_the_page_and_leaves_the_list_alone(list_page: Page, portal: str) -> None:
    with list_page.context.expect_page() as opened:
        list_page.get_by_role("row", name="Bert").get_by_text("bert@contoso.example").click(button="middle")
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Bert")
    assert list_page.url == f"{portal}/accounts/"
    expect(list_page.locator("#drawer")).to_be_hidden()


def test_a_slash_leads_to_the_search_and_the_search_to_a_list_with_an_address(list_page: Page, portal: str) -> None:
    list_page.keyboard.press("/")
    expect(list_page.locator("#search")).to_be_focused()
    list_page.keyboard.type("car")
    list_page.keyboard.press("Enter")
    expect(list_page.get_by_role("link", name="Carla")).to_be_visible()
    expect(list_page.locator("tr[data-href]")).to_have_count(1)
    assert list_page.url == f"{portal}/accounts/?q=car"


def test_the_theme_that_was_chosen_is_there_on_the_next_page(list_page: Page) -> None:
    list_page.locator("summary[title='Your account']").click()
    list_page.get_by_role("button", name="Dark").click()
    html = list_page.locator("html")
    expect(html).to_have_attribute("data-theme", "dark")
    list_page.get_by_role("navigation", name="Main").get_by_role("link", name="Groups").click()
    expect(html).to_have_attribute("data-theme", "dark")


def test_a_session_that_ended_leads_to_the_sign_in_and_not_into_the_drawer(list_page: Page) -> None:
    list_page.context.clear_cookies()
    list_page.get_by_role("link", name="Ada").click()
    list_page.wait_for_url("**/auth/login/**")


def test_everything_on_a_list_works_without_scripts(new_context: object, portal: str, reader: User) -> None:
    contoso = rows.instance()
    for each in PEOPLE:
        rows.account(contoso, each, status="suspended" if each == "Bert" else "active")
    context: BrowserContext = new_context(java_script_enabled=False)  # type: ignore[operator]
    admit(context, portal, reader)
    page = context.new_page()
    page.goto(f"{portal}/accounts/")
    page.get_by_text("Add filter").click()
    page.get_by_text("Status", exact=True).first.click()
    page.get_by_label("Suspended").check()
    page.get_by_role("button", name="Apply").locator("visible=true").click()
    expect(page.locator("tr[data-href]")).to_have_count(1)
    page.get_by_role("link", name="Bert").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bert")
    page.get_by_text("Raw record").click()
    expect(page.locator("#raw")).to_be_visible()


@pytest.mark.parametrize("path", ["accounts", "groups", "activities", "governance"])
def test_every_list_keeps_the_rules_and_fits_every_width(
    list_page: Page, portal: str, path: str, audit: Audit, shoot: Shoot
) -> None:
    list_page.goto(f"{portal}/{path}/")
    audit(list_page)
    shoot(list_page, f"list-{path}")
    if path == "governance":
        return
    list_page.locator("tr[data-href] a").first.click()
    expect(list_page.locator("#drawer-title")).to_be_visible()
    audit(list_page)
    shoot(list_page, f"drawer-{path}")
    list_page.reload()
    audit(list_page)
    shoot(list_page, f"page-{path}")
