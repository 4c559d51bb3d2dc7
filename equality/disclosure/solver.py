"""The linear-programming library, silenced. Both the search and the attacker stand on it; they share nothing else."""

import highspy


class QuietHighs(highspy.Highs):
    """HiGHS greets on standard output when its callbacks are enabled, which would spoil a command's JSON."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the binding has no annotations
        self.setOptionValue("threads", 1)
        self.setOptionValue("parallel", "off")
        self.setOptionValue("random_seed", 0)

    def enableCallbacks(self) -> None:  # noqa: N802  # the library's name
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # the binding has no annotations
