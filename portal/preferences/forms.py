"""The forms of the settings pages. What a good value is, preferences.py says; a form only carries it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.preferences import preferences
from portal.preferences.models import Suggestion
from portal.preferences.preferences import BY_KEY


def control(key: str) -> forms.Field:
    """The field that fits the kind of a setting's default: yes or no, a list one entry a line, or a line of text."""
    setting = BY_KEY[key]
    words: dict[str, Any] = {"label": setting.label, "help_text": setting.help, "required": False}
    default = setting.default()
    if isinstance(default, bool):
        return forms.BooleanField(**words)
    if isinstance(default, list):
        return forms.CharField(
            **words, max_length=50_000, widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
        )
    return forms.CharField(**words, max_length=300, widget=forms.TextInput(attrs={"spellcheck": "false"}))


def shown(key: str, value: Any) -> Any:
    """How a kept value stands in its control."""
    return "\n".join(map(BY_KEY[key].words, value)) if isinstance(value, list) else value


class SettingsForm(forms.Form):
    """Some of the settings: `SettingsForm(["public_url"], values=..., data=...)`. `cleaned_data` is as it is kept."""

    def __init__(self, keys: Sequence[str], values: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(initial={key: shown(key, values[key]) for key in keys}, **kwargs)
        for key in keys:
            self.fields[key] = control(key)

    def clean(self) -> dict[str, Any]:
        typed = {key: value for key, value in self.cleaned_data.items() if key in self.fields}
        try:
            return preferences.clean(typed)
        except ValidationError as error:
            self.add_error(None, error)
        return typed


class SuggestionForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    web_address = forms.URLField(
        label="Web address", required=False, assume_scheme="https", max_length=200,
        help_text="Of its maker or its API documentation, if you know it.",
        error_messages={"invalid": "This is not a web address. Write it like https://example.com."},
    )

    class Meta:
        model = Suggestion
        fields = ("app_name", "web_address", "why")
        labels = {"app_name": "App", "why": "What would you use it for?"}
        help_texts = {
            "app_name": "As it is called by its maker.",
            "why": "Which accounts, files or activities you would want to see or act on.",
        }
        error_messages = {"app_name": {"required": "Write which app you miss."}}
        widgets = {"why": forms.Textarea(attrs={"rows": 4})}
