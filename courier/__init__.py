"""What leaves by itself: the timer that settles what is due when nobody asks. It knows content only."""

from courier.timer import Timer

__all__ = ["Timer"]
