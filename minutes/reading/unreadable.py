"""The one way in which reading fails: a file that cannot be read, with one sentence why."""

from __future__ import annotations


class Unreadable(Exception):
    """The file cannot be read as minutes; the message is one sentence for whoever sent it."""
