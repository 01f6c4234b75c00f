"""Keeps secrets out of logs and texts.

Whatever secret this process has read or been given is remembered (in memory, the newest 5,000) and taken out wherever
it appears: as it is, or as it looks in a URL or in JSON. What looks like a credential is taken out even if unknown.
"""

import json
import logging
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "[secret]"
SHORTEST = 6
"""Shorter values would black out ordinary words."""
MOST_REMEMBERED = 5000

_known: dict[str, None] = {}
_lock = threading.Lock()

_PATTERNS = (
    re.compile(r"(?i)(\b(?:bearer|basic|dpop|ssws|token)\s+)(?=[A-Za-z._~+/=-]*\d)[A-Za-z0-9._~+/=-]{12,}"),
    re.compile(
        r"(?i)(\b(?:access_token|refresh_token|id_token|client_secret|client_assertion|assertion|code_verifier|password|"
        r"api_key|secret|signature|sig|x-amz-signature|x-amz-security-token|validationtoken)"
        r"[\"']?\s*[=:]\s*[\"']?)[^\s&\"',}]+"
    ),
    re.compile(r"()\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    re.compile(r"()-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
)


def remember(*values: str) -> None:
    """From now on these are secrets."""
    with _lock:
        for value in values:
            if len(value) >= SHORTEST:
                _known.pop(value, None)
                _known[value] = None
        while len(_known) > MOST_REMEMBERED:
            del _known[next(iter(_known))]


def texts_in(document: Any) -> Iterator[str]:
    """Every text value in a document of mappings and lists that stands for a secret: times and words are left out."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name not in ("renew_at", "scopes", "kind"):
                yield from texts_in(value)
    elif isinstance(document, list):
        for value in document:
            yield from texts_in(value)
    elif isinstance(document, str):
        yield document


def scrub(text: str) -> str:
    """The text without secrets."""
    with _lock:
        known = list(_known)
    for value in known:
        for form in {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]}:
            if form in text:
                text = text.replace(form, MASK)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: found.group(1) + MASK, text)
    return text


class Redactor(logging.Filter):
    """A logging filter, for handlers: message, arguments and traceback of a record leave it scrubbed."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = scrub(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = scrub(record.exc_text)
        if record.stack_info:
            record.stack_info = scrub(record.stack_info)
        return True
