"""A simulated organisation of a hundred thousand people and a million events: made when looked at, always the same."""

import tracemalloc
from pathlib import Path

import pytest

from tests.connectors import github_callers as callers
from tests.connectors.github_callers import ORG, logins, recorded
from tests.sandbox import Sandbox, memory
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.github.lengthened import Lengthened, Listed
from tests.sandbox.server import KEPT_BYTES

MEMBERS = (
    'query($c:String){organization(login:"contoso-dev"){membersWithRole(first:100,after:$c){totalCount '
    "pageInfo{hasNextPage endCursor} edges{role node{databaseId login}}}}}"
)


@pytest.fixture
def sandbox() -> Sandbox:
    sandbox = Sandbox()
    sandbox.github.state.grow(members=100_000, events=1_000_000)
    return sandbox


@pytest.fixture
def owner(sandbox: Sandbox) -> Caller:
    return callers.owner(sandbox)


def page(call: Caller, number: int) -> list[Json]:
    rows: list[Json] = call.get(f"{ORG}/members?per_page=100&page={number}").json()
    return rows


def test_the_first_the_last_and_every_page_between_are_whole(owner: Caller) -> None:
    first, last = page(owner, 1), page(owner, 1000)
    assert [row["login"] for row in first[12:16]] == ["rferreira", "contoso-deploy-svc", "grown-000000", "grown-000001"]
    assert (len(last), last[-1]["login"]) == (100, "grown-099985")
    assert "page=1000" in (owner.get(f"{ORG}/members?per_page=100").link("last") or "")
    assert page(owner, 1001) == []


def test_it_costs_no_memory_to_have_or_to_read_them() -> None:
    tracemalloc.start()
    sandbox = Sandbox()
    sandbox.github.state.grow(members=100_000, events=1_000_000)
    call = callers.owner(sandbox)
    for number in range(400, 420):
        page(call, number)
        call.get(f"{ORG}/audit-log?per_page=100&include=all")
        sandbox.requests.clear()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_pages_are_the_same_at_every_read(sandbox: Sandbox, owner: Caller) -> None:
    first = owner.get(f"{ORG}/members?per_page=100&page=500")
    again = owner.get(f"{ORG}/members?per_page=100&page=500", {"If-None-Match": first.headers["etag"]})
    assert again.status == 304
    events = owner.get(f"{ORG}/audit-log?per_page=100&include=all")
    owner("DELETE", f"{ORG}/memberships/asingh")
    [removed, *_] = [each for each in recorded(sandbox, 5) if each["action"] == "org.remove_member"]
    later = [row for row in owner.get(f"{ORG}/audit-log?per_page=100&include=all").json() if row["_document_id"]]
    known = {row["_document_id"]: row for row in later}
    assert removed["_document_id"] in known
    shared = [row for row in events.json() if row["_document_id"] in known]
    assert len(shared) > 80
    assert all(known[row["_document_id"]] == row for row in shared)


def test_grown_people_are_people(sandbox: Sandbox, owner: Caller) -> None:
    login = "grown-054321"
    user = owner.get(f"/users/{login}").json()
    assert owner.get(f"/user/{user['id']}").json()["login"] == login
    assert owner.get(f"{ORG}/memberships/{login}").json()["role"] == "member"
    assert owner("PUT", f"{ORG}/memberships/{login}", {"role": "admin"}).json()["role"] == "admin"
    assert login in logins(owner, f"{ORG}/members?role=admin")
    assert owner("DELETE", f"{ORG}/memberships/{login}").status == 204
    assert owner.get(f"{ORG}/memberships/{login}").status == 404
    assert [row["login"] for row in page(owner, 544)][35:37] == ["grown-054322", "grown-054323"]
    assert page(owner, 1000)[-1]["login"] == "grown-099985"
    assert len(page(owner, 1000)) == 99
    assert owner("PUT", f"{ORG}/memberships/{login}", {"role": "member"}).json()["state"] == "pending"
    state = sandbox.github.state
    sandbox.github.organisation().accept_invitation(state.person(login))
    state.rename_user(state.person("grown-000007"), "lucky-seven")
    assert owner.get("/users/grown-000007").status == 404
    assert "lucky-seven" in [row["login"] for row in page(owner, 1)]
    assert callers.caller(sandbox, "grown-000099", "read:org").get("/user").json()["login"] == "grown-000099"


