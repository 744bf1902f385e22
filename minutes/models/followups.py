"""What a workshop leaves behind: recurring themes, action items, decisions, contacts."""

from datetime import date

from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from taggit.managers import TaggableManager

from people.models import Person
from records.models import Guarded
from themes.models import RecurringTheme

from .. import rendering
from ..rendering import render
from .record import Placed, SourcedQuerySet, SourcedRecord, Splittable, Turn
from .tagging import ActionTopic, ThemeTopic


class Theme(SourcedRecord):
    """A theme as one workshop noted it."""

    shown_by = ("self",)

    n = models.PositiveIntegerField("number")
    text = models.TextField()
    recurring = models.ForeignKey(RecurringTheme, models.PROTECT, null=True, blank=True, related_name="noted")
    evidence = models.ManyToManyField(Turn, through="ThemeEvidence", related_name="themes")
    topics = TaggableManager(through=ThemeTopic, blank=True)

    class Meta:
        ordering = ["workshop", "n", "pk"]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def slug(self) -> str:
        return slugify(self.text)[:60].strip("-") or "theme"

    def get_absolute_url(self) -> str:
        return reverse("themes:theme", args=[self.public_id, self.slug])


class ThemeEvidence(Guarded):
    """A turn that bears a theme out; or of which a person said that it does not, so that it is suggested no more."""

    shown_by, counted_by = ("turn",), ("theme",)

    class State(models.TextChoices):
        ACCEPTED = "accepted"
        REFUSED = "refused"

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="evidences")
    position = models.PositiveSmallIntegerField(default=0)
    turn = models.ForeignKey(Turn, models.PROTECT, related_name="evidences")
    state = models.CharField(max_length=8, choices=State, default=State.ACCEPTED)

    class Meta:
        ordering = ["theme", "position"]
        constraints = [models.UniqueConstraint(fields=["theme", "turn"], name="one_evidence_per_theme_and_turn")]


class Followup(SourcedRecord):
    """Something that hangs on the words that created it: a turn or a theme, or the talk or session around them."""

    turn = models.ForeignKey(Turn, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    talk = models.ForeignKey("minutes.Talk", models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    session = models.ForeignKey("minutes.Session", models.PROTECT, null=True, blank=True, related_name="%(class)ss")

    class Meta:
        abstract = True

    @property
    def cause(self):
        """The record whose words created it; the workshop where a person wrote it without any."""
        return self.turn or self.theme or self.talk or self.session or self.workshop


WAITING = ("proposed", "open")


def check_links(links: list[str]) -> None:
    """Raises ValidationError for what is no list of addresses that a page may link to."""
    for link in links:
        address = link.partition(" ")[0]
        message = f"“{address[:80]}” is no web address."
        URLValidator(schemes=["http", "https"], message=message, code="no_address")(address)


class ActionItemQuerySet(SourcedQuerySet):
    def open(self):
        """Neither done nor dropped."""
        return self.filter(status__in=WAITING)

    def overdue(self, today: date):
        return self.open().filter(due__lt=today)


class ActionItem(Followup):
    shown_by = ("self", "turn")

    class Status(models.TextChoices):
        PROPOSED = "proposed"
        OPEN = "open"
        DONE = "done"
        DROPPED = "dropped"

    class Priority(models.IntegerChoices):
        HIGH = 1, "high"
        NORMAL = 2, "normal"
        LOW = 3, "low"

    title = models.CharField(max_length=300, help_text="One line that can be read alone.")
    quote = models.TextField("in the minutes", blank=True, help_text="The words that created it, as printed.")
    status = models.CharField(max_length=8, choices=Status, default=Status.PROPOSED)
    status_reason = models.CharField(max_length=300, blank=True, help_text="Why it was dropped, or how it was done.")
    due = models.DateField(null=True, blank=True)
    due_text = models.CharField("due, in words", max_length=100, blank=True, help_text="“before the next workshop”")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    explicit = models.BooleanField(default=False, help_text="The minutes themselves call it an action.")
    reason = models.CharField("why proposed", max_length=300, blank=True, editable=False)
    owners = models.ManyToManyField(Person, through="ActionOwner", related_name="action_items")
    everybody = models.BooleanField(
        "whoever is interested", default=False, help_text="It is put to everybody, or to whoever is interested."
    )
    topics = TaggableManager(through=ActionTopic, blank=True)
    links = models.JSONField(
        default=list,
        blank=True,
        validators=[check_links],
        help_text="One address on each line; words after it are shown in its place.",
    )
    notes = models.TextField(blank=True, help_text="Markdown.")
    # Derived from `notes`, by the rules of that version; never merged, exported or kept in history.
    html = models.TextField(editable=False, default="")
    derived = models.PositiveSmallIntegerField(editable=False, default=0)
    filled = ("html", "derived")

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ["workshop", "first_line", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("minutes:action", args=[self.public_id])

    def fill(self) -> None:
        self.html, self.derived = render(self.notes) if self.notes else "", rendering.VERSION

    @property
    def waits(self) -> bool:
        """Neither done nor dropped."""
        return self.status in WAITING

    @property
    def linked(self) -> list[tuple[str, str]]:
        """Its links as (address, words)."""
        return [(address, words.strip() or address) for address, _, words in (one.partition(" ") for one in self.links)]


class ActionOwner(Guarded):
    shown_by, counted_by = ("action",), ("person",)

    action = models.ForeignKey(ActionItem, models.PROTECT, related_name="ownings")
    position = models.PositiveSmallIntegerField(default=0)
    person = models.ForeignKey(Person, models.PROTECT, related_name="ownings")

    class Meta:
        ordering = ["action", "position"]
        verbose_name = "owner"
        constraints = [models.UniqueConstraint(fields=["action", "person"], name="one_owner_row_per_action_and_person")]

    def __str__(self) -> str:
        return self.person.name


class Decision(Splittable, Followup):
    shown_by = ("self", "turn")

    text = models.TextField()

    class Meta:
        ordering = ["workshop", "first_line", "pk"]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return f"{reverse('minutes:action-list')}#{self.public_id}"


class Contact(SourcedRecord):
    """How to reach somebody, as the minutes hold it. Only those with its own permission may read it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="contacts")
    email = models.EmailField(blank=True)
    institute = models.CharField(max_length=200, blank=True)
    certain = models.BooleanField(default=True, help_text="Off where the minutes put a question mark.")

    class Meta:
        ordering = ["workshop", "first_line", "pk"]

    def __str__(self) -> str:
        return f"{self.person}"

    def get_absolute_url(self) -> str:
        return self.person.get_absolute_url()


__all__ = ["ActionItem", "ActionOwner", "Contact", "Decision", "Placed", "Theme", "ThemeEvidence"]
