"""The tenant, its subscriptions, the resource groups in them."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.arm import rights, scopes
from tests.sandbox.microsoft.arm.asking import Asked, arm, listed
from tests.sandbox.microsoft.arm.azure import Subscription
from tests.sandbox.microsoft.arm.refusals import ArmRefusal

VERSIONS = ("2022-12-01", "2016-06-01", "2020-01-01")
GROUP_VERSIONS = ("2021-04-01", "2022-09-01")


def tenants(asked: Asked) -> Answer:
    tenant = asked.call.state.tenant
    row = {
        "id": f"/tenants/{tenant.id}",
        "tenantId": tenant.id,
        "displayName": tenant.name,
        "defaultDomain": tenant.domains[0],
        "domains": [*tenant.domains, tenant.initial_domain],
        "tenantCategory": "Home",
        "countryCode": "DE",
    }
    return listed(asked, [row])


def all_listed(asked: Asked) -> Answer:
    """Those that the caller holds a role in; nothing at all without one."""
    held = asked.azure.subscriptions.values()
    rows = [_shape(asked, each) for each in held if rights.sees(asked.azure, asked.whose, each.id)]
    return listed(asked, rows)


def shown(asked: Asked) -> Answer:
    return Answer.of_json(_shape(asked, asked.azure.subscriptions[scopes.subscription_id(asked.scope)]))


def _shape(asked: Asked, found: Subscription) -> Json:
    return {
        "id": f"/subscriptions/{found.id}",
        "subscriptionId": found.id,
        "tenantId": asked.call.state.tenant.id,
        "displayName": found.name,
        "state": found.state,
        "authorizationSource": "RoleBased",
        "managedByTenants": [{"tenantId": each} for each in found.managers],
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "EnterpriseAgreement_2014-09-01",
        },
        "tags": {},
    }


def groups(asked: Asked) -> Answer:
    held = asked.azure.resource_groups.values()
    return listed(asked, [each for each in held if scopes.is_below(str(each["id"]), asked.scope)])


def group(asked: Asked) -> Answer:
    found = asked.azure.resource_groups.get(f"{asked.scope}/resourceGroups/{asked.call.parameters['name']}".lower())
    if found is None:
        message = f"Resource group '{asked.call.parameters['name']}' could not be found."
        raise ArmRefusal(404, "ResourceGroupNotFound", message)
    return Answer.of_json(found)


READ_GROUPS = "Microsoft.Resources/subscriptions/resourceGroups/read"
ROUTES = [
    arm("GET", "/tenants", tenants, "", *VERSIONS),
    arm("GET", "/subscriptions", all_listed, "", *VERSIONS),
    arm("GET", "/subscriptions/{subscription_id}", shown, "Microsoft.Resources/subscriptions/read", *VERSIONS),
    arm(
        "GET",
        "/subscriptions/{subscription_id}/resourceGroups",
        groups,
        READ_GROUPS,
        *GROUP_VERSIONS,
    ),
    arm("GET", "/subscriptions/{subscription_id}/resourceGroups/{name}", group, READ_GROUPS, *GROUP_VERSIONS),
]
