"""The record of a workshop: days, sessions, talks, and the turns in which people spoke."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from taggit.managers import TaggableManager

from people.models import Person
from records.models import Guarded, Origin, PublicId, Record, RecordQuerySet

from .. import rendering
from ..rendering import fold_text, render
from .access import Visibility, open_to
from .sources import Source
from .tagging import SessionTopic, TalkTopic, TurnTopic


class Series(Record):
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=300)

    class Meta:
        ordering = ["title"]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.title


class WorkshopQuerySet(RecordQuerySet):
    def visible_to(self, user):
        return self.living().filter(open_to(user))


class Workshop(Record):
    shown_by = ("self",)

    class Status(models.TextChoices):
        DRAFT = "draft"
        CIRCULATED = "circulated"
        APPROVED = "approved"

    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="workshops")
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    organiser = models.CharField(max_length=200, blank=True)
    url = models.URLField("address", blank=True)
    licence = models.CharField(max_length=100, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.DRAFT)
    status = models.CharField(
        "status of the minutes", max_length=10, choices=Status, default=Status.DRAFT, help_text="How final they are."
    )

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        ordering = [models.F("start").desc(nulls_last=True), "-pk"]
        permissions = [("read_drafts", "Can read draft workshops")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("minutes:workshop", args=[self.slug])


class SourcedQuerySet(RecordQuerySet):
    def visible_to(self, user):
        """All that this user may read: living, in a workshop that is open to him or her."""
        return self.living().filter(open_to(user, "workshop__"), workshop__retired_at__isnull=True)


class SourcedRecord(Record):
    """A record of one workshop, with the source lines it was read from (none where a person added it)."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="%(class)ss", editable=False)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    first_line = models.PositiveIntegerField(null=True, blank=True, editable=False)
    last_line = models.PositiveIntegerField(null=True, blank=True, editable=False)

    objects = SourcedQuerySet.as_manager()

    class Meta:
        abstract = True


class Splittable(models.Model):
    """A record with a text of which a later version of the source may make several."""

    split_from = models.ForeignKey(
        PublicId,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text="What it was part of.",
    )

    class Meta:
        abstract = True


class Day(SourcedRecord):
    shown_by = ("self",)

    n = models.PositiveSmallIntegerField("number")
    date = models.DateField(null=True, blank=True)
    label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["workshop", "n"]

    def __str__(self) -> str:
        return f"Day {self.n}"

    def get_absolute_url(self) -> str:
        return reverse("minutes:day", args=[self.workshop.slug, self.n])


class Session(SourcedRecord):
    shown_by = ("self",)

    day = models.ForeignKey(Day, models.PROTECT, related_name="sessions")
    order = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=500)
    conveners = models.ManyToManyField(Person, through="Convening", related_name="convened")
    topics = TaggableManager(through=SessionTopic, blank=True)

    class Meta:
        ordering = ["day__n", "order", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.day.get_absolute_url()}#{self.public_id}"


class Talk(SourcedRecord):
    shown_by = ("self",)

    class Status(models.TextChoices):
        GIVEN = "given"
        ABSENT = "absent", "speaker absent"
        EXCUSED = "excused", "speaker excused"

    day = models.ForeignKey(Day, models.PROTECT, related_name="talks")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="talks")
    order = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=500)
    status = models.CharField(max_length=7, choices=Status, default=Status.GIVEN)
    speakers = models.ManyToManyField(Person, through="Speaking", related_name="talks")
    topics = TaggableManager(through=TalkTopic, blank=True)

    class Meta:
        ordering = ["day__n", "order", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def slug(self) -> str:
        return slugify(self.title)[:60].strip("-") or "talk"

    def get_absolute_url(self) -> str:
        return reverse("minutes:talk", args=[self.public_id, self.slug])


class Placed(SourcedRecord):
    """A record that stands in a talk, or in a session before its first talk."""

    talk = models.ForeignKey(Talk, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="%(class)ss")

    class Meta:
        abstract = True

    @property
    def where(self) -> Talk | Session:
        return self.talk or self.session

    def get_absolute_url(self) -> str:
        if self.talk:
            return f"{self.talk.get_absolute_url()}#{self.public_id}"
        return f"{self.session.day.get_absolute_url()}#{self.public_id}"


IN_ONE_PLACE = Q(talk__isnull=False, session__isnull=True) | Q(talk__isnull=True, session__isnull=False)


class Exchange(Placed):
    """A question and what answers it; an exchange may resume later in its talk."""

    shown_by = ("self",)

    n = models.PositiveIntegerField()

    class Meta:
        ordering = ["talk", "session", "n", "pk"]
        constraints = [models.CheckConstraint(condition=IN_ONE_PLACE, name="exchange_in_talk_or_session")]

    def __str__(self) -> str:
        return f"Exchange {self.n}"


class Turn(Splittable, Placed):
    shown_by = ("self", "exchange")

    class Kind(models.TextChoices):
        QUESTION = "question"
        ANSWER = "answer"
        COMMENT = "comment"

    n = models.PositiveIntegerField()
    text = models.TextField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.COMMENT)
    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="turns")
    people = models.ManyToManyField(Person, through="Voice", related_name="turns")
    addressed_to = models.ManyToManyField(Person, through="Addressed", related_name="turns_addressed")
    topics = TaggableManager(through=TurnTopic, blank=True)
    # Derived from `text`, by the rules of that version; never merged, exported or kept in history.
    html = models.TextField(editable=False, default="")
    folded = models.TextField(editable=False, default="")
    derived = models.PositiveSmallIntegerField(editable=False, default=0)
    filled = ("html", "folded", "derived")

    class Meta:
        ordering = ["talk", "session", "n", "pk"]
        constraints = [models.CheckConstraint(condition=IN_ONE_PLACE, name="turn_in_talk_or_session")]
        indexes = [
            models.Index(fields=["talk", "n"]),
            models.Index(fields=["session", "n"]),
            models.Index(fields=["exchange", "n"]),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def fill(self) -> None:
        self.html, self.folded, self.derived = render(self.text), fold_text(self.text), rendering.VERSION


class Voice(Guarded):
    """Who spoke in a turn: one row for each name in its label."""

    shown_by, counted_by = ("turn",), ("person",)

    class Certainty(models.TextChoices):
        EXACT = "exact"
        CONTEXT = "context", "from context"
        FUZZY = "fuzzy", "misspelt"
        UNKNOWN = "unknown"

    turn = models.ForeignKey(Turn, models.PROTECT, related_name="voices")
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=200)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="voices")
    certainty = models.CharField(max_length=7, choices=Certainty, default=Certainty.EXACT)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.RULE)

    class Meta:
        ordering = ["turn", "position"]

    def __str__(self) -> str:
        return self.label


