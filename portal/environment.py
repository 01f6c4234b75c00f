"""Reading the environment, in one place, with errors that name the variable."""

import json
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def load_file(path: Path) -> None:
    """Take `NAME=value` lines from a file into the environment; what is already set there wins."""
    if not path.is_file():
        return
    for line in path.read_text().splitlines():
        name, separator, value = line.strip().partition("=")
        if separator and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def items(name: str) -> list[str]:
    """A comma-separated list."""
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


def mapping(name: str) -> dict[str, str]:
    """A JSON object of texts."""
    value = os.environ.get(name, "")
    if not value:
        return {}
    try:
        found = json.loads(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a JSON object.") from None
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{name} must be a JSON object.")
    return {str(key): str(item) for key, item in found.items()}
