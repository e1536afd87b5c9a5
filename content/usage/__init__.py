"""Usage: which versions each partner was handed, how often and on which day; of readers nothing else is kept."""
