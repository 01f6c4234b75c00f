"""Members, outside collaborators and invitations."""

import json
from datetime import UTC, datetime

import pytest

from connectors.base import (
    Account,
    AccountKind,
    AccountStatus,
    BadResponse,
    Client,
    Page,
    PermissionMissing,
    Privilege,
    RateLimited,
)
from connectors.github import second_factors
from tests.connectors.conformance.github import Bench, ManagedBench, tokens
from tests.connectors.conformance.reading import pages_of
from tests.connectors.github.conftest import Read, Stub
from tests.sandbox.exchange import Answer, Exchange, Json, Request
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.refusal import Refusal, not_found

EVERYBODY, MEMBERS, OWNERS = 20, 14, 2


def accounts(pages: list[Page]) -> dict[str, Account]:
    found = [record for page in pages for record in page.records if isinstance(record, Account)]
    assert len({each.id for each in found}) == len(found)
    return {each.username or each.email: each for each in found}


def owners(pages: list[Page]) -> set[str]:
    return {each.holder_id for page in pages for each in page.records if isinstance(each, Privilege)}


def is_narrowed(asked: Request | Exchange) -> bool:
    return any(name == "filter" for name, _ in asked.query)


def refused(kind: str, message: str = "Something about it") -> Answer:
    return Answer.of_json({"data": None, "errors": [{"type": kind, "message": message}]})


def test_members_have_name_role_and_second_factor(read: Read, organisation: Organisation) -> None:
    found = accounts(read("accounts"))
    assert len(found) == EVERYBODY
    owner = found["dokafor"]
    assert (owner.id, owner.name, owner.email) == ("11203114", "Daniel Okafor", "dokafor@users.example")
    assert (owner.is_admin, owner.has_mfa, owner.is_external) == (True, True, False)
    assert (owner.kind, owner.status) == (AccountKind.USER, AccountStatus.ACTIVE)
    assert owner.url == "https://github.com/dokafor"
    made_at = organisation.users[11203114].created_at
    assert owner.created_at == datetime.fromtimestamp(made_at, UTC)
    assert found["obrien-c"].has_mfa is False
    assert (found["sato-h"].name, found["sato-h"].is_admin) == ("", False)
    assert found["yhaddad"].id == "2290117334"


def test_members_without_an_address_on_their_profile_have_that_of_their_work(
    read: Read, organisation: Organisation
) -> None:
    """At a verified domain of the organisation, else the one that its identity provider gave."""
    assert accounts(read("accounts"))["asingh"].email == "asingh@contoso.example"
    organisation.verified_domains = ()
    by_single_sign_on = accounts(read("accounts"))["asingh"]
    assert by_single_sign_on.email == "asingh@contoso.example"
    assert by_single_sign_on.raw["identity"]["external"]["samlIdentity"] == {"nameId": "asingh@contoso.example"}
    organisation.has_saml = False
    assert accounts(read("accounts"))["asingh"].email == ""


def ids_of(account: Account) -> dict[str, tuple[str, str]]:
    return {each.kind: (each.value, each.provider) for each in account.directory_ids}


def test_members_have_the_ids_of_their_identity_provider(read: Read, organisation: Organisation) -> None:
    found, issuer = accounts(read("accounts")), "https://sts.contoso.example/contoso-dev"
    guid = next(each.guid for each in organisation.identities if each.user_id == 102334871)
    assert ids_of(found["asingh"]) == {
        "SAML name id": ("asingh@contoso.example", issuer),
        "SCIM user name": ("asingh@contoso.example", issuer),
        "SCIM id": (guid, issuer),
    }
    assert found["lvantongeren"].directory_ids == ()
    by_saml_alone = organisation.identities[-3].user_id
    [alone] = [each for each in found.values() if each.id == str(by_saml_alone)]
    assert list(ids_of(alone)) == ["SAML name id"]


