"""Where rows came from: source files in every version, and each reading of them (the base of the next merge)."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from records.models import Guarded


class Source(Guarded):
    """A file of minutes, or a file of seeds, under the name by which it is known."""

    class Kind(models.TextChoices):
        MINUTES = "minutes"
        TOPICS = "topics", "vocabulary of topics"
        PEOPLE = "people", "curated names"

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.MINUTES)
    name = models.CharField(max_length=255)
    workshop = models.OneToOneField("minutes.Workshop", models.PROTECT, null=True, blank=True, related_name="minutes")
    media_type = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_source_per_name")]

    def __str__(self) -> str:
        return self.name


class SourceVersion(Guarded):
    source = models.ForeignKey(Source, models.PROTECT, related_name="versions")
    n = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField(editable=False)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["source", "n"]
        constraints = [models.UniqueConstraint(fields=["source", "n"], name="source_versions_count_up")]

    def __str__(self) -> str:
        return f"{self.source}, version {self.n}"


class ImportRun(Guarded):
    """One reading of one version. The newest run of a source is the base of the next merge."""

    version = models.ForeignKey(SourceVersion, models.PROTECT, related_name="runs")
    parser_version = models.PositiveIntegerField()
    vocabulary_version = models.CharField(max_length=64)
    document = models.JSONField(
        encoder=DjangoJSONEncoder, help_text="What the parser understood: people, talks, lines, problems."
    )
    entries = models.JSONField(help_text="What each part of it said, field by field, and which record it became.")
    counts = models.JSONField(default=dict)
    did = models.JSONField(default=dict, help_text="What cannot be read from the log: the ids it made, and the like.")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.version.source} on {self.at:%Y-%m-%d %H:%M}"

    @property
    def reason(self) -> str:
        """Why it changed what it changed, for the log."""
        return f"undo of the import of {self.undoes.version}" if self.undoes else f"import of {self.version}"


class FailedImport(models.Model):
    """A file that an import from the command line could not take in, until it does or somebody strikes it out.

    It is no fact of the record, so it stands outside the doors.
    """

    name = models.CharField("file", max_length=200, unique=True)
    reason = models.TextField("why")
    at = models.DateTimeField("tried", auto_now=True)

    class Meta:
        ordering = ["-at", "pk"]
        verbose_name = "failed import"

    def __str__(self) -> str:
        return self.name
