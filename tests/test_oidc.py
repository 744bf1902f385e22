"""Single sign-on against a provider in this process; the site runs in one of its own, as its settings say so at start.

Its pages are asked for as a browser would: with cookies, redirects followed by hand.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from oidc_provider_mock import run_server_in_thread

from config.environment import single_sign_on
from tests.machine import free_port

# Of the provider's own libraries, which this site does not use.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")
ROOT = Path(__file__).resolve().parent.parent
PREPARE = """
import json, django; django.setup()
from django.contrib.auth.models import User, Group
from accounts.models import Account, Invitation
from accounts.inviting import invite
from minutes.models import Reader
from tests import make
"""


@dataclass
class Site:
    """The site, its provider, and one visitor's cookies."""

    address: str
    provider: str
    environment: dict[str, str]
    visitor: requests.Session = field(default_factory=requests.Session)

    @property
    def key(self) -> str:
        return urlsplit(self.provider).netloc.replace(":", "-")

    def get(self, path: str) -> requests.Response:
        return self.visitor.get(self.address + path, timeout=20)

    def press(self, path: str, **sent: str) -> requests.Response:
        """The button of a form on that page."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path).text)
        assert token, path
        return self.visitor.post(
            self.address + path, sent | {"csrfmiddlewaretoken": token[1]}, headers={"Referer": self.address}, timeout=20
        )

    def says(self, sub: str, **claims: Any) -> None:
        """What the provider knows of a subject."""
        requests.put(f"{self.provider}/users/{sub}", json=claims, timeout=20).raise_for_status()

    def asked(self, path: str = "/", process: str = "") -> str:
        """The provider's page to which the button leads."""
        more = f"&process={process}" if process else ""
        begun = self.visitor.get(
            f"{self.address}/account/{self.key}/login/?next={path}{more}", allow_redirects=False, timeout=20
        )
        assert begun.status_code == 302, begun.text
        return begun.headers["location"]

    def sign_in(self, sub: str, path: str = "/", process: str = "") -> requests.Response:
        allowed = requests.post(self.asked(path, process), {"sub": sub}, allow_redirects=False, timeout=20)
        return self.visitor.get(allowed.headers["location"], timeout=20)

    def run(self, code: str) -> Any:
        """What that code prints, in the site's own environment."""
        done = subprocess.run(
            [sys.executable, "-c", PREPARE + code],
            cwd=ROOT,
            env=self.environment,
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout or "null")

    def account(self, name: str) -> dict[str, Any]:
        return self.run(
            f"user = User.objects.get(username={name!r}); account = Account.objects.filter(user=user).first()\n"
            "print(json.dumps({'email': user.email, 'staff': user.is_staff, 'usable': user.has_usable_password(),"
            "'groups': [g.name for g in user.groups.all()], 'name': user.get_full_name(),"
            "'person': str(account.person) if account and account.person else None,"
            "'confirmed': account.address if account else ''}))"
        )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    room, port = tmp_path_factory.mktemp("oidc"), free_port()
    with run_server_in_thread() as server:
        provider = f"http://localhost:{server.server_port}"
        environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"}
        environment |= {"DATA_DIR": str(room), "PORT": str(port), "WEB_WORKERS": "1", "DEBUG": "true"}
        environment |= {"OIDC_SERVER": f"{provider}/", "OIDC_CLIENT_ID": "rapporteur", "OIDC_CLIENT_SECRET": "secret"}
        environment |= {"OIDC_NAME": "Moon IAM", "ALLOWED_HOSTS": "127.0.0.1"}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True, timeout=120)
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
        with (room / "log").open("w") as log:
            site = subprocess.Popen(gunicorn, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield Site(address, provider, environment)
        finally:
            site.terminate()
            site.wait(timeout=20)


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            requests.get(f"{address}/account/sign-in/", timeout=20)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("The site did not start.")


@pytest.fixture
def site(shared: Site) -> Site:
    """The same site, and a visitor who was never there."""
    return Site(shared.address, shared.provider, shared.environment)


def test_sign_in_page_offers_the_provider_and_leads_back(site):
    page = site.get("/account/sign-in/?next=/workshops/").text
    assert f'href="/account/{site.key}/login/?next=%2Fworkshops%2F">Sign in with Moon IAM</a>' in page
    asked = urlsplit(site.asked("/workshops/"))
    query = parse_qs(asked.query)
    assert f"{asked.scheme}://{asked.netloc}" == site.provider
    assert query["redirect_uri"] == [f"{site.address}/account/{site.key}/login/callback/"]
    assert query["code_challenge_method"] == ["S256"]
    assert {"openid", "email", "profile"} <= set(query["scope"][0].split())


def test_first_sign_in_makes_a_reader_who_is_nobody_yet(site):
    site.says("sub-ada", preferred_username="ada", name="Ada Byron", email="ada@example.org", email_verified=False)
    page = site.sign_in("sub-ada", "/workshops/")
    assert page.url == f"{site.address}/workshops/"
    assert 'href="/account/">Ada Byron</a>' in page.text
    assert site.account("ada") == {
        "email": "",  # nobody proved it
        "staff": False,
        "usable": False,
        "groups": [],
        "name": "Ada Byron",
        "person": None,
        "confirmed": "",
    }
    assert "Change the password" not in site.get("/account/").text


def test_second_sign_in_finds_the_account_by_its_subject(site):
    site.says("sub-bob", preferred_username="bob", name="Bob Crane")
    site.sign_in("sub-bob")
    site.says("sub-bob", preferred_username="robert", name="Robert Crane")
    again = Site(site.address, site.provider, site.environment)
    again.sign_in("sub-bob")
    assert "<dd>bob, reader</dd>" in again.get("/account/").text
    assert site.run("print(json.dumps(User.objects.filter(username='robert').count()))") == 0


def test_nothing_but_the_subject_is_kept_of_what_the_provider_tells(site):
    site.says("sub-dora", preferred_username="dora", name="Dora", phone_number="+1 234 567", groups=["moon"])
    for _ in range(2):
        site.sign_in("sub-dora")
    kept = site.run(
        "from allauth.socialaccount.models import *\n"
        "from allauth.account.models import EmailAddress\n"
        "one = SocialAccount.objects.get(uid='sub-dora')\n"
        "print(json.dumps([one.extra_data, one.provider, SocialToken.objects.count(), EmailAddress.objects.count()]))"
    )
    assert kept == [{}, site.key, 0, 0]


@pytest.mark.parametrize("verified", [False, True])
def test_no_address_leads_into_an_account_that_is_there(site, verified):
    """Neither a stated nor a checked one: only the subject does."""
    name = f"chief{verified}"
    site.run(f"User.objects.create_superuser({name!r}, '{name}@example.org', 'a long secret')")
    site.says(f"sub-{name}", preferred_username=name, email=f"{name}@example.org", email_verified=verified)
    page = site.sign_in(f"sub-{name}", "/account/")
    assert f"<dd>{name}, superuser</dd>" not in page.text
    assert re.search(r"<dd>\w+, reader</dd>", page.text)
    assert site.get("/admin/").status_code == 403


def test_address_that_the_provider_checked_opens_what_was_opened_to_it(site):
    site.run(
        "from minutes.models import Workshop\n"
        "draft = make.workshop('Secret summit', visibility='draft')\n"
        "Reader.objects.create(workshop=draft, email='eve@example.org')"
    )
    site.says("sub-eve", preferred_username="eve", email="eve@example.org", email_verified=False)
    site.sign_in("sub-eve")
    assert site.get("/workshops/secret-summit/").status_code == 404
    site.says("sub-eve", preferred_username="eve", email="eve@example.org", email_verified=True)
    site.sign_in("sub-eve")
    assert site.get("/workshops/secret-summit/").status_code == 200
    assert site.account("eve")["confirmed"] == "eve@example.org"


def test_invitation_is_accepted_by_single_sign_on(site):
    token = site.run(
        "chief = User.objects.create_superuser('inviting', password='a long secret')\n"
        "made, token = invite(chief, make.person('Fay Moss'), days=1, role='editor')\n"
        "print(json.dumps(token))"
    )
    link = f"/account/invitation/{token}/"
    assert "Go on with Moon IAM" in site.get(link).text
    site.says("sub-fay", preferred_username="fay")
    page = site.sign_in("sub-fay", link)
    assert "Accept as fay" in page.text
    assert "This account is Fay Moss." in site.press(link).text
    assert site.account("fay") | {"email": ""} == {
        "email": "",
        "staff": True,
        "usable": False,
        "groups": ["editor"],
        "name": "Fay Moss",
        "person": "Fay Moss",
        "confirmed": "",
    }


def test_closed_account_stays_closed(site):
    site.says("sub-gus", preferred_username="gus")
    site.sign_in("sub-gus")
    site.run("User.objects.filter(username='gus').update(is_active=False)")
    again = Site(site.address, site.provider, site.environment)
    page = again.sign_in("sub-gus")
    assert (page.status_code, "Your account is closed" in page.text) == (403, True)
    assert ">Sign in</a>" in again.get("/").text


def test_who_refuses_at_the_provider_is_back_at_the_sign_in_page(site):
    state = parse_qs(urlsplit(site.asked()).query)["state"][0]
    page = site.get(f"/account/{site.key}/login/callback/?error=access_denied&state={state}")
    assert page.url == f"{site.address}/account/sign-in/"
    assert "You were not signed in." in page.text


def test_answer_that_this_visitor_never_asked_for_is_refused(site):
    allowed = requests.post(site.asked(), {"sub": "sub-hal"}, allow_redirects=False, timeout=20)
    stranger = requests.get(allowed.headers["location"], timeout=20)
    assert (stranger.status_code, "could not be used: try once more" in stranger.text) == (403, True)
    forged = site.get(f"/account/{site.key}/login/callback/?code=x&state=y")
    assert forged.status_code == 403


def test_no_subject_is_bound_to_an_account_by_a_link(site):
    """Else a page elsewhere could lead somebody there who is signed in at the provider as somebody else."""
    site.run("User.objects.create_user('ida', password='a long secret')")
    site.press("/account/sign-in/", username="ida", password="a long secret")
    page = site.sign_in("sub-ida", process="connect")
    assert (page.status_code, "asks for something that this site does not offer" in page.text) == (403, True)
    assert (
        site.run(
            "from allauth.socialaccount.models import *; print(SocialAccount.objects.filter(uid='sub-ida').count())"
        )
        == 0
    )


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/"])
def test_way_back_leads_to_no_other_site(site, evil):
    site.says("sub-joy", preferred_username="joy")
    allowed = requests.post(site.asked(evil), {"sub": "sub-joy"}, allow_redirects=False, timeout=20)
    back = site.visitor.get(allowed.headers["location"], allow_redirects=False, timeout=20)
    assert (back.status_code, back.headers["location"]) == (302, "/")


def test_other_provider_is_not_found(site):
    assert site.get("/account/elsewhere/login/").status_code == 404


def test_addresses_are_those_that_are_known(site):
    """tests/test_roles.py has those of a site without single sign-on; these come with it."""
    added = site.run(
        "from django.conf import settings\n"
        "from tests.test_roles import ROUTES\n"
        "from django.contrib import admin\n"
        "print(json.dumps([ROUTES, sorted(m._meta.label for m in admin.site._registry)]))"
    )
    from tests.test_roles import FORMS, ROUTES

    assert set(added[0]) - set(ROUTES) == {
        "account/<str:provider_id>/login/",
        "account/<str:provider_id>/login/callback/",
    }
    assert {label.split(".")[1].lower() for label in added[1]} == set(FORMS)


# Without it


def python(room: Path, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(room)}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env=environment | variables, text=True, capture_output=True, check=False, timeout=60
    )


