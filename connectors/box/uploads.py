"""Sending bytes to Box: a new file, a new version, and large ones in parts."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from connectors.base import Chunk, Client, Conflict, Multipart
from connectors.box import ids, mapping
from connectors.box.hosts import UPLOAD
from connectors.box.reading import Row, document, entries

DIRECT_LIMIT = 50 * 1024 * 1024
"""Bytes above which Box takes a file in parts alone."""


@dataclass(frozen=True)
class Bytes:
    """`stream` stands at the beginning of `size` bytes; `sha1` in hex, as Box names contents."""

    stream: IO[bytes]
    size: int
    sha1: str


def sha1_of(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def fetch(owner: Client, file_id: str, size: int, stream: IO[bytes]) -> Bytes:
    """The content of a file, written into `stream`. `size`: what Box said it has."""
    got = owner.download(ids.path(file_id, "/content"), stream, max_bytes=size, hash="sha1")
    stream.seek(0)
    return Bytes(stream, got.size, got.digest)


def new_version(owner: Client, file_id: str, name: str, etag: str, content: Bytes) -> Row:
    """Raises Conflict where the file was changed since `etag`."""
    number = ids.parts(file_id)[1]
    form = _form({"name": name}, content)
    headers = {"content-md5": content.sha1, "If-Match": etag}
    answer = owner.post(f"{UPLOAD}/files/{number}/content", data=form, headers=headers)
    return entries(answer, "id")[0]


def new_file(client: Client, folder: str, name: str, content: Bytes) -> str:
    """The number of the file; that of one of this name and content which is there already."""
    if content.size > DIRECT_LIMIT:
        return _in_parts(client, folder, name, content)
    form = _form({"name": name, "parent": {"id": folder}}, content)
    answer = client.post(
        f"{UPLOAD}/files/content", data=form, headers={"content-md5": content.sha1}, expect=(409,)
    )
    if answer.status == 409:
        return _there_already(client, document(answer), content)
    return mapping.id_of(entries(answer, "id")[0]["id"])


def conflicting(refusal: Mapping[str, Any]) -> Row:
    """What is in the way: a list where a folder is made, a single one where a file is sent."""
    found = mapping.part(refusal, "context_info").get("conflicts")
    first = found[0] if isinstance(found, list) and found else found
    return first if isinstance(first, Mapping) else {}


def _there_already(client: Client, refusal: Mapping[str, Any], content: Bytes) -> str:
    number = mapping.id_of(conflicting(refusal).get("id"))
    there = document(client.get(f"/files/{number}", params={"fields": "id,type,sha1"}), "id")
    if there.get("sha1") != content.sha1:
        raise Conflict("Box has another file of this name there.", remedy="Rename it in Box, then try again.")
    return number


def _in_parts(client: Client, folder: str, name: str, content: Bytes) -> str:
    body = {"folder_id": folder, "file_size": content.size, "file_name": name}
    answer = client.post(f"{UPLOAD}/files/upload_sessions", json=body, expect=(409,))
    if answer.status == 409:
        return _there_already(client, document(answer), content)
    session = document(answer, "part_size", "session_endpoints")
    places, parts = session["session_endpoints"], list[Row]()
    client.upload(
        places["upload_part"],
        content.stream,
        size=content.size,
        chunk_size=int(session["part_size"]),
        headers=_part_headers,
        accepted=lambda chunk, taken: parts.append(document(taken, "part")["part"]),
    )
    digest = base64.b64encode(bytes.fromhex(content.sha1)).decode()
    made = client.post(places["commit"], json={"parts": parts}, headers={"Digest": f"sha={digest}"})
    return mapping.id_of(entries(made, "id")[0]["id"])


def _part_headers(chunk: Chunk) -> Mapping[str, str]:
    digest = base64.b64encode(hashlib.sha1(chunk.data, usedforsecurity=False).digest()).decode()
    return {"Content-Range": chunk.content_range, "Digest": f"sha={digest}"}


def _form(attributes: Mapping[str, Any], content: Bytes) -> Multipart:
    """Box wants the attributes before the file."""
    fields = {"attributes": json.dumps(attributes)}
    return Multipart(fields, content.stream, size=content.size, filename="file")
