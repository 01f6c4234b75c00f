"""What a person is asked for: the inputs that the wizard and the confirmation of an action show."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form: a detail of a connection, or a choice that comes with an action.

    `pattern` is matched whole, after `clean`; `problem` is what a mismatch says. Of `choices` the first is proposed.
    """

    name: str
    label: str
    help: str
    is_secret: bool = False
    is_required: bool = True
    pattern: str = ""
    problem: str = ""
    example: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_multiline: bool = False
    clean: Callable[[str], str] = str.strip
    generate: Callable[[], str] | None = None
    """For a value that the portal makes and shows read-only, to be copied to the vendor's side. It is kept with the
    secrets, whatever `is_secret` says."""
    is_key_pair: bool = False
    """For a private key and certificate that the portal makes (certificates.py). Of it the certificate alone is ever
    shown; it can be renewed, the new one kept beside the old until the vendor has it."""

    @property
    def is_made(self) -> bool:
        """Whether the portal makes it, and nobody types it."""
        return self.is_key_pair or self.generate is not None

    @property
    def next_name(self) -> str:
        """Under which the renewed key pair is kept until it is in use."""
        return f"{self.name}.next"
