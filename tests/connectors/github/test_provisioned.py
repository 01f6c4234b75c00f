"""Who is at the identity provider and nobody at GitHub yet."""

import json
from datetime import UTC, datetime

import pytest

from connectors.base import Account, AccountStatus, NotAvailable, Page, PermissionMissing
from tests.connectors.conformance.github import AppBench, Bench, tokens
from tests.connectors.conformance.reading import pages_of
from tests.connectors.github.conftest import Read, Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.github.organisation import Organisation

FEED = "unclaimed_identities"


def found(pages: list[Page]) -> dict[str, Account]:
    return {each.username: each for page in pages for each in page.records if isinstance(each, Account)}


def test_an_identity_that_nobody_claimed_is_an_account_that_is_not_in_yet(
    bench: Bench, read: Read, organisation: Organisation
) -> None:
    bench.sandbox.requests.clear()
    [(username, late)] = found(read(FEED)).items()
    identity = next(each for each in organisation.identities if each.name_id == username)
    assert (username, late.name, late.email) == ("late.joiner@contoso.example", "Léa Joiner", username)
    assert (late.id, late.status) == (f"identity:{identity.guid}", AccountStatus.PENDING)
    assert late.created_at == datetime.fromtimestamp(identity.created_at, UTC)
    ids = {each.kind: each.value for each in late.directory_ids}
    assert (ids["SCIM external id"], ids["SCIM id"], ids["SAML name id"]) == ("C1099", identity.guid, username)
    assert len(bench.sandbox.requests) == 2, "a call for a hundred identities, and one for each that is unclaimed"


def test_who_claims_it_or_is_invited_is_no_longer_among_them(read: Read, organisation: Organisation) -> None:
    identity = organisation.identities[-1]
    identity.user_id = 8_814_305
    assert found(read(FEED)) == {}
    identity.user_id = None
    invitation = organisation.invitations[58_110_377]
    invitation.email = identity.emails[0]
    assert list(found(read(FEED))) == ["new.starter@contoso.example"]


def test_without_the_scope_of_scim_all_but_its_own_id_is_told(bench: Bench, read: Read) -> None:
    value = bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["read:org"])
    bench.secrets.write_tokens(tokens(value, ["read:org"]))
    [late] = found(read(FEED)).values()
    assert [each.kind for each in late.directory_ids] == ["SAML name id", "SCIM user name", "SCIM id"]


def test_without_scim_it_is_told_by_saml_alone(read: Read, organisation: Organisation) -> None:
    organisation.identities[-1].is_provisioned = False
    [late] = found(read(FEED)).values()
    assert [each.kind for each in late.directory_ids] == ["SAML name id"]


def test_without_single_sign_on_of_the_organisation_there_are_none(read: Read, organisation: Organisation) -> None:
    organisation.has_saml = False
    with pytest.raises(NotAvailable, match="SAML single sign-on"):
        read(FEED)


def test_identities_that_are_refused_are_not_taken_for_unclaimed(read: Read, stub: Stub) -> None:
    stub("POST", "/graphql", lambda true: _with_error(true))
    with pytest.raises(PermissionMissing, match="identities of single sign-on") as error:
        read(FEED)
    assert error.value.permission == "read:org"


def test_an_app_that_may_not_read_members_is_told_so(app: AppBench) -> None:
    app.take_permission("members")
    with pytest.raises(PermissionMissing) as error:
        pages_of(app.connector.feed(FEED), app.client())
    assert error.value.permission == "members:read"


def _with_error(true: Answer) -> Answer:
    """GitHub's: the field that was refused is null in what came else."""
    said = json.loads(true.body)
    said["errors"] = [{"type": "FORBIDDEN", "path": ["organization"], "message": "Something about it"}]
    return Answer.of_json(said)
