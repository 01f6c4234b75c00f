"""One object of the directory."""

from dataclasses import dataclass, field

from tests.sandbox.exchange import Json

USER = "user"
GROUP = "group"
SERVICE_PRINCIPAL = "servicePrincipal"
APPLICATION = "application"


@dataclass(slots=True)
class DirectoryObject:
    """`properties` by the vendor's names, without the id; times are texts. `deleted_at`: since when it lies among the
    deleted ones; `former_groups`: to which it comes back."""

    kind: str
    id: str
    properties: dict[str, Json] = field(default_factory=dict)
    deleted_at: float | None = None
    former_groups: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return str(self.properties.get("displayName", ""))
