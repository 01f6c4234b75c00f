"""Calls of the simulated Dropbox within the process, in the vendor's two ways of sending an argument."""

import json
from dataclasses import dataclass, field

from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.dropbox import ADMIN
from tests.sandbox.dropbox.scopes import ALL_SCOPES
from tests.sandbox.dropbox.state import State
from tests.sandbox.exchange import Json


@dataclass(slots=True)
class DropboxCaller:
    """By one access token; `headers` go with every call."""

    sandbox: Sandbox
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        return self.sandbox.dropbox.state

    def __call__(self, route: str, argument: Json = None) -> Reply:
        """An RPC route."""
        sent = {"Content-Type": "application/json", **self._sent()}
        body = json.dumps(argument).encode()
        return Caller(self.sandbox, "api.dropboxapi.com", sent)("POST", f"/2/{route}", body)

    def ok(self, route: str, argument: Json = None) -> Json:
        reply = self(route, argument)
        assert reply.status == 200, (route, reply.status, reply.body)
        return reply.json()

    def refused(self, route: str, argument: Json = None, status: int = 409) -> Json:
        """The error of a call that has to be refused."""
        reply = self(route, argument)
        assert reply.status == status, (route, reply.status, reply.body)
        return reply.json()["error"]

    def upload(self, argument: Json, content: bytes, route: str = "files/upload") -> Reply:
        sent = {"Content-Type": "application/octet-stream", "Dropbox-API-Arg": json.dumps(argument), **self._sent()}
        return Caller(self.sandbox, "content.dropboxapi.com", sent)("POST", f"/2/{route}", content)

    def download(self, path: str, route: str = "files/download", **headers: str) -> Reply:
        sent = {"Dropbox-API-Arg": json.dumps({"path": path}), **self._sent(), **headers}
        return Caller(self.sandbox, "content.dropboxapi.com", sent)("POST", f"/2/{route}")

    def pages(self, route: str, argument: Json, then: str) -> list[Json]:
        """All answers of a list that is gone on with by cursor."""
        answers = [self.ok(route, argument)]
        while answers[-1]["has_more"]:
            answers.append(self.ok(then, {"cursor": answers[-1]["cursor"]}))
        return answers

    def as_user(self, email: str) -> "DropboxCaller":
        return self._with(**{"Dropbox-API-Select-User": self.state.member(email).id})

    def as_admin(self, email: str = ADMIN) -> "DropboxCaller":
        return self._with(**{"Dropbox-API-Select-Admin": self.state.member(email).id})

    def at_root(self, root: Json) -> "DropboxCaller":
        return self._with(**{"Dropbox-API-Path-Root": json.dumps(root)})

    def _with(self, **headers: str) -> "DropboxCaller":
        return DropboxCaller(self.sandbox, self.token, {**self.headers, **headers})

    def _sent(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **self.headers}


def team_caller(sandbox: Sandbox, *scopes: str, email: str = ADMIN) -> DropboxCaller:
    """With all scopes where none is named."""
    return DropboxCaller(sandbox, sandbox.dropbox.state.issue_token(email, scopes or ALL_SCOPES))


def selector(sandbox: Sandbox, email: str) -> Json:
    """A member as routes of the team want them named."""
    return {".tag": "team_member_id", "team_member_id": sandbox.dropbox.state.member(email).id}
