"""Downloads: the API leads to dl.boxcloud.com, which asks for no token."""

import re

from tests.sandbox.box import sources
from tests.sandbox.box.access import DOWNLOAD
from tests.sandbox.box.call import Call
from tests.sandbox.box.files import check_download
from tests.sandbox.box.refusal import not_found
from tests.sandbox.box.router import route
from tests.sandbox.box.state import State
from tests.sandbox.box.tree import version_of
from tests.sandbox.exchange import Answer, Request

HOST = "dl.boxcloud.com"
LIFETIME = 15 * 60
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def asked(call: Call) -> Answer:
    """302 with an address good for a quarter of an hour; 202 while the file is not ready."""
    file = call.file(DOWNLOAD)
    check_download(call, file)
    version = version_of(file, call.request.parameter("version") or file.current.id)
    if version is None or version.trashed_at is not None:
        raise not_found()
    if file.not_ready > 0:
        file.not_ready -= 1
        return Answer(202, b"", {"Retry-After": "1"})
    state = call.state
    ticket = state.text(40)
    state.tickets[ticket] = (version, state.now() + LIFETIME)
    call.record("DOWNLOAD", sources.item(state, file), {"version_id": version.id, "size": version.size})
    return Answer(302, b"", {"Location": call.request.url(f"/d/1/{ticket}/download", HOST)})


def fetched(state: State, request: Request) -> Answer:
    """GET at the download host. `Range` takes one range."""
    match = re.fullmatch(r"/d/1/(\w+)/download", request.path)
    version, ends = state.tickets.get(match[1] if match else "", (None, 0.0))
    if request.method not in ("GET", "HEAD") or version is None or ends <= state.now():
        return Answer.of_text("The download address is not valid any more.\n", 404)
    data = version.data or b""
    headers = {"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes"}
    wanted = RANGE.fullmatch(request.headers.get("range", ""))
    if wanted is None or wanted.groups() == ("", ""):
        return Answer(200, data, headers)
    return _some(data, wanted, headers)


def _some(data: bytes, wanted: re.Match[str], headers: dict[str, str]) -> Answer:
    first, last = wanted.groups()
    begin = int(first) if first else max(0, len(data) - int(last))
    end = min(int(last), len(data) - 1) if first and last else len(data) - 1
    if begin >= len(data) or end < begin:
        return Answer(416, b"", {**headers, "Content-Range": f"bytes */{len(data)}"})
    told = {**headers, "Content-Range": f"bytes {begin}-{end}/{len(data)}"}
    return Answer(206, data[begin : end + 1], told)


ROUTES = [route("GET", "/files/{file_id}/content", asked, "root_readonly")]

