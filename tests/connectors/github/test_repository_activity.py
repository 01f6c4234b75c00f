"""Pushes and branches of repositories, for plans without audit log."""

from datetime import timedelta

from connectors.base import AccountKind, Activity, Client, Page
from connectors.github.feeds.repository_activity import repositories_with_pushes, repository_activity
from tests.connectors.conformance.github import Bench

DOCS = "301445118"


def events(pages: list[Page]) -> list[Activity]:
    return [each for page in pages for each in page.records if isinstance(each, Activity)]


def test_a_push_is_an_activity_with_actor_and_repository(client: Client, bench: Bench) -> None:
    client.put("/repos/contoso-dev/docs/contents/new.md", json={"message": "new", "content": "eA=="})
    told = events(list(repository_activity.pages(client, None, DOCS)))[-1]
    assert told.action == "git.push"
    assert (told.actor_name, told.actor_kind) == ("contoso-security-svc", AccountKind.USER)
    assert [(each.kind, each.id, each.name) for each in told.targets] == [("repository", DOCS, "contoso-dev/docs")]
    assert abs(told.occurred_at - client.now()) < timedelta(minutes=1)


def test_the_next_run_begins_at_the_newest_and_loses_nothing(client: Client, bench: Bench) -> None:
    first = list(repository_activity.pages(client, None, DOCS))
    cursor = first[-1].cursor
    client.put("/repos/contoso-dev/docs/contents/new.md", json={"message": "new", "content": "eA=="})
    bench.sandbox.requests.clear()
    again = events(list(repository_activity.pages(client, cursor, DOCS)))
    assert again[-1].action == "git.push"
    assert {each.id for each in events(first)} & {each.id for each in again} <= {each.id for each in events(first)}


def test_only_repositories_with_late_pushes_are_asked(client: Client, bench: Bench) -> None:
    found = [each.label for each in repositories_with_pushes(client)]
    late = [
        each.full_name
        for each in bench.organisation.repositories.values()
        if each.pushed_at and bench.sandbox.clock.now() - each.pushed_at <= timedelta(days=30).total_seconds()
    ]
    assert sorted(found) == sorted(late)
    assert len(found) < len(bench.organisation.repositories)


def test_with_an_audit_log_it_is_not_read(client: Client, bench: Bench) -> None:
    assert "audit log tells it" in bench.connector.check(client).unavailable["repository_activity"]
