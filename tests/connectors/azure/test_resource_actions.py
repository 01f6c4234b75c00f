"""Locking a resource group and closing a storage account, and taking both back."""

import pytest

from connectors.azure import connector
from connectors.base import Exposure, File, Gone, TargetGone
from tests.connectors.azure.tenant import STORE, WEB, Tenant, done, file_order, undone
from tests.connectors.azure.vendor import Talk, refused

GROUP, ACCOUNT = file_order(WEB, "web"), file_order(STORE, "store")


@pytest.fixture
def tenant(talk: Talk) -> Tenant:
    return Tenant(talk)


@pytest.mark.parametrize(
    ("params", "level"),
    [({}, "CanNotDelete"), ({"level": "CanNotDelete"}, "CanNotDelete"), ({"level": "ReadOnly"}, "ReadOnly")],
)
def test_a_resource_group_is_locked_and_unlocked(tenant: Tenant, params: dict[str, str], level: str) -> None:
    client, before = tenant.talk.client(), tenant.state
    asked = done("lock_resource_group", client, file_order(WEB, "web", **params))
    (method, path, body), = tenant.changes
    assert (method, body["properties"]["level"]) == ("PUT", level)
    assert path.lower() == f"{WEB}/providers/Microsoft.Authorization/locks/gatehouse-{level}".lower()
    undone("lock_resource_group", client, asked)
    undone("lock_resource_group", client, asked)
    assert tenant.state == before


def test_a_group_that_is_locked_so_is_not_locked_again_and_other_locks_are_named(tenant: Tenant) -> None:
    action, client = connector.action("lock_resource_group"), tenant.talk.client()
    assert action.refuse
    assert action.preview
    assert action.refuse(client, GROUP) == ""
    tenant.locks["x"] = {"id": f"{WEB}/providers/Microsoft.Authorization/locks/theirs", "name": "theirs"}
    assert "There is a lock already: theirs." in action.preview(client, GROUP)
    done("lock_resource_group", client, GROUP)
    assert "already" in action.refuse(client, GROUP)
    assert action.refuse(client, file_order(WEB, "web", level="ReadOnly")) == ""


def test_a_storage_account_is_closed_and_opened(tenant: Tenant) -> None:
    client = tenant.talk.client()
    asked = done("close_storage_account", client, ACCOUNT)
    assert tenant.changes == [("PATCH", STORE.lower(), {"properties": {"allowBlobPublicAccess": False}})]
    told = {each.id: each for each in connector.action("close_storage_account").read_back(client, asked)}
    account = told[STORE.lower()]
    assert isinstance(account, File)
    assert account.exposure is Exposure.INTERNAL
    assert isinstance(told[f"{STORE}/blobServices/default/containers/www".lower()], Gone)
    undone("close_storage_account", client, asked)
    assert tenant.is_public


def test_what_is_closed_is_not_closed_again(tenant: Tenant) -> None:
    action, client = connector.action("close_storage_account"), tenant.talk.client()
    assert action.refuse
    assert action.preview
    assert "Readable by anybody now: www." in " ".join(action.preview(client, ACCOUNT))
    tenant.is_public = False
    assert action.refuse(client, ACCOUNT) != ""
    with pytest.raises(TargetGone):
        done("close_storage_account", client, ACCOUNT)


def test_what_was_deleted_meanwhile_is_told_as_gone(tenant: Tenant, talk: Talk) -> None:
    talk.vendor.answer = lambda seen: refused(404, "ResourceNotFound")
    for name, asked in (("lock_resource_group", GROUP), ("close_storage_account", ACCOUNT)):
        assert list(connector.action(name).read_back(talk.client(), asked)) == [Gone(File, asked.target.id)]
    with pytest.raises(TargetGone):
        done("close_storage_account", talk.client(), ACCOUNT)


def test_each_is_offered_for_its_own_sort_alone() -> None:
    offered = {
        kind: {name for name in ("lock_resource_group", "close_storage_account")
               if (applies := connector.action(name).applies) and applies({"kind": kind})}
        for kind in ("resource group", "storage account", "container")
    }  # fmt: skip
    assert offered == {
        "resource group": {"lock_resource_group"}, "storage account": {"close_storage_account"}, "container": set(),
    }  # fmt: skip
