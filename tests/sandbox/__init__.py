"""Stateful simulations of the vendors' APIs for one believable company.

`Sandbox` (server.py) answers under the vendors' own host names; `python -m tests.sandbox` starts it for the demo.
Runtime requirements only, so that the demo needs nothing else.
"""

from tests.sandbox.server import Sandbox

__all__ = ["Sandbox"]
