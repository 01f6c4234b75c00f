"""The tenant itself."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.refusals import missing
from tests.sandbox.microsoft.router import route
from tests.sandbox.microsoft.state import State

TENANT_ROLES = ("Organization.Read.All", "Directory.Read.All", "Organization.ReadWrite.All", "Directory.ReadWrite.All")


def listed(call: Call) -> Answer:
    return collection(call, "organization", [_shape(call.state)])


def shown(call: Call) -> Answer:
    if call.parameters["tenant_id"] != call.state.tenant.id:
        raise missing(call.parameters["tenant_id"])
    return entity(call, "organization", _shape(call.state))


def domains(call: Call) -> Answer:
    return collection(call, "domains", [_domain(call.state, each) for each in _names(call.state)])


def domain(call: Call) -> Answer:
    if call.parameters["domain_id"] not in _names(call.state):
        raise missing(call.parameters["domain_id"])
    return entity(call, "domains", _domain(call.state, call.parameters["domain_id"]))


def _names(state: State) -> list[str]:
    return [*state.tenant.domains, state.tenant.initial_domain]


def _shape(state: State) -> dict[str, Json]:
    verified = [
        {
            "capabilities": "Email, OfficeCommunicationsOnline",
            "isDefault": name == state.tenant.domains[0],
            "isInitial": name == state.tenant.initial_domain,
            "name": name,
            "type": "Managed",
        }
        for name in _names(state)
    ]
    return {
        "id": state.tenant.id,
        "deletedDateTime": None,
        "displayName": state.tenant.name,
        "countryLetterCode": "DE",
        "createdDateTime": "2019-03-04T09:12:33Z",
        "preferredLanguage": "en",
        "tenantType": "AAD",
        "onPremisesSyncEnabled": None,
        "technicalNotificationMails": [f"it@{state.tenant.domains[0]}"],
        "verifiedDomains": verified,
        "assignedPlans": [],
    }


def _domain(state: State, name: str) -> dict[str, Json]:
    return {
        "id": name,
        "authenticationType": "Managed",
        "isAdminManaged": True,
        "isDefault": name == state.tenant.domains[0],
        "isInitial": name == state.tenant.initial_domain,
        "isRoot": True,
        "isVerified": True,
        "supportedServices": ["Email", "OfficeCommunicationsOnline"],
        "passwordValidityPeriodInDays": None,
        "passwordNotificationWindowInDays": None,
    }


# User.Read.All reads the tenant's name and domains, too.
READERS = (*TENANT_ROLES, "User.Read.All", "User.ReadWrite.All")
DOMAIN_READERS = ("Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All")
ROUTES = [
    route("GET", "/organization", listed, *READERS),
    route("GET", "/organization/{tenant_id}", shown, *READERS),
    route("GET", "/domains", domains, *DOMAIN_READERS),
    route("GET", "/domains/{domain_id}", domain, *DOMAIN_READERS),
]
