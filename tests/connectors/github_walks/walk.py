"""What a walk through the simulated GitHub is made of."""

from dataclasses import dataclass

from tests.sandbox.exchange import Json

ORG = "/orgs/contoso-dev"
# Method, path, body, status of the answer.
Step = tuple[str, str, Json, int]


@dataclass(frozen=True, slots=True)
class Walk:
    """`reads` are read page by page, then again with their ETag; `writes` are done in this order, after `refusals`.

    `by`: who calls, a member of github_callers.CALLERS. `switches`: what is turned on before, on the sandbox's page.
    """

    reads: tuple[str, ...]
    refusals: tuple[Step, ...] = ()
    writes: tuple[Step, ...] = ()
    by: str = "owner"
    switches: tuple[str, ...] = ()
