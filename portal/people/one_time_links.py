"""Keeps one-time links out of logs: their address is what opens the door, and frameworks log addresses."""

import logging
import re

LINK = re.compile(r"(/(?:set-up|invitation|auth/password/reset/key|auth/confirm-email)/)[^/\s'\"]+")
MASK = r"\1[secret]"


class OneTimeLinks(logging.Filter):
    """A logging filter, for handlers, after connectors.base.Redactor, which has put arguments into the message."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = LINK.sub(MASK, record.getMessage()), ()
        if record.exc_text:
            record.exc_text = LINK.sub(MASK, record.exc_text)
        return True
