"""Downloads: whoever has the address has the bytes, for an hour."""

import re

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.router import route

RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def fetched(call: Call) -> Answer:
    """`Range` takes one range."""
    ticket = call.request.parameter("tempauth")
    version, ends = call.state.files.tickets.get(ticket, (None, 0.0))
    if version is None or ends <= call.state.now():
        return Answer.of_text("401 UNAUTHORIZED", 401)
    data, headers = version.data, {"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes"}
    wanted = RANGE.fullmatch(call.request.headers.get("range", ""))
    if wanted is None or wanted.groups() == ("", ""):
        return Answer(200, data, headers)
    first, last = wanted.groups()
    begin = int(first) if first else max(0, len(data) - int(last))
    end = min(int(last), len(data) - 1) if first and last else len(data) - 1
    if begin >= len(data) or end < begin:
        return Answer(416, b"", {**headers, "Content-Range": f"bytes */{len(data)}"})
    return Answer(206, data[begin : end + 1], {**headers, "Content-Range": f"bytes {begin}-{end}/{len(data)}"})


ROUTES = [route("GET", "/download.aspx", fetched)]
