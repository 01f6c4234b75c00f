"""Answers of Azure that others recorded, and the activity log as it leaves Azure through an export."""

from pathlib import Path

import pytest

from connectors.azure.mapping import activity, held
from connectors.azure.roles import Role, role
from connectors.azure.webhook import WEBHOOK
from connectors.base import AccountKind, Outcome
from tests.connectors import corpus
from tests.connectors.azure.vendor import ONE, Talk
from tests.connectors.base.vendor import says
from tests.connectors.conformance.shapes import faults_of


@pytest.fixture(scope="module")
def folder() -> Path:
    found = corpus.folder("azure")
    if found is None:
        pytest.skip("GATEHOUSE_CORPUS names no folder with azure")
    return found


def test_each_exported_event_says_when_what_and_how_it_ended(folder: Path) -> None:
    events = [each["event"] for each in corpus.lines(folder / "panther_activity_log_export.jsonl")]
    assert len(events) == 103
    for event in events:
        found = activity(event)
        assert list(faults_of(found)) == []
        assert found.occurred_at.year in (2024, 2025), event["time"]
        assert found.action != "unknown"
        assert found.targets
        assert found.ip_address == event["callerIpAddress"].partition(":")[0], "it has no port"
        said = event.get("resultType")
        wanted = {"Success": Outcome.SUCCESS, "Succeeded": Outcome.SUCCESS, "Failed": Outcome.FAILURE}
        assert said is None or found.outcome is wanted[said]


def test_events_that_name_somebody_name_the_actor(folder: Path) -> None:
    events = [each["event"] for each in corpus.lines(folder / "panther_activity_log_export.jsonl")]
    claims = [(each, each.get("identity", {}).get("claims", {})) for each in events]
    named = [each for each, claims in claims if any(name.endswith(("name", "upn", "appid")) for name in claims)]
    assert named
    for event in named:
        found = activity(event)
        assert found.actor_name, event["identity"]
        assert found.actor_kind in (AccountKind.USER, AccountKind.SERVICE)


def test_equal_events_have_equal_ids_and_others_have_not(folder: Path) -> None:
    events = [each["event"] for each in corpus.lines(folder / "panther_activity_log_export.jsonl")]
    distinct = {str(sorted(each.items(), key=str)) for each in events}
    assert len({activity(each).id for each in events}) == len(distinct)


def test_an_assignment_that_was_put_got_and_deleted_is_the_same_privilege_each_time(folder: Path) -> None:
    answers = corpus.lines(folder / "azure_sdk_authorization_recordings.jsonl")
    told = [each["response"]["body"] for each in answers if "/roleAssignments/" in each["request"]["uri"]]
    assert len(told) == 3
    privileges = [held(each, Role("Some role", is_admin=False)) for each in told]
    assert {each.id for each in privileges} == {privileges[0].id}
    assert privileges[0].scope.endswith("/resourcegroups/rgname")
    assert privileges[0].holder_id == told[0]["properties"]["principalId"]


def test_recorded_role_definitions_say_whether_they_rule(folder: Path) -> None:
    answers = [*corpus.lines(folder / "c7n_arm_cassettes.jsonl"),
               *corpus.lines(folder / "azure_sdk_authorization_recordings.jsonl")]  # fmt: skip
    bodies = [each["response"]["body"] for each in answers if "/roleDefinitions" in each["request"]["uri"]]
    definitions = [row for body in bodies for row in body.get("value", [body])]
    ruling = {role(each).name for each in definitions if role(each).is_admin}
    assert {"Owner", "Contributor"} <= ruling
    assert not ruling & {"Reader", "AcrQuarantineReader", "Storage Blob Data Contributor", "Management Group Reader"}


def test_a_recorded_event_subscription_is_one_of_ours(folder: Path, talk: Talk) -> None:
    answers = corpus.lines(folder / "c7n_arm_cassettes.jsonl")
    made = next(
        each["response"]["body"] for each in answers
        if each["request"]["method"] == "PUT" and "Microsoft.EventGrid" in each["request"]["uri"]
    )  # fmt: skip
    path = f"/subscriptions/{ONE}/providers/Microsoft.EventGrid/eventSubscriptions/gatehouse"
    talk.says["PUT", path] = says(made, 201)
    assert WEBHOOK.subscribe_topic
    found = WEBHOOK.subscribe_topic(talk.client(), ONE, "https://portal.example.com/hooks/x/", "wh-S3CRET")
    assert (found.id, found.topic) == (made["id"], ONE)
