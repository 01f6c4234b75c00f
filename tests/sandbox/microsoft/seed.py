"""Contoso's tenant as it is found at first."""

from tests.sandbox import company
from tests.sandbox.clock import Clock
from tests.sandbox.microsoft import seed_apps, seed_enterprise, seed_groups, seed_history, seed_people
from tests.sandbox.microsoft.activity_feed import seed as seed_feed
from tests.sandbox.microsoft.arm import seed as seed_azure
from tests.sandbox.microsoft.files import seed as seed_files
from tests.sandbox.microsoft.state import State
from tests.sandbox.microsoft.tenant import Tenant

TENANT_ID = "3a6b1c7e-52d4-4f0e-9c1b-8d2f7e60a914"
CLIENT_ID = "b7f3c2a1-6d58-4e9b-8a40-1f2e3d4c5b6a"


def plant(clock: Clock) -> State:
    tenant = Tenant(TENANT_ID, company.NAME, "contoso.onmicrosoft.com", company.DOMAINS, "contoso")
    state = State(clock, tenant, CLIENT_ID)
    seed_apps.plant_services(state)
    seed_apps.plant_portal(state)
    seed_people.plant(state)
    seed_enterprise.plant(state)
    seed_groups.plant(state)
    seed_groups.plant_roles(state)
    seed_enterprise.plant_grants(state)
    seed_history.plant(state)
    seed_files.plant(state)
    seed_azure.plant(state)
    seed_feed.plant(state.feed, seed_feed.cast_of(state), clock.now())
    return state
