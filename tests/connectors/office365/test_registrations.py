"""Registrations for pushes: made, renewed, made anew, ended; and what then comes."""

from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from connectors.base import Delivery, ReadNow, RenewNow, TargetGone, Unavailable
from connectors.office365 import webhook
from tests.connectors.base.vendor import START
from tests.connectors.conformance.office365 import MEMBER, Bench, tokens
from tests.sandbox.microsoft.outbox import Sent
from tests.sandbox.microsoft.subscription import Subscription
from tests.sandbox.postman import Got

ADDRESS, SECRET = "https://gatehouse.example/hooks/abc/", "s3cret-of-the-instance-0001"
DAY = 86_400


def echo(url: str, headers: dict[str, str], body: bytes) -> Got:
    """The portal, asked to prove its address."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    answer = webhook.challenge(Delivery("POST", headers, query, body, START), (SECRET,))
    return Got(200, {"content-type": answer.content_type}, answer.body.encode()) if answer else Got(404, {}, b"")


@pytest.fixture
def reachable(bench: Bench) -> Iterator[Bench]:
    before = bench.simulator.ask
    bench.simulator.ask = echo
    yield bench
    bench.simulator.ask = before


def held(bench: Bench) -> list[Subscription]:
    return list(bench.held.subscriptions.values())


def came(sent: Sent) -> Delivery:
    query = dict(parse_qsl(urlsplit(sent.url).query))
    return Delivery("POST", {name.lower(): value for name, value in sent.headers.items()}, query, sent.body, START)


def test_a_registration_proves_the_address_and_says_whose_it_is(reachable: Bench) -> None:
    made = webhook.subscribe(reachable.client(), "/users", ADDRESS, SECRET)
    (found,) = held(reachable)
    assert (found.id, found.resource, found.client_state) == (made.id, "/users", f"{SECRET} /users")
    assert (found.notification_url, found.lifecycle_url) == (ADDRESS, ADDRESS)
    assert found.change_types == {"updated", "deleted"}
    assert made.expires_at
    assert (made.expires_at - reachable.now()).days == 3


def test_a_change_comes_as_a_delivery_that_names_the_user(reachable: Bench) -> None:
    webhook.subscribe(reachable.client(), "/users", ADDRESS, SECRET)
    directory = reachable.held.directory
    directory.update(directory.objects[MEMBER], {"displayName": "W. Jones"})
    reachable.simulator.send()
    (sent,) = reachable.held.sent
    assert webhook.verify(came(sent), (SECRET,))
    assert not webhook.verify(came(sent), ("another",))
    assert list(webhook.hints(came(sent))) == [ReadNow("users", record_id=MEMBER)]


def test_it_is_renewed_and_one_that_ended_is_gone(reachable: Bench) -> None:
    made = webhook.subscribe(reachable.client(), "/users", ADDRESS, SECRET)
    reachable.sandbox.clock.advance(2 * DAY)
    renewed = webhook.renew(reachable.client(), made, ADDRESS)
    assert made.expires_at
    assert renewed.expires_at
    assert renewed.id == made.id
    assert renewed.expires_at > made.expires_at
    reachable.sandbox.clock.advance(4 * DAY)
    with pytest.raises(TargetGone):
        webhook.renew(reachable.client(), renewed, ADDRESS)


def test_with_another_address_of_the_portal_it_is_ended_to_be_made_anew(reachable: Bench) -> None:
    made = webhook.subscribe(reachable.client(), "/users", ADDRESS, SECRET)
    with pytest.raises(TargetGone, match="another address"):
        webhook.renew(reachable.client(), made, "https://new.example/hooks/abc/")
    assert held(reachable) == []


def test_it_is_taken_back_once(reachable: Bench) -> None:
    made = webhook.subscribe(reachable.client(), "/users", ADDRESS, SECRET)
    webhook.unsubscribe(reachable.client(), made)
    assert held(reachable) == []
    with pytest.raises(TargetGone):
        webhook.unsubscribe(reachable.client(), made)


def test_an_address_that_does_not_answer_is_told_with_what_to_do(bench: Bench) -> None:
    before, bench.simulator.ask = bench.simulator.ask, lambda url, headers, body: Got(502, {}, b"")
    with pytest.raises(Unavailable, match="does not register the portal's address") as refused:
        webhook.subscribe(bench.client(), "/users", ADDRESS, SECRET)
    bench.simulator.ask = before
    assert "reached from the internet" in refused.value.remedy


def test_groups_are_registered_for_only_with_the_permission_that_is_not_asked_for(bench: Bench) -> None:
    bench.secrets.write_tokens(tokens(bench.held, "User.Read.All"))
    assert list(webhook.topics(bench.client())) == ["/users"]
    bench.secrets.write_tokens(tokens(bench.held, "User.Read.All", "Group.Read.All"))
    assert list(webhook.topics(bench.client())) == ["/users", "/groups"]


def test_a_removed_registration_is_renewed_and_what_it_missed_is_read(reachable: Bench) -> None:
    made = webhook.subscribe(reachable.client(), "/users", ADDRESS, SECRET)
    told = {
        "subscriptionId": made.id, "clientState": held(reachable)[0].client_state,
        "lifecycleEvent": "subscriptionRemoved",
    }  # fmt: skip
    reachable.held.outbox.put(ADDRESS, [told], reachable.held.now())
    reachable.simulator.send()
    assert list(webhook.hints(came(reachable.held.sent[-1]))) == [RenewNow(made.id), ReadNow("users")]


def test_each_drive_is_registered_for_and_what_changes_in_it_has_its_site_read(reachable: Bench) -> None:
    files = reachable.held.files
    wanted = {f"/sites/{files.sites[each.site_id].full_id}/drives/{each.id}/root" for each in files.drives.values()}
    found = set(webhook.topics(reachable.client()))
    assert found == {"/users", "/groups", *wanted}
    sales = files.drive_named("Sales")
    topic = next(each for each in found if sales.id in each)
    webhook.subscribe(reachable.client(), topic, ADDRESS, SECRET)
    (made,) = held(reachable)
    assert made.resource == f"/drives/{sales.id}/root"
    assert made.change_types == {"updated"}
    brochure = files.named("Brochure.pdf")
    assert brochure.author is not None
    files.write(brochure, b"another", brochure.author, reachable.held.now())
    reachable.simulator.send()
    told = came(reachable.held.sent[-1])
    assert webhook.verify(told, (SECRET,))
    assert list(webhook.hints(told)) == [ReadNow("files", files.sites[sales.site_id].full_id)]


def test_a_locked_site_and_a_tenant_of_many_sites_are_not_registered_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    sales = bench.held.files.drive_named("Sales")
    bench.held.files.sites[sales.site_id].is_locked = True
    found = set(webhook.topics(bench.client()))
    assert len(found) == 5
    assert not any(sales.id in each for each in found)
    monkeypatch.setattr(webhook, "MOST_SITES", 3)
    assert set(webhook.topics(bench.client())) == {"/users", "/groups"}
