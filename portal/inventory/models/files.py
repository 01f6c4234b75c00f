"""What holds data in the apps, how far it is shared and with whom."""

from django.db import models
from django.db.models import Q

from portal.inventory.models.row import InventoryRow


class File(InventoryRow):
    """`exposure` and `has_external_collaborators` are worked out by exposure.py; lists read nothing else."""

    name = models.CharField(max_length=500)
    kind = models.CharField(max_length=64)
    path = models.CharField(max_length=2000, blank=True)
    parent_id = models.CharField(max_length=255, blank=True)
    owner_id = models.CharField(max_length=255, blank=True)
    owner_name = models.CharField(max_length=255, blank=True)
    exposure = models.CharField(max_length=16)
    exposure_in_app = models.CharField(max_length=16)
    """What the connector itself said."""
    has_external_collaborators = models.BooleanField(default=False)
    size = models.BigIntegerField(null=True)
    """Bytes."""
    content_type = models.CharField(max_length=255, blank=True)
    is_trashed = models.BooleanField(default=False)
    is_quarantined = models.BooleanField(default=False)
    """An action holds it in quarantine. No connector says so: governance keeps it."""
    created_at = models.DateTimeField(null=True)
    modified_at = models.DateTimeField(null=True)
    url = models.CharField(max_length=2000, blank=True)
    sort_name = models.CharField(max_length=255)
    """Lower-case name, else the id: what lists by name are ordered by."""
    sort_time = models.DateTimeField()
    """When it was modified, else made, else 1970: what lists by time are ordered by."""
    search = models.TextField(blank=True)
    """Lower-case name, path and owner in one text."""
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="file_unique")]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="file_by_name"),
            models.Index(fields=["instance_id", "sort_name", "id"], name="file_by_instance_name"),
            models.Index(fields=["sort_time", "id"], name="file_by_time"),
            models.Index(fields=["instance_id", "sort_time", "id"], name="file_by_instance_time"),
            models.Index(fields=["exposure", "sort_name", "id"], name="file_by_exposure"),
            models.Index(
                fields=["sort_name", "id"], condition=Q(has_external_collaborators=True), name="file_shared_outside"
            ),
            models.Index(fields=["sort_name", "id"], condition=Q(is_trashed=True), name="file_trashed"),
            models.Index(fields=["sort_name", "id"], condition=Q(is_quarantined=True), name="file_quarantined"),
            models.Index(fields=["instance_id", "owner_id", "sort_name", "id"], name="file_by_owner"),
            # By these, few are looked up before a list is walked through (windows.py).
            models.Index(fields=["size"], name="file_by_size"),
            models.Index(fields=["kind"], name="file_by_kind"),
            models.Index(fields=["content_type"], name="file_by_content_type", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["id"], condition=Q(gone_at__isnull=False), name="file_gone"),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="file_sweep"),
        ]

    def __str__(self) -> str:
        return self.name or self.vendor_id


class Collaborator(InventoryRow):
    """`file_id`, `account_id` and `group_id` are the vendor's ids, within the instance."""

    file_id = models.CharField(max_length=255)
    account_id = models.CharField(max_length=255, blank=True)
    group_id = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=320, blank=True)
    email_domain = models.CharField(max_length=320, blank=True)
    """What follows the @ of `email`, in lower case."""
    name = models.CharField(max_length=255, blank=True)
    role = models.CharField(max_length=64, blank=True)
    is_external = models.BooleanField(null=True)
    """What the connector said, else what is known of the account, else told by the address."""
    is_external_in_app = models.BooleanField(null=True)
    """What the connector itself said."""
    is_public = models.BooleanField(default=False)
    is_pending = models.BooleanField(default=False)
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="collaborator_unique")]
        indexes = [
            models.Index(fields=["instance_id", "file_id", "id"], name="collaborator_by_file"),
            models.Index(fields=["instance_id", "account_id", "id"], name="collaborator_by_account"),
            # Few are: what the exposure of a file hangs on is found without reading all who share it.
            models.Index(
                fields=["instance_id", "file_id"], condition=Q(gone_at=None, is_external=True),
                name="collaborator_external",
            ),
            models.Index(
                fields=["instance_id", "file_id"], condition=Q(gone_at=None, is_public=True), name="collaborator_anyone"
            ),
            models.Index(
                fields=["email_domain", "instance_id", "file_id"], condition=Q(gone_at=None),
                name="collaborator_by_domain",
            ),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="collaborator_sweep"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.account_id or self.group_id or self.vendor_id
