"""A workshop, a topic or a person, and a user, in; what pages draw of them, as numbers that have addresses, out.

Every number is counted as the search counts that stands behind it; tests/test_pictures.py holds them together.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from minutes.search.tree import Field, both, show

SHADES = 5  # steps of a heat map, the palest first


def search_for(**conditions: str | list[str]) -> str:
    """The address of a search: `search_for(topic=["a", "b"], workshop="w")`; `asked_by` stands for `asked-by`."""
    fields = [
        Field(name.replace("_", "-"), value)
        for name, values in conditions.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return f"{reverse('minutes:search')}?{urlencode({'q': show(both(*fields))})}"


def shade(count: int, most: int) -> int:
    """0 for nothing, else 1 to SHADES; by the root, so that small numbers can still be told apart."""
    return max(1, round(SHADES * (count / most) ** 0.5)) if count and most else 0
