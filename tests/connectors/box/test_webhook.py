"""Deliveries: who signed them, when, and what they say to read."""

import json
from datetime import timedelta
from typing import Any

import pytest

from connectors.base import Delivery, MemorySecrets, ReadNow, RenewNow, TargetGone
from connectors.box import webhook
from tests.connectors import corpus
from tests.connectors.base.vendor import START, Seen, says
from tests.connectors.box.vendor import Talk
from tests.connectors.conformance.box import Bench

PRIMARY, SECONDARY = "primary-S3CRET", "secondary-S3CRET"
NAMES = ("box-signature-primary", "box-signature-secondary")


def delivery(
    body: Any = None, *, keys: tuple[str, ...] = (PRIMARY, SECONDARY), age_s: float = 3, **changed: str
) -> Delivery:
    raw = json.dumps(body or {"id": "d-1"}, ensure_ascii=False).encode()
    sent_at = (START - timedelta(seconds=age_s)).isoformat()
    headers = {
        "box-delivery-id": "other", "box-delivery-timestamp": sent_at, "box-signature-version": "1",
        "box-signature-algorithm": "HmacSHA256",
    }  # fmt: skip
    for name, key in zip(NAMES, keys, strict=False):
        headers[name] = webhook.signature(raw + sent_at.encode(), key).decode()
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    return Delivery("POST", headers, {}, raw, START)


@pytest.mark.parametrize("secrets", [(PRIMARY,), (SECONDARY,), ("ours", PRIMARY, SECONDARY)])
def test_a_delivery_that_either_key_signed_is_genuine(secrets: tuple[str, ...]) -> None:
    assert webhook.verify(delivery({"name": "Übersicht 🚀"}), secrets)


@pytest.mark.parametrize(
    "sent",
    [
        delivery(keys=("another",)),
        delivery(age_s=601),
        delivery(age_s=-601),
        delivery(box_signature_version="2"),
        delivery(box_signature_algorithm="HmacSHA1"),
        delivery(box_delivery_timestamp="yesterday"),
        delivery(box_delivery_timestamp=START.isoformat()),
        delivery(keys=()),
    ],
    ids=["other key", "too old", "ahead", "version", "algorithm", "no time", "other time", "unsigned"],
)
def test_anything_else_is_not(sent: Delivery) -> None:
    assert not webhook.verify(sent, (PRIMARY, SECONDARY))


def test_a_changed_body_is_not_genuine_and_nothing_is_without_keys() -> None:
    sent = delivery()
    changed = Delivery("POST", sent.headers, {}, sent.body + b" ", START)
    assert not webhook.verify(changed, (PRIMARY,))
    assert not webhook.verify(sent, ())


def test_a_delivery_sent_again_has_the_id_of_its_body() -> None:
    assert webhook.delivery_id(delivery({"id": "eb0c4e06"})) == "eb0c4e06"


def test_a_recorded_delivery_says_which_file_to_read() -> None:
    folder = corpus.folder("box")
    if folder is None:
        pytest.skip("GATEHOUSE_CORPUS names no folder with box")
    bodies = [line["body"] for line in corpus.lines(folder / "guide-payloads.jsonl")]
    body = next(each for each in bodies if each.get("type") == "webhook_event")
    owner, number = body["source"]["owned_by"]["id"], body["source"]["id"]
    assert list(webhook.hints(delivery(body))) == [
        ReadNow("files", owner, f"file:{number}"), ReadNow("enterprise_events"),
    ]  # fmt: skip


def test_what_names_no_item_leads_to_the_stream() -> None:
    pending = {"id": "1", "trigger": "COLLABORATION.CREATED", "source": {"type": "collaboration", "item": None}}
    assert list(webhook.hints(delivery(pending))) == [ReadNow("changed_files"), ReadNow("enterprise_events")]


@pytest.mark.parametrize("trigger", ["WEBHOOK.DELETED", "NO_ACTIVE_SESSION"])
def test_a_webhook_that_ends_is_looked_after(trigger: str) -> None:
    body = {"id": "1", "trigger": trigger, "webhook": {"id": 53, "type": "webhook"}}
    assert list(webhook.hints(delivery(body))) == [RenewNow("53")]


def test_folders_are_watched_only_with_a_key_to_prove_deliveries(talk: Talk) -> None:
    folders = {"webhook_folders": "12, 34 ,12"}
    assert webhook.topics(talk.client(**folders)) == ()
    talk.secrets = MemorySecrets({"primary_signature_key": PRIMARY})
    assert webhook.topics(talk.client(**folders)) == ("12", "34")
    assert webhook.topics(talk.client()) == ()


def test_a_webhook_of_an_earlier_connection_is_taken_over(talk: Talk) -> None:
    target = {"type": "folder", "id": "12"}
    kept = {"id": "5", "target": target, "address": "https://old.example/x", "triggers": ["FILE.MOVED"]}
    changed: list[Any] = []

    def change(seen: Seen) -> Any:
        changed.append(json.loads(seen.body))
        return {**kept, **changed[-1]}

    talk.says = {
        ("POST", "/webhooks"): says({"type": "error", "status": 409, "code": "conflict"}, 409),
        ("GET", "/webhooks"): {"entries": [{"id": "4", "target": {"type": "folder", "id": "34"}}, kept]},
        ("GET", "/webhooks/5"): kept,
        ("PUT", "/webhooks/5"): change,
    }
    made = webhook.subscribe(talk.client(), "12", "https://portal.example/in", "ours")
    assert (made.id, made.topic) == ("5", "12")
    assert changed == [{"address": "https://portal.example/in", "triggers": list(webhook.TRIGGERS)}]


def test_a_watched_folder_reports_what_changes_in_it(bench: Bench) -> None:
    held, client = bench.held, bench.client()
    folder = held.add_folder(held.tree.root(held.primary_admin.id), "Watched", held.primary_admin)
    file = held.add_file(folder, "plan.txt", b"x", held.primary_admin)
    made = webhook.subscribe(client, folder.id, "https://portal.example/in", "ours")
    again = webhook.subscribe(client, folder.id, "https://portal.example/elsewhere", "ours")
    assert made.id == again.id, "one webhook for a folder"
    client.put(f"/files/{file.id}", json={"name": "plan 2.txt"})
    sent = held.sent[-1]
    assert sent.url == "https://portal.example/elsewhere"
    headers = {name.lower(): value for name, value in sent.headers.items()}
    came = Delivery("POST", headers, {}, sent.body, bench.now())
    application = next(each for each in held.applications.values() if not each.is_server)
    assert webhook.verify(came, (application.secondary_key,))
    assert not webhook.verify(came, ("another key",))
    assert list(webhook.hints(came)) == [ReadNow("changed_files"), ReadNow("enterprise_events")]
    webhook.unsubscribe(client, made)
    with pytest.raises(TargetGone):
        webhook.renew(client, made, "https://portal.example/in")
