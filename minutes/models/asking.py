"""What readers looked for in vain."""

from __future__ import annotations

from django.db import models


class FruitlessQuery(models.Model):
    """Words that found nothing, and how often: for the editors, who may add a label or a source.

    Who searched is not kept, nor when but for two days. It is no fact of the record, so it stands outside the doors.
    """

    text = models.CharField("searched for", max_length=100, unique=True, help_text="The query in its canonical form.")
    count = models.PositiveIntegerField("times", default=1)
    first = models.DateField("first on", auto_now_add=True)
    last = models.DateField("last on", auto_now=True)

    class Meta:
        ordering = ["-count", "-last", "pk"]
        verbose_name = "search without result"
        verbose_name_plural = "searches without result"

    def __str__(self) -> str:
        return self.text
