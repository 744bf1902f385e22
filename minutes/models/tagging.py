"""Which topics a talk, session, turn or theme is about: through models of django-taggit with real foreign keys.

Rows of origin "rule" are derived from the words; a topic that a person took away is remembered in `TopicRefusal`, so
that no rule brings it back.
"""

from django.db import models
from taggit.models import ItemBase

from records.models import Guarded, Origin, PublicId
from themes.models import Topic


class TopicMention(Guarded, ItemBase):
    tag = models.ForeignKey(Topic, models.PROTECT, related_name="%(class)s_items")
    label = models.CharField(max_length=100, blank=True, help_text="The form that was found there.")
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.PERSON)

    class Meta:
        abstract = True


class SessionTopic(TopicMention):
    counted_by = ("content_object", "tag")

    content_object = models.ForeignKey("minutes.Session", models.PROTECT, related_name="topic_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="one_topic_per_session")]


class TalkTopic(TopicMention):
    counted_by = ("content_object", "tag")

    content_object = models.ForeignKey("minutes.Talk", models.PROTECT, related_name="topic_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="one_topic_per_talk")]


class TurnTopic(TopicMention):
    shown_by, counted_by = ("content_object",), ("tag",)

    content_object = models.ForeignKey("minutes.Turn", models.PROTECT, related_name="topic_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="one_topic_per_turn")]


class ThemeTopic(TopicMention):
    counted_by = ("content_object", "tag")

    content_object = models.ForeignKey("minutes.Theme", models.PROTECT, related_name="topic_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="one_topic_per_theme")]


class ActionTopic(TopicMention):
    counted_by = ("content_object", "tag")

    content_object = models.ForeignKey("minutes.ActionItem", models.PROTECT, related_name="topic_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="one_topic_per_action")]


class TopicRefusal(Guarded):
    """A person said that this record is not about this topic."""

    record = models.ForeignKey(PublicId, models.PROTECT, related_name="topic_refusals")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="refusals")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "topic"], name="one_refusal_per_record_and_topic")]
