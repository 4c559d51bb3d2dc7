"""Run some or all benchmarks."""

import importlib
import os
import platform
import sys

from benchmarks.installation import set_up

NAMES = ("ingest", "counting", "report", "comparisons", "disclosure")


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - set(NAMES)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}. Choose from: {', '.join(NAMES)}.", file=sys.stderr)
        return 1
    set_up()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in wanted or NAMES:
        benchmark = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{benchmark.TITLE}", flush=True)
        for line in benchmark.run():
            print(line, flush=True)
    return 0


sys.exit(main(sys.argv[1:]))
