"""Topics (tags with a kind, labels, and a line of explanation) and themes that recur across workshops."""

from django.db import models
from django.urls import reverse
from taggit.models import TagBase

from records.models import Guarded, Origin, Record, RecordQuerySet

from . import vocabulary


class TopicKind(models.TextChoices):
    EXPERIMENT = "experiment"
    TECHNOLOGY = "technology"
    PROJECT = "project"
    ORGANISATION = "organisation"


class TopicQuerySet(RecordQuerySet):
    def vocabulary(self) -> tuple[vocabulary.Topic, ...]:
        """What the recogniser looks for: every living topic as people have it now, in two queries."""
        return tuple(topic.as_entry() for topic in self.living().order_by("slug").prefetch_related("labels"))


class Topic(Record, TagBase):
    """A django-taggit tag. `slug` is its address and, for those that come from seeds, its key: it never changes."""

    shown_by = ("self",)

    kind = models.CharField(max_length=12, choices=TopicKind, db_index=True)
    description = models.CharField(max_length=300, blank=True, help_text="One line: what it is.")
    url = models.URLField("address", blank=True)
    context = models.JSONField(
        default=list, blank=True, help_text="Slugs of topics beside which the weak labels of this one count."
    )
    includes = models.JSONField(
        default=list,
        blank=True,
        help_text="Slugs of topics that are named too where their label is part of this one's.",
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("themes:topic", args=[self.slug])

    def as_entry(self) -> vocabulary.Topic:
        labels = sorted((row.label, row.weak) for row in self.labels.all())
        return vocabulary.Topic(
            key=self.slug,
            name=self.name,
            kind=self.kind,
            labels=tuple(label for label, weak in labels if not weak),
            description=self.description,
            url=self.url,
            weak=tuple(label for label, weak in labels if weak),
            context=tuple(self.context),
            includes=tuple(self.includes),
        )


class TopicLabel(Guarded):
    """A form under which minutes name a topic."""

    shown_by = ("topic",)

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="labels")
    label = models.CharField(max_length=100)
    weak = models.BooleanField(default=False, help_text="Counts only where the document names the topic otherwise.")
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.RULE)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "label"], name="one_row_per_topic_and_label")]

    def __str__(self) -> str:
        return self.label


class RecurringTheme(Record):
    """What several workshops noted in words of their own."""

    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
