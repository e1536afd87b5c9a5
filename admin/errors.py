"""What the newsroom refuses, each with its facts and its own sentence.

NewsroomError
├── BadField            a field of a form or a command
├── AlreadyThere        an address that somebody has
├── PersonNotFound
├── LastAdministrator   nobody would be left to look after people
├── PersonDisabled      who cannot sign in is given no link
└── LinkSpent           a set-up link that was used, replaced, or is too old
"""


class NewsroomError(Exception):
    """Something that the newsroom refuses; its text is a sentence for the person who asked."""


class BadField(NewsroomError):
    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field[:1].upper()}{field[1:]} {why}.")
        self.field = field


class AlreadyThere(NewsroomError):
    def __init__(self, email: str) -> None:
        super().__init__(f"Email {email} belongs to a person already.")
        self.field = "email"


class PersonNotFound(NewsroomError):
    def __init__(self, wanted: str) -> None:
        super().__init__(f"There is no person {wanted}.")


class LastAdministrator(NewsroomError):
    def __init__(self, email: str) -> None:
        super().__init__(f"{email} is the last administrator who is enabled: make another one first.")
        self.field = "roles"


class PersonDisabled(NewsroomError):
    def __init__(self, email: str) -> None:
        super().__init__(f"{email} is disabled: enable them first.")


class LinkSpent(NewsroomError):
    def __init__(self) -> None:
        super().__init__("This link has been used, replaced by a newer one, or is too old. Ask for another.")
