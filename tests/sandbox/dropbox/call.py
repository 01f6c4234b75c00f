"""One call that was let in: who asks, as whom, with what argument."""

from dataclasses import dataclass

from tests.sandbox.dropbox import events
from tests.sandbox.dropbox.arguments import Arguments
from tests.sandbox.dropbox.entries import Entry
from tests.sandbox.dropbox.jobs import Job
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.refusal import refused
from tests.sandbox.dropbox.state import State
from tests.sandbox.dropbox.tokens import Grant
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Json, Request


@dataclass(slots=True)
class Call:
    """`member`: as whom a user route acts (Select-User, Select-Admin, or whose token it is). `is_admin`: by
    Select-Admin. `root_id`: the namespace that paths begin in. `content`: the bytes of an upload."""

    request: Request
    state: State
    arguments: Arguments
    grant: Grant
    member: Member | None = None
    is_admin: bool = False
    root_id: str = ""
    content: bytes = b""

    @property
    def now(self) -> float:
        return self.state.clock.now()

    @property
    def actor(self) -> Member:
        """As whom a user route acts."""
        assert self.member is not None
        return self.member

    @property
    def consenting(self) -> Member:
        return self.state.members[self.grant.member_id]

    def page_size(self) -> int:
        """How many rows of a list that can be limited to a thousand come at once."""
        return min(self.arguments.number("limit", 1000, 1, 1000), self.state.largest_page)

    # -- the log

    def record(self, kind: str, **values: Json) -> None:
        """Something that came of this call."""
        method = tagged("api", request_id=self.state.secret("", 32))
        values.setdefault("origin", events.origin(events.API_ADDRESS, "", method))
        self.state.log.add(events.event(kind, self.now, **{**self._who(), **values}))

    def _who(self) -> dict[str, Json]:
        if self.member is None:
            return {"actor": nested("app", events.application(self.state)), "context": events.user(self.consenting)}
        who = events.user(self.actor)
        return {"actor": nested("admin" if self.is_admin else "user", who), "context": who}

    def changed(self, kind: str, namespace: Namespace, entry: Entry, **values: Json) -> None:
        """An entry of a namespace was changed."""
        self.state.touch(namespace)
        values.setdefault("assets", [events.asset(namespace, entry)])
        self.record(kind, **values)

    # -- jobs

    def launch(self, kind: str, outcome: Json) -> Json:
        """The answer of a route that works in the background."""
        job_id = self.state.secret("dbjid:AA", 60)
        self.state.jobs[job_id] = Job(kind, outcome, self.state.async_polls)
        return nested("async_job_id", job_id)

    def poll(self, kind: str) -> Json:
        job = self.state.jobs.get(self.arguments.text("async_job_id"))
        if job is None or job.kind != kind:
            raise refused("invalid_async_job_id")
        if job.polls > 0:
            job.polls -= 1
            return tagged("in_progress")
        return job.outcome
