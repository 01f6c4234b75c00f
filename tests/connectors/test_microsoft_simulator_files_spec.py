"""Answers about sites, drives and files are as the vendor's schema of Graph says."""

import pytest

from tests.connectors import specification
from tests.connectors import test_microsoft_simulator_files as on_files
from tests.connectors import test_microsoft_simulator_transfer as on_transfer
from tests.connectors.microsoft_callers import files
from tests.connectors.microsoft_files import at
from tests.connectors.specification import Specification
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.microsoft.files.items import Drive


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def call(sandbox: Sandbox) -> Caller:
    return files(sandbox)


@pytest.fixture
def sales(sandbox: Sandbox) -> Drive:
    return sandbox.microsoft.state.files.drive_named("Sales")


@pytest.mark.skipif(specification.folder("office365") is None, reason="GATEHOUSE_SPECS has no folder office365")
@pytest.mark.filterwarnings("ignore:Unsupported scheme type")
def test_answers_are_as_the_vendors_schema_says(sandbox: Sandbox, call: Caller, sales: Drive) -> None:
    on_files.test_sites_lead_to_drives_and_an_archived_one_is_locked(call)
    on_files.test_users_without_a_drive_are_told_so_in_several_ways(sandbox, call)
    on_files.test_sharing_shows_where_it_begins_and_empty_where_it_has_ended(sandbox, call, sales)
    on_files.test_permissions_name_links_people_guests_invitations_and_what_is_inherited(sandbox, call)
    on_files.test_links_are_made_once_and_people_invited(sandbox, call)
    on_files.test_items_are_moved_and_renamed_within_their_drive(sandbox, call)
    on_transfer.test_new_content_is_a_new_version_and_old_ones_come_back(sandbox, call)
    on_transfer.test_a_copy_goes_on_behind_an_address_at_another_host(sandbox, call)
    on_transfer.test_an_upload_session_takes_parts_in_order(sandbox, call)
    assert call("DELETE", at(sandbox, "deploy.sh")).status == 204
    assert call("POST", f"{at(sandbox, 'empty.bin')}/permanentDelete").status == 204
    call("POST", f"{at(sandbox, 'Budget')}/children", {"name": "New", "folder": {}})
    call.get(f"{at(sandbox, 'Budget')}/children")
    described = Specification.load("office365", "graph-v1-from-csdl.json")
    judged = [each for each in sandbox.requests if described.describes(each)]
    assert len(judged) > 60
    for each in judged:
        if each.status < 400:
            described.validate_request(each)
        # Copies are answered without the body that the schema has; bytes come from another host.
        if each.status not in (202, 302):
            described.validate_response(each)
