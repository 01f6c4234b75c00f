"""GitHub's webhook: made, looked after, taken back; deliveries proven and read."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import (
    AccountKind,
    Activity,
    ActivityCategory,
    Client,
    Conflict,
    Delivery,
    Outcome,
    PermissionMissing,
    ReadNow,
    RenewNow,
    TargetGone,
)
from connectors.github.feeds import FEEDS
from connectors.github.webhook import (
    EVENTS,
    READS,
    WEBHOOK,
    delivery_id,
    hints,
    renew,
    signature,
    subscribe,
    unsubscribe,
    verify,
)
from tests.conftest import folder
from tests.connectors.conformance.github import Bench, tokens
from tests.connectors.corpus import lines
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.github.organisation import Organisation

AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
ADDRESS = "https://gatehouse.contoso.example/hooks/t0ken/"
SECRET = "kept between us"


def delivery(event: str, payload: Any, **headers: str) -> Delivery:
    named = {"x-github-event": event, "x-github-delivery": "guid-1", **headers}
    return Delivery("POST", named, {}, json.dumps(payload).encode(), AT)


def activity(found: list[Any]) -> Activity:
    return next(each for each in found if isinstance(each, Activity))


def test_what_is_read_at_once_are_feeds() -> None:
    assert {name for names in READS.values() for name in names} <= {feed.name for feed in FEEDS}


# --- proof ----------------------------------------------------------------------------------------------------------


def test_githubs_own_example_of_a_signature_is_accepted() -> None:
    body, secret = b"Hello, World!", "It's a Secret to Everybody"
    given = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signature(body, secret).decode() == given
    assert verify(Delivery("POST", {"x-hub-signature-256": given}, {}, body, AT), ("another", secret))


@pytest.mark.parametrize("given", ["", "sha256=", "sha1=abc", "sha256=" + "0" * 64, "757107ea", "sha256=é"])
def test_anything_else_is_refused(given: str) -> None:
    sent = Delivery("POST", {"x-hub-signature-256": given}, {}, b"Hello, World!", AT)
    assert not verify(sent, (SECRET,))
    assert not verify(sent, ())


def test_a_body_that_was_changed_on_the_way_is_refused() -> None:
    given = signature(b"body", SECRET).decode()
    assert not verify(Delivery("POST", {"x-hub-signature-256": given}, {}, b"other", AT), (SECRET,))


def test_deliveries_are_told_apart_by_githubs_own_number() -> None:
    assert delivery_id(delivery("push", {})) == "guid-1"


# --- what it says ---------------------------------------------------------------------------------------------------


def test_a_repository_made_public_is_an_activity_and_says_what_to_read() -> None:
    payload = {
        "action": "publicized",
        "repository": {"id": 7, "full_name": "contoso-dev/docs"},
        "sender": {"login": "maria", "id": 3, "type": "User"},
        "organization": {"login": "contoso-dev", "id": 1},
    }
    found = list(hints(delivery("repository", payload)))
    told = activity(found)
    assert (told.action, told.occurred_at, told.outcome) == ("repo.access", AT, Outcome.SUCCESS)
    assert (told.actor_id, told.actor_name, told.actor_kind) == ("3", "maria", AccountKind.USER)
    assert [(each.kind, each.id, each.name) for each in told.targets] == [("repository", "7", "contoso-dev/docs")]
    assert told.category is ActivityCategory.ADMIN
    assert told.raw["repository"]["id"] == 7
    assert [each.feed for each in found if isinstance(each, ReadNow)] == ["repositories", "sharing", "audit_log"]


def test_a_push_is_what_a_user_did() -> None:
    told = activity(list(hints(delivery("push", {"ref": "refs/heads/main", "sender": {"login": "maria", "id": 3}}))))
    assert (told.action, told.category) == ("git.push", ActivityCategory.USER)


def test_an_event_that_nobody_knows_keeps_its_name() -> None:
    told = activity(list(hints(delivery("quantum_gate", {"action": "opened"}))))
    assert told.action == "quantum_gate.opened"
    assert told.targets[0].kind == "organisation"


def test_a_deleted_hook_is_to_be_made_anew_and_a_ping_says_nothing() -> None:
    found = list(hints(delivery("meta", {"action": "deleted", "hook_id": 42})))
    assert RenewNow("42") in found
    assert list(hints(delivery("ping", {"zen": "Design for failure."}))) == []


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"{broken", b"\xff"])
def test_a_body_that_is_no_object_is_an_error(body: bytes) -> None:
    sent = Delivery("POST", {"x-github-event": "push"}, {}, body, AT)
    with pytest.raises(ValueError):  # noqa: PT011  any of json's and ours
        list(hints(sent))


def test_hostile_payloads_become_an_activity_all_the_same() -> None:
    payload = {"action": ["x"], "sender": "nobody", "repository": [1], "member": {"login": None}, "team": {"id": {}}}
    told = activity(list(hints(delivery("member", payload))))
    assert told.action == "member"
    assert told.actor_name == ""


def test_every_recorded_push_becomes_an_activity_with_actor_action_and_target() -> None:
    recorded = folder("GATEHOUSE_CORPUS")
    if recorded is None:
        pytest.skip("GATEHOUSE_CORPUS names no folder with files")
    examples = lines(recorded / "github" / "webhook_examples.jsonl")
    assert len(examples) > 20
    for number, each in enumerate(examples):
        found = list(hints(delivery(each["event"], each["payload"], **{"x-github-delivery": str(number)})))
        if each["event"] == "ping":
            assert found == []
            continue
        told = activity(found)
        assert told.action, each["event"]
        assert told.targets, each["event"]
        assert all(target.name for target in told.targets), each["event"]
        if each["payload"].get("sender"):
            assert told.actor_name, each["event"]


# --- registering ----------------------------------------------------------------------------------------------------


def test_one_hook_is_made_with_our_address_secret_and_all_events(
    bench: Bench, client: Client, organisation: Organisation
) -> None:
    made = list(subscribe(client, ADDRESS, SECRET))
    hook = organisation.hooks[int(made[0].id)]
    assert (hook.url, hook.secret, hook.content_type, hook.insecure_ssl) == (ADDRESS, SECRET, "json", "0")
    assert set(hook.events) == set(EVENTS)
    assert made[0].secret == ""
    assert made[0].expires_at is not None


def test_what_the_simulator_sends_is_proven_and_read(
    bench: Bench, client: Client, organisation: Organisation
) -> None:
    list(subscribe(client, ADDRESS, SECRET))
    client.patch("/repos/contoso-dev/docs", json={"visibility": "private"})
    bench.sandbox.github.send()
    ours = [each for each in bench.sandbox.github.state.sent if each.url == ADDRESS]
    sent = [each for each in ours if each.headers["X-GitHub-Event"] == "repository"]
    assert len(sent) == 1
    headers = {name.lower(): value for name, value in sent[0].headers.items()}
    came = Delivery("POST", headers, {}, sent[0].body, AT)
    assert verify(came, (SECRET,))
    assert activity(list(hints(came))).action == "repo.access"


def test_without_the_scope_it_says_what_to_grant(bench: Bench) -> None:
    value = bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["admin:org"])
    bench.secrets.write_tokens(tokens(value, ["admin:org"]))
    with pytest.raises(PermissionMissing, match=r"the scope admin:org_hook was not granted") as caught:
        list(subscribe(bench.client(), ADDRESS, SECRET))
    assert caught.value.permission == "admin:org_hook"


def test_too_many_hooks_are_told(bench: Bench, client: Client) -> None:
    for number in range(19):
        list(subscribe(client, f"{ADDRESS}{number}", SECRET))
    with pytest.raises(Conflict, match="does not take one more webhook"):
        list(subscribe(client, ADDRESS, SECRET))


def test_looking_after_it_switches_it_on_again_and_has_failed_deliveries_sent_again(
    bench: Bench, client: Client, organisation: Organisation
) -> None:
    made = next(iter(subscribe(client, ADDRESS, SECRET)))
    bench.sandbox.github.deliver = lambda url, headers, body: 500
    client.patch("/repos/contoso-dev/docs", json={"visibility": "private"})
    come: list[str] = []

    def take(url: str, headers: dict[str, str], body: bytes) -> int:
        come.append(headers["X-GitHub-Event"])
        return 200

    bench.sandbox.github.deliver = take
    hook = organisation.hooks[int(made.id)]
    hook.is_active, hook.events = False, ["push"]
    again = renew(client, made, ADDRESS)
    bench.sandbox.github.send()
    assert hook.is_active
    assert set(hook.events) == set(EVENTS)
    assert again.id == made.id
    assert "repository" in come
    bench.sandbox.requests.clear()
    renew(client, made, ADDRESS)
    assert not [each for each in bench.sandbox.requests if each.path.endswith("/attempts")]


def test_a_hook_that_is_gone_says_so(client: Client, organisation: Organisation) -> None:
    made = next(iter(subscribe(client, ADDRESS, SECRET)))
    organisation.hooks.clear()
    with pytest.raises(TargetGone):
        renew(client, made, ADDRESS)
    with pytest.raises(TargetGone):
        unsubscribe(client, made)


def test_taking_it_back_deletes_it(client: Client, organisation: Organisation) -> None:
    made = next(iter(subscribe(client, ADDRESS, SECRET)))
    unsubscribe(client, made)
    assert int(made.id) not in organisation.hooks


def test_the_audit_log_tells_it_better_where_there_is_one() -> None:
    assert WEBHOOK.stands_in_for == "audit_log"
