"""Everything that the Management Activity API answers here."""

from tests.sandbox.microsoft.activity_feed import content, sensitive_types, subscriptions, webhook

HOST = webhook.HOST
PREFIXES = ("/api/v1.0", "/api/v1")
ROUTES = [*subscriptions.ROUTES, *content.ROUTES, *webhook.ROUTES, *sensitive_types.ROUTES]