WITHOUT_EXTRA = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("allauth", "requests", "jwt", "oauthlib", "cryptography"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
import importlib.util
found = importlib.util.find_spec
def find_spec(name, package=None):
    try:
        return found(name, package)
    except ModuleNotFoundError:
        return None
importlib.util.find_spec = find_spec
sys.argv = ["manage.py", "check"]
import manage; manage.main()
"""


def test_site_works_where_the_extra_is_not_installed(tmp_path):
    result = python(tmp_path, WITHOUT_EXTRA)
    assert (result.returncode, result.stdout) == (0, "System check identified no issues (0 silenced).\n"), result.stderr


def test_extra_that_is_asked_for_and_missing_gives_one_sentence(tmp_path):
    given = {"OIDC_SERVER": "https://iam.example.org/", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    result = python(tmp_path, WITHOUT_EXTRA, **given)
    assert result.returncode == 1
    assert result.stderr == (
        "OIDC_SERVER is set, but what it needs is not installed: "
        ".venv/bin/pip install --require-hashes -r requirements/oidc.txt\n"
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"OIDC_SERVER": "http://iam.example.org"},
            "OIDC_SERVER is “http://iam.example.org”, but must begin with https",
        ),
        ({"OIDC_SERVER": "iam"}, "OIDC_SERVER is “iam”, but must begin with https:// and name a server."),
        (
            {"OIDC_SERVER": "https://iam.example.org", "OIDC_CLIENT_ID": "a"},
            "OIDC_SERVER is set, but OIDC_CLIENT_SECRET is not.",
        ),
    ],
)
def test_half_a_setting_gives_one_sentence(tmp_path, given, sentence):
    result = python(tmp_path, "import sys; sys.argv = ['manage.py', 'check']; import manage; manage.main()", **given)
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert result.stderr.startswith(sentence)


def test_provider_that_does_not_answer_gives_a_page(tmp_path):
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from django.test import Client; from django.conf import settings\n"
        "page = Client().get(f'/account/{settings.OIDC.key}/login/', headers={'host': 'localhost'})\n"
        "print(page.status_code, 'It does not answer at the moment' in page.content.decode())"
    )
    given = {"OIDC_SERVER": f"http://localhost:{free_port()}", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    result = python(tmp_path, code, DEBUG="true", **given)
    assert result.stdout == "503 True\n", result.stderr


def test_key_tells_providers_apart(monkeypatch):
    """What one provider calls a subject is nobody's business at another one."""
    monkeypatch.setenv("OIDC_CLIENT_ID", "a")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "b")
    keys = []
    for server in (
        "https://iam.example.org/",
        "https://sso.example.org/realms/Moon",
        "https://sso.example.org/realms/sea",
    ):
        monkeypatch.setenv("OIDC_SERVER", server)
        keys.append(single_sign_on().key)
    assert keys == ["iam.example.org", "sso.example.org-realms-Moon", "sso.example.org-realms-sea"]
