"""Every list with values as long as a vendor or a person may make them: the page stays as wide as its window."""

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from portal.audit import trail
from portal.governance.models import ActionState, GovernanceAction
from portal.instances.models import AppInstance
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.preferences import suggestions
from tests.journeys.conftest import admit
from tests.journeys.fitting import misfits
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = {1280: 800, 768: 1024, 400: 800}
LONG = "x" * 250
WORDS = "Contoso engineering and research of the northern region " * 2
ADDRESS = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example"
LISTS = {
    "accounts": "/accounts/", "groups": "/groups/", "files": "/files/", "oauth-apps": "/oauth-apps/",
    "credentials": "/credentials/", "activities": "/activities/", "governance": "/governance/",
    "connected-apps": "/settings/connected-apps/", "people": "/settings/people/", "audit": "/settings/audit/",
    "suggestions": "/settings/suggestions/",
}
OPENED = ("accounts", "groups", "files", "oauth-apps", "credentials", "activities", "governance")
"""Lists whose rows open in a drawer."""


@pytest.fixture
def admin() -> User:
    return person(Role.GLOBAL_ADMIN)


@pytest.fixture
def page_of_admin(context: BrowserContext, portal: str, admin: User) -> Page:
    admit(context, portal, admin)
    return context.new_page()


@pytest.fixture
def crowded(admin: User) -> AppInstance:
    """Each list has rows with long words, and with long sentences."""
    for text in (LONG, WORDS):
        instance = _instance(text)
        _inventory(instance, text)
        _log(instance, admin, text)
    return instance


def _instance(text: str) -> AppInstance:
    return rows.instance(
        text[:120].strip(), tenant_name=text, tenant_id=text, connected_as=text, plan=text[:100], problem=text * 3,
        granted=[text], warnings=[text], unavailable={"audit_log": text}, connected_at=timezone.now(),
        missing=[{"permission": text, "closes": ["accounts"], "remedy": text}],
    )


def _inventory(of: AppInstance, text: str) -> None:
    account = rows.account(of, text, username=text, email=ADDRESS, is_external=True, number="1")
    rows.group(of, text, account, description=text * 2, kind=text[:64])
    rows.file(of, text, owner_name=text, kind=text[:64])
    rows.oauth_app(of, text, publisher=text, scopes=[text, "repo", "admin:org"])
    rows.credential(of, text, account_name=text, kind=text[:64])
    rows.activity(
        of, f"e-{of.pk}", action=text, actor_name=text, actor_email=ADDRESS,
        targets=[{"kind": "user", "id": text, "name": text}], ip_address="2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    )


def _log(of: AppInstance, admin: User, text: str) -> None:
    GovernanceAction.objects.create(
        instance=of, action_name="remove_account", kind="remove_account", target_kind="account", target_id="1",
        target_name=text, reason=text * 4, state=ActionState.FAILED, problem=text, requested_by_email=ADDRESS,
        requested_at=timezone.now(),
    )
    trail.record(
        actor=admin, verb="instance.renamed", object_kind="app_instance", object_id="1", object_label=text,
        before={"name": text}, after={"name": text * 2},
    )
    made = User.objects.create_user(f"{of.pk}.{ADDRESS}", name=text[:120])
    RoleAssignment.objects.create(user=made, role=Role.APP_ADMIN, instance_id=of.pk)
    suggestions.keep(admin.pk, ADDRESS, text[:120], f"https://zoom.example/{text}"[:200], text * 2)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_list_grows_wider_than_its_window(
    page_of_admin: Page, portal: str, crowded: AppInstance, width: int
) -> None:
    page_of_admin.set_viewport_size({"width": width, "height": WIDTHS[width]})
    found: list[str] = []
    for name, path in LISTS.items():
        page_of_admin.goto(f"{portal}{path}")
        expect(page_of_admin.locator("table tbody tr").first).to_be_visible()
        found += [f"{name}: {each}" for each in misfits(page_of_admin)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", WIDTHS)
def test_neither_does_what_a_row_leads_to(page_of_admin: Page, portal: str, crowded: AppInstance, width: int) -> None:
    page_of_admin.set_viewport_size({"width": width, "height": WIDTHS[width]})
    found: list[str] = []
    for name in OPENED:
        page_of_admin.goto(f"{portal}{LISTS[name]}")
        page_of_admin.locator("tr[data-href] a").first.click()
        expect(page_of_admin.locator("#drawer-title")).to_be_visible()
        found += [f"drawer of {name}: {each}" for each in misfits(page_of_admin)]
        page_of_admin.reload()
        expect(page_of_admin.get_by_role("heading", level=1)).to_be_visible()
        found += [f"page of {name}: {each}" for each in misfits(page_of_admin)]
    page_of_admin.goto(f"{portal}/settings/connected-apps/{crowded.pk}/")
    found += [f"instance: {each}" for each in misfits(page_of_admin)]
    assert not found, "\n".join(found)
