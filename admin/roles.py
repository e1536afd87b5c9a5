"""Who may do what in the newsroom: one table of roles and rights, read by every view and every button."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in the newsroom; a person may hold several."""

    AUTHOR = "author"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """Something that a page or a button lets its user do."""

    READ = "read"
    WRITE = "write"
    REVIEW = "review"
    PUBLISH = "publish"
    FORCE = "force"
    WITHDRAW = "withdraw"
    MANAGE_PEOPLE = "manage people"
    MANAGE_PARTNERS = "manage partners"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.AUTHOR: frozenset({Right.READ, Right.WRITE}),
    Role.REVIEWER: frozenset({Right.READ, Right.WRITE, Right.REVIEW}),
    Role.EDITOR: frozenset({Right.READ, Right.WRITE, Right.PUBLISH, Right.FORCE, Right.WITHDRAW}),
    Role.ADMINISTRATOR: frozenset(Right) - {Right.REVIEW},  # a sign-off is a clinician's, never an office's
}

MEANING: dict[Role, str] = {
    Role.AUTHOR: "Writes and saves drafts.",
    Role.REVIEWER: "A clinician who signs off exact texts.",
    Role.EDITOR: "Publishes and withdraws, also without a review where a reason is given.",
    Role.ADMINISTRATOR: "Does what editors do, and looks after people and partners.",
}


def rights_of(roles: set[Role]) -> frozenset[Right]:
    """Return every right that at least one of `roles` gives."""
    return frozenset().union(*(RIGHTS[role] for role in roles))
