"""What can be wrong with a text that is to be sown.

SeedError
├── BlogTextError   the text itself cannot be read as a blog post
└── NotesError      the TOML beside it says something that we do not know
"""


class SeedError(Exception):
    """Something about one file, said in one sentence that begins with the file's name (`source`)."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class BlogTextError(SeedError):
    """The file is no blog text that can be read whole."""


class NotesError(SeedError):
    """The notes beside a text have an unknown key or a value of the wrong type."""
