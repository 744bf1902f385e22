"""Commits come in the order of the outbox. A file of its own: its test empties the database, and so comes last."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from minutes.search.finding import find
from records.door import writing
from tests import make

VISITOR = AnonymousUser()


def texts(query: str) -> list[str]:
    return [hit.shown["text"] for hit in find(query, VISITOR).hits(0, 50, shown=True)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_numbers_of_the_outbox_commit_in_order():
    """Of two writers at the same time, the one that is first to write and last to commit has the lower numbers."""
    make.turn("The lamp is lit.")
    find("lamp", VISITOR)
    first_wrote, second_waits, seen = threading.Event(), threading.Event(), []

    def second() -> None:
        first_wrote.wait(5)
        second_waits.set()
        make.turn("The second lamp.")
        seen.append(texts("lamp"))
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic(), writing():
        make.turn("The first lamp.")
        first_wrote.set()
        second_waits.wait(5)
        thread.join(0.3)  # it cannot end before this commits
        assert thread.is_alive()
    thread.join(10)
    assert sorted(seen[0]) == ["The first lamp.", "The lamp is lit.", "The second lamp."]
    assert sorted(texts("lamp")) == sorted(seen[0])
