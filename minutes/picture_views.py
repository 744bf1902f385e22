"""Pictures of a workshop, each under its own address: how the days went, what came up together, who asked whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .pictures import gallery


def pictures(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "minutes/pictures.html", gallery.gallery(request.user, slug))


def days(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "minutes/picture_days.html", gallery.days(request.user, slug))


def topics(request: HttpRequest, slug: str) -> HttpResponse:
    shown = gallery.topics(request.user, slug, request.GET.get("of", ""))
    return render(request, "minutes/picture_topics.html", shown)


def questions(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "minutes/picture_questions.html", gallery.questions(request.user, slug))
