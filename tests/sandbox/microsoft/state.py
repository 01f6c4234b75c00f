"""All that the simulated Microsoft cloud holds: one tenant, its directory, the applications' tokens."""

from tests.sandbox.clock import Clock
from tests.sandbox.microsoft.activity_feed.feed import Feed
from tests.sandbox.microsoft.arm.azure import Azure
from tests.sandbox.microsoft.directory.audit_log import AuditLog
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.directory.risk import Risk
from tests.sandbox.microsoft.directory.store import Directory
from tests.sandbox.microsoft.files.store import Files, Place
from tests.sandbox.microsoft.limits import Limit
from tests.sandbox.microsoft.login.tokens import Login
from tests.sandbox.microsoft.outbox import Outbox, Sent
from tests.sandbox.microsoft.subscription import Subscription
from tests.sandbox.microsoft.tenant import Tenant


class State:
    """Everything a test may look at or change directly.

    `client_id`: of the portal's application. `limits`: by the names that services and routes give. `largest_page`: rows
    of a page at most, whatever is asked for. `empty_pages`: each page but the first comes empty once. `delta_page`:
    rows of a page of changes. `delta_era`: tokens for changes of an earlier one are forgotten, which is answered with
    the status `forgets_with`: 410, or 400 and the code syncStateNotFound. `has_odd_deltas`: the last change of a round
    comes twice, a first round names deleted objects. `has_premium`: Entra P1 and P2. `subscription_quota`: of one
    application. `risks` and `second_factors` (registered methods): of users, by id. `is_down`: every call answers 503.
    """

    def __init__(self, clock: Clock, tenant: Tenant, client_id: str) -> None:
        self.clock = clock
        self.tenant = tenant
        self.client_id = client_id
        self.login = Login()
        self.directory = Directory()
        self.feed = Feed()
        self.azure = Azure()
        self.outbox = Outbox()
        self.files = Files()
        self.limits: dict[str, Limit] = {
            "reports": Limit(5, 10.0),
            "identity protection": Limit(1, 1.0, tells=False),
            "activity feed": Limit(2000, 60.0),
            "sharing": Limit(300, 300.0),
        }
        self.largest_page = 1000
        self.empty_pages = False
        self.delta_page = 100
        self.delta_era = 0
        self.forgets_with = 410
        self.has_odd_deltas = False
        self.has_premium = True
        self.audits = AuditLog()
        self.risks: dict[str, Risk] = {}
        self.second_factors: dict[str, list[str]] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.subscription_quota = 100
        self.is_down = False
        self.sent: list[Sent] = []

    def now(self) -> float:
        return self.clock.now()

    # -- bytes

    def fingerprints(self) -> set[str]:
        return self.files.fingerprints()

    def places_of(self, fingerprint: str) -> list[Place]:
        return self.files.places_of(fingerprint)

    # -- the portal's application

    @property
    def redirect_uris(self) -> list[str]:
        """Where a browser may be sent back to; changed in place."""
        found = self.directory.application_of(self.client_id)
        return found.properties["web"]["redirectUris"] if found else []

    @property
    def principal(self) -> DirectoryObject:
        """The service principal of the portal's application; KeyError when it was removed."""
        found = self.directory.service_principal_of(self.client_id)
        if found is None:
            raise KeyError(self.client_id)
        return found
