"""Rows with something in them, edited inside the form of their record: speakers, voices, labels."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.roles import may_edit

from .forms import KnownSelect, RowForm, RowFormSet


class RowInline(admin.TabularInline):
    """Rows of a record with something in them: speakers with affiliations. They are replaced in one change.

    Whoever may change the record may change its rows.
    """

    form = RowForm
    formset = RowFormSet
    extra = 0
    states = ""  # the field of `minutes.fields`
    key = "person"
    verbose_name = ""

    def get_formset(self, request, obj=None, **options):
        formset = super().get_formset(request, obj, **options)
        formset.states = self.states
        return formset

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related(self.key) if self.key else rows

    def formfield_for_dbfield(self, db_field, request, **options):
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name == self.key:
            field.widget = KnownSelect(db_field, self.admin_site)
            field.widget.is_required = field.required
            field.widget.choices = field.choices
        return field

    def _may(self, request: HttpRequest) -> bool:
        return may_edit(request.user, self.parent_model)

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return self._may(request)

    def has_change_permission(self, request, obj=None):
        return self._may(request)

    def has_delete_permission(self, request, obj=None):
        return self._may(request)
