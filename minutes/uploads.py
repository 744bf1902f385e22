"""Files that somebody sent to be looked at before they are imported: kept for a day, for that person alone."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

KEPT = 24 * 60 * 60  # seconds
TOKEN = re.compile(r"[\w-]{22}")


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """What was sent in one go. The token means something to its sender only."""

    token: str
    visibility: str
    uploads: tuple[Upload, ...]


def keep(user: Any, uploads: Sequence[Upload], visibility: str) -> str:
    """The token by which this person finds them again."""
    _sweep()
    token = secrets.token_urlsafe(16)
    folder = _room(user) / token
    folder.mkdir(mode=0o700, parents=True)
    for n, upload in enumerate(uploads):
        (folder / str(n)).write_bytes(upload.content)
    stated = {"visibility": visibility, "names": [upload.name for upload in uploads]}
    (folder / "batch.json").write_text(json.dumps(stated))
    return token


def find(user: Any, token: str) -> Batch | None:
    """None where nothing of this person's is under the token, or not any more."""
    folder = _room(user) / token
    if not TOKEN.fullmatch(token) or not _fresh(folder):
        return None
    try:
        stated = json.loads((folder / "batch.json").read_text())
        uploads = [Upload(name, (folder / str(n)).read_bytes()) for n, name in enumerate(stated["names"])]
    except FileNotFoundError:  # swept in this moment
        return None
    return Batch(token, stated["visibility"], tuple(uploads))


def forget(user: Any, token: str) -> None:
    if TOKEN.fullmatch(token):
        shutil.rmtree(_room(user) / token, ignore_errors=True)


def _room(user: Any) -> Path:
    """Below a folder that only the site's own user may enter."""
    everybody = Path(settings.DATA_DIR) / "uploads"
    everybody.mkdir(mode=0o700, parents=True, exist_ok=True)
    return everybody / str(user.pk)


def _fresh(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_mtime < KEPT
    except FileNotFoundError:
        return False


def _sweep() -> None:
    for folder in (Path(settings.DATA_DIR) / "uploads").glob("*/*"):
        if not _fresh(folder):
            shutil.rmtree(folder, ignore_errors=True)
