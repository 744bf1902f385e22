"""Imports run one way: each file stands on a floor, and imports only from its own floor or from lower ones."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("records", "people", "themes", "accounts", "minutes", "config")

#: First match wins; a file that is in no row is a view, a form or the like: floor 4.
FLOORS = (
    ("records/", 0),
    ("minutes/document.py", 1),
    ("people/names.py", 1),
    ("people/fitting.py", 1),
    ("people/resolve.py", 1),
    ("people/curated.py", 1),
    ("people/suggesting.py", 1),
    ("people/models.py", 1),
    ("themes/recognise.py", 1),
    ("themes/vocabulary.py", 1),
    ("themes/models.py", 1),
    ("accounts/roles.py", 1),
    ("accounts/models.py", 2),
    ("accounts/people.py", 2),
    ("accounts/joining.py", 3),
    ("accounts/inviting.py", 3),
    ("minutes/masking.py", 1),
    ("minutes/rendering.py", 1),
    ("minutes/proposing.py", 2),
    ("minutes/reading/", 2),
    ("minutes/parsing/", 2),
    ("minutes/models/", 2),
    ("minutes/matching.py", 2),
    ("minutes/parting.py", 2),
    ("minutes/shortlisting.py", 2),
    ("minutes/fieldwise.py", 2),
    ("minutes/joining.py", 2),
    ("minutes/merging.py", 2),
    ("minutes/entries.py", 2),
    ("minutes/fields.py", 3),
    ("minutes/deriving.py", 3),
    ("minutes/reach.py", 3),
    ("minutes/applying.py", 3),
    ("minutes/retiring.py", 3),
    ("minutes/standing.py", 3),
    ("minutes/identities.py", 3),
    ("minutes/importing.py", 3),
    ("minutes/undoing.py", 3),
    ("minutes/successors.py", 3),
    ("minutes/comparing.py", 2),
    ("minutes/forecast.py", 3),
    ("minutes/previewing.py", 3),
    ("minutes/seeding.py", 3),
    ("minutes/changes.py", 3),
    ("minutes/attaching.py", 3),
    ("minutes/actions_doing.py", 3),
    ("minutes/following_up.py", 3),
    ("minutes/actions_reading.py", 3),
    ("minutes/actions_telling.py", 3),
    ("minutes/mailing.py", 3),
    ("minutes/reminding.py", 3),
    ("minutes/saved.py", 3),
    ("minutes/uniting.py", 3),
    ("minutes/correcting.py", 3),
    ("minutes/shaping.py", 3),
    ("minutes/reporting.py", 3),
    ("minutes/deciding.py", 3),
    ("minutes/reverting.py", 3),
    ("minutes/queries.py", 3),
    ("minutes/threads.py", 3),
    ("minutes/telling.py", 3),
    ("minutes/versions.py", 3),
    ("minutes/settling.py", 3),
    ("minutes/restoring.py", 3),
    ("minutes/citations.py", 3),
    ("minutes/pages.py", 3),
    ("minutes/permalinks.py", 3),
    ("minutes/accounting.py", 2),
    ("minutes/directory/", 3),
    ("minutes/pictures/", 3),
    ("minutes/origins.py", 3),
    ("minutes/search/", 3),
    ("minutes/exporting/", 3),
    ("config/", 5),
)
PURE = (
    *("minutes/document.py", "minutes/reading/", "minutes/parsing/", "minutes/matching.py", "minutes/merging.py"),
    *("minutes/entries.py", "minutes/comparing.py", "minutes/proposing.py"),
    *("minutes/parting.py", "minutes/shortlisting.py", "minutes/fieldwise.py", "minutes/joining.py"),
    *("minutes/search/tree.py", "minutes/search/language.py"),
    *("minutes/masking.py", "minutes/rendering.py", "minutes/accounting.py"),
    *("people/names.py", "people/resolve.py", "people/curated.py", "themes/recognise.py", "themes/vocabulary.py"),
    *("people/fitting.py", "people/suggesting.py", "accounts/roles.py"),
)


def sources():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix()


def floor(path: str) -> int:
    return next((number for start, number in FLOORS if path.startswith(start)), 4)


def modules_of(name: str, imported: str | None):
    """Files that `from name import imported` may mean."""
    for dotted in filter(None, (f"{name}.{imported}" if imported else None, name)):
        stem = dotted.replace(".", "/")
        for path in (f"{stem}.py", f"{stem}/__init__.py"):
            if (ROOT / path).exists():
                yield path
                return


def imports(path: str):
    package = path.removesuffix(".py").removesuffix("/__init__").split("/")
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + path.endswith("__init__.py")] if node.level else []
            name = ".".join([*base, *filter(None, [node.module])])
            yield from ((name, alias.name) for alias in node.names)


def test_imports_run_one_way():
    upward = [
        f"{path} (floor {floor(path)}) imports {target} (floor {floor(target)})"
        for path in sources()
        for name, imported in imports(path)
        for target in modules_of(name, imported)
        if floor(target) > floor(path)
    ]
    assert upward == []


def test_pure_modules_know_no_django():
    found = [
        f"{path} imports {name}"
        for path in sources()
        if path.startswith(PURE)
        for name, _ in imports(path)
        if name.split(".")[0] in ("django", "taggit")
    ]
    assert found == []


def test_no_circles_among_modules():
    graph = {p: {t for n, i in imports(p) for t in modules_of(n, i) if t != p} for p in sources()}
    done: set[str] = set()

    def visit(path: str, trail: tuple[str, ...]):
        assert path not in trail, " → ".join([*trail, path])
        if path not in done:
            for target in graph.get(path, ()):
                visit(target, (*trail, path))
            done.add(path)

    for path in graph:
        visit(path, ())
