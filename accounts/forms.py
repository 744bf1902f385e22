"""Forms of those who sign in, and of those who invite them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, BaseUserCreationForm
from django.utils.translation import gettext_lazy as _

from minutes.models import Workshop

from .roles import roles_given_by


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("The name or the password is not right; capitals count in both."),
        "inactive": _("This account is closed."),
    }

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["username"].label = _("Name of the account")


class AddressForm(forms.Form):
    email = forms.EmailField(label=_("Address of mail"), max_length=254)


class NewAccountForm(BaseUserCreationForm):
    """Name and password of an account that an invitation makes."""

    class Meta(BaseUserCreationForm.Meta):
        labels = {"username": _("Name of the account")}
        help_texts = {"username": _("With this you sign in. Letters, figures and @ . + - _ only.")}


class InvitationForm(forms.Form):
    role = forms.ChoiceField(
        label=_("As"),
        help_text=_("Readers read; editors also edit what minutes say; curators also people, names and imports."),
    )
    workshops = forms.ModelMultipleChoiceField(
        Workshop.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("May read, whatever its visibility"),
    )
    days = forms.IntegerField(label=_("Days until the link ends"), min_value=1, max_value=365)
    note = forms.CharField(
        label=_("For whom"), max_length=150, required=False, help_text=_("A word for yourself, such as a name.")
    )

    def __init__(self, *args: Any, user: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["role"].choices = [(role.value, role.value) for role in roles_given_by(user)]
        closed = Workshop.objects.visible_to(user).exclude(visibility="public")
        self.fields["workshops"].queryset = closed
        if not closed.exists():
            del self.fields["workshops"]
        self.fields["days"].initial = settings.INVITATION_DAYS
