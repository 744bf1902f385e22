"""Forms of the admin: a record's row in, what the person changed of it out, in the terms of `minutes.fields`."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models

from minutes.fields import Rows, Topics, fields_of
from minutes.models import Exchange, Voice
from minutes.telling import stale_sentence
from records.models import Record

#: Help for topics: `TopicRefusal` remembers what a person removed.
ABOUT = "Type a few letters. What you take away stays away."


class KnownOptions:
    """Autocompletes whose chosen records are at hand already: a list of thirty rows asks nothing for its widgets."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.known: dict[str, Record] = {}

    def optgroups(self, name, value, attr=None):
        wanted = [str(key) for key in value if key not in self.choices.field.empty_values]
        if any(key not in self.known for key in wanted):
            found = self.choices.queryset.filter(pk__in=[key for key in wanted if key.isdigit()])
            self.known = self.known | {str(record.pk): record for record in found}
        chosen = [(key, self.known[key]) for key in wanted if key in self.known]
        empty = [] if self.is_required or self.allow_multiple_selected else [("", "", False)]
        options = [*empty, *((key, str(record), True) for key, record in chosen)]
        return [(None, [self.create_option(name, *option, n) for n, option in enumerate(options)], 0)]


class KnownSelect(KnownOptions, AutocompleteSelect):
    pass


class KnownSelectMultiple(KnownOptions, AutocompleteSelectMultiple):
    pass


class RecordsField(forms.ModelMultipleChoiceField):
    """Several records, chosen by autocomplete, where rows with nothing else in them name them: owners, topics.

    `of` is the field of `minutes.fields` that it states, where the form must call it otherwise.
    """

    def __init__(self, through: type[models.Model], key: str, *, of: str = "", **options):
        column = through._meta.get_field(key)
        options = {"required": False, "widget": KnownSelectMultiple(column, admin.site)} | options
        super().__init__(column.remote_field.model.objects.all(), **options)
        self.of = of


class RecordForm(forms.ModelForm):
    """A form that never saves: `stated` says what differs, and `RecordAdmin` brings that to `changes`."""

    why = forms.CharField(
        label="Why",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Kept in the history beside the change. May be left empty.",
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the version that the person looked at
    always_compared = True
    way_on = " Nothing was saved: of what both of you changed, choose below what is to stand, then save again."
    stale_from: int | None = None  # the version that the person looked at, where a newer one stands

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["seen"] = self.instance.version
        for name, of, field in self.record_fields():
            chosen = chosen_records(fields_of(self._meta.model)[of], self.instance)
            self.initial[name] = [record.pk for record in chosen]
            field.widget.known = {str(record.pk): record for record in chosen}

    def record_fields(self) -> Iterator[tuple[str, str, RecordsField]]:
        for name, field in self.fields.items():
            if isinstance(field, RecordsField):
                yield name, field.of or name, field

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != "seen"]

    def clean(self):
        cleaned = super().clean()
        seen, record = self.cleaned_data.get("seen"), self.instance
        if record.pk and seen != record.version and (self.always_compared or self.has_changed()):
            self._take_up(record.version)
            self.stale_from = seen or 0
            raise forms.ValidationError(stale_sentence(record, seen or 0) + self.way_on, code="stale")
        return cleaned

    def _take_up(self, version: int) -> None:
        """The form comes back with the newer version: who saves it once more has read what stands there."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = version

    def stated(self) -> dict[str, Any]:
        """The fields that the person changed. The instance carries the new values of plain columns by now."""
        known = fields_of(self._meta.model)
        renamed = {name: of for name, of, _ in self.record_fields()}
        values = {}
        for name in self.changed_data:
            field = known.get(renamed.get(name, name))
            if name in renamed:
                values[field.name] = rows_of(field, self.instance, self.cleaned_data[name])
            elif field is not None:
                values[field.name] = field.read(self.instance)
        return values


class ListForm(RecordForm):
    """One row of a list. What it showed comes back with it, so that a row counts only if the person changed it."""

    always_compared = False
    way_on = " Nothing was saved. Saving again puts what you see below in its place."

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.show_hidden_initial = name not in ("seen", self._meta.model._meta.pk.name)
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = f"{field.label or name}: {self.instance}"


def chosen_records(field: Rows | Topics, record: Record) -> list[Record]:
    if not record.pk:
        return []
    if isinstance(field, Topics):
        return [row.tag for row in record.topic_items.all()]
    return [getattr(row, field.key) for row in getattr(record, field.related).all()]


def rows_of(field: Rows | Topics, record: Record, chosen: Iterable[Record]) -> list[Any]:
    """The value of the field: those who stay keep their order and their rows, new ones follow."""
    wanted = [each.public_id for each in chosen]
    if isinstance(field, Topics):
        return wanted
    staying = [row for row in field.read(record) if row[field.key] in wanted]
    had = {row[field.key] for row in staying}
    return staying + [{field.key: public_id} for public_id in wanted if public_id not in had]


class RowForm(forms.ModelForm):
    """A row that belongs to a record. Rows are replaced as a whole, so only the rows shown can repeat one another."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if isinstance(field.widget, KnownOptions) and self.instance.pk and getattr(self.instance, name):
                record = getattr(self.instance, name)
                field.widget.known = {str(record.pk): record}

    def validate_unique(self):
        pass

    def validate_constraints(self):
        pass


