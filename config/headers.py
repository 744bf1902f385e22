"""The headers that neither Django nor django-csp sets: what no page of this site may use of a visitor's device, and
that browsers ask again where a page moved to."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = ", ".join(f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb"))


def more_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = POLICY
        if response.status_code == 301:
            # What was merged may be parted again, and a browser would keep its first answer for ever.
            response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return respond
