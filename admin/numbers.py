"""Numbers that come in addresses and forms."""

MOST = 2**31 - 1  # beyond it no database's integer goes


def number_of(text: str, *, most: int = MOST) -> int | None:
    """Return the number that `text` writes where it is from 1 to `most`, as a version or a page is; else None."""
    # No more digits than that, since Python refuses to read thousands.
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if 0 < number <= most else None
