"""How an instance's quarantine is set up: where it keeps what it holds, and what the notice says that it leaves."""

from collections.abc import Mapping

from connectors.base import ConnectorError, Field, Holding
from portal.instances import fields
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance
from portal.instances.problems import Problem
from portal.instances.service import record, require_connect
from portal.people.models import User

NOTICE = "notice_text"
LONGEST_NOTICE = 2_000
REFERENCE = "[[reference]]"
DEFAULT_NOTICE = (
    "This was taken away by the security team of your organisation, because it may be against its rules. Please ask "
    f"your security team, and name the reference {REFERENCE}."
)


def holding_of(instance: AppInstance) -> Holding | None:
    """None where there is nothing to choose, or the connector is installed no more."""
    try:
        return connector_of(instance).holding
    except KeyError:
        return None


def choices(instance: AppInstance) -> tuple[Field, ...]:
    """The fields that say where things are held."""
    found = holding_of(instance)
    return found.fields if found else ()


def notice_for(instance: AppInstance, reference: str) -> str:
    """The instance's text with the reference in it, at its end where the text names no place for it."""
    text = instance.notice_text or DEFAULT_NOTICE
    if REFERENCE not in text:
        text = f"{text}\nReference: {REFERENCE}"
    return text.replace(REFERENCE, reference)


def save(actor: User, instance: AppInstance, typed: Mapping[str, str]) -> None:
    """Raises Problem for the first value that cannot be right, PermissionDenied without the right to connect."""
    require_connect(actor, instance)
    asked = _asked(instance)
    chosen = {field.name: fields.cleaned(field, typed.get(field.name, "")) for field in asked.fields}
    for field in asked.fields:
        sentence = fields.problem(field, chosen[field.name])
        if sentence:
            raise Problem(sentence, field=field.name)
    notice = typed.get(NOTICE, "").replace("\x00", "").replace("\r\n", "\n").strip()
    notice = "" if notice == DEFAULT_NOTICE else notice
    if len(notice) > LONGEST_NOTICE:
        raise Problem(f"The notice is longer than {LONGEST_NOTICE} characters.", field=NOTICE)
    before, after = _as_it_is(instance), {**chosen, NOTICE: notice}
    if before == after:
        return
    instance.holding = {name: value for name, value in chosen.items() if value}
    instance.notice_text = notice
    instance.save(update_fields=["holding", "notice_text"])
    record(actor, "instance.quarantine_changed", instance, before, after)


def values(instance: AppInstance) -> dict[str, str]:
    """What stands in the form."""
    return {**_as_it_is(instance), NOTICE: instance.notice_text or DEFAULT_NOTICE}


def test(actor: User, instance: AppInstance) -> tuple[str, ...]:
    """Tries the place that is saved; sentences in the vendor's terms. Raises Problem where it does not work."""
    require_connect(actor, instance)
    asked = _asked(instance)
    if asked.test is None:
        raise Problem("This app has no place that could be tried.")
    try:
        said = asked.test(client_for(instance))
    except ConnectorError as error:
        raise Problem(error.message, why=error.why, remedy=error.remedy) from error
    record(actor, "instance.quarantine_tested", instance)
    return said


def _asked(instance: AppInstance) -> Holding:
    found = holding_of(instance)
    if found is None:
        raise Problem("This app's quarantine leaves nothing to choose.")
    return found


def _as_it_is(instance: AppInstance) -> dict[str, str]:
    chosen = {field.name: instance.holding.get(field.name, "") for field in _asked(instance).fields}
    return {**chosen, NOTICE: instance.notice_text}
