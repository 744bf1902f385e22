"""What the machine offers to tests: Chromium, and a PostgreSQL server found or started for the time of a run."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

LOCAL_SERVER = "postgres://postgres@127.0.0.1:5432/"


def find_chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a server where databases may be made: the named one, the local one, or one made for this run."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        if not may_create_databases(named):
            raise SystemExit("TEST_DATABASE_URL names no server that can be reached and lets databases be made.")
        yield named
    elif may_create_databases(LOCAL_SERVER + "postgres"):
        yield LOCAL_SERVER + "postgres"
    elif programs := find_postgresql_programs():
        with temporary_cluster(programs) as address:
            yield address
    else:
        yield None


def may_create_databases(address: str) -> bool:
    question = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(address, connect_timeout=3) as connection:
            answer = connection.execute(question).fetchone()
    except psycopg.Error:
        return False
    return bool(answer and answer[0])


def find_postgresql_programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`; Debian keeps it out of PATH, one for each version."""
    folders = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
    )
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def temporary_cluster(programs: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="rapporteur-postgresql-") as room:
        account = unprivileged_account()
        if account is not None:
            os.chown(room, account.pw_uid, account.pw_gid)
        cluster, port = f"{room}/cluster", free_port()

        def run(*command: str) -> None:
            subprocess.run(
                [str(programs / command[0]), *command[1:]],
                check=True,
                cwd=room,
                env={"PATH": os.environ.get("PATH", ""), "HOME": room, "LC_ALL": "C.UTF-8"},
                # The server keeps what it inherits open: a pipe here would never end.
                stdout=subprocess.DEVNULL,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )

        run("initdb", "-D", cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={room} -c fsync=off"
        run("pg_ctl", "-D", cluster, "-w", "-s", "-l", f"{room}/log", "-o", options, "start")
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", cluster, "-w", "-s", "-m", "immediate", "stop")


def unprivileged_account() -> pwd.struct_passwd | None:
    """Whom the server runs as where root runs the tests: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL does not run as root, and there is no account “postgres” or “nobody” here.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
