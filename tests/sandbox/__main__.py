"""python -m tests.sandbox --port 8801 [--portal URL] [--slow MS] [--memory FILE]: a process for the demo."""

import argparse
import signal
import threading
from pathlib import Path

from tests.sandbox import memory, postman
from tests.sandbox.server import Sandbox


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8801)
    parser.add_argument("--slow", type=int, default=0, metavar="MS", help="milliseconds added to each vendor call")
    parser.add_argument("--memory", type=Path, metavar="FILE", help="go on from what an earlier run left there")
    parser.add_argument("--portal", metavar="URL", help="where the portal is that the vendors send browsers back to")
    options = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    sandbox = Sandbox()
    sandbox.latency = options.slow / 1000
    if options.memory:
        memory.read(sandbox, options.memory)
    if options.portal:
        sandbox.dropbox.register(options.portal)
        sandbox.microsoft.register(options.portal)
    vendors = list(sandbox.simulators.values())
    for vendor in vendors:
        vendor.deliver = postman.post
        vendor.sends_at_once = False
    carrier = postman.Postman([vendor.send for vendor in vendors])
    print(sandbox.start(options.port), flush=True)
    carrier.start()
    ended.wait()
    carrier.stop()
    sandbox.stop()
    if options.memory:
        memory.write(sandbox, options.memory)


if __name__ == "__main__":
    main()
