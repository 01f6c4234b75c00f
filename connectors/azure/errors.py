"""The words of an error, in whichever of its shapes Azure writes it.

ARM and Graph answer {"error": {"code", "message"}}, the activity log also {"Code", "Message"} and {"code", "message"}.
"""

import re
from collections.abc import Mapping
from typing import Any

from connectors.base import Answer, BadResponse

OPERATION = re.compile(r"perform action '([A-Za-z0-9./*_-]{3,200})'")


def code_of(answer: Answer) -> str:
    """Azure's word for the error, '' where there is none."""
    return _member(_error(answer), "code")


def message_of(answer: Answer) -> str:
    """Azure's sentence, to be judged and never to be shown: it may name people and things."""
    return _member(_error(answer), "message")


def operation_of(answer: Answer) -> str:
    """The operation that a refusal names, such as Microsoft.Insights/eventtypes/values/read; '' where it names none."""
    found = OPERATION.search(message_of(answer))
    return found.group(1) if found else ""


def _error(answer: Answer) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except BadResponse:
        return {}
    if not isinstance(body, Mapping):
        return {}
    inner = body.get("error")
    return inner if isinstance(inner, Mapping) else body


def _member(error: Mapping[str, Any], name: str) -> str:
    value = error.get(name) or error.get(name.capitalize())
    return value if isinstance(value, str) else ""
