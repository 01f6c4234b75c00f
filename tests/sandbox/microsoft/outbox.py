"""What leaves for webhooks."""

from collections.abc import Callable

# URL, headers, body -> the status that came back, 0 when none did.
Deliver = Callable[[str, dict[str, str], bytes], int]
