"""What stands in a talk or session: turns with their voices, statements that correct them, links, notes."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.text import Truncator

from minutes.models import Addressed, Exchange, Link, Note, Statement, Turn, TurnTopic, Voice

from .base import SourcedAdmin
from .filters import AddressFilter, CertaintyFilter, WorkshopFilter
from .forms import ABOUT, ExchangeField, RecordsField, SourcedForm, VoiceFormSet
from .rows import RowInline


class PlacedForm(SourcedForm):
    """Something that stands in a talk, or in a session before its first talk."""

    def clean(self):
        cleaned = super().clean()
        talk, session = self.cleaned_data.get("talk"), self.cleaned_data.get("session")
        if talk and session:
            raise ValidationError("Choose the talk or the session, not both: a talk's session is known.")
        return cleaned


class TurnForm(PlacedForm):
    addressed = RecordsField(Addressed, "person", label="Addressed to")
    topics = RecordsField(TurnTopic, "tag", help_text=ABOUT)
    exchange = ExchangeField()

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if "n" in self.fields:
            self.fields["n"].label, self.fields["n"].help_text = "Number", "Its place among the turns, from 1."
        if "exchange" in self.fields and self.instance.pk:
            self.fields["exchange"].offer(self.instance)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not (self.cleaned_data.get("talk") or self.cleaned_data.get("session")):
            raise ValidationError("Choose the talk in which this was said, or the session.")
        return cleaned

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"exchange"}  # an empty one becomes a new exchange

    @property
    def changed_data(self):
        """No exchange chosen is nothing to state: `TurnAdmin.complete` begins a new one."""
        return [name for name in super().changed_data if name != "exchange" or self.instance.exchange_id]


class VoiceInline(RowInline):
    model = Voice
    formset = VoiceFormSet
    states = "voices"
    fields = ("label", "person", "how_sure")
    readonly_fields = ("how_sure",)
    verbose_name = "voice"
    verbose_name_plural = "who spoke"

    @admin.display(description="certainty")
    def how_sure(self, obj: Voice) -> str:
        return obj.get_certainty_display() if obj.pk else "exact"


@admin.register(Turn)
class TurnAdmin(SourcedAdmin):
    form = TurnForm
    layout = (
        (None, {"fields": ["text", "kind", "addressed", "topics"]}),
        ("Where it stands", {"fields": ["talk", "session", "n", "exchange"]}),
    )
    list_display = ("short", "spoken_by", "kind", "where_said", "workshop")
    list_filter = ("kind", CertaintyFilter, WorkshopFilter)
    list_select_related = ("workshop", "talk", "session")
    list_prefetch = ("voices__person", "addressings__person", "topic_items__tag")
    search_fields = ("text", "voices__label", "voices__person__name")
    search_help_text = "Words that were said, or names of those who said them"
    autocomplete_fields = ("talk",)
    inlines = (VoiceInline,)

    def get_fieldsets(self, request, obj=None):
        """The exchanges on offer are those of the turn's place, which a new turn does not have yet."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None:
            return fieldsets
        title, options = fieldsets[1]
        return [fieldsets[0], (title, options | {"fields": ["talk", "session", "n"]}), *fieldsets[2:]]

    def complete(self, c, form, values):
        """No exchange chosen: it begins one of its own. A turn that moves elsewhere cannot stay in its exchange."""
        turn = form.instance
        exchange = turn.exchange if turn.exchange_id else None
        if exchange and (exchange.talk_id, exchange.session_id) == (turn.talk_id, turn.session_id):
            return values
        place = {"talk": turn.talk, "session": turn.session}
        last = Exchange.objects.filter(**place).aggregate(n=Max("n"))["n"] or 0
        named = {name: record.public_id if record else None for name, record in place.items()}
        exchange = c.create(Exchange, workshop=form.workshop(), n=last + 1, **named)
        turn.exchange = exchange
        return values | {"exchange": exchange.public_id}

    @admin.display(description="words", ordering="text")
    def short(self, obj: Turn) -> str:
        return Truncator(obj.text).chars(120)

    @admin.display(description="who")
    def spoken_by(self, obj: Turn) -> str:
        return ", ".join(v.person.name if v.person else f"{v.label} (not identified)" for v in obj.voices.all())

    @admin.display(description="talk", ordering="talk__title")
    def where_said(self, obj: Turn) -> str:
        return str(obj.where)


@admin.register(Link)
class LinkAdmin(SourcedAdmin):
    form = PlacedForm
    layout = ((None, {"fields": ["label", "url", "talk", "session", "order"]}),)
    list_display = ("label", "where", "url", "workshop", "seen")
    list_display_links = ("label",)
    list_editable = ("url",)
    list_filter = (AddressFilter, WorkshopFilter)
    list_select_related = ("workshop", "talk", "session")
    search_fields = ("label", "url", "talk__title")
    autocomplete_fields = ("talk",)

    @admin.display(description="stands in", ordering="talk__title")
    def where(self, obj: Link) -> str:
        return str(obj.talk or obj.session or obj.workshop)

    @admin.display(description="")
    def seen(self, obj: Link) -> int:
        return obj.version


@admin.register(Note)
class NoteAdmin(SourcedAdmin):
    form = PlacedForm
    layout = ((None, {"fields": ["text", "kind", "talk", "session", "order"]}),)
    list_display = ("short", "kind", "where", "workshop")
    list_filter = ("kind", WorkshopFilter)
    list_select_related = ("workshop", "talk", "session")
    search_fields = ("text", "talk__title")
    autocomplete_fields = ("talk",)

    @admin.display(description="note", ordering="text")
    def short(self, obj: Note) -> str:
        return Truncator(obj.text).chars(140)

    @admin.display(description="stands in")
    def where(self, obj: Note) -> str:
        return str(obj.talk or obj.session or obj.workshop)


@admin.register(Statement)
class StatementAdmin(SourcedAdmin):
    layout = ((None, {"fields": ["turn", "person", "text", "date"]}),)
    list_display = ("short", "person", "date", "workshop")
    list_filter = (WorkshopFilter,)
    list_select_related = ("workshop", "person")
    search_fields = ("text", "person__name")
    autocomplete_fields = ("turn", "person")

    @admin.display(description="statement", ordering="text")
    def short(self, obj: Statement) -> str:
        return Truncator(obj.text).chars(120)
