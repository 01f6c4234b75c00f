"""Members of the team, its groups, and what members are signed in with."""

from dataclasses import dataclass, field
from typing import Any

from tests.sandbox.clock import iso
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.exchange import Json


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    name: str
    description: str

    def shape(self) -> Json:
        return {"role_id": self.id, "name": self.name, "description": self.description}


@dataclass(slots=True)
class DeviceSession:
    """`kind`: web_session, desktop_client or mobile_client. `facts`: what its list tells besides the id."""

    kind: str
    id: str
    facts: dict[str, Any]
    created_at: float
    updated_at: float


@dataclass(slots=True)
class LinkedApp:
    id: str
    name: str
    publisher: str
    linked_at: float
    is_app_folder: bool

    def shape(self) -> Json:
        shape: dict[str, Json] = {
            "app_id": self.id,
            "app_name": self.name,
            "linked": iso(self.linked_at),
            "is_app_folder": self.is_app_folder,
        }
        if self.publisher:
            shape |= {"publisher": self.publisher, "publisher_url": f"https://{self.publisher.lower()}.example"}
        return shape


@dataclass(slots=True)
class Member:
    """`status`: active, invited, suspended or removed. `account_id` is None for who has never signed in.

    `was_wiped`: somebody suspended or removed them without saying that their devices keep their files.
    `was_transferred`: their files went to another member, so they cannot be recovered.
    """

    id: str
    account_id: str | None
    email: str
    given_name: str
    surname: str
    status: str = "active"
    joined_at: float = 0.0
    invited_at: float = 0.0
    suspended_at: float = 0.0
    removed_at: float = 0.0
    is_recoverable: bool = False
    role_id: str = ""
    home_id: str = ""
    root_id: str = ""
    address: str = "192.0.2.45"
    country: str = ""
    external_id: str = ""
    secondary_emails: list[str] = field(default_factory=list)
    is_email_verified: bool = True
    was_wiped: bool = False
    was_transferred: bool = False
    sessions: list[DeviceSession] = field(default_factory=list)
    linked_apps: list[LinkedApp] = field(default_factory=list)

    @property
    def display_name(self) -> str:
        return f"{self.given_name} {self.surname}".strip()

    @property
    def is_licensed(self) -> bool:
        """Suspended members keep no licence (the vendor's texts differ: unverified)."""
        return self.status in ("active", "invited")

    def status_shape(self) -> Json:
        if self.status == "removed":
            return tagged("removed", is_recoverable=self.is_recoverable, is_disconnected=False)
        return tagged(self.status)

    def profile(self) -> dict[str, Json]:
        shape: dict[str, Json] = {
            "team_member_id": self.id,
            "email": self.email,
            "email_verified": self.is_email_verified and self.status != "invited",
            "secondary_emails": [{"email": each, "is_verified": True} for each in self.secondary_emails],
            "status": self.status_shape(),
            "name": {
                "given_name": self.given_name,
                "surname": self.surname,
                "familiar_name": self.given_name,
                "display_name": self.display_name,
                "abbreviated_name": f"{self.given_name[:1]}{self.surname[:1]}",
            },
            "membership_type": tagged("full"),
            "is_directory_restricted": False,
        }
        if self.account_id:
            shape["account_id"] = self.account_id
        if self.external_id:
            shape["external_id"] = self.external_id
        for name, moment in (
            ("joined_on", self.joined_at), ("invited_on", self.invited_at), ("suspended_on", self.suspended_at)
        ):  # fmt: skip
            if moment:
                shape[name] = iso(moment)
        return shape


@dataclass(slots=True)
class Group:
    """`members`: member id -> access (member, owner). `kind`: user_managed, company_managed or system_managed."""

    id: str
    name: str
    kind: str
    external_id: str = ""
    members: dict[str, str] = field(default_factory=dict)

    def shape(self) -> Json:
        shape: dict[str, Json] = {
            "group_id": self.id,
            "group_name": self.name,
            "member_count": len(self.members),
            "group_management_type": tagged(self.kind),
        }
        if self.external_id:
            shape["group_external_id"] = self.external_id
        return shape
