"""Problems on their way to the page where they can be mended: kept in the session over one redirect and every refresh,
until the next try."""

import re
from dataclasses import asdict, dataclass, replace

from django.http import HttpRequest

from connectors.base import BadResponse, RateLimited, Unavailable
from portal.instances.problems import ConnectProblem, Problem

KEY = "connect_problems"
NOWHERE = "0"
EDIT_FIRST = re.compile(r"([Cc])hoose Edit details(?: and|,) (\w)")
"""How remedies of connectors begin that are carried out on the form."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, why as far as known, what to do."""

    message: str
    why: str = ""
    remedy: str = ""
    code: str = ""


def notice(problem: Problem) -> Notice:
    return Notice(problem.message, problem.why, problem.remedy, problem.code)


def for_a_person(problem: ConnectProblem, button: str) -> ConnectProblem:
    """A vendor in trouble is tried again by itself later on; here a person waits and must press the button again."""
    cause = problem.__cause__
    if isinstance(cause, RateLimited):
        minutes = max(1, round(cause.retry_after / 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        problem.remedy = f"Nothing is lost. Wait {wait}, then choose {button}."
    elif isinstance(cause, Unavailable | BadResponse):
        problem.remedy = (
            f"Nothing is lost. Wait a little, then choose {button}. If it stays, look at the app's status page and at "
            "the firewall."
        )
    return problem


def keep(request: HttpRequest, problem: Problem, instance_id: int | None = None) -> None:
    """Show it on the next page about this instance; None: on the list of connected apps."""
    kept = request.session.get(KEY, {})
    request.session[KEY] = {**kept, str(instance_id or NOWHERE): asdict(notice(problem))}


def on_the_form(shown: Notice | None) -> Notice | None:
    """The same on the page of the details itself, where nobody need be sent to."""
    if shown is None:
        return None
    return replace(shown, remedy=EDIT_FIRST.sub(lambda found: _like(found[1], found[2]), shown.remedy))


def _like(first: str, letter: str) -> str:
    return letter.upper() if first == "C" else letter


def kept(request: HttpRequest, instance_id: int) -> Notice | None:
    """What went wrong at the last try, still there after a refresh."""
    found = request.session.get(KEY, {}).get(str(instance_id))
    return Notice(**found) if found else None


def take(request: HttpRequest) -> Notice | None:
    """What belongs to no instance, once."""
    found = forget(request)
    return Notice(**found) if found else None


def forget(request: HttpRequest, instance_id: int | None = None) -> dict[str, str] | None:
    """A new try begins: the old problem is over."""
    problems = request.session.get(KEY, {})
    found: dict[str, str] | None = problems.pop(str(instance_id or NOWHERE), None)
    if found is not None:
        request.session[KEY] = problems
    return found
