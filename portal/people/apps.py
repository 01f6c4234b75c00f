"""The app of the portal's own people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "portal.people"

    def ready(self) -> None:
        from portal.people import admin_site, sign_in_trail  # noqa: F401  connects to allauth's signals

        admin_site.discover()
