"""Addresses of the minutes app."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from . import (
    action_views,
    citing_views,
    conflict_views,
    correcting_views,
    finding_views,
    history_views,
    import_views,
    mail_views,
    picture_views,
    report_views,
    sitemaps,
    source_views,
    views,
)

app_name = "minutes"

urlpatterns = [
    path("", views.home, name="home"),
    path("workshops/", views.workshop_list, name="workshop-list"),
    path("workshops/<slug:slug>/", views.workshop, name="workshop"),
    path("workshops/<slug:slug>/reading/", views.workshop_reading, name="workshop-reading"),
    path("workshops/<slug:slug>/days/<int:n>/", views.day, name="day"),
    path("workshops/<slug:slug>/pictures/", picture_views.pictures, name="pictures"),
    path("workshops/<slug:slug>/pictures/days/", picture_views.days, name="picture-days"),
    path("workshops/<slug:slug>/pictures/topics/", picture_views.topics, name="picture-topics"),
    path("workshops/<slug:slug>/pictures/questions/", picture_views.questions, name="picture-questions"),
    path("talks/<slug:public_id>/", views.talk),
    path("talks/<slug:public_id>/<slug:slug>/", views.talk, name="talk"),
    path("actions/", action_views.action_list, name="action-list"),
    path("actions.csv", action_views.table, name="action-csv"),
    path("actions.atom", action_views.feed, name="action-feed"),
    path("actions.ics", action_views.calendar, name="action-calendar"),
    path("actions/table/", action_views.take_table, name="action-table"),
    path("actions/<slug:public_id>/", action_views.action, name="action"),
    path("search/", finding_views.search, name="search"),
    path("searches/", mail_views.saved_searches, name="saved-searches"),
    path("mail/stop/<str:token>/", mail_views.stop, name="mail-stop"),
    path("search.json", finding_views.search_as_json, name="search-json"),
    path("search/suggest/", finding_views.suggestions, name="search-suggest"),
    path("import/", import_views.import_minutes, name="import"),
    path("import/preview/", import_views.preview, name="import-preview"),
    path("sitemap.xml", sitemap, {"sitemaps": sitemaps.maps()}, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("keys/", views.keys, name="keys"),
    path("conflicts/", conflict_views.conflict_list, name="conflict-list"),
    path("r/<slug:public_id>", views.record, name="record"),
    path("r/<slug:public_id>/history", history_views.history, name="record-history"),
    path("r/<slug:public_id>/source", source_views.source, name="record-source"),
    path("r/<slug:public_id>/around", finding_views.around, name="record-around"),
    path("r/<slug:public_id>/edit", history_views.edit, name="record-edit"),
    path("r/<slug:public_id>/put-right", correcting_views.put_right, name="put-right"),
    path("r/<slug:public_id>/report", report_views.report, name="report"),
    path("reports/", report_views.report_list, name="report-list"),
    path("undo/<uuid:group>", correcting_views.undo, name="undo"),
    path("r/<slug:public_id>/cite", citing_views.cite, name="record-cite"),
    path("r/<slug:public_id>/cite.<slug:form>", citing_views.download, name="record-cite-file"),
]
