"""Users: what is said of each, and how they are kept up."""

from datetime import datetime, timedelta

import pytest

from connectors.base import Account, AccountStatus, CursorExpired, Gone, PermissionMissing
from tests.connectors.conformance.office365 import MEMBER, Bench, tokens
from tests.connectors.office365.reading import Follower, asked
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.growth import add_users


def user(bench: Bench, handle: str) -> DirectoryObject:
    return bench.held.directory.user(handle)


@pytest.fixture
def users(bench: Bench) -> Follower:
    return Follower(bench, "users")


def test_everybody_is_told_with_a_status(bench: Bench, users: Follower) -> None:
    found = users.of(Account)
    told = {handle: found[user(bench, handle).id].status for handle in ("wjones", "hgreen", "fab-newhire", "tvolkov")}
    assert told == {
        "wjones": AccountStatus.ACTIVE,
        "hgreen": AccountStatus.SUSPENDED,
        "fab-newhire": AccountStatus.PENDING,
        "tvolkov": AccountStatus.DELETED,
    }
    assert len(found) == len(bench.held.directory.users()) + 1


def test_a_guest_is_external_and_known_by_the_address_at_home(bench: Bench, users: Follower) -> None:
    guest = users.of(Account)[user(bench, "fab-omar").id]
    assert guest.is_external
    assert "#EXT#" in guest.username
    assert guest.email.endswith("@fabrikam.example")


def test_who_has_no_mailbox_has_no_address_and_raw_says_who_is_synced_and_licensed(
    bench: Bench, users: Follower
) -> None:
    found = users.of(Account)
    service, synced = found[user(bench, "contoso-backup-svc").id], found[user(bench, "rpatel").id]
    assert (service.email, service.raw["assignedLicenses"]) == ("", [])
    assert synced.raw["onPremisesSyncEnabled"] is True
    assert synced.is_external is False


def test_second_factors_admins_and_last_sign_ins_are_told_with_it(bench: Bench, users: Follower) -> None:
    found = users.of(Account)
    factors = bench.held.second_factors
    weak = next(key for key, methods in factors.items() if methods == ["mobilePhone"] and key in found)
    none = next(key for key, methods in factors.items() if not methods and key in found)
    assert (found[weak].has_mfa, found[weak].has_weak_mfa) == (True, True)
    assert (found[none].has_mfa, found[none].has_weak_mfa) == (False, False)
    handles = ("mhartmann", "bschmidt", "gcohen", "asingh")
    admins = {handle: found[user(bench, handle).id].is_admin for handle in handles}
    assert admins == {"mhartmann": True, "bschmidt": True, "gcohen": False, "asingh": False}, (
        "by a role-assignable group one is an admin, by a role that only reads or could be taken one is not"
    )
    assert found[MEMBER].last_seen_at == datetime.fromisoformat(
        user(bench, "wjones").properties["signInActivity"]["lastNonInteractiveSignInDateTime"]
    )


def test_without_the_licence_everybody_is_listed_and_last_sign_ins_are_not_known(bench: Bench, users: Follower) -> None:
    bench.held.has_premium = False
    found = users.of(Account)
    assert len(found) == len(bench.held.directory.users()) + 1
    assert {(each.last_seen_at, each.has_mfa) for each in found.values()} == {(None, None)}


def test_without_the_permissions_nothing_is_asked_that_would_be_refused(bench: Bench, users: Follower) -> None:
    bench.secrets.write_tokens(tokens(bench.held, "User.Read.All"))
    found = users.of(Account)
    assert {(each.last_seen_at, each.has_mfa, each.is_admin) for each in found.values()} == {(None, None, None)}
    assert {each.status for each in bench.sandbox.requests} == {200}


def test_a_change_is_read_whole_and_keeps_what_the_delta_does_not_tell(bench: Bench, users: Follower) -> None:
    before = users.of(Account)[MEMBER]
    bench.held.directory.update(user(bench, "wjones"), {"accountEnabled": False, "displayName": "W. Jones"})
    bench.sandbox.requests.clear()
    (now,) = users.read()
    assert (now.id, now.status, now.name) == (MEMBER, AccountStatus.SUSPENDED, "W. Jones")
    assert (now.last_seen_at, now.has_mfa, now.is_admin) == (before.last_seen_at, before.has_mfa, before.is_admin)
    assert asked(bench, "GET", "/users") == [], "nobody else is read"


def test_what_changes_while_everybody_is_listed_comes_after_it(bench: Bench, users: Follower) -> None:
    bench.held.largest_page = 10
    pages = bench.connector.feed("users").pages(bench.client(), None)
    first = next(pages)
    bench.held.directory.update(user(bench, "wjones"), {"accountEnabled": False})
    rest = [record for page in pages for record in page.records if isinstance(record, Account)]
    assert len(first.records) == 10
    assert (rest[-1].id, rest[-1].status) == (MEMBER, AccountStatus.SUSPENDED)


def test_the_same_change_told_twice_is_read_once(bench: Bench, users: Follower) -> None:
    users.read()
    bench.held.has_odd_deltas = True
    bench.held.directory.update(user(bench, "wjones"), {"displayName": "Will"})
    assert [each.name for each in users.read()] == ["Will"]


def test_who_is_deleted_stays_as_deleted_for_a_month_and_then_goes(bench: Bench, users: Follower) -> None:
    users.read()
    person = user(bench, "wjones")
    bench.held.directory.delete(person, bench.held.now())
    (deleted,) = users.read()
    assert (deleted.id, deleted.status) == (MEMBER, AccountStatus.DELETED)
    bench.held.directory.purge(person)
    assert users.read() == [Gone(Account, MEMBER)]


def test_after_half_a_day_everybody_is_listed_again_for_last_sign_ins(bench: Bench, users: Follower) -> None:
    users.read()
    bench.sandbox.clock.advance(timedelta(hours=11).total_seconds())
    assert users.read() == []
    bench.sandbox.clock.advance(timedelta(hours=1, minutes=1).total_seconds())
    assert len(users.read()) == len(bench.held.directory.users()) + 1
    assert users.read() == []


def test_where_very_many_changed_all_are_listed_next_time(bench: Bench, users: Follower) -> None:
    add_users(bench.held, 30)
    users.read()
    for each in bench.held.directory.users():
        bench.held.directory.update(each, {"jobTitle": "Of the new department"})
    assert users.read() == []
    bench.sandbox.requests.clear()
    listed = users.of(Account)
    assert {each.raw["jobTitle"] for each in listed.values() if not each.raw["deletedDateTime"]} == {
        "Of the new department"
    }
    assert len(bench.sandbox.requests) < 20, "nobody is read singly"


@pytest.mark.parametrize("status", [410, 400])
def test_a_token_that_is_too_old_begins_a_new_pass(bench: Bench, users: Follower, status: int) -> None:
    users.read()
    bench.held.delta_era += 1
    bench.held.forgets_with = status
    with pytest.raises(CursorExpired):
        users.read()


def test_one_user_is_read_for_a_push(bench: Bench) -> None:
    one = bench.connector.feed("users").one
    assert one
    (found,) = one(bench.client(), "", MEMBER)
    assert isinstance(found, Account)
    assert found.username == "wjones@contoso.example"
    nobody = "00000000-1111-2222-3333-444444444444"
    assert list(one(bench.client(), "", nobody)) == [Gone(Account, nobody)]


def test_users_that_may_not_be_read_say_which_permission_is_missing(bench: Bench, users: Follower) -> None:
    bench.secrets.write_tokens(tokens(bench.held, "Organization.Read.All"))
    with pytest.raises(PermissionMissing, match="refuses this call"):
        users.read()