def test_graphql_pages_through_a_crowd(owner: Caller) -> None:
    cursor, seen, pages = None, set(), 0
    while pages < 30:
        reply = owner("POST", "/graphql", {"query": MEMBERS, "variables": {"c": cursor}}).json()
        found = reply["data"]["organization"]["membersWithRole"]
        assert found["totalCount"] == 100_000
        seen |= {edge["node"]["databaseId"] for edge in found["edges"]}
        cursor, pages = found["pageInfo"]["endCursor"], pages + 1
    assert len(seen) == 3000


def test_a_second_growth_goes_on_where_the_first_ended(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.state.grow(members=100_050)
    assert len(page(owner, 1001)) == 50
    sandbox.github.state.grow(members=20, organisation="fabrikam-oss")
    other = logins(owner, "/orgs/fabrikam-oss/members?per_page=100")
    assert (len(other), other[-1]) == (20, "grown-000015-815")
    assert owner.get("/users/grown-000015-815").status == 200


def test_a_grown_state_is_remembered(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.github.state.rename_user(sandbox.github.state.person("grown-000001"), "renamed")
    memory.write(sandbox, tmp_path / "memory")
    after = Sandbox()
    assert memory.read(after, tmp_path / "memory")
    assert "renamed" in [row["login"] for row in page(callers.owner(after), 1)]
    assert len(after.github.organisation().members) == 100_000
    assert len(callers.owner(after).get(f"{ORG}/audit-log?per_page=100&include=all").json()) == 100


def test_exchanges_with_long_answers_are_forgotten_sooner(sandbox: Sandbox, owner: Caller) -> None:
    for _ in range(3):
        owner.get("/repos/contoso-dev/data-lake/contents/dumps/customers.csv", {"Accept": "application/vnd.github.raw"})
    assert len(sandbox.requests) == 3
    for _ in range(20):
        owner.get("/repos/contoso-dev/data-lake/contents/dumps/customers.csv", {"Accept": "application/vnd.github.raw"})
    assert sum(len(each.response_body) for each in sandbox.requests) <= KEPT_BYTES
    assert len(sandbox.requests) < 20


# -- the dictionary


def entries() -> Lengthened[str]:
    found: Lengthened[str] = Lengthened()
    found[7] = "own"
    found.lengthen(100, 10, str)
    return found


def test_what_is_gone_leaves_no_gap() -> None:
    found = entries()
    for key in (100, 103, 104, 109):
        del found[key]
    assert list(found) == [7, 101, 102, 105, 106, 107, 108]
    assert found.keys_between(0, 99) == list(found)
    assert [found.keys_between(number, number + 1)[0] for number in range(len(found))] == list(found)
    assert list(Listed(found)[2:5]) == [102, 105, 106]
    assert 104 not in found
    assert found.get(104) is None
    with pytest.raises(KeyError):
        del found[104]


def test_what_is_kept_or_put_stays() -> None:
    found: Lengthened[list[int]] = Lengthened()
    found.lengthen(0, 3, lambda key: [key])
    found[1].append(9)
    assert found[1] == [1]
    found.keep(1).append(9)
    assert found[1] == [1, 9]
    found[2] = [5]
    del found[0]
    found[0] = [6]
    assert list(found.items()) == [(0, [6]), (1, [1, 9]), (2, [5])]
    assert dict(found.stored()) == {0: [6], 1: [1, 9], 2: [5]}
