"""What no full pass brought: known rows stay with the feed that sweeps them, new ones wait for a pass."""

from datetime import datetime

import pytest
from django.db import transaction

from connectors.base import Account, Credential, Gone, Group, Listed, Membership, Privilege, Record
from portal.inventory import models, store
from portal.inventory.batches import Home
from portal.inventory.homes import homes
from tests.portal.inventory.test_store import LATER, present, save, sweep
from tests.portal.scans.example import connector

pytestmark = pytest.mark.django_db


def save_outside(*records: Record, homes: dict[type[Listed], Home] | None = None, now: datetime = LATER) -> store.Saved:
    with transaction.atomic():
        return store.save_outside_pass(1, records, homes=homes or {}, now=now)


def test_outside_of_a_pass_a_known_row_stays_with_the_feed_that_listed_it() -> None:
    save(Account(id="1"), Account(id="2"), feed="members", partition="eu", pass_id=7)
    elsewhere: dict[type[Listed], Home] = {Account: Home("other", "us")}
    assert save_outside(Account(id="1", name="changed"), homes=elsewhere) == store.Saved(1, 0)
    row = models.Account.objects.get(vendor_id="1")
    assert (row.feed, row.partition, row.pass_id, row.seen_at) == ("members", "eu", 7, LATER)
    assert row.name == "changed"
    assert sweep(Account, pass_id=7, feed="members", partition="eu") == 0
    assert sweep(Account, pass_id=8, feed="members", partition="eu") == 2, "its own feed decides"


def test_outside_of_a_pass_a_new_row_waits_for_the_pass_after_the_one_that_may_run_now() -> None:
    save(Account(id="1"), pass_id=7)
    save_outside(Account(id="2"), homes={Account: Home("accounts")})
    assert sweep(Account, pass_id=8) == 1, "the pass that runs may have gone past its place"
    assert present() == ["2"]
    assert sweep(Account, pass_id=9) == 1


def test_outside_of_a_pass_a_row_that_comes_back_is_not_swept_by_the_pass_that_runs() -> None:
    save(Account(id="1"), Account(id="2"), pass_id=7)
    save(Account(id="2"), pass_id=8)
    sweep(Account, pass_id=8)
    save_outside(Account(id="1"))
    assert present() == ["1", "2"]
    save(Account(id="2"), pass_id=9)
    assert sweep(Account, pass_id=9) == 0
    assert models.Account.objects.get(vendor_id="1").feed == "accounts"


def test_outside_of_a_pass_a_row_without_a_home_stays_until_somebody_says_that_it_is_gone() -> None:
    save_outside(Credential(id="1", name="x", kind="key"))
    assert sweep(Credential, pass_id=99) == 0
    save_outside(Gone(Credential, "1"))
    assert present(models.Credential) == []


def test_the_home_of_a_record_is_the_first_feed_whose_passes_list_it() -> None:
    assert homes(connector()) == {
        Account: Home("accounts"), Privilege: Home("accounts"), Group: Home("teams"), Membership: Home("teams"),
    }
    assert homes(connector(), "teams", "eu")[Membership] == Home("teams", "eu")
    assert homes(connector(), "labels", "", 3)[Group] == Home("labels", "", 3)
    assert homes(connector(), "events") == homes(connector()), "a feed that is never swept is nobody's home"


def test_nobody_is_in_a_group_that_is_gone() -> None:
    save(Group(id="g", name="G"), Group(id="h", name="H"), feed="teams")
    save(*(Membership(group_id=group, member_id="1") for group in ("g", "h")), feed="teams")
    save_outside(Gone(Group, "g"))
    assert present(models.Membership) == ["h/account/1"]
    save_outside(Group(id="g", name="G"), Membership(group_id="g", member_id="1"))
    assert present(models.Membership) == ["g/account/1", "h/account/1"]
