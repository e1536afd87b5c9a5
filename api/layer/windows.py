"""Windows: what this process has counted in one minute, and what is known of the counts of all others."""

from uuid import uuid4

LENGTH = 60  # seconds
MOST = 100_000  # counted at once; beyond it the count begins anew, for all


class Window:
    """One minute's counts by who asked: this process's `own`, and of the `others` what they told last."""

    __slots__ = ("first", "name", "number", "others", "own", "tried", "tries", "untold")

    def __init__(self, number: int) -> None:
        # A process that begins anew in the same minute, or dies, takes nothing away from what it told before.
        self.number, self.name = number, uuid4().hex[:8]
        self.first: bytes | None = None
        self.own, self.others, self.untold = dict[str, int](), dict[str, int](), set[str]()
        # The keys that were looked up in it, and how many of them from which address.
        self.tried, self.tries = set[str](), dict[str, int]()

    def batches(self, most: int) -> list[dict[str, int]]:
        """Return the counts that were not told yet, up to `most` at a time; they are taken for told."""
        # A read is counted first and untold then: so one that comes meanwhile is in its count, or untold again.
        named = [self.untold.pop() for _ in range(len(self.untold))]
        starts = range(0, len(named), most)
        return [{who: self.own[who] for who in named[start : start + most]} for start in starts]

    def learn(self, told: dict[str, int], first: bytes, totals: dict[str, int]) -> None:
        """Know of the others what the `totals` of all hold beyond what was `told`.

        Where another worker was the `first` to tell than before, what was told before is lost, and told again.
        """
        for who, count in told.items():
            self.others[who] = totals[who] - count
        if self.first not in (None, first):
            self.forget_told()
        self.first = first

    def forget_told(self) -> None:
        """Let all counts be told once more."""
        self.untold.update(self.own)
