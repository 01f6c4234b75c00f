"""Who can reach repositories."""

from connectors.base import Client, Collaborator, HolderKind, Page, Privilege
from connectors.github.feeds.sharing import PARTS
from tests.connectors.conformance.github import Bench
from tests.connectors.conformance.reading import kept
from tests.connectors.github.conftest import Read, Stub
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.refusal import Refusal


def shares(pages: list[Page]) -> list[Collaborator]:
    return [each for page in pages for each in page.records if isinstance(each, Collaborator)]


def rights(pages: list[Page]) -> list[Privilege]:
    return [each for page in pages for each in page.records if isinstance(each, Privilege)]


def of(found: list[Collaborator], organisation: Organisation, name: str) -> dict[str, Collaborator]:
    repository = organisation.repository(name)
    assert repository
    return {each.name: each for each in found if each.file_id == str(repository.id)}


def test_people_teams_invitations_and_keys_can_reach_a_repository(read: Read, organisation: Organisation) -> None:
    found = of(shares(read("sharing")), organisation, "partner-portal")
    assert set(found) == {"fab-lena", "fab-newhire", "fabrikam-ci"}
    assert (found["fab-lena"].role, found["fab-lena"].is_pending) == ("write", False)
    assert (found["fab-newhire"].is_pending, found["fab-newhire"].is_external) == (True, True)
    assert (found["fabrikam-ci"].role, found["fabrikam-ci"].is_external) == ("read", True)


def test_whether_somebody_is_from_outside_the_account_tells(read: Read, organisation: Organisation) -> None:
    found = of(shares(read("sharing")), organisation, "billing-api")
    assert {name: each.is_external for name, each in found.items()} == {
        "priya-freelance": None,
        "obrien-c": None,
        "Engineering": False,
        "Site Reliability 🚒": False,
    }
    assert found["priya-freelance"].account_id == "19447802"


def test_administrators_and_custom_roles_are_privileges(read: Read, organisation: Organisation) -> None:
    found = rights(read("sharing"))
    assert {(each.holder_id, each.holder_kind, each.name, each.scope, each.is_admin) for each in found} == {
        ("2301556020", HolderKind.ACCOUNT, "Repository admin", "contoso-dev/release-tools", True),
        ("2377410889", HolderKind.ACCOUNT, "release-manager", "contoso-dev/ml-pipelines", False),
        ("9120411", HolderKind.GROUP, "Repository admin", "contoso-dev/infra-live", True),
        ("2150774102", HolderKind.GROUP, "Repository admin", "contoso-dev/incident-notes", True),
    }


def test_a_repository_deleted_while_it_is_read_is_left_out(bench: Bench, client: Client) -> None:
    pages = bench.connector.feed("sharing").pages(client, None)
    next(pages)
    gone = next(iter(bench.organisation.repositories.values()))
    del bench.organisation.repositories[gone.id]
    rest = list(pages)
    assert str(gone.id) not in {each.file_id for each in shares(rest)}
    assert of(shares(rest), bench.organisation, "partner-portal")


def test_a_repository_renamed_while_it_is_read_is_read_all_the_same(bench: Bench, client: Client) -> None:
    pages = bench.connector.feed("sharing").pages(client, None)
    next(pages)
    renamed = bench.organisation.repository("partner-portal")
    assert renamed
    renamed.rename("partners", bench.sandbox.github.state.actor("dokafor"))
    assert set(of(shares(list(pages)), bench.organisation, "partners")) == {"fab-lena", "fab-newhire", "fabrikam-ci"}


def test_a_repository_that_github_has_blocked_does_not_stop_the_others(bench: Bench, read: Read, stub: Stub) -> None:
    path = "/repositories/301445118/.*"
    for status, message in ((403, "Repository access blocked"), (451, "Repository access blocked")):
        stub("GET", path, Refusal(status, message).answer())
        found = shares(read("sharing"))
        assert of(found, bench.organisation, "partner-portal")
        assert not of(found, bench.organisation, "docs")


def test_an_interrupted_run_goes_on_at_the_next_list_of_the_same_repository(bench: Bench, client: Client) -> None:
    feed = bench.connector.feed("sharing")
    pages = feed.pages(client, None)
    next(pages)
    cursor = next(pages).cursor
    assert cursor
    assert cursor["part"] == PARTS[1].name
    bench.sandbox.requests.clear()
    next(feed.pages(bench.client(), kept(cursor)))
    assert [each.path for each in bench.sandbox.requests][1:] == [f"/repositories/{cursor['entry']}/teams"]


def test_a_finished_pass_does_not_begin_again(bench: Bench, client: Client) -> None:
    feed = bench.connector.feed("sharing")
    *_, last = feed.pages(client, None)
    bench.sandbox.requests.clear()
    assert list(feed.pages(bench.client(), kept(last.cursor))) == []
    assert bench.sandbox.requests == []