@pytest.mark.parametrize(
    ("by", "kinds", "provider"),
    [
        ("saml", ["SAML name id", "SCIM user name", "SCIM id"], "https://sts.contoso.example/enterprise"),
        ("oidc", ["SCIM user name", "SCIM id"], "AAD tenant 3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
    ],
)
def test_single_sign_on_of_the_enterprise_is_read_where_the_organisation_has_none(
    managed: ManagedBench, by: str, kinds: list[str], provider: str
) -> None:
    managed.enterprise.single_sign_on = by
    for identity in managed.enterprise.identities:
        identity.is_saml = by == "saml"
    managed.organisation.verified_domains = ()
    managed.sandbox.requests.clear()
    anjali = accounts(pages_of(managed.connector.feed("accounts"), managed.client()))["asingh_ctso"]
    assert [(each.kind, each.provider) for each in anjali.directory_ids] == [(kind, provider) for kind in kinds]
    assert anjali.email == "asingh@contoso.example"
    asked = [each.body.decode() for each in managed.sandbox.requests if each.path == "/graphql"]
    assert sum("ownerInfo" in query for query in asked) == 1


def test_where_the_organisation_has_its_own_the_enterprise_is_not_asked(bench: Bench, read: Read) -> None:
    bench.config["enterprise"] = "contoso"
    bench.sandbox.requests.clear()
    read("accounts")
    assert not any("ownerInfo" in each.body.decode() for each in bench.sandbox.requests)


def test_who_was_invited_by_provisioning_has_those_ids_too(
    bench: Bench, read: Read, organisation: Organisation
) -> None:
    found = accounts(read("accounts"))
    assert ids_of(found["new.starter@contoso.example"])["SCIM user name"][0] == "new.starter@contoso.example"
    assert found["tbaker"].directory_ids == ()
    for invitation in organisation.invitations.values():
        invitation.source = "member"
    bench.sandbox.requests.clear()
    read("accounts")
    assert not any("userName" in each.body.decode() for each in bench.sandbox.requests), "nobody is asked for in vain"


def test_owners_hold_the_privilege(read: Read, organisation: Organisation) -> None:
    pages = read("accounts")
    assert owners(pages) == {str(user_id) for user_id in organisation.owners()}
    held = [each for page in pages for each in page.records if isinstance(each, Privilege)]
    assert all(each.is_admin and each.name == "Organization owner" for each in held)


def test_outside_collaborators_are_external_and_no_owners(read: Read) -> None:
    found = accounts(read("accounts"))
    outside = {name for name, each in found.items() if each.is_external}
    assert outside == {"fab-lena", "fab-omar", "priya-freelance"}
    assert not any(found[name].is_admin for name in outside)


def test_outside_collaborators_have_a_profile_and_their_second_factor(read: Read) -> None:
    """The list has logins alone."""
    found = accounts(read("accounts"))
    assert {name: found[name].has_mfa for name in ("fab-lena", "fab-omar")} == {"fab-lena": True, "fab-omar": False}
    assert found["fab-lena"].name == "Lena Fischer"
    assert found["fab-lena"].created_at is not None


def test_members_listed_by_rest_have_a_profile_and_their_second_factor(read: Read, stub: Stub) -> None:
    by_graphql = accounts(read("accounts"))

    def only_profiles(true: Answer) -> Answer:
        return refused("FORBIDDEN") if "membersWithRole" in true.body.decode() else true

    stub("POST", "/graphql", only_profiles)
    by_rest = accounts(read("accounts"))
    told = ("id", "name", "email", "is_admin", "has_mfa", "created_at", "url")
    assert {name: [getattr(each, field) for field in told] for name, each in by_rest.items()} == {
        name: [getattr(each, field) for field in told] for name, each in by_graphql.items()
    }


def test_who_has_text_messages_for_a_second_factor_is_told_by_one_call_a_list(
    bench: Bench, read: Read, stub: Stub
) -> None:
    bench.sandbox.requests.clear()
    by_graphql = accounts(read("accounts"))
    assert [("filter", "2fa_insecure") in each.query for each in bench.sandbox.requests].count(True) == 2
    weak = {name for name, each in by_graphql.items() if each.has_weak_mfa}
    assert weak == {"nguyenta", "priya-freelance"}
    assert by_graphql["nguyenta"].raw["twoFactorInsecure"] is True
    assert (by_graphql["asingh"].has_weak_mfa, by_graphql["tbaker"].has_weak_mfa) == (False, None)
    stub("POST", "/graphql", refused("FORBIDDEN"))
    assert {name for name, each in accounts(read("accounts")).items() if each.has_weak_mfa} == weak


def test_more_text_messages_than_are_read_again_and_again_tell_nothing(
    bench: Bench, read: Read, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is read anew each time that a pass goes on."""
    bench.sandbox.github.state.largest_page = 1
    monkeypatch.setattr(second_factors, "MOST_PAGES", 2)
    assert accounts(read("accounts"))["nguyenta"].has_weak_mfa is True
    for user_id in list(organisation.members)[:3]:
        organisation.users[user_id].has_text_messages = True
    assert accounts(read("accounts"))["nguyenta"].has_weak_mfa is None


def test_where_github_does_not_tell_of_second_factors_nobody_is_said_to_have_one(
    bench: Bench, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    true, refusal = bench.simulator.answer, Refusal(422, "Only owners can filter.", errors=[])

    def say(request: Request) -> Answer:
        return refusal.answer() if is_narrowed(request) else true(request)

    monkeypatch.setattr(bench.simulator, "answer", say)
    found = accounts(read("accounts"))
    assert (found["fab-lena"].has_mfa, found["fab-lena"].has_weak_mfa) == (None, None)
    assert found["nguyenta"].has_weak_mfa is None


def test_invitations_are_pending_accounts_with_or_without_login(read: Read) -> None:
    found = accounts(read("accounts"))
    pending = {name: each.id for name, each in found.items() if each.status is AccountStatus.PENDING}
    assert pending == {"tbaker": "invitation:58110204", "new.starter@contoso.example": "invitation:58110377"}


def test_invitations_that_failed_have_expired(read: Read, organisation: Organisation) -> None:
    [expired] = [each for each in accounts(read("accounts")).values() if each.status is AccountStatus.EXPIRED]
    assert (expired.id, expired.username) == ("invitation:57900113", "fab-newhire")
    assert "7 days" in expired.raw["failed_reason"]


def test_an_invitation_that_runs_out_stays_the_same_account(read: Read, organisation: Organisation) -> None:
    before = accounts(read("accounts"))["tbaker"]
    ran_out = organisation.invitations.pop(58_110_204)
    ran_out.failed_at = ran_out.created_at + 7 * 86_400
    organisation.failed_invitations[ran_out.id] = ran_out
    after = accounts(read("accounts"))["tbaker"]
    assert (after.id, after.status) == (before.id, AccountStatus.EXPIRED)


def test_whom_the_organisation_blocks_is_an_account_from_outside(read: Read) -> None:
    [blocked] = accounts(read("blocked_people")).values()
    assert (blocked.username, blocked.status) == ("crypto-faucet-9000", AccountStatus.BLOCKED)
    assert (blocked.is_external, blocked.is_admin) == (True, False)


def test_without_the_scope_for_blocks_the_other_accounts_are_read(bench: Bench, read: Read) -> None:
    value = bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["read:org"])
    bench.secrets.write_tokens(tokens(value, ["read:org"]))
    with pytest.raises(PermissionMissing) as error:
        read("blocked_people")
    assert error.value.permission == "admin:org"
    assert len(accounts(read("accounts"))) == EVERYBODY


def test_an_invited_owner_holds_no_privilege_yet(read: Read, organisation: Organisation) -> None:
    for invitation in organisation.invitations.values():
        invitation.role = "admin"
    assert len(owners(read("accounts"))) == OWNERS


def test_bots_are_told_apart(read: Read, bench: Bench, organisation: Organisation) -> None:
    bot = bench.sandbox.github.state.person("dependabot[bot]")
    organisation.outside_collaborators.add(bot.id)
    found = accounts(read("accounts"))
    assert [name for name, each in found.items() if each.kind is AccountKind.BOT] == ["dependabot[bot]"]


def test_a_renamed_login_stays_the_same_account(read: Read, bench: Bench) -> None:
    before = accounts(read("accounts"))["asingh"]
    state = bench.sandbox.github.state
    state.rename_user(state.person("asingh"), "anjali-singh")
    after = accounts(read("accounts"))
    assert "asingh" not in after
    assert after["anjali-singh"].id == before.id


@pytest.mark.parametrize("has_graphql", [True, False])
def test_exactly_a_hundred_members_are_one_page(bench: Bench, read: Read, stub: Stub, has_graphql: bool) -> None:
    """A full last page has no Link header."""
    bench.sandbox.github.state.grow(members=100)
    for user_id in bench.organisation.owners()[1:]:
        bench.organisation.members[user_id].role = "member"
    if not has_graphql:
        stub("POST", "/graphql", refused("FORBIDDEN"))
    bench.sandbox.requests.clear()
    found = accounts(read("accounts"))
    assert len([each for each in found.values() if not each.is_external and each.status is AccountStatus.ACTIVE]) == 100
    lists = [each.path for each in bench.sandbox.requests if not is_narrowed(each) and each.method == "GET"]
    assert len(lists) == (3 if has_graphql else 5)


def test_more_members_than_a_page_are_all_read(bench: Bench, read: Read, stub: Stub) -> None:
    bench.sandbox.github.state.grow(members=305)
    whole = accounts(read("accounts"))
    stub("POST", "/graphql", refused("FORBIDDEN"))
    plain = accounts(read("accounts"))
    assert len(whole) == 305 + EVERYBODY - MEMBERS
    assert plain.keys() == whole.keys()


def test_without_graphql_the_lists_of_rest_are_read(read: Read, stub: Stub) -> None:
    by_graphql = read("accounts")
    stub("POST", "/graphql", refused("FORBIDDEN"))
    by_rest = read("accounts")
    assert {each.id for each in accounts(by_rest).values()} == {each.id for each in accounts(by_graphql).values()}
    assert owners(by_rest) == owners(by_graphql)


def test_ids_that_graphql_cannot_hold_come_from_rest(read: Read, stub: Stub) -> None:
    """GraphQL's numbers have 32 bits; an id beyond them is null there."""

    def nulled(true: Answer) -> Answer:
        said: Json = json.loads(true.body)
        if "membersWithRole" not in said["data"].get("organization", {}):
            return true
        for edge in said["data"]["organization"]["membersWithRole"]["edges"]:
            if edge["node"]["databaseId"] >= 2**31:
                edge["node"]["databaseId"] = None
        return Answer.of_json(said)

    whole = accounts(read("accounts"))
    stub("POST", "/graphql", nulled)
    assert {each.id for each in accounts(read("accounts")).values()} == {each.id for each in whole.values()}


def test_members_are_not_taken_for_all_where_only_public_ones_show(bench: Bench, stub: Stub, read: Read) -> None:
    """Without read:org, GitHub's list holds public members only, and says nothing of it."""
    value = bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["read:user"])
    bench.secrets.write_tokens(tokens(value, ["read:user"]))
    with pytest.raises(PermissionMissing) as error:
        read("accounts")
    assert error.value.permission == "read:org"


def test_without_profile_scope_the_members_are_read_all_the_same(bench: Bench, read: Read) -> None:
    value = bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["read:org"])
    bench.secrets.write_tokens(tokens(value, ["read:org"]))
    assert len(accounts(read("accounts"))) == EVERYBODY


