"""Paths that somebody names in, the files of minutes in them out: each under its name in its folder, and its series."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# What a name's ending says, by the types that Python knows; never by what this machine has installed. Other documents,
# such as PDF, are tried, and say by themselves that they cannot be read: they may well be minutes.
TYPES = mimetypes.MimeTypes()
TEXTS = {"text/plain", "text/markdown", "text/html", "text/vtt"}
BESIDE = {"application/json", "application/javascript"}


@dataclass(frozen=True, slots=True)
class Found:
    """A file, the name under which it is known, and the series that a new workshop from it joins. `fault` says why it
    cannot be read; `note` why it is left out on purpose."""

    name: str
    path: Path
    series: str = ""
    fault: str = ""
    note: str = ""


def find_files(path: Path, *, in_series: bool) -> Iterator[Found]:
    """Files below a folder in the order of their names, hidden ones left out; or the one file.

    What lies beside minutes, such as pictures, tables and programs, is noted and left out, by the ending of its name.
    """
    if not path.is_dir():
        yield Found(path.name, path)
        return
    series = _title_of(path) if in_series else ""
    for found in _below(path, path):
        yield Found(found.relative_to(path).as_posix(), found, series, _fault(found), _note(found))


def _below(room: Path, top: Path) -> Iterator[Path]:
    """What is no folder that can be entered: files, links to folders, folders that are closed."""
    try:
        inside = sorted(os.scandir(room), key=lambda entry: entry.name)
    except OSError:
        yield room
        return
    for entry in inside:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _below(path, top)
        else:
            yield path


def _fault(path: Path) -> str:
    if path.is_symlink() and not os.path.exists(path):
        return f"{path} is a link that leads nowhere; mend it or take it away."
    if not path.is_symlink() and path.is_dir():
        return f"{path} is a folder that cannot be opened; check its permissions."
    return ""


def _note(path: Path) -> str:
    if path.is_symlink() and path.is_dir():
        return f"{path} is a link to a folder and is not followed; give that folder itself."
    if os.path.exists(path) and not path.is_file() and not path.is_dir():
        return f"{path} is no file but a device or a pipe; it is left out."
    kind, _ = TYPES.guess_type(path.name)
    family = (kind or "").partition("/")[0]
    if family in ("image", "audio", "video", "font") or (family == "text" and kind not in TEXTS) or kind in BESIDE:
        return f"{path} is a file of another kind ({kind}) and is left out; give it by itself to read it."
    return ""


def _title_of(folder: Path) -> str:
    name = folder.resolve().name.replace("_", " ").replace("-", " ").strip()
    return name[:1].upper() + name[1:]
