"""Who may do what: every address of the site, by GET and by POST, for every role. An address without a row fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.urls import URLResolver, get_resolver, reverse

from accounts.inviting import invite
from accounts.models import Account, Invitation
from accounts.roles import ADDED, Role, enters_admin, may_edit, permissions_of
from minutes import importing
from minutes.changes import change
from minutes.models import Change, Conflict, FailedImport, FruitlessQuery, ImportRun, Reader, Source
from people.models import Alias
from records.door import writing
from records.models import PublicId
from tests import make
from tests.test_admin import MINUTES, one_of_each
from tests.test_visibility import SECRET, fill

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WHO = ("visitor", "member", "named", "editor", "curator", "administrator")
READS_DRAFTS = ("named", "editor", "curator", "administrator")


# The table. What somebody gets: OK, a way to SIGN_IN, NO (403), HIDDEN (404), or METHOD (405).

OK, SIGN_IN, NO, HIDDEN, METHOD, GONE = "ok", "sign in", "no", "hidden", "method", "gone"
Answers = dict[str, str]


def answers(visitor: str, member: str, named: str, editor: str, curator: str, administrator: str) -> Answers:
    return dict(zip(WHO, (visitor, member, named, editor, curator, administrator), strict=True))


def all_get(answer: str) -> Answers:
    return dict.fromkeys(WHO, answer)


EVERYBODY = all_get(OK)
SIGNED_IN = EVERYBODY | {"visitor": SIGN_IN}
EDITORS = answers(SIGN_IN, NO, NO, OK, OK, OK)
CURATORS = EDITORS | {"editor": NO}
DRAFT = EVERYBODY | {"visitor": HIDDEN, "member": HIDDEN}
NOBODY = all_get(HIDDEN)
ONLY_GET, ONLY_POST = all_get(METHOD), all_get(METHOD)
# In the administration who has no role is sent to the door, and told there that it is not open.
DESK = answers(SIGN_IN, SIGN_IN, SIGN_IN, OK, OK, OK)
DESK_CURATORS = DESK | {"editor": NO}
DESK_CHIEFS = DESK_CURATORS | {"curator": NO}
DESK_NOBODY = DESK_CHIEFS | {"administrator": NO}
DESK_METHOD = dict.fromkeys(WHO[3:], METHOD)
DESK_FROM = {"editor": DESK, "curator": DESK_CURATORS, "administrator": DESK_CHIEFS, "": DESK_NOBODY}


@dataclass(frozen=True)
class Row:
    """An address of a route; `{public.talk}` stands for a part of the address of a record of the site."""

    address: str
    get: Answers
    post: Answers


def both(address: str, get: Answers, post: Answers | None = None) -> tuple[Row, ...]:
    """The same page of what is public, and of a draft."""
    closed = DRAFT if get == EVERYBODY else get
    shut = post if post is not None and post != EVERYBODY else DRAFT
    return (
        Row(address.replace("SITE", "public"), get, EVERYBODY if post is None else post),
        Row(address.replace("SITE", "draft"), closed, shut),
    )


def one(address: str, get: Answers, post: Answers | None = None) -> tuple[Row, ...]:
    return (Row(address, get, get if post is None else post),)


EDIT_DRAFT = answers(HIDDEN, HIDDEN, NO, OK, OK, OK)
EDIT_PUBLIC = answers(NO, NO, NO, OK, OK, OK)
WHO_CURATES = answers(HIDDEN, HIDDEN, HIDDEN, HIDDEN, OK, OK)
ROWS: dict[str, tuple[Row, ...]] = {
    # Pages to read
    "": one("/", EVERYBODY),
    "workshops/": one("/workshops/", EVERYBODY),
    "workshops/<slug:slug>/": both("/workshops/{SITE.slug}/", EVERYBODY),
    "workshops/<slug:slug>/details/": (
        Row("/workshops/{public.slug}/details/", CURATORS, CURATORS),
        Row("/workshops/{draft.slug}/details/", CURATORS, CURATORS),
    ),
    "workshops/<slug:slug>/links/": (
        Row("/workshops/{public.slug}/links/", EDITORS, EDITORS),
        Row("/workshops/{draft.slug}/links/", EDITORS, EDITORS),
    ),
    "workshops/<slug:slug>/reading/": both("/workshops/{SITE.slug}/reading/", EVERYBODY),
    "workshops/<slug:slug>/days/<int:n>/": both("/workshops/{SITE.slug}/days/1/", EVERYBODY),
    "workshops/<slug:slug>/pictures/": both("/workshops/{SITE.slug}/pictures/", EVERYBODY),
    "workshops/<slug:slug>/pictures/days/": both("/workshops/{SITE.slug}/pictures/days/", EVERYBODY),
    "workshops/<slug:slug>/pictures/topics/": both("/workshops/{SITE.slug}/pictures/topics/", EVERYBODY),
    "workshops/<slug:slug>/pictures/questions/": both("/workshops/{SITE.slug}/pictures/questions/", EVERYBODY),
    "talks/<slug:public_id>/": both("/talks/{SITE.talk}/", EVERYBODY),
    "talks/<slug:public_id>/<slug:slug>/": both("/talks/{SITE.talk}/any/", EVERYBODY),
    "actions/": one("/actions/", EVERYBODY, ONLY_GET),
    "actions.csv": one("/actions.csv", EVERYBODY, ONLY_GET),
    "actions.atom": one("/actions.atom", EVERYBODY, ONLY_GET),
    "actions.ics": one("/actions.ics", EVERYBODY, ONLY_GET),
    "actions/table/": one("/actions/table/", EDITORS),
    "actions/desk/": one("/actions/desk/", EDITORS, EDITORS | dict.fromkeys(WHO[3:], METHOD)),
    "actions/decide/": one("/actions/decide/", EDITORS | dict.fromkeys(WHO[3:], METHOD), EDITORS),
    "actions/<slug:public_id>/edit": (
        *one("/actions/{public.action}/edit", EDITORS),
        *one("/actions/{draft.action}/edit", EDITORS),
    ),
    "actions/<slug:public_id>/": both("/actions/{SITE.action}/", EVERYBODY, ONLY_GET),
    "searches/": one("/searches/", SIGNED_IN, NOBODY | {"visitor": SIGN_IN}),
    "mail/stop/<str:token>/": one("/mail/stop/x/", NOBODY),
    "search/": one(f"/search/?q={SECRET}", EVERYBODY),
    "search.json": one(f"/search.json?q={SECRET}", EVERYBODY),
    "search/suggest/": one(f"/search/suggest/?q={SECRET[:4]}", EVERYBODY),
    "r/<slug:public_id>": both("/r/{SITE.turn}", EVERYBODY),
    "r/<slug:public_id>/source": both("/r/{SITE.turn}/source", EVERYBODY, ONLY_GET),
    "r/<slug:public_id>/around": both("/r/{SITE.turn}/around", EVERYBODY),
    "r/<slug:public_id>/cite": both("/r/{SITE.turn}/cite", EVERYBODY, ONLY_GET),
    "r/<slug:public_id>/cite.<slug:form>": both("/r/{SITE.turn}/cite.bib", EVERYBODY, ONLY_GET),
    "people/": one("/people/", EVERYBODY),
    "people/<slug:public_id>/": both("/people/{SITE.person}/", EVERYBODY),
    "people/<slug:public_id>/<slug:slug>/": both("/people/{SITE.person}/any/", EVERYBODY),
    "topics/": one("/topics/", EVERYBODY),
    "topics/<slug:slug>/": one("/topics/sieve/", EVERYBODY),
    "topics/<slug:slug>/edit": one("/topics/sieve/edit", EDITORS),
    "themes/": one("/themes/", EVERYBODY),
    "themes/<slug:public_id>/": both("/themes/{SITE.theme}/", EVERYBODY),
    "themes/<slug:public_id>/<slug:slug>/": both("/themes/{SITE.theme}/any/", EVERYBODY),
    **{
        f"themes/<slug:public_id>/{act}": (
            Row(f"/themes/{{public.theme}}/{act}", EDITORS, EDITORS),
            Row(f"/themes/{{draft.theme}}/{act}", EDITORS, EDITORS),
        )
        for act in ("join", "merge", "split")
    },
    "themes/<slug:public_id>/evidence": (
        Row("/themes/{public.theme}/evidence", EDITORS | dict.fromkeys(WHO[3:], METHOD), EDITORS),
        Row("/themes/{draft.theme}/evidence", EDITORS | dict.fromkeys(WHO[3:], METHOD), EDITORS),
    ),
    "glossary/": one("/glossary/", EVERYBODY),
    "favicon.ico": one("/favicon.ico", EVERYBODY),
    # Pages for those who edit. A POST without a word of what to do reaches the page, and finds nothing to do.
    "r/<slug:public_id>/history": (
        Row("/r/{public.turn}/history", EVERYBODY, answers(NO, NO, NO, HIDDEN, HIDDEN, HIDDEN)),
        Row("/r/{draft.turn}/history", DRAFT, answers(HIDDEN, HIDDEN, NO, HIDDEN, HIDDEN, HIDDEN)),
        Row("/r/{public.person}/history", WHO_CURATES, NOBODY),
    ),
    "r/<slug:public_id>/edit": (
        Row("/r/{public.turn}/edit", EDIT_PUBLIC, EDIT_PUBLIC),
        Row("/r/{draft.turn}/edit", EDIT_DRAFT, EDIT_DRAFT),
        Row("/r/{public.person}/edit", EDIT_PUBLIC | {"editor": NO}, EDIT_PUBLIC | {"editor": NO}),
    ),
    "sitemap.xml": one("/sitemap.xml", EVERYBODY),
    "robots.txt": one("/robots.txt", EVERYBODY),
    "keys/": one("/keys/", EVERYBODY),
    "r/<slug:public_id>/report": both("/r/{SITE.turn}/report", EVERYBODY),
    "r/<slug:public_id>/put-right": (
        Row("/r/{public.turn}/put-right", EDITORS, EDITORS),
        Row("/r/{draft.turn}/put-right", EDITORS, EDITORS),
    ),
    "r/<slug:public_id>/to-do": (
        *one("/r/{public.turn}/to-do", EDITORS),
        *one("/r/{draft.turn}/to-do", EDITORS),
        *one("/r/{draft.theme}/to-do", EDITORS),
        *one("/r/{public.talk}/to-do", EDITORS | dict.fromkeys(WHO[3:], HIDDEN)),
    ),
    "undo/<uuid:group>": one("/undo/7a4c1a0e-6a3f-4a8e-9a51-1f0e5d3c2b1a", ONLY_POST | {"visitor": SIGN_IN}, SIGNED_IN),
    "reports/": one("/reports/", EDITORS, EDITORS | dict.fromkeys(WHO[3:], HIDDEN)),
    "conflicts/": one("/conflicts/", EDITORS, EDITORS | dict.fromkeys(WHO[3:], HIDDEN)),
    "import/": one("/import/", CURATORS),
    "import/preview/": one("/import/preview/", CURATORS),
    "names/": one("/names/", CURATORS),
    "names/label/": one("/names/label/?in={public.workshop}&label=Addy", CURATORS),
    "names/decide/": one("/names/decide/", CURATORS | dict.fromkeys(WHO[4:], METHOD), CURATORS),
    "names/several/": one("/names/several/", CURATORS | dict.fromkeys(WHO[4:], METHOD), CURATORS),
    "names/undo/": one("/names/undo/", CURATORS | dict.fromkeys(WHO[4:], METHOD), CURATORS),
    "names/merges/undo/": one("/names/merges/undo/", CURATORS | dict.fromkeys(WHO[4:], METHOD), CURATORS),
    "names/people/<slug:public_id>/merge/": one("/names/people/{public.person}/merge/", CURATORS),
    "names/people/<slug:public_id>/split/": one("/names/people/{public.person}/split/", CURATORS),
    "names/people/<slug:public_id>/affiliations/": one("/names/people/{public.person}/affiliations/", CURATORS),
    # Accounts
    "account/": one("/account/", SIGNED_IN),
    "account/sign-in/": one("/account/sign-in/", EVERYBODY),
    "account/sign-out/": one("/account/sign-out/", ONLY_POST, EVERYBODY),
    # These users sign in elsewhere, so that there is no password to change (tests/test_signing_in.py has one).
    "account/password/": one("/account/password/", NOBODY | {"visitor": SIGN_IN}),
    "account/password/reset/": one("/account/password/reset/", EVERYBODY, NOBODY),
    "account/password/reset/sent/": one("/account/password/reset/sent/", EVERYBODY),
    "account/password/reset/<uidb64>/<token>/": one("/account/password/reset/MQ/x-y/", EVERYBODY),
    "account/address/": one("/account/address/", ONLY_POST | {"visitor": SIGN_IN}, SIGNED_IN),
    "account/address/<str:token>/": one("/account/address/x/", all_get(GONE) | {"visitor": SIGN_IN}),
    "account/invitation/<str:token>/": (
        Row("/account/invitation/{token}/", EVERYBODY, EVERYBODY),
        Row("/account/invitation/nonsense/", NOBODY, NOBODY),
    ),
    "account/invite/": one("/account/invite/?person={public.person}", CURATORS),
    "account/invite/<int:pk>/": one("/account/invite/{invitation}/", CURATORS),
    "account/invite/<int:pk>/revoke/": one(
        "/account/invite/{invitation}/revoke/", CURATORS | dict.fromkeys(WHO[4:], METHOD), CURATORS
    ),
    "account/join/": one(
        "/account/join/", CURATORS | dict.fromkeys(WHO[4:], METHOD), CURATORS | dict.fromkeys(WHO[4:], HIDDEN)
    ),
    "account/part/": one(
        "/account/part/", CURATORS | dict.fromkeys(WHO[4:], METHOD), CURATORS | dict.fromkeys(WHO[4:], HIDDEN)
    ),
    "account/readers/<slug:public_id>/": (
        *one("/account/readers/{public.workshop}/", CURATORS),
        *one("/account/readers/{draft.workshop}/", CURATORS),
    ),
    # The administration, but for its lists and forms
    "admin/": one("/admin/", DESK),
    "admin/login/": one("/admin/login/", answers(SIGN_IN, NO, NO, SIGN_IN, SIGN_IN, SIGN_IN)),
    "admin/logout/": one("/admin/logout/", EVERYBODY | DESK_METHOD, EVERYBODY),
    "admin/password_change/": one("/admin/password_change/", EVERYBODY),
    "admin/password_change/done/": one("/admin/password_change/done/", DESK, DESK | DESK_METHOD),
    "admin/autocomplete/": one(
        "/admin/autocomplete/?term=a&app_label=minutes&model_name=actionowner&field_name=person",
        DESK,
        DESK | DESK_METHOD,
    ),
    "admin/jsi18n/": one("/admin/jsi18n/", DESK, DESK | DESK_METHOD),
    "admin/r/<path:content_type_id>/<path:object_id>/": one("/admin/r/9999/1/", DESK | dict.fromkeys(WHO[3:], HIDDEN)),
    "admin/minutes/source/<int:pk>/versions/<int:n>/content": one(
        "/admin/minutes/source/{source}/versions/1/content", DESK_CURATORS
    ),
    "admin/minutes/importrun/<int:pk>/undo/": one("/admin/minutes/importrun/{run}/undo/", DESK_CURATORS),
    "admin/auth/user/<id>/password/": one("/admin/auth/user/{user}/password/", DESK_CHIEFS),
    "admin/^(?P<app_label>APPS)/$": (
        *one("/admin/minutes/", DESK),
        *one("/admin/accounts/", DESK | {"editor": HIDDEN}),
        *one("/admin/auth/", DESK | {"editor": HIDDEN, "curator": HIDDEN}),
    ),
    "admin/(?P<url>.*)$": one("/admin/nowhere/", DESK | dict.fromkeys(WHO[3:], HIDDEN)),
}
# The lists and forms: from which role on one looks, adds, changes and deletes; "" is nobody.
FORMS: dict[str, tuple[str, str, str, str]] = {
    **dict.fromkeys(
        "actionitem decision theme turn talk session note link day statement topic recurringtheme".split(),
        ("editor", "editor", "editor", ""),
    ),
    **dict.fromkeys(("workshop", "series", "person"), ("editor", "curator", "curator", "")),
    **dict.fromkeys(("contact", "alias"), ("curator", "curator", "curator", "")),
    **dict.fromkeys(("source", "importrun", "change"), ("curator", "", "", "")),
    "conflict": ("editor", "", "", ""),
    "fruitlessquery": ("editor", "", "", "editor"),
    "failedimport": ("curator", "", "", "curator"),
    "invitation": ("curator", "curator", "", ""),
    "user": ("administrator", "administrator", "administrator", ""),
    "group": ("administrator", "administrator", "administrator", "superuser"),
}


def form_rows(app: str, model: str, tail: str) -> tuple[Row, ...]:
    looks, adds, changes, deletes = (DESK_FROM.get(role, DESK_NOBODY) for role in FORMS[model])
    address = f"/admin/{app}/{model}/" + tail.replace("<path:object_id>", "{record:" + model + "}")
    return {
        "": (Row(address, looks, looks),),
        "add/": (Row(address, adds, adds),),
        "<path:object_id>/": (Row(address, DESK, DESK),),  # leads on to the form, whatever its number
        "<path:object_id>/change/": (Row(address, looks, changes),),
        "<path:object_id>/history/": (Row(address, looks, looks),),
        "<path:object_id>/delete/": (Row(address, deletes, deletes),),
    }[tail]


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield re.sub(r"(?<=<app_label>)[a-z|]+", "APPS", route)


def rows_of(route: str) -> tuple[Row, ...]:
    """Raises KeyError for a route that nobody classified."""
    form = re.fullmatch(r"admin/(minutes|people|themes|auth|accounts)/(\w+)/(|add/|<path:object_id>/(?:\w+/)?)", route)
    return form_rows(*form.groups()) if form else ROWS[route]


ROUTES = sorted(set(routes(get_resolver())))


# The site


@pytest.fixture
def site() -> dict[str, Any]:
    people, topics = [make.person("Ada Quill"), make.person("Bo Marsh")], [make.topic("Sieve", labels=["sieve"])]
    found: dict[str, Any] = {}
    for name, mark, visibility in (("public", "ink", "public"), ("draft", SECRET, "draft")):
        workshop = make.workshop(f"{mark} summit", visibility=visibility, people=people)
        records = fill(workshop, mark, people, topics)
        stranger = make.person(f"{mark} Stranger")
        make.turn("Who am I?", by="Addy", talk=records[3])
        make.turn(f"I am {mark}.", by=stranger, talk=records[3])
        found |= {f"{name}.slug": workshop.slug, f"{name}.workshop": workshop.public_id}
        for kind, record in zip(("day", "session", "talk", "turn", "theme", "action"), records[1:], strict=True):
            found[f"{name}.{kind}"] = record.public_id
        found[f"{name}.person"] = stranger.public_id
    return found | {"workshop": workshop}


@pytest.fixture
def forms(site) -> dict[str, Any]:
    """One row of every model of the administration, by its name; and what the addresses name besides."""
    rows = {record._meta.model_name: record for record, _, _ in one_of_each().values()}
    importing.write(importing.read("tides.txt", MINUTES.encode()))
    chief = User.objects.create_superuser("chief")
    with change(chief) as c:
        c.set(rows["actionitem"], title="Weigh")
    with writing():
        conflict = Conflict.objects.create(
            run=ImportRun.objects.get(), record_id=rows["talk"].public_id, field="title", base="a", source="b"
        )
    invitation, token = invite(chief, make.person("Cy Winter"), days=1)
    rows |= {"conflict": conflict, "invitation": invitation, "group": Group.objects.get(name="editor")}
    rows |= {"source": Source.objects.get(), "importrun": ImportRun.objects.get(), "change": Change.objects.get()}
    rows |= {"user": User.objects.create_user("eve"), "fruitlessquery": FruitlessQuery.objects.create(text="x")}
    rows["failedimport"] = FailedImport.objects.create(name="x.pdf", reason="It is a picture.")
    named = {"token": token, "invitation": invitation.pk, "source": rows["source"].pk, "run": rows["importrun"].pk}
    return site | named | {"user": rows["user"].pk} | {f"record:{name}": row.pk for name, row in rows.items()}


def sign_in(client, who: str, site: dict[str, Any]) -> None:
    client.logout()
    if who == "visitor":
        return
    user = User.objects.filter(username=who).first() or User.objects.create_user(who, is_staff=who in WHO[3:])
    user.groups.set(Group.objects.filter(name=who))
    if who == "named":
        Reader.objects.get_or_create(workshop=site["workshop"], user=user)
    client.force_login(user)


def answer_of(response) -> str:
    if response.status_code == 302 and re.match(r"/(account/sign-in|admin/login)/\?", response.headers["location"]):
        return SIGN_IN
    known = {403: NO, 404: HIDDEN, 405: METHOD, 410: GONE}
    assert response.status_code < 500, response.request
    return known.get(response.status_code, OK)


def written() -> dict[str, Any]:
    """All that a POST could change, as far as it may be counted."""
    counted = (Change, PublicId, User, Reader, Account, Alias, Source, ImportRun, FruitlessQuery, FailedImport)
    counts = {model.__name__: model.objects.count() for model in counted}
    return counts | {
        "taken back": Invitation.objects.filter(revoked_at=None).count(),
        "staff": User.objects.filter(is_staff=True).count(),
    }


def address_of(row: Row, named: dict[str, Any]) -> str:
    return re.sub(r"{([\w.:]+)}", lambda found: str(named[found[1]]), row.address)


def test_every_route_has_a_row_and_every_row_a_route():
    unknown = []
    for route in ROUTES:
        try:
            rows_of(route)
        except KeyError:
            unknown.append(route)
    assert unknown == [], "say in ROWS (or FORMS) who may open these"
    assert set(ROWS) - set(ROUTES) == set()
    assert set(FORMS) == {model._meta.model_name for model in admin.site._registry}


@pytest.mark.parametrize("who", WHO)
def test_pages_open_to_a_role_and_no_others(client, forms, who):
    sign_in(client, who, forms)
    wrong = []
    for route in ROUTES:
        for row in rows_of(route):
            response = client.get(address_of(row, forms))
            if answer_of(response) != row.get[who]:
                wrong.append((response.request["PATH_INFO"], answer_of(response), "not", row.get[who]))
            elif who not in READS_DRAFTS and not response.streaming:
                told = response.content.decode().replace(response.request["QUERY_STRING"], "")
                if "draft" not in row.address and f"{SECRET} s" in told:
                    wrong.append((response.request["PATH_INFO"], "tells of the draft"))
    assert wrong == []


@pytest.mark.parametrize("who", WHO)
def test_forms_take_from_a_role_and_no_others(client, forms, who):
    """Without a word in them: who may send them is told what is missing, and nobody else changes anything."""
    wrong = []
    sign_in(client, who, forms)
    for route in ROUTES:
        for row in rows_of(route):
            closed = row.post[who] != OK
            before = written() if closed else None
            response = client.post(address_of(row, forms))
            if answer_of(response) != row.post[who]:
                wrong.append((response.request["PATH_INFO"], answer_of(response), "not", row.post[who]))
            elif closed and written() != before:
                wrong.append((response.request["PATH_INFO"], "wrote"))
            elif not closed:
                sign_in(client, who, forms)  # as one of these signs out, and some name who signs in
    assert wrong == []


# The table of roles


@pytest.mark.parametrize("role", [role for role in Role if enters_admin(role)])
def test_groups_are_what_the_table_says(role):
    allowed = Permission.objects.filter(group__name=role).values_list("content_type__app_label", "codename")
    assert {f"{app}.{codename}" for app, codename in allowed} == permissions_of(role)


def test_table_names_permissions_that_there_are():
    known = {f"{app}.{name}" for app, name in Permission.objects.values_list("content_type__app_label", "codename")}
    assert permissions_of(Role.ADMINISTRATOR) <= known


def test_each_role_may_all_that_the_one_before_it_may():
    every = [permissions_of(role) for role in Role]
    assert every[0] == frozenset()
    assert all(fewer < more for fewer, more in pairwise(every))
    assert set(ADDED) == set(Role)


def test_record_is_edited_by_whom_the_form_lets(site):
    talk, person = make.some_talk(), make.person("Di Stone")
    for who, edits in (("member", (False, False)), ("editor", (True, False)), ("curator", (True, True))):
        user = User.objects.create_user(f"{who}2")
        user.groups.set(Group.objects.filter(name=who))
        assert (may_edit(user, talk), may_edit(user, person)) == edits


def test_walk_of_routes_sees_what_django_resolves():
    assert reverse("accounts:invite").lstrip("/") in ROUTES


def test_rights_are_asked_in_one_place():
    """By the names of `accounts.roles`: a permission that is spelt out elsewhere is a second rule."""
    root = Path(__file__).resolve().parent.parent
    asked = re.compile(r"\bhas_perms?\(|\bperms\.\w|permission_required|\bis_superuser\b(?!\")")
    allowed = {
        "accounts/roles.py",
        "accounts/permitting.py",
        "accounts/admin.py",  # who is no superuser makes none
        "templates/accounts/account.html",  # says so
    }
    apps = ("accounts", "minutes", "people", "themes", "records", "config", "templates")
    files = [path for app in apps for path in (root / app).rglob("*") if path.suffix in (".py", ".html")]
    found = {str(path.relative_to(root)) for path in files if asked.search(path.read_text())}
    assert found - allowed == set()
    assert {"accounts/roles.py", "accounts/permitting.py"} <= found