def test_graphqls_own_limit_is_a_pause(read: Read, stub: Stub) -> None:
    stub("POST", "/graphql", refused("RATE_LIMITED", "API rate limit exceeded"))
    with pytest.raises(RateLimited):
        read("accounts")


def test_graphqls_single_sign_on_refusal_is_the_same_as_rests(read: Read, stub: Stub) -> None:
    stub("POST", "/graphql", refused("FORBIDDEN", "Resource protected by organization SAML enforcement."))
    with pytest.raises(PermissionMissing, match="single sign-on"):
        read("accounts")


def test_a_garbled_answer_does_not_cost_the_names_of_everybody(bench: Bench, read: Read) -> None:
    """REST's lists know no names: going there for a hiccup would blank them."""
    bench.sandbox.faults.add("truncated", path_pattern="graphql")
    with pytest.raises(BadResponse):
        read("accounts")


def test_organisations_managed_by_an_enterprise_have_no_invitations(read: Read, stub: Stub) -> None:
    stub("GET", "/orgs/[^/]+/(failed_)?invitations", not_found().answer())
    assert len(accounts(read("accounts"))) == EVERYBODY - 3


def test_an_interrupted_run_goes_on_after_the_members(bench: Bench, client: Client) -> None:
    feed = bench.connector.feed("accounts")
    first = next(feed.pages(client, None))
    bench.sandbox.requests.clear()
    rest = list(feed.pages(client, first.cursor))
    assert len(accounts(rest)) == EVERYBODY - MEMBERS
    lists = [each.path.rpartition("/")[2] for each in bench.sandbox.requests if not is_narrowed(each)]
    lists = [name for name in lists if name != "graphql"]
    assert lists == ["outside_collaborators", "invitations", "failed_invitations"]
