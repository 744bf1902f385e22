"""`{% if user|may:"INVITE" %}`: the kinds of work of `accounts.roles`, in templates."""

from __future__ import annotations

from typing import Any

from django import template

from accounts import roles

register = template.Library()


@register.filter
def may(user: Any, work: str) -> bool:
    """Raises AttributeError for a kind of work that there is not: a misspelt right must not read as "no"."""
    return bool(user) and roles.may(user, getattr(roles, work))
