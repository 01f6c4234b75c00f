"""What support staff see of instances: state and health, never a secret."""

from django.http import HttpRequest

from portal.instances.models import AppInstance
from portal.people.admin_site import ReadOnlyAdmin, support_site


class AppInstanceAdmin(ReadOnlyAdmin):
    list_display = ("name", "app_id", "state", "problem_code", "connected_at", "checked_at")
    list_filter = ("app_id", "state")
    search_fields = ("name", "tenant_name")
    fields = (
        "app_id", "name", "state", "method_id", "components", "scan_hours", "tenant_name", "plan", "problem_code",
        "problem", "remedy", "created_at", "connected_at", "checked_at",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: AppInstance | None = None) -> tuple[str, ...]:
        return self.fields


support_site.register(AppInstance, AppInstanceAdmin)
