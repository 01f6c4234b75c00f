"""What an analyst does about files at Box, in a browser: a public one is found, made private, quarantined and released;
one in trash is rescued into quarantine; one is overwritten and rolled back. Each is seen again after a scan."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from connectors.box.actions.quarantine import FOLDER
from portal.instances.models import AppInstance
from portal.people.roles import Role
from portal.scans import service
from tests.journeys.acting import RunTasks, ask, undo
from tests.journeys.conftest import Audit, Shoot, admit
from tests.portal.connected import connected_box, read_only
from tests.portal.web.visitor import person
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = "Price list.pdf"
TRASHED = "oncall.xlsx"
EDITED = "Pipeline.xlsx"
Find = Callable[..., None]


@pytest.fixture
def contoso(page: Page, portal: str, sandbox: Sandbox) -> AppInstance:
    """Contoso's Box connected, its people and files read, and somebody signed in who may do everything."""
    instance = connected_box(sandbox)
    service.begin(instance)
    read_only(instance, "accounts", "files")
    admit(page.context, portal, person(Role.GLOBAL_ADMIN))
    return instance


@pytest.fixture
def find(page: Page, portal: str, contoso: AppInstance) -> Find:
    """The one file that fits the filters, found in the list and opened; None of it where none is expected."""

    def of(name: str, count: int = 1, **filters: str) -> None:
        asked = "&".join(f"{key}={value}" for key, value in {"instance": contoso.pk, "q": name, **filters}.items())
        page.goto(f"{portal}{reverse('file_list')}?{asked}")
        rows = page.locator("tbody tr[data-href]")
        expect(rows).to_have_count(count)
        if count:
            page.goto(f"{portal}{rows.first.get_attribute('data-href')}")

    return of


def test_a_public_file_is_found_made_private_quarantined_and_released(
    page: Page, portal: str, sandbox: Sandbox, contoso: AppInstance, find: Find, run_tasks: RunTasks, shoot: Shoot,
    audit: Audit,
) -> None:
    box = sandbox.box.state
    file = box.file(PUBLIC)
    folder = file.parent_id
    find(PUBLIC, exposure="public")
    ask(page, "Make private", "Prices are not for everybody", run_tasks)
    assert file.link is None
    read_only(contoso, "files")
    find(PUBLIC, count=0, exposure="public")

    find(PUBLIC)
    ask(page, "Quarantine with the owner", "Under review", run_tasks)
    log = page.url
    assert file.parent_id != folder
    read_only(contoso, "files")
    page.goto(f"{portal}{reverse('quarantine_list')}")
    held = page.locator("tbody tr[data-href]")
    expect(held).to_have_count(1)
    expect(held).to_contain_text(PUBLIC)
    expect(held).to_contain_text("Under review")
    shoot(page, "80-quarantine")
    audit(page)
    find(f"/{FOLDER}/{file.id} {PUBLIC}")

    page.goto(log)
    undo(page, run_tasks, "Release")
    assert file.parent_id == folder
    read_only(contoso, "files")
    find(f"/{FOLDER}/{file.id} {PUBLIC}", count=0)
    find(f"/Sales/{PUBLIC}", trashed="no")
    page.goto(f"{portal}{reverse('quarantine_list')}?state=released")
    expect(held).to_contain_text(PUBLIC)


def test_a_file_in_trash_is_rescued_into_quarantine(
    page: Page, sandbox: Sandbox, contoso: AppInstance, find: Find, run_tasks: RunTasks
) -> None:
    box = sandbox.box.state
    file = box.file(TRASHED)
    fingerprint = file.current.sha1
    find(TRASHED, trashed="yes")
    ask(page, "Quarantine out of trash", "Evidence, must not expire", run_tasks)
    assert not box.tree.is_in_trash(file)
    assert box.places_of(fingerprint)
    read_only(contoso, "files")
    find(TRASHED, count=0, trashed="yes")
    find(TRASHED, trashed="no")


def test_a_file_is_overwritten_and_rolled_back(
    page: Page, sandbox: Sandbox, contoso: AppInstance, find: Find, run_tasks: RunTasks
) -> None:
    file = sandbox.box.state.file(EDITED)
    before = file.current.sha1
    find(EDITED)
    ask(page, "Overwrite by a new version", "Holds customers' card numbers", run_tasks)
    log = page.url
    assert file.current.sha1 != before
    read_only(contoso, "files")
    page.goto(log)
    undo(page, run_tasks)
    assert file.current.sha1 == before
    read_only(contoso, "files")
    find(EDITED)
