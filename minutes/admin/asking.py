"""What readers looked for in vain: a list to look at, and to strike out what was seen to."""

from urllib.parse import quote

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from minutes.models import FruitlessQuery

from .base import StruckOut


@admin.register(FruitlessQuery)
class FruitlessQueryAdmin(StruckOut):
    list_display = ("text", "count", "last", "first", "again")
    list_filter = ("last",)
    search_fields = ("text",)
    ordering = ("-count", "-last", "pk")

    @admin.display(description="now")
    def again(self, obj: FruitlessQuery) -> str:
        return format_html('<a href="{}?q={}">Search again</a>', reverse("minutes:search"), quote(obj.text))
