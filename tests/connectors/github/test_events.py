"""From an event of the audit log to an activity."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import AccountKind, ActivityCategory, Outcome, Target
from connectors.github import mapping

AT = datetime(2026, 11, 20, 8, 30, 15, 250_000, tzinfo=UTC)
MILLISECONDS = 1_795_163_415_250


def event(**members: Any) -> dict[str, Any]:
    plain = {
        "@timestamp": MILLISECONDS,
        "_document_id": "Vqvg6kZ4MYqwWRKFDzlMoQ",
        "action": "repo.create",
        "actor": "asingh",
        "actor_id": 102334871,
        "org": "contoso-dev",
        "org_id": 148205311,
    }
    return {name: value for name, value in {**plain, **members}.items() if value is not None}


def activity(**members: Any) -> Any:
    return mapping.event(event(**members), {})


@pytest.mark.parametrize(
    ("timestamp", "created_at", "expected"),
    [
        (MILLISECONDS, MILLISECONDS + 900, AT),
        (None, MILLISECONDS, AT),
        (MILLISECONDS, None, AT),
        (float(MILLISECONDS), None, AT),
        (None, MILLISECONDS // 1000, AT.replace(microsecond=0)),
        (None, "2026-11-20T08:30:15.250Z", AT),
        (None, "2026-11-20T09:30:15.250+01:00", AT),
        (None, "2026-11-20 08:30:15.250", AT),
        ("", "2026-11-20 08:30:15.250 UTC", AT),
    ],
)
def test_the_time_is_taken_from_whichever_member_there_is(timestamp: Any, created_at: Any, expected: datetime) -> None:
    found = activity(**{"@timestamp": timestamp, "created_at": created_at}).occurred_at
    assert found == expected
    assert found.tzinfo is UTC


@pytest.mark.parametrize("nonsense", [True, "yesterday", 10**30, {}, [MILLISECONDS]])
def test_a_time_that_is_none_does_not_drop_the_event(nonsense: Any) -> None:
    assert activity(**{"@timestamp": nonsense, "created_at": MILLISECONDS}).occurred_at == AT


@pytest.mark.parametrize(
    ("members", "category"),
    [
        ({"action": "org.sso_response"}, ActivityCategory.SIGN_IN),
        ({"action": "repo.x", "operation_type": "authentication"}, ActivityCategory.SIGN_IN),
        ({"action": "org.update_member"}, ActivityCategory.ADMIN),
        ({"action": "team.add_member"}, ActivityCategory.ADMIN),
        ({"action": "hook.create"}, ActivityCategory.ADMIN),
        ({"action": "protected_branch.destroy"}, ActivityCategory.ADMIN),
        ({"action": "ip_allow_list.disable"}, ActivityCategory.ADMIN),
        ({"action": "personal_access_token.access_granted"}, ActivityCategory.ADMIN),
        ({"action": "user.suspend"}, ActivityCategory.ADMIN),
        ({"action": "external_identity.deprovision"}, ActivityCategory.ADMIN),
        ({"action": "user.rename"}, ActivityCategory.USER),
        ({"action": "git.clone"}, ActivityCategory.USER),
        ({"action": "pull_request.merge"}, ActivityCategory.USER),
        ({"action": "repo.create"}, ActivityCategory.USER),
        ({"action": "something_new.happened"}, ActivityCategory.USER),
    ],
)
def test_actions_have_their_category(members: dict[str, Any], category: ActivityCategory) -> None:
    found = activity(**members)
    assert found.category is category
    assert found.action == members["action"]


@pytest.mark.parametrize(
    ("members", "outcome"),
    [
        ({"action": "repo.create"}, Outcome.SUCCESS),
        ({"action": "protected_branch.rejected_ref_update"}, Outcome.FAILURE),
        ({"action": "org.sso_failed"}, Outcome.FAILURE),
        ({"action": "workflows.completed_workflow_run", "conclusion": "failure"}, Outcome.FAILURE),
        ({"action": "workflows.completed_workflow_run", "conclusion": "success"}, Outcome.SUCCESS),
        ({"action": "org.sso_response", "external_identity_nameid": "a@contoso.example"}, Outcome.SUCCESS),
        ({"action": "org.sso_response"}, Outcome.UNKNOWN),
    ],
)
def test_outcomes_are_read_from_names_and_members(members: dict[str, Any], outcome: Outcome) -> None:
    assert activity(**members).outcome is outcome


def test_who_from_where_with_what() -> None:
    found = activity(
        actor_ip="198.51.100.7",
        actor_location={"country_code": "gb"},
        user_agent="git/2.47.0",
        external_identity_nameid="anjali@contoso.example",
    )
    assert (found.actor_name, found.actor_id, found.actor_kind) == ("asingh", "102334871", AccountKind.USER)
    assert (found.ip_address, found.country_code) == ("198.51.100.7", "GB")
    assert (found.user_agent, found.actor_email) == ("git/2.47.0", "anjali@contoso.example")


@pytest.mark.parametrize(
    ("location", "code"),
    [({"country_code": "US"}, "US"), ({"country_name": "DE"}, "DE"), ({"country_name": "Germany"}, ""), ("US", "")],
)
def test_countries_are_codes(location: Any, code: str) -> None:
    assert activity(actor_location=location).country_code == code


def test_an_anonymous_clone_has_no_actor() -> None:
    found = activity(action="git.clone", actor=None, actor_id=None, user_id=0, repo="contoso-dev/docs")
    assert (found.actor_name, found.actor_id, found.actor_kind) == ("", "", None)
    assert found.targets == (Target(kind="repository", name="contoso-dev/docs"),)
    assert found.description.startswith("Somebody")


def test_bots_and_ghosts_are_actors() -> None:
    assert activity(actor="dependabot[bot]").actor_kind is AccountKind.BOT
    assert activity(actor="deployer", actor_is_bot=True).actor_kind is AccountKind.BOT
    assert activity(actor="ghost", actor_id=None).actor_id == ""
    assert activity(actor="ghost", actor_id=10137).actor_kind is None, "it stands for all that were deleted"


def test_actors_keep_name_and_id_as_github_says_them_accounts_or_not() -> None:
    found = activity(actor="github-actions[bot]", actor_id=41_898_282)
    assert (found.actor_name, found.actor_id) == ("github-actions[bot]", "41898282")
    unnamed = activity(actor=None, actor_id=4_410_982)
    assert (unnamed.actor_name, unnamed.actor_id, unnamed.actor_kind) == ("", "4410982", None)


@pytest.mark.parametrize(
    ("members", "targets"),
    [
        (
            {"action": "org.remove_member", "user": "tvolkov", "user_id": 88310655},
            (Target(kind="account", id="88310655", name="tvolkov"),),
        ),
        (
            {"action": "org.block_user", "blocked_user": "crypto-faucet"},
            (Target(kind="account", name="crypto-faucet"),),
        ),
        (
            {"action": "team.add_member", "team": "contoso-dev/platform", "user": "asingh", "user_id": 0},
            (Target(kind="account", name="asingh"), Target(kind="group", name="contoso-dev/platform")),
        ),
        (
            {"repo": ["contoso-dev/a", "contoso-dev/b"]},
            (Target(kind="repository", name="contoso-dev/a"), Target(kind="repository", name="contoso-dev/b")),
        ),
        ({"repository": "contoso-dev/a"}, (Target(kind="repository", name="contoso-dev/a"),)),
        ({"action": "org.enable_saml"}, (Target(kind="organisation", id="148205311", name="contoso-dev"),)),
        ({"org": None, "org_id": None, "business": "contoso"}, (Target(kind="organisation", name="contoso"),)),
        ({"org": None, "org_id": None}, ()),
    ],
)
def test_targets_are_what_it_was_done_to(members: dict[str, Any], targets: tuple[Target, ...]) -> None:
    assert activity(**members).targets == targets


def test_descriptions_read_as_sentences() -> None:
    assert activity(action="org.remove_member", user="tvolkov").description == (
        "asingh removed tvolkov from the organisation"
    )
    assert "rare thing happened" in activity(action="rare_thing.happened").description
    assert activity(action="git.push", repo="{actor}").description == "asingh pushed to {actor}"


@pytest.mark.parametrize("odd", [None, 7, True, ["a", "b"], {"a": {"b": 1}}, "\x00‮<b>"])
def test_odd_values_neither_raise_nor_drop(odd: Any) -> None:
    members = ("action", "actor", "actor_id", "actor_ip", "actor_location", "user", "user_id", "repo", "team", "org",
               "org_id", "operation_type", "_document_id", "user_agent", "conclusion", "data")  # fmt: skip
    found = mapping.event({"@timestamp": MILLISECONDS, **dict.fromkeys(members, odd)}, {})
    assert found.id
    assert found.action
    assert found.occurred_at == AT
    assert isinstance(found.actor_id, str)


def test_what_is_done_to_accounts_and_apps_has_words() -> None:
    said = [
        activity(action=action, actor="dokafor", user="asingh").description
        for action in ("user.suspend", "user.unsuspend", "external_identity.deprovision")
    ]
    assert said == ["dokafor suspended asingh", "dokafor unsuspended asingh", "dokafor deprovisioned asingh"]
    uninstalled = activity(action="integration_installation.destroy", actor="dokafor").description
    assert uninstalled == "dokafor uninstalled an app"
