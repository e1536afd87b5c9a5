"""What leaves by itself: the timer that settles what is due when nobody asks, and purges. It knows content only."""

from courier.beat import Beat
from courier.purging import Hook, Purger
from courier.timer import Timer

__all__ = ["Beat", "Hook", "Purger", "Timer"]
