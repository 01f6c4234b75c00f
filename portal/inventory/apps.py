from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "portal.inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.inventory import checks  # noqa: F401  registers the check
