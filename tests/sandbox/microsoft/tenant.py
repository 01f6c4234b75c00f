"""The one tenant of the simulated Microsoft cloud, and the services that take its tokens."""

from dataclasses import dataclass

MICROSOFT_TENANT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
"""The owner of Microsoft's own applications."""

GRAPH = "00000003-0000-0000-c000-000000000000"
SHAREPOINT = "00000003-0000-0ff1-ce00-000000000000"
ACTIVITY_FEED = "c5393580-f805-4401-95e8-94b7a6ef2fc2"
RESOURCE_MANAGER = "797f4846-ba00-4fd7-ba43-dac1f8f63013"


@dataclass(slots=True)
class Tenant:
    """`domains`: the verified ones, the first of them the default; `initial_domain` is always one of the tenant's.
    `sharepoint` is what its SharePoint hosts begin with."""

    id: str
    name: str
    initial_domain: str
    domains: tuple[str, ...]
    sharepoint: str

    def knows(self, name: str) -> bool:
        """Is this how a login address may name the tenant?"""
        return name.lower() in {self.id, self.initial_domain, *self.domains}

    @property
    def resources(self) -> dict[str, str]:
        """Where a token is for -> the application id of the service."""
        return {
            "https://graph.microsoft.com": GRAPH,
            "https://manage.office.com": ACTIVITY_FEED,
            "https://management.azure.com": RESOURCE_MANAGER,
            f"https://{self.sharepoint}.sharepoint.com": SHAREPOINT,
            f"https://{self.sharepoint}-my.sharepoint.com": SHAREPOINT,
        }
