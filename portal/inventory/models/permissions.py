"""What apps and keys may do: third-party apps, the consents to them, and credentials that were issued."""

from django.db import models

from portal.inventory.models.row import InventoryRow


class Permission(InventoryRow):
    """What app permissions share. `scopes` are the vendor's own names."""

    scopes = models.JSONField(default=list)
    scope_text = models.TextField(blank=True)
    """Lower-case scopes in one text: what "scope contains" looks into."""
    risk = models.CharField(max_length=16)
    risk_order = models.PositiveSmallIntegerField()
    """0 for the highest risk: what lists by risk are ordered by."""
    last_used_at = models.DateTimeField(null=True)
    sort_name = models.CharField(max_length=255)
    raw = models.JSONField(default=dict)

    class Meta(InventoryRow.Meta):
        abstract = True


class OAuthApp(Permission):
    name = models.CharField(max_length=255)
    publisher = models.CharField(max_length=255, blank=True)
    is_verified = models.BooleanField(null=True)
    is_banned = models.BooleanField(default=False)
    created_at = models.DateTimeField(null=True)
    url = models.CharField(max_length=2000, blank=True)
    search = models.TextField(blank=True)
    """Lower-case name, publisher and id in one text."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="oauth_app_unique")]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="oauth_app_by_name"),
            models.Index(fields=["instance_id", "sort_name", "id"], name="oauth_app_by_instance_name"),
            models.Index(fields=["risk_order", "sort_name", "id"], name="oauth_app_by_risk"),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="oauth_app_sweep"),
        ]

    def __str__(self) -> str:
        return self.name or self.vendor_id


class Grant(Permission):
    """`app_id` is the OAuth app's vendor id; an empty `account_id` means the whole organisation."""

    app_id = models.CharField(max_length=255)
    account_id = models.CharField(max_length=255, blank=True)
    account_name = models.CharField(max_length=255, blank=True)
    is_active = models.BooleanField(default=True)
    granted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="grant_unique")]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="grant_by_name"),
            models.Index(fields=["instance_id", "app_id", "sort_name", "id"], name="grant_by_app"),
            models.Index(fields=["instance_id", "account_id", "id"], name="grant_by_account"),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="grant_sweep"),
        ]

    def __str__(self) -> str:
        return self.account_name or self.account_id or self.vendor_id


class Credential(Permission):
    """Never its value. `account_id` and `file_id` are the vendor's ids of what it belongs to."""

    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=64)
    account_id = models.CharField(max_length=255, blank=True)
    account_name = models.CharField(max_length=255, blank=True)
    file_id = models.CharField(max_length=255, blank=True)
    file_name = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    search = models.TextField(blank=True)
    """Lower-case name, kind, account, file and url in one text."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="credential_unique")]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="credential_by_name"),
            models.Index(fields=["instance_id", "sort_name", "id"], name="credential_by_instance_name"),
            models.Index(fields=["risk_order", "sort_name", "id"], name="credential_by_risk"),
            models.Index(fields=["instance_id", "account_id", "id"], name="credential_by_account"),
            models.Index(fields=["instance_id", "file_id", "id"], name="credential_by_file"),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="credential_sweep"),
        ]

    def __str__(self) -> str:
        return self.name or self.vendor_id
