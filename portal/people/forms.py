"""Forms about people: coming in, inviting, roles, the own profile."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from portal.people.models import User
from portal.people.roles import LABELS, SENTENCES, Role
from portal.people.scope import Held

APP, INSTANCE = "app", "instance"
NEW_PASSWORD = {"autocomplete": "new-password"}
ROLES_IN_ORDER = tuple(Role)


class PasswordForm(forms.Form):
    """A name and a new password, typed twice, by whoever has the address `known_email`."""

    name = forms.CharField(
        max_length=120, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name; others see it beside what you do."},
    )
    password = forms.CharField(
        label="Password", strip=False, max_length=1000, widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        error_messages={"required": "Choose a password."},
    )
    password_again = forms.CharField(
        label="The same password again", strip=False, max_length=1000, widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        error_messages={"required": "Write the password a second time."},
    )

    def __init__(self, known_email: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known_email = known_email
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        password, again = typed.get("password"), typed.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", "The two passwords differ.")
        if password:
            self._check(password, User(email=typed.get("email", self.known_email), name=typed.get("name", "")))
        return typed

    def _check(self, password: str, person: User) -> None:
        try:
            validate_password(password, person)
        except ValidationError as error:
            self.add_error("password", error)


class SetupForm(PasswordForm):
    """The first Global Admin."""

    email = forms.EmailField(
        label="Your e-mail address", help_text="You sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": "Write your e-mail address.", "invalid": "This is not an e-mail address."},
    )
    field_order = ("email", "name", "password", "password_again")


class RoleForm(forms.Form):
    """A role and, for an app admin, the app or connected app. `places` are (value, label), value `app:github` or
    `instance:12`."""

    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect, error_messages={"required": "Choose a role."})
    place = forms.ChoiceField(
        label="For", required=False, help_text="For app admins alone: an app with all its connections, or one of them."
    )
    is_full = forms.BooleanField(
        label="With full control", required=False,
        help_text="For app admins alone: may connect, edit and remove it, and act in it. Otherwise it is read.",
    )

    def __init__(self, roles: Iterable[Role], places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role_sentences = [(role, LABELS[role], SENTENCES[role]) for role in roles]
        self._choices("role").choices = [(role.value, label) for role, label, _ in self.role_sentences]
        self._choices("place").choices = [("", "Every app"), *places]

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        is_app_admin = typed.get("role") == Role.APP_ADMIN
        if is_app_admin and not typed.get("place"):
            self.add_error("place", "Choose what this app admin is for.")
        if typed.get("role") and not is_app_admin and typed.get("place"):
            self.add_error("place", "Only app admins are for one app. Leave it at “Every app”.")
        if typed.get("role") and not is_app_admin and typed.get("is_full"):
            self.add_error("is_full", "Only app admins have this choice.")
        return typed

    def held(self) -> Held:
        """What was chosen; after is_valid."""
        kind, _, place = self.cleaned_data["place"].partition(":")
        return Held(
            Role(self.cleaned_data["role"]),
            app_id=place if kind == APP else "",
            instance_id=int(place) if kind == INSTANCE else None,
            is_full=self.cleaned_data["is_full"],
        )

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        return field


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="The person signs in with it, and single sign-on finds the person by it.",
        error_messages={"required": "Write the e-mail address.", "invalid": "This is not an e-mail address."},
    )
    name = forms.CharField(label="Name", max_length=120, required=False, help_text="The person can change it.")
    field_order = ("email", "name", "role", "place", "is_full")


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """What a person may change about themselves; the address is set by whoever invited them."""

    time_zone = forms.ChoiceField(
        label="Time zone", help_text="Times are shown in it; UTC appears when the pointer rests on one.",
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
    )

    class Meta:
        model = User
        fields = ("name", "time_zone")
        labels = {"name": "Name"}
        help_texts = {"name": "Others see it beside what you do."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
