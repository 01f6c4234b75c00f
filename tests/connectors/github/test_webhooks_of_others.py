"""Stopping and deleting webhooks."""

import pytest

from connectors.base import Credential, Order, TargetGone
from connectors.github import ids
from connectors.github.actions.hooks import delete_webhook, stop_webhook
from connectors.github.webhook import EVENTS
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import AppBench, Bench
from tests.connectors.github.acting import bodies, changes, order_for, preview, refusal, repository
from tests.sandbox.github.hook import Hook

HOOK_ID = 502_200_118
PATH = f"/repos/contoso-dev/billing-api/hooks/{HOOK_ID}"


def order(bench: Bench) -> Order:
    number = repository(bench, "billing-api").id
    return order_for(bench, Credential, ids.webhook(number, HOOK_ID), "mirror", {"id": HOOK_ID})


def hook(bench: Bench) -> Hook:
    return repository(bench, "billing-api").hooks[HOOK_ID]


def test_a_stopped_hook_sends_again_with_the_secret_it_had(bench: Bench) -> None:
    before = hook(bench).secret
    done = carry_out(stop_webhook, order(bench), bench.client())
    assert changes(bench) == [("PATCH", PATH)]
    assert bodies(bench) == [{"active": False}]
    assert not hook(bench).is_active
    take_back(stop_webhook, done, bench.client())
    assert hook(bench).is_active
    assert hook(bench).secret == before


def test_a_deleted_hook_is_gone_for_good(bench: Bench) -> None:
    carry_out(delete_webhook, order(bench), bench.client())
    assert changes(bench) == [("DELETE", PATH)]
    assert repository(bench, "billing-api").hooks == {}
    assert not delete_webhook.is_reversible
    assert "secret" in delete_webhook.undo_effect


def test_a_hook_deleted_meanwhile_is_told(bench: Bench) -> None:
    asked = order(bench)
    repository(bench, "billing-api").hooks.clear()
    with pytest.raises(TargetGone):
        carry_out(stop_webhook, asked, bench.client())
    assert carry_out(delete_webhook, asked, bench.client()).results == {"delete_webhook": {"was_there": False}}


def test_our_own_hook_is_refused(bench: Bench) -> None:
    """An OAuth App sees no other hook of an organisation."""
    own = order_for(bench, Credential, ids.webhook(ids.ORGANISATION, 7), "our own", {})
    assert "Gatehouse" in refusal(bench, stop_webhook, own)
    assert "Gatehouse" in refusal(bench, delete_webhook, own)
    assert refusal(bench, stop_webhook, order(bench)) == ""


def test_a_github_app_tells_our_own_hook_by_its_events(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shown all hooks of the organisation."""
    monkeypatch.setattr(bench, "method_id", AppBench.method_id)
    target = ids.webhook(ids.ORGANISATION, 7)
    ours = order_for(bench, Credential, target, "ours", {"events": list(EVENTS)})
    assert "Gatehouse" in refusal(bench, stop_webhook, ours)
    assert refusal(bench, stop_webhook, order_for(bench, Credential, target, "chat", {"events": ["push"]})) == ""


def test_the_preview_names_the_receiver_without_what_may_be_secret(bench: Bench) -> None:
    hook(bench).url = "https://mirror.fabrikam.example/in?token=abc"
    said = preview(bench, stop_webhook, order(bench))
    assert "https://mirror.fabrikam.example/in on: push, delete" in said
    assert "abc" not in said


def test_they_are_for_webhooks() -> None:
    assert stop_webhook.applies
    assert stop_webhook.applies({"id": "webhook:1:2", "is_active": True})
    assert not stop_webhook.applies({"id": "webhook:1:2", "is_active": False})
    assert delete_webhook.applies
    assert delete_webhook.applies({"id": "webhook:1:2", "is_active": False})
    assert not delete_webhook.applies({"id": "deploy_key:1:2", "is_active": True})
