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
