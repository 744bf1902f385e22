"""A kind of work (`accounts.roles`) in, the decorator of views that are for those who may do it out."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse

View = Callable[..., HttpResponse]


def only_for(work: tuple[str, ...]) -> Callable[[View], View]:
    """A visitor is asked to sign in; who is signed in and may not do this work is told so."""

    def permit(view: View) -> View:
        return login_required(permission_required(work, raise_exception=True)(view))

    return permit
