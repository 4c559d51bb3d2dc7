"""Measuring: several rounds, each of which runs every contestant once, so that a slow moment hits them alike."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timed:
    """Median, fastest and slowest seconds of one contestant."""

    name: str
    median: float
    least: float
    most: float

    def line(self, beside: "Timed | None" = None) -> str:
        ratio = f"   {beside.median / self.median:6.2f} times as fast as {beside.name}" if beside else ""
        return f"  {self.name:44} {self.median:8.3f} s  ({self.least:.3f} to {self.most:.3f}){ratio}"


def side_by_side(rounds: int, contestants: dict[str, Callable[[], object]]) -> dict[str, Timed]:
    """Run every contestant once a round, in turn, after one round that is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, run in contestants.items():
            gc.collect()
            started = time.perf_counter()
            run()
            if number:
                seconds[name].append(time.perf_counter() - started)
    return {name: Timed(name, statistics.median(took), min(took), max(took)) for name, took in seconds.items()}
