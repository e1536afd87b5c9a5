"""What leaves by itself: the timer for what is due when nobody asks, purges, pings, and what is forgotten.

It knows content only.
"""

from courier.beat import Beat
from courier.forgetting import Forgetter
from courier.last import Last
from courier.pinging import Hub, Pinger
from courier.purging import Hook, Purger
from courier.timer import Timer

__all__ = ["Beat", "Forgetter", "Hook", "Hub", "Last", "Pinger", "Purger", "Timer"]
