"""What the errors of the three APIs hold: a code, and a text that is looked at where there is no code alone."""

import re
from typing import Any

from connectors.base import Answer, BadResponse


def code_of(answer: Answer) -> str:
    """'' where it holds none; the Management Activity API sometimes puts a whole sentence there."""
    error = error_of(answer)
    code = error.get("code")
    return code if isinstance(code, str) else ""


def activity_code(answer: Answer) -> str:
    """A code such as AF20022, wherever in its error the Management Activity API put it; '' for none."""
    error = error_of(answer)
    found = re.search(r"\bAF\d{3,5}\b", f"{error.get('code')} {error.get('message')}")
    return found.group() if found else ""


def error_of(answer: Answer) -> dict[str, Any]:
    """The member `error`, or `odata.error` as SharePoint calls it (unverified); empty where there is none."""
    try:
        found = answer.json()
    except BadResponse:
        return {}
    if not isinstance(found, dict):
        return {}
    error = found.get("error") or found.get("odata.error")
    return error if isinstance(error, dict) else {}
