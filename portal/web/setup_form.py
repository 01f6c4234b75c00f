"""The inputs of a connector's method as a page shows them: one form, whatever the connector asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from connectors.base import AuthMethod, Component, Connector, ConnectorError, Field
from portal.instances import components, key_pairs, service, staging
from portal.instances.clients import connector_of
from portal.instances.key_pairs import KeyPair
from portal.instances.models import AppInstance

STORED = "stored, never shown"
ALWAYS_ON = "Always on."


@dataclass(frozen=True, slots=True)
class ComponentChoice:
    """A component as the form offers it. `needs`: labels of those it cannot do without, but for what is always on.
    `obstacle`: why it cannot be switched on or off, '' where it can."""

    component: Component
    is_on: bool
    needs: tuple[str, ...]
    obstacle: str


@dataclass(frozen=True, slots=True)
class Input:
    """One input. `value` is never that of a secret; `is_stored` says that the vault holds one already."""

    field: Field
    value: str
    error: str
    is_stored: bool
    validate_url: str
    """Where a single field is checked on leaving it."""
    is_staged: bool = False
    """Whether a secret was typed that the vendor has not confirmed yet."""
    made: str = ""
    """What the portal made, to be copied to the vendor's side; nothing is typed then."""
    pair: KeyPair | None = None
    """The key pair that the portal made; nothing is typed then."""

    @property
    def id(self) -> str:
        return f"id_{self.field.name}"

    @property
    def is_masked(self) -> bool:
        """Key files keep their lines, so they are hidden by style and never sent back, like every other secret."""
        return self.field.is_secret and not self.field.is_multiline

    @property
    def is_needed(self) -> bool:
        """Whether the browser may insist on it."""
        return self.field.is_required and not self.is_stored

    @property
    def described_by(self) -> str:
        """Ids of what a screen reader says besides the label."""
        return f"{self.id}-help {self.id}-error"


def typed(method: AuthMethod, data: Mapping[str, str]) -> dict[str, str]:
    """What the form sent, for this method's fields alone."""
    return {field.name: data.get(field.name, "") for field in method.fields}


def plain_names(method: AuthMethod) -> list[str]:
    """The fields whose values may be kept where secrets may not."""
    return [field.name for field in method.fields if not field.is_secret]


def inputs(
    instance: AppInstance,
    method: AuthMethod,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> list[Input]:
    """For the form. Secrets are left out of what goes back to the browser."""
    staged, made, pairs = staged_secrets(instance), made_values(instance), key_pairs_of(instance)
    stored = stored_secrets(instance)
    return [
        Input(
            field,
            "" if field.is_secret else values.get(field.name, ""),
            errors.get(field.name, ""),
            field.is_secret and field.name in stored,
            reverse("wizard_validate_field", args=[instance.pk, field.name]),
            field.name in staged,
            made.get(field.name, ""),
            pairs.get(field.name),
        )
        for field in method.fields
    ]


def stored_secrets(instance: AppInstance) -> set[str]:
    """Names of what need not be typed again; of the vault none where it cannot be read, so that the form asks anew."""
    try:
        return service.stored_secrets(instance) | staged_secrets(instance)
    except ConnectorError:
        return staged_secrets(instance)


def staged_secrets(instance: AppInstance) -> set[str]:
    """Names of the secrets that were typed and wait for the vendor's word."""
    waiting = staging.staged(instance)
    return set(waiting.secrets) if waiting else set()


def made_values(instance: AppInstance) -> dict[str, str]:
    """What the portal made for the vendor's side; nothing where the vault cannot be read."""
    try:
        service.make_values(instance)
        return service.made_values(instance)
    except ConnectorError:
        return {}


def key_pairs_of(instance: AppInstance) -> dict[str, KeyPair]:
    """By field name; nothing where the vault cannot be read."""
    try:
        return key_pairs.pairs(instance)
    except ConnectorError:
        return {}


def component_choices(connector: Connector, chosen: Iterable[str]) -> list[ComponentChoice]:
    """The components of the app, as the form offers them."""
    on, labels = set(chosen), {each.id: each.label for each in connector.components if not each.is_fixed}
    return [
        ComponentChoice(
            each, each.is_fixed or each.id in on, tuple(labels[need] for need in each.needs if need in labels),
            ALWAYS_ON if each.is_fixed else components.obstacle(each),
        )
        for each in connector.components
    ]


def kept_values(instance: AppInstance) -> dict[str, str]:
    """The non-secret fields in use."""
    return {name: str(value) for name, value in instance.config.items()}


def form_values(instance: AppInstance) -> dict[str, str]:
    """The non-secret fields that a form begins with: those that wait for the vendor's word, else those in use."""
    waiting = staging.staged(instance)
    return dict(waiting.config) if waiting else kept_values(instance)


def plain_fields(method: AuthMethod, instance: AppInstance) -> list[tuple[str, str]]:
    """(label, value) of the non-secret fields; a choice by its label."""
    values = kept_values(instance)
    return [
        (field.label, dict(field.choices).get(values.get(field.name, ""), values.get(field.name, "")))
        for field in method.fields
        if not field.is_secret
    ]


def secret_fields(method: AuthMethod, instance: AppInstance) -> list[tuple[str, str]]:
    """(label, what the vault holds of it) of the secrets, the sign-in at the vendor last."""
    labels = {field.name: field.label for field in method.fields if field.is_secret}
    sign_in = f"Sign-in at {connector_of(instance).name}"
    try:
        held, is_signed_in = service.stored_secrets(instance), service.has_tokens(instance)
    except ConnectorError:
        return [(label, "cannot be read") for label in (*labels.values(), sign_in)]
    found = [(label, name in held) for name, label in labels.items()]
    return [(label, STORED if is_held else "not stored") for label, is_held in (*found, (sign_in, is_signed_in))]
