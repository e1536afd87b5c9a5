"""Numbers that come in addresses and forms."""


def number_of(text: str) -> int | None:
    """Return the number that `text` writes where a version or a page can have it, from 1 to 2**31 - 1; else None."""
    # Ten digits, since Python refuses to read thousands, and no database takes a number beyond its integers.
    if not text.isascii() or not text.isdecimal() or len(text) > 10:
        return None
    number = int(text)
    return number if 0 < number < 2**31 else None
