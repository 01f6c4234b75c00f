"""python -m tests.bench.worker CLUSTER: one worker in a process of its own. Works until nothing is due, then tells time
and memory.

Memory is the process's peak in all its life, so a process measures one scan.
"""

import json
import os
import resource
import sys
import time

import django


def main(cluster: str) -> None:
    django.setup()
    from portal.scans.jobs import dispatch_due
    from tests.tasks import run_tasks

    begun, worked = time.perf_counter(), time.process_time()
    if cluster == "scans":
        dispatch_due()
    run_tasks(cluster, limit=100_000)
    seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - worked
    # Linux counts in KiB, macOS in bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1 / 1024)
    json.dump({"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mib": peak / 1024 / 1024}, sys.stdout)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    main(sys.argv[1])
