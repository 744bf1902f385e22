"""The accounts of those who sign in, and the invitations by which they come."""

from __future__ import annotations

from typing import Any

from axes.utils import reset
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from minutes.admin.base import NeverDeleted
from minutes.models import Workshop
from people.models import Person

from . import inviting
from .invitation_views import tell
from .models import Account, Invitation
from .roles import LOOK_AT_ACCOUNTS, MANAGE_ACCOUNTS, may, roles_given_by

admin.site.unregister(User)
if settings.OIDC:
    from allauth.account import admin as addresses
    from allauth.socialaccount import admin as sign_ons

    # Addresses and providers are kept elsewhere; an account that is closed is closed for every way of signing in.
    for model in (addresses.EmailAddress, sign_ons.SocialApp, sign_ons.SocialToken, sign_ons.SocialAccount):
        admin.site.unregister(model)


class PersonOfAccount(admin.StackedInline):
    """Whom the minutes mean by this account."""

    model = Account
    autocomplete_fields = ("person",)
    verbose_name_plural = "in the minutes"
    can_delete = False
    readonly_fields = ("confirmed_email", "email_confirmed_at")

    def _manages(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, MANAGE_ACCOUNTS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, LOOK_AT_ACCOUNTS)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._manages(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._manages(request)


@admin.register(User)
class AccountAdmin(NeverDeleted, UserAdmin):
    """Accounts are made inactive, never deleted: the history names them.

    Who is no superuser makes none: neither by a tick, nor by a new password for one.
    """

    inlines = (PersonOfAccount,)
    list_display = ("username", "person", "email", "first_name", "last_name", "is_active", "is_staff")
    list_select_related = ("account__person__canonical",)
    actions = ("let_try_again",)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> tuple:
        return self.inlines if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, "is_superuser")

    @admin.display(description="in the minutes", empty_value="")
    def person(self, obj: User) -> str | None:
        account = getattr(obj, "account", None)
        return account.person.lives_on.shown_name if account and account.person else None

    @admin.action(description="Let them try their password again at once", permissions=["change"])
    def let_try_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        lifted = sum(reset(username=user.get_username()) for user in queryset)
        self.message_user(request, "They may try again." if lifted else "Nobody of them had to wait.", messages.SUCCESS)


class InvitationForm(forms.ModelForm):
    days = forms.IntegerField(label="Days until the link ends", min_value=1, max_value=365)

    class Meta:
        model = Invitation
        fields = ("person", "note", "role", "workshops")


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.value, state.label) for state in Invitation.State]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        states, now = Invitation.State, timezone.now()
        rest = Q(used_at=None, revoked_at=None)
        asked = {
            states.USED: ~Q(used_at=None),
            states.REVOKED: Q(used_at=None) & ~Q(revoked_at=None),
            states.OPEN: rest & Q(expires_at__gt=now),
            states.EXPIRED: rest & Q(expires_at__lte=now),
        }
        return queryset.filter(asked[self.value()]) if self.value() in asked else queryset


@admin.register(Invitation)
class InvitationAdmin(NeverDeleted):
    """Made here as on a person's page; afterwards only to be read, or taken back."""

    form = InvitationForm
    list_display = ("invited", "role", "state_told", "made_by", "made_at")
    list_filter = (StateFilter, "role")
    list_select_related = ("person__canonical", "made_by", "used_by")
    search_fields = ("person__name", "note", "made_by__username", "used_by__username")
    autocomplete_fields = ("person",)
    filter_horizontal = ("workshops",)
    actions = ("take_back",)

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """Forms of those that are made are read only; the action asks for the permission itself."""
        return obj is None and super().has_change_permission(request)

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> list[str]:
        named = ["person", "note", "role", "workshops"]
        return [*named, "state_told", "made_by", "made_at"] if obj else [*named, "days"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> type:
        form = super().get_form(request, obj, change=change, **options)
        if obj is None:
            form.base_fields["role"].choices = [(role.value, role.value) for role in roles_given_by(request.user)]
            form.base_fields["workshops"].queryset = Workshop.objects.visible_to(request.user)
            form.base_fields["days"].initial = settings.INVITATION_DAYS
        return form

    def save_model(self, request: HttpRequest, obj: Invitation, form: InvitationForm, change: bool) -> None:
        given = form.cleaned_data
        person: Person | None = given["person"]
        made, token = inviting.invite(
            request.user,
            person,
            days=given["days"],
            role=given["role"],
            workshops=given["workshops"],
            note=given["note"],
        )
        obj.__dict__.update(made.__dict__)
        tell(request, made, token)

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None) -> HttpResponse:
        return redirect("accounts:invitation-made", obj.pk)

    @admin.display(description="state")
    def state_told(self, obj: Invitation) -> str:
        return obj.state_told

    @admin.action(description="Take back the selected invitations", permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        count = sum(inviting.revoke(one) for one in queryset)
        self.message_user(request, f"{count} taken back: their links do not work any more.", messages.SUCCESS)
