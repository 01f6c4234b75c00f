"""Something that has just happened and that webhooks may tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.sandbox.exchange import Json
from tests.sandbox.github.people import Actor, Team, User

if TYPE_CHECKING:
    from tests.sandbox.github.app import Installation
    from tests.sandbox.github.grants import TokenGrant
    from tests.sandbox.github.hook import Delivery, Hook
    from tests.sandbox.github.repository import DeployKey, Happening, Repository


@dataclass(frozen=True, slots=True)
class Subject:
    """What it happened to.

    `hook`: it is told to this hook alone; `delivery`: it is an older one that is sent again. `installation`: it is told
    to the app that is installed alone.
    """

    user: User | None = None
    team: Team | None = None
    repository: Repository | None = None
    key: DeployKey | None = None
    push: Happening | None = None
    grant: TokenGrant | None = None
    installation: Installation | None = None
    hook: Hook | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """`action`: as in the audit log; `details`: the members of the audit event beyond the usual ones."""

    action: str
    by: Actor
    subject: Subject
    details: dict[str, Json] = field(default_factory=dict)