class RowFormSet(forms.BaseInlineFormSet):
    states = ""  # the field of `minutes.fields` that these rows are
    replaced = False  # since the form was opened, by somebody else

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.is_bound:
            self._forget_what_is_gone()

    def _forget_what_is_gone(self) -> None:
        """A save replaces rows: those of a form that was opened before it count as if they were typed anew."""
        there = {str(row.pk) for row in self.get_queryset()}
        keys = [key for key in self.data if key.startswith(f"{self.prefix}-") and key.endswith("-id")]
        if all(self.data[key] in there for key in keys if self.data[key]):
            return
        self.replaced = True
        self.data = self.data.copy()
        self.data[f"{self.prefix}-INITIAL_FORMS"] = "0"
        for key in keys:
            self.data[key] = ""

    def stated(self) -> dict[str, Any]:
        field = fields_of(type(self.instance))[self.states]
        return {self.states: [self.row(form, field) for form in self.kept()]}

    def kept(self) -> list[forms.ModelForm]:
        gone = self.deleted_forms
        return [form for form in self.forms if form not in gone and (form.instance.pk or form.has_changed())]

    def row(self, form: forms.ModelForm, field: Rows) -> dict[str, Any]:
        record = getattr(form.instance, field.key)
        shown = [column for column in field.columns if not self.replaced or column in form.fields]
        columns = {column: getattr(form.instance, column) for column in shown}
        return {field.key: record.public_id if record else None} | columns


class VoiceFormSet(RowFormSet):
    """Whom a person names is certain; where a person takes a name away, nobody knows."""

    def row(self, form: forms.ModelForm, field: Rows) -> dict[str, Any]:
        value = super().row(form, field)
        if self.replaced:  # nothing tells any more who was named anew
            return value if value["person"] else value | {"certainty": Voice.Certainty.UNKNOWN}
        if "person" in form.changed_data:
            value["certainty"] = Voice.Certainty.EXACT if value["person"] else Voice.Certainty.UNKNOWN
        return value


class LabelFormSet(RowFormSet):
    def stated(self) -> dict[str, Any]:
        rows = [form.instance for form in self.kept()]
        return {
            "labels": [row.label for row in rows if not row.weak],
            "weak_labels": [row.label for row in rows if row.weak],
        }


class SourcedForm(RecordForm):
    """A record of one workshop: whatever it points to belongs to the same one."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and not isinstance(_bare(field.widget), AutocompleteMixin):
                self._narrow(field)

    def _narrow(self, field: forms.ModelChoiceField) -> None:
        if not any(column.name == "workshop" for column in field.queryset.model._meta.fields):
            return
        if self.instance.pk:
            field.queryset = field.queryset.filter(workshop=self.instance.workshop_id)
        else:
            field.queryset = field.queryset.select_related("workshop")
            field.label_from_instance = lambda record: f"{record.workshop}: {record}"

    def clean(self):
        cleaned = super().clean()
        workshop = self.workshop()
        if workshop is None and not self.errors:
            raise forms.ValidationError("Say which workshop this belongs to.")
        for name, other in list(self.cleaned_data.items()):
            if workshop and getattr(other, "workshop_id", workshop.pk) != workshop.pk:
                self.add_error(name, f"This belongs to another workshop: {other.workshop}.")
        return cleaned

    def workshop(self):
        """That of the record; for a new one the one that was chosen, or that of whatever it points to."""
        if self.instance.pk:
            return self.instance.workshop
        pointed = (getattr(other, "workshop", None) for other in self.cleaned_data.values())
        return self.cleaned_data.get("workshop") or next(filter(None, pointed), None)


def _bare(widget: forms.Widget) -> forms.Widget:
    """Without the links to add and change that the admin puts around it."""
    return getattr(widget, "widget", widget)


class ExchangeField(forms.ModelChoiceField):
    """The exchanges of the place where a turn stands, told apart by their first words."""

    def __init__(self):
        super().__init__(
            Exchange.objects.none(),
            required=False,
            empty_label="a new exchange",
            help_text="The question and answers that this belongs to.",
        )

    def offer(self, turn: models.Model) -> None:
        place = {"talk": turn.talk_id} if turn.talk_id else {"session": turn.session_id}
        self.queryset = Exchange.objects.filter(**place).living().prefetch_related("turns")

    def label_from_instance(self, exchange: Exchange) -> str:
        first = next(iter(exchange.turns.all()), None)
        return f"{exchange.n}: {first.text[:70] if first else 'no turns'}"
