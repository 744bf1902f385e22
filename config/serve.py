"""`make run`: brings the site up to date, then becomes its web server."""

import os
import socket
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        from django.conf import settings

        refuse_taken_port(settings.PORT)
        call_command("prepare_site")
    except (ImproperlyConfigured, CommandError) as problem:
        sys.exit(str(problem))
    except OperationalError as problem:
        sys.exit(f"The database cannot be used: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
    # The preparation's memory and connections go with this process: the server starts clean.
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"])


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        # Without this, a server that was just stopped would look as if it still ran.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            another = port + 1 if port < 65535 else 8000
            sys.exit(
                f"Port {port} cannot be used ({problem.strerror}): stop what uses it, or take another, "
                f"as in “PORT={another} make run”."
            )


if __name__ == "__main__":
    main()
