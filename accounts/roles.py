"""Who may do what: the one table of roles, and of the permissions that each kind of work needs. Pure.

A role is a group of Django's, and says which permissions the group has: `tests/test_roles.py` holds the groups that the
migrations make to it. Pages and the admin ask for a kind of work (`may`), never for a role: who is given a single
permission may do what it is for. Who may *read* a workshop follows from its visibility (`minutes/models/access.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Role(StrEnum):
    READER = "reader"  # no group: everybody who signs in
    EDITOR = "editor"
    CURATOR = "curator"
    ADMINISTRATOR = "administrator"


# Kinds of work: the permissions that somebody needs who does it.
READ_DRAFTS = ("minutes.read_drafts",)
SETTLE_CONFLICTS = ("minutes.change_conflict",)
PUT_RIGHT = ("minutes.change_turn",)
SHAPE_TOPICS = ("themes.change_topic", "themes.change_topiclabel")
FOLLOW_UP = ("minutes.change_actionitem",)
SHAPE_THEMES = ("minutes.change_theme", "themes.change_recurringtheme")
READ_REPORTS = ("minutes.change_report",)
IMPORT_MINUTES = ("minutes.add_workshop",)
CURATE_PEOPLE = ("people.change_person", "people.change_alias")
READ_CONTACTS = ("minutes.view_contact",)
# The bytes hold e-mail addresses as they stand in the minutes.
DOWNLOAD_SOURCES = ("minutes.view_source", *READ_CONTACTS)
# Those whom no page shows that this user may read; one who is shown somewhere everybody may know of.
KNOW_PEOPLE = ("people.view_person",)
KNOW_LABELS = ("people.view_alias",)
KNOW_SERIES = ("minutes.view_series",)
NAME_READERS = ("minutes.change_workshop",)
ATTACH_LINKS = ("minutes.add_link", "minutes.change_link")
DESCRIBE_WORKSHOPS = ("minutes.change_workshop",)
INVITE = ("accounts.add_invitation", "accounts.change_invitation", "people.view_person")
LOOK_AT_ACCOUNTS = ("auth.view_user",)
MANAGE_ACCOUNTS = ("auth.add_user", "auth.change_user")

# What each role adds to the one before it: model → what it may do with it. No record is ever deleted.
LOOK, WORK = ("view",), ("view", "add", "change")
ADDED: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.READER: {},
    Role.EDITOR: {
        **dict.fromkeys(
            "minutes.actionitem minutes.decision minutes.theme minutes.turn minutes.talk minutes.session minutes.note "
            "minutes.link minutes.day minutes.exchange minutes.statement themes.topic themes.topiclabel "
            "themes.recurringtheme".split(),
            WORK,
        ),
        # Editors choose owners and places among these.
        **dict.fromkeys("people.person minutes.workshop minutes.series".split(), LOOK),
        **dict.fromkeys(("minutes.conflict", "minutes.report"), ("view", "change")),
        "minutes.fruitlessquery": ("view", "delete"),
    },
    Role.CURATOR: {
        **dict.fromkeys(
            "minutes.workshop minutes.series minutes.contact people.person people.alias accounts.invitation".split(),
            WORK,
        ),
        **dict.fromkeys("minutes.source minutes.importrun minutes.change".split(), LOOK),
        "minutes.failedimport": ("view", "delete"),
    },
    Role.ADMINISTRATOR: {**dict.fromkeys("auth.user auth.group auth.permission".split(), WORK)},
}
# Rights that are no action on a model of their own.
MORE: dict[Role, frozenset[str]] = {Role.EDITOR: frozenset(READ_DRAFTS)}
ORDER = tuple(Role)


def permissions_of(role: Role) -> frozenset[str]:
    """All that a role may do, in Django's words: its own and those of the roles before it."""
    found: set[str] = set()
    for one in ORDER[: ORDER.index(role) + 1]:
        found |= MORE.get(one, frozenset())
        for model, actions in ADDED[one].items():
            app, name = model.split(".")
            found |= {f"{app}.{action}_{name}" for action in actions}
    return frozenset(found)


def may(user: Any, work: tuple[str, ...]) -> bool:
    return user is not None and bool(user.has_perms(work))


def may_do(user: Any, action: str, model: Any) -> bool:
    """Whether this user may view, add or change records of a kind; the model, or a record of it."""
    options = model._meta
    return may(user, (f"{options.app_label}.{action}_{options.model_name}",))


def may_edit(user: Any, record: Any) -> bool:
    return may_do(user, "change", record)


def roles_given_by(user: Any) -> tuple[Role, ...]:
    """The roles that this user may give in an invitation: nobody gives more than the work on accounts allows."""
    if not may(user, INVITE):
        return ()
    return ORDER if may(user, MANAGE_ACCOUNTS) else (Role.READER, Role.EDITOR)


def enters_admin(role: Role) -> bool:
    """Whether the administration is open to this role at all; what it shows there follows from the table."""
    return role is not Role.READER
