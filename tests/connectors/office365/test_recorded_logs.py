"""Every record that others recorded becomes an activity which says what the record says."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Activity, ActivityCategory, MemorySecrets, Outcome
from connectors.catalogue import catalogue
from connectors.office365 import mapping
from connectors.office365.office_apps import AZURE_AD, EXCHANGE, OFFICE, ONEDRIVE, SECURITY, SHAREPOINT, TEAMS
from tests.connectors import corpus
from tests.connectors.conformance import office365_recorded
from tests.connectors.conformance.shapes import faults_of
from tests.connectors.corpus import Replay
from tests.connectors.office365.tenant import CONFIG
from tests.counts import count
from tests.sandbox.microsoft.seed_apps import CLIENT_SECRET

Json = dict[str, Any]
NOBODY = {"", "NOT-FOUND", "<null>"}


@pytest.fixture(scope="module")
def folder() -> Path:
    found = corpus.folder("office365")
    if found is None:
        pytest.skip("GATEHOUSE_CORPUS names no folder with office365")
    return found


def mapped(rows: Iterator[Json], by: Callable[[Json], Activity]) -> list[tuple[Json, Activity]]:
    found = [(row, by(row)) for row in rows]
    for row, told in found:
        assert list(faults_of(told)) == []
        assert told.raw == row
        assert told.targets, row
        assert told.occurred_at.year > 2000, row
        count("corpus")
    return found


def test_every_audit_record_says_when_who_what_and_how_it_ended(folder: Path) -> None:
    found = mapped(office365_recorded.audit_records(folder), mapping.audit_record)
    assert len(found) > 370
    for row, told in found:
        assert told.id == row["Id"]
        assert told.action == row["Operation"]
        # The time is written without a zone, with T or a blank.
        assert told.occurred_at.strftime("%Y-%m-%dT%H:%M:%S") == row["CreationTime"].replace(" ", "T").rstrip("Z")
        if row["UserId"] not in NOBODY:
            assert told.actor_name, row
        if "@" in row["UserId"] and not row["UserId"].startswith(("app@", "urn:")):
            assert told.actor_email == row["UserId"].lower(), row


def test_records_of_microsofts_own_programs_are_labelled(folder: Path) -> None:
    found = mapped(office365_recorded.audit_records(folder), mapping.audit_record)
    systems = [told for row, told in found if row["UserId"].startswith("NT AUTHORITY")]
    assert systems
    assert {told.actor_name.partition(":")[0] for told in systems} == {"System"}
    assert not any(told.actor_email for told in systems)


def test_failed_sign_ins_with_the_status_success_are_failures(folder: Path) -> None:
    found = mapped(office365_recorded.audit_records(folder), mapping.audit_record)
    logons = [(row, told) for row, told in found if row["RecordType"] == 15]
    failed = [(row, told) for row, told in logons if row["Operation"] == "UserLoginFailed"]
    assert any(row["ResultStatus"] == "Success" for row, _ in failed)
    assert {told.outcome for _, told in failed} == {Outcome.FAILURE}
    assert {told.outcome for row, told in logons if row["Operation"] == "UserLoggedIn"} == {Outcome.SUCCESS}
    assert {told.category for _, told in logons} == {ActivityCategory.SIGN_IN}


def test_the_outcome_is_what_the_record_says_and_unknown_where_it_says_nothing(folder: Path) -> None:
    words = {"true": Outcome.SUCCESS, "success": Outcome.SUCCESS, "succeeded": Outcome.SUCCESS,
             "successful": Outcome.SUCCESS, "failed": Outcome.FAILURE, "failure": Outcome.FAILURE}  # fmt: skip
    for row, told in mapped(office365_recorded.audit_records(folder), mapping.audit_record):
        if row["RecordType"] != 15:
            assert told.outcome is words.get(str(row.get("ResultStatus")).lower(), Outcome.UNKNOWN), row


def test_recorded_workloads_tell_the_office_app(folder: Path) -> None:
    expected = {
        "Exchange": EXCHANGE, "SharePoint": SHAREPOINT, "OneDrive": ONEDRIVE, "MicrosoftTeams": TEAMS,
        "AzureActiveDirectory": AZURE_AD, "SecurityComplianceCenter": SECURITY, "ThreatIntelligence": SECURITY,
        "MicrosoftForms": OFFICE, "ComplianceManager": SECURITY, "Aip": SECURITY,
    }  # fmt: skip
    told_of = set()
    for row, told in mapped(office365_recorded.audit_records(folder), mapping.audit_record):
        if row.get("Workload") in expected:
            told_of.add(row["Workload"])
            assert told.component == expected[row["Workload"]], row
        assert told.component in catalogue()["office365"].activity_components
    assert told_of == set(expected)


def test_every_directory_audit_says_who_and_what(folder: Path) -> None:
    found = mapped(office365_recorded.directory_audits(folder), mapping.directory_audit)
    assert len(found) > 50
    for row, told in found:
        assert told.action == row["activityDisplayName"]
        assert told.outcome is (Outcome.SUCCESS if row["result"] == "success" else Outcome.FAILURE)
        assert told.actor_name
        assert (told.component, told.category) == (AZURE_AD, ActivityCategory.ADMIN)
        user = (row["initiatedBy"].get("user") or {}).get("userPrincipalName")
        assert not user or told.actor_name == user


def test_every_sign_in_says_whether_it_succeeded(folder: Path) -> None:
    found = mapped(office365_recorded.sign_ins(folder), mapping.sign_in)
    assert len(found) >= 7
    for row, told in found:
        assert told.actor_name == row["userPrincipalName"]
        code = (row.get("status") or {}).get("errorCode")
        if code is not None:
            assert told.outcome is (Outcome.FAILURE if code else Outcome.SUCCESS)
        assert told.ip_address
    assert {told.outcome for _, told in found} >= {Outcome.SUCCESS, Outcome.FAILURE}


def test_the_same_record_told_twice_is_one_row(folder: Path) -> None:
    rows = list(office365_recorded.audit_records(folder))
    keys = [(told.occurred_at, told.id) for _, told in mapped(iter(rows), mapping.audit_record)]
    contents = {(str(row["Id"]), row["CreationTime"].replace(" ", "T").rstrip("Z")) for row in rows}
    assert len(set(keys)) == len(contents) < len(keys)


def test_recorded_refusals_become_the_error_that_fits(folder: Path) -> None:
    refusals = list(office365_recorded.refusals(folder))
    assert refusals
    token = corpus.Said("POST", ".*/token", {"token_type": "Bearer", "expires_in": 3599, "access_token": "x"})
    for refused in refusals:
        with Replay(catalogue()["office365"], CONFIG, (token, refused.said)) as replay:
            client = replay.client("client_secret", MemorySecrets({"client_secret": CLIENT_SECRET}))
            with pytest.raises(refused.error):
                client.request(refused.said.method, refused.path)
