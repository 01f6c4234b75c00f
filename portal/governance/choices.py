"""What a person decides who asks for an action: the action's own fields, checked before anything is kept."""

from collections.abc import Mapping

from connectors.base import Action
from portal.instances import fields
from portal.instances.problems import Problem


def checked(action: Action, typed: Mapping[str, str]) -> dict[str, str]:
    """As the connector takes them; without what was left empty. Raises Problem for the first that cannot be right."""
    cleaned = {field.name: fields.cleaned(field, typed.get(field.name, "")) for field in action.fields}
    for field in action.fields:
        sentence = fields.problem(field, cleaned[field.name])
        if sentence:
            raise Problem(sentence, field=field.name)
    return {name: value for name, value in cleaned.items() if value}


def in_words(action: Action, params: Mapping[str, str]) -> list[tuple[str, str]]:
    """(label, value) of what was decided, for the log."""
    return [
        (field.label, dict(field.choices).get(params[field.name], params[field.name]))
        for field in action.fields
        if field.name in params
    ]
