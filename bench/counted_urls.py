"""The site's addresses and one more, which does nothing: what a page costs that has nothing to say."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as of_the_site


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing")


urlpatterns = [path("nothing", nothing), *of_the_site]
