"""Settings from environment variables: a name goes in, a checked value or one clear sentence comes out."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """A variable that is set but empty counts as not set: that is what `NAME= command` means to most people."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    given = text(name)
    if not given:
        return default
    if given.lower() in TRUE:
        return True
    if given.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is “{given}”, but must be true or false.")


def number(name: str, default: int, least: int, most: int) -> int:
    given = text(name)
    if not given:
        return default
    if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
        raise ImproperlyConfigured(f"{name} is “{given}”, but must be a whole number from {least} to {most}.")
    return int(given)


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    given = text(name, default).upper()
    if given not in choices:
        raise ImproperlyConfigured(f"{name} is “{text(name)}”, but must be one of {', '.join(choices)}.")
    return given


def names(name: str, default: str = "") -> list[str]:
    """Names separated by commas or spaces."""
    return text(name, default).replace(",", " ").split()


def folder(name: str, default: Path) -> Path:
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ImproperlyConfigured(
            f"{name} is “{path}”, which is no folder and cannot be made one: {problem.strerror}."
        ) from None
    return path


def origins(name: str) -> list[str]:
    given = names(name)
    for origin in given:
        if not origin.startswith(("https://", "http://")):
            raise ImproperlyConfigured(f"{name} holds “{origin}”, but every entry must begin with https:// or http://.")
    return given


def address(name: str) -> str:
    """The address of the site, without a slash at its end."""
    given = text(name).rstrip("/")
    if given and not given.startswith(("https://", "http://")):
        raise ImproperlyConfigured(f"{name} is “{given}”, but must begin with https:// or http://.")
    return given


def sender(name: str) -> str:
    """An e-mail address, with a name before it or without: "Minutes <minutes@example.org>"."""
    given = text(name)
    mailbox = parseaddr(given)[1]
    if given and ("@" not in mailbox.strip("@") or any(char in given for char in "\r\n")):
        raise ImproperlyConfigured(f"{name} is “{given}”, but must be an e-mail address.")
    return given


def database(default: Path) -> dict[str, object]:
    """DATABASE_URL with the options that each engine needs; SQLite in the file `default` where it is not set."""
    url = text("DATABASE_URL")
    if not url:
        given: dict[str, object] = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(default)}
    else:
        try:
            given = dict(dj_database_url.parse(url))
        except ValueError:
            # The address is not repeated, because it may hold a password.
            raise ImproperlyConfigured(
                "DATABASE_URL cannot be read; it looks like sqlite:///folder/file.sqlite3 "
                "or postgres://user:password@host:5432/name."
            ) from None
    if given["ENGINE"] == "django.db.backends.sqlite3":
        given["OPTIONS"] = {
            # BEGIN IMMEDIATE waits for the lock at the start instead of failing at the first write.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
        given.setdefault("CONN_MAX_AGE", 60)  # to open the file and read its schema anew takes longer than a query
    elif given["ENGINE"] == "django.db.backends.postgresql":
        given.setdefault("CONN_MAX_AGE", 60)
        given["CONN_HEALTH_CHECKS"] = True
    else:
        raise ImproperlyConfigured("DATABASE_URL must name SQLite or PostgreSQL; other databases are not supported.")
    return given


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """A provider of OpenID Connect."""

    key: str  # stands in addresses and with each account: what one provider says of a subject binds no other's
    name: str
    server: str
    client_id: str
    secret: str


def single_sign_on() -> SingleSignOn | None:
    """OIDC_SERVER with what belongs to it; None where it is not set."""
    server = text("OIDC_SERVER").rstrip("/").removesuffix("/.well-known/openid-configuration")
    if not server:
        return None
    parts = urlsplit(server)
    if not parts.hostname or not (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1"))
    ):
        raise ImproperlyConfigured(f"OIDC_SERVER is “{server}”, but must begin with https:// and name a server.")
    missing = [name for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET") if not text(name)]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        raise ImproperlyConfigured(f"OIDC_SERVER is set, but {' and '.join(missing)} {are} not.")
    if find_spec("allauth") is None:
        raise ImproperlyConfigured(
            "OIDC_SERVER is set, but what it needs is not installed: "
            ".venv/bin/pip install --require-hashes -r requirements/oidc.txt"
        )
    key = re.sub(r"[^A-Za-z0-9.]+", "-", f"{parts.netloc.lower()}{parts.path}")
    return SingleSignOn(
        key, text("OIDC_NAME", parts.hostname), server, text("OIDC_CLIENT_ID"), text("OIDC_CLIENT_SECRET")
    )


def languages(locale: Path) -> list[tuple[str, str]]:
    """English, in which the site is written, and every language whose translation is compiled in `locale`."""
    found = {path.parts[-3].replace("_", "-").lower() for path in locale.glob("*/LC_MESSAGES/django.mo")}
    return [(code, LANG_INFO.get(code, {}).get("name_local", code)) for code in sorted(found | {"en"})]


def language(name: str, known: list[tuple[str, str]]) -> str:
    given = text(name, "en").replace("_", "-").lower()
    codes = [code for code, _ in known]
    if given not in codes:
        raise ImproperlyConfigured(f"{name} is “{text(name)}”, but must be one of {', '.join(codes)}.")
    return given


def secret_key(data_dir: Path) -> str:
    """SECRET_KEY, else one made once and kept in `data_dir`, readable by its owner only."""
    if given := text("SECRET_KEY"):
        return given
    path = data_dir / "secret_key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(64))
    try:
        return path.read_text().strip()
    except OSError as problem:
        raise ImproperlyConfigured(f"The secret key in “{path}” cannot be read: {problem.strerror}.") from None


def _write_once(path: Path, content: str) -> None:
    """A link appears whole or not at all, so that two processes that start together agree on one key."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(content + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as problem:
        raise ImproperlyConfigured(
            f"No secret key can be written to “{path}”: {problem.strerror}. Set SECRET_KEY or another DATA_DIR."
        ) from None
