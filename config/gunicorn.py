"""How gunicorn serves the site, by `make run` and on a server alike: `gunicorn -c config/gunicorn.py config.wsgi`."""

import os
import time

from config import environment

bind = f"{environment.text('BIND', '127.0.0.1')}:{environment.number('PORT', 8000, least=1, most=65535)}"
workers = environment.number("WEB_WORKERS", 2, least=1, most=64)
threads = environment.number("WEB_THREADS", 4, least=1, most=64)
# Loading before the fork shares memory among the workers, and a mistake in the settings shows once.
preload_app = True
graceful_timeout = 10
# Whether a proxy's word on HTTPS is believed is decided in the settings (TRUST_PROXY), not here for every local proxy.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
loglevel = "warning"
control_socket_disable = True


def when_ready(server) -> None:
    """Says where the site is, to a person who started it by `make run`."""
    if started := os.environ.get("RUN_STARTED"):
        address = bind.replace("0.0.0.0", "127.0.0.1")
        print(f"Rapporteur is at http://{address}/ (ready after {time.time() - float(started):.0f} s).")
        print("To make an administrator: .venv/bin/python manage.py createsuperuser")
        print("Ctrl-C stops it.", flush=True)