class Addressed(Guarded):
    shown_by, counted_by = ("turn",), ("person",)

    turn = models.ForeignKey(Turn, models.PROTECT, related_name="addressings")
    position = models.PositiveSmallIntegerField(default=0)
    person = models.ForeignKey(Person, models.PROTECT, related_name="addressings")

    class Meta:
        ordering = ["turn", "position"]


class Speaking(Guarded):
    shown_by, counted_by = ("talk",), ("person",)

    talk = models.ForeignKey(Talk, models.PROTECT, related_name="speakings")
    position = models.PositiveSmallIntegerField(default=0)
    person = models.ForeignKey(Person, models.PROTECT, related_name="speakings")
    affiliation = models.CharField(max_length=300, blank=True, help_text="At that time, as printed.")

    class Meta:
        ordering = ["talk", "position"]
        constraints = [models.UniqueConstraint(fields=["talk", "person"], name="one_speaking_per_talk_and_person")]


class Convening(Guarded):
    shown_by, counted_by = ("session",), ("person",)

    session = models.ForeignKey(Session, models.PROTECT, related_name="convenings")
    position = models.PositiveSmallIntegerField(default=0)
    person = models.ForeignKey(Person, models.PROTECT, related_name="convenings")
    affiliation = models.CharField(max_length=300, blank=True, help_text="At that time, as printed.")

    class Meta:
        ordering = ["session", "position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_convening_per_session_and_person")
        ]


class Participation(Guarded):
    """That a person was there, by the workshop's own list."""

    counted_by = ("person",)

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="participations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    affiliation = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["workshop", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "person"], name="one_participation_per_workshop_and_person")
        ]


class Link(SourcedRecord):
    """A link of a talk, a session or the workshop; without address where the source lost it."""

    talk = models.ForeignKey(Talk, models.PROTECT, null=True, blank=True, related_name="links")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="links")
    order = models.PositiveIntegerField(default=0)
    label = models.CharField(max_length=300)
    url = models.URLField("address", max_length=2000, blank=True)

    class Meta:
        ordering = ["workshop", "order", "pk"]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        where = self.talk or self.session or self.workshop
        return where.get_absolute_url()


class Note(Splittable, SourcedRecord):
    """Words of a talk, a session or the workshop that nobody is said to have spoken."""

    counted_by = ("talk",)

    class Kind(models.TextChoices):
        NOTE = "note"
        ABSTRACT = "abstract"

    talk = models.ForeignKey(Talk, models.PROTECT, null=True, blank=True, related_name="notes")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="notes")
    order = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.NOTE)
    text = models.TextField()
    html = models.TextField(editable=False, default="")  # derived from `text`, by the rules of the version below
    derived = models.PositiveSmallIntegerField(editable=False, default=0)
    filled = ("html", "derived")

    class Meta:
        ordering = ["workshop", "order", "pk"]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        where = self.talk or self.session or self.workshop
        return where.get_absolute_url()

    def fill(self) -> None:
        self.html, self.derived = render(self.text), rendering.VERSION
