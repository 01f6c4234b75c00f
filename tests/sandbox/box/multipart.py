"""Reads multipart/form-data as far as uploads need it."""

import re

from tests.sandbox.box.refusal import Refusal


def parts(content_type: str, body: bytes) -> list[tuple[str, bytes]]:
    """Name and content of each part, in their order; 400 when it is no multipart."""
    match = re.search(r'boundary="?([^";]+)"?', content_type)
    if not content_type.startswith("multipart/form-data") or match is None:
        raise Refusal(400, "bad_request", "The body must be multipart/form-data")
    found = []
    for piece in (b"\r\n" + body).split(b"\r\n--" + match[1].encode())[1:-1]:
        head, _, content = piece.partition(b"\r\n\r\n")
        name = re.search(rb'name="([^"]*)"', head)
        if name is None:
            raise Refusal(400, "bad_request", "A part has no name")
        found.append((name[1].decode(), content))
    return found
