"""What a connection may see and do at the simulated enterprise: by each way to connect, and with rights missing."""

import pytest

from connectors.base import Capability, Client, MemorySecrets, Network, PermissionMissing
from connectors.box import connector
from connectors.box.feeds.files import owners
from connectors.box.scopes import LABELS, SCOPES
from tests.connectors.conformance.box import CO_ADMIN, OWNER, Bench, tokens
from tests.sandbox.box import keys
from tests.sandbox.box.people import User


def client_of(bench: Bench, user: User, scopes: tuple[str, ...] = SCOPES) -> Client:
    """Somebody else consented, or the app has other scopes."""
    application = next(each for each in bench.held.applications.values() if not each.is_server)
    token = bench.held.add_token(application, user, scopes)
    bench.secrets = MemorySecrets({"client_secret": application.client_secret}, tokens(token.text, ""))
    return bench.client()


def test_the_primary_admin_misses_nothing(bench: Bench) -> None:
    tenant = connector.check(bench.client())
    assert (tenant.id, tenant.name, tenant.missing) == ("918273", "Contoso Ltd", ())
    assert tenant.connected_as == bench.held.primary_admin.login
    assert tenant.warnings == ()


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_that_was_not_ticked_is_named_with_what_it_closes(bench: Bench, scope: str) -> None:
    left = tuple(each for each in SCOPES if each != scope)
    if scope == "root_readonly":
        left = tuple(each for each in left if each != "root_readwrite")  # which includes reading
    tenant = connector.check(client_of(bench, bench.held.primary_admin, left))
    assert scope in [each.permission for each in tenant.missing]
    found = next(each for each in tenant.missing if each.permission == scope)
    assert found.closes
    assert f"Tick {LABELS[scope]} in the Developer Console" in found.remedy
    assert scope not in tenant.granted


def test_without_the_as_user_tick_data_is_not_scanned(bench: Bench) -> None:
    client = bench.client()
    next(each for each in bench.held.applications.values() if not each.is_server).has_as_user = False
    (missing,) = connector.check(client).missing
    assert missing.permission == "as-user"
    assert "Tick Make API calls using the as-user header" in missing.remedy
    assert Capability.DATA_SCAN in missing.closes


def test_a_co_admin_is_warned_and_reads_no_other_admins_drive(bench: Bench) -> None:
    client = client_of(bench, bench.held.users[CO_ADMIN])
    tenant = connector.check(client)
    assert any("co-admin" in warning for warning in tenant.warnings)
    read = {each.id for each in owners(client)}
    admins = {each.id for each in bench.held.managed() if each.is_administrator}
    assert OWNER in read
    assert read & admins == {CO_ADMIN}


def test_who_is_no_admin_and_who_has_no_enterprise_cannot_connect(bench: Bench) -> None:
    with pytest.raises(PermissionMissing, match="not an admin"):
        connector.check(client_of(bench, bench.held.users[OWNER]))
    lonely = bench.held.add_user(User("700199", "alone@box.example", "Alone", 0.0, None))
    with pytest.raises(PermissionMissing, match="no enterprise"):
        connector.check(client_of(bench, lonely))


@pytest.mark.parametrize("method_id", ["client_credentials", "key_pair"])
def test_a_server_app_signs_in_and_says_what_it_cannot_see(bench: Bench, method_id: str) -> None:
    application = next(each for each in bench.held.applications.values() if each.is_server)
    bench.config = {"client_id": application.client_id, "enterprise_id": bench.held.enterprise.id}
    secrets = {"client_secret": application.client_secret}
    if method_id == "key_pair":
        secrets = {"key_file": keys.configuration(application, bench.held.enterprise.id)}
    bench.secrets = MemorySecrets(secrets)
    network = Network(bench.sandbox.overrides())
    method = connector.method(method_id)
    client = Client(connector, method, config=bench.config, secrets=bench.secrets, network=network, now=bench.now)
    tenant = connector.check(client)
    assert tenant.missing == ()
    assert any("no admin" in warning for warning in tenant.warnings)
    read = {each.id for each in owners(client)}
    assert OWNER in read
    assert read & {each.id for each in bench.held.managed() if each.is_administrator} == set()
    assert list(connector.feed("files").pages(client, None, OWNER))
