"""GitHub Apps and where they are installed."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.sandbox.github.hook import Hook
from tests.sandbox.github.people import User

if TYPE_CHECKING:
    from tests.sandbox.github.enterprise import Enterprise
    from tests.sandbox.github.organisation import Organisation

KEY_BITS = 2048


@dataclass(eq=False)
class App:
    """`bot`: the user as whom it acts. `private_key`: PEM, "" while nobody has generated one.

    `hook`: its own webhook, which hears the events of each installation; without an address it is silent.
    """

    id: int
    client_id: str
    slug: str
    name: str
    owner: User
    bot: User
    permissions: dict[str, str]
    events: tuple[str, ...] = ()
    description: str | None = None
    url: str = "https://apps.contoso.example"
    created_at: float = 1_650_000_000.0
    updated_at: float = 1_700_000_000.0
    private_key: str = ""
    hook: Hook = field(init=False)

    def __post_init__(self) -> None:
        self.hook = Hook(self.id + 300_000_000, "", [], content_type="json", app_id=self.id)

    def generate_key(self) -> str:
        """The private key, PEM; a second call hands out the same."""
        self.private_key = self.private_key or generated_key()
        return self.private_key


@dataclass(eq=False)
class Installation:
    """On an organisation, or on an enterprise. `repositories`: ids when some are selected, None for all.

    `permissions`: what was agreed to when it was installed; the app may ask for more meanwhile.
    """

    id: int
    app: App
    organisation: Organisation | None
    permissions: dict[str, str]
    enterprise: Enterprise | None = None
    repositories: set[int] | None = None
    created_at: float = 1_700_000_000.0
    updated_at: float = 1_700_000_000.0
    suspended_at: float | None = None
    suspended_by: User | None = None
    events: list[str] = field(default_factory=list)

    @property
    def selection(self) -> str:
        return "all" if self.repositories is None else "selected"

    def reaches(self, repository_id: int) -> bool:
        if self.organisation is None or repository_id not in self.organisation.repositories:
            return False
        return self.repositories is None or repository_id in self.repositories


@functools.cache
def generated_key() -> str:
    """A private key as GitHub hands it out, made once in the life of the process."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=KEY_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
