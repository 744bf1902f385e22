"""The administration of minutes: lists and bulk work. Every write goes through `minutes.changes`."""

from django.contrib import admin

from . import asking, followups, record, sources, turns

admin.site.site_header = "Rapporteur"
admin.site.site_title = "Rapporteur"
admin.site.index_title = "Administration"
admin.site.enable_nav_sidebar = False  # lists need the width

__all__ = ["asking", "followups", "record", "sources", "turns"]
