"""Every template in, what stands in it unmarked for translators out; and a page in another language."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from django.test import Client, override_settings

from config import environment
from tests import make

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

#: What still has unmarked text. Nothing is added here: whoever marks a template takes it out.
WAITING = """
admin/index.html admin/minutes/importrun/change_form.html admin/person_form.html admin/record_form.html
admin/record_history.html admin/retire.html admin/select_filter.html admin/undo_import.html base.html
minutes/_action_form.html minutes/_action_line.html minutes/_action_state.html minutes/_import_counts.html
minutes/_import_doubts.html minutes/_import_fate.html minutes/_import_follow.html minutes/_import_source.html
minutes/_import_steps.html minutes/_import_understood.html minutes/_put_right.html minutes/_reject.html
minutes/_to_do.html minutes/_turn.html minutes/action.html minutes/action_desk.html minutes/action_edit.html
minutes/action_list.html minutes/action_table.html minutes/import_list.html minutes/import_preview.html
minutes/put_right.html minutes/report_list.html minutes/saved_searches.html minutes/talk.html minutes/to_do.html
minutes/workshop.html minutes/workshop_details.html minutes/workshop_links.html minutes/workshop_reading.html
people/desk.html themes/_candidates.html themes/_crumbs.html themes/_half.html themes/_touched.html
themes/_weigh.html themes/join.html themes/join_both.html themes/merge.html themes/merge_both.html themes/split.html
themes/theme.html themes/theme_list.html themes/topic.html themes/topic_edit.html
""".split()

LETTER = re.compile(r"[^\W\d_]")
MARKED = re.compile(
    r"\{% blocktranslate\b.*?\{% endblocktranslate %\}|\{% block layout %\}[a-z-]*\{% endblock %\}", re.S
)
COMMENT = re.compile(r"\{#.*?#\}|<!.*?>", re.S)
TAG_OF_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
#: Filters and arguments that put words into a page without a translator seeing them.
WORDS_IN_TAG = re.compile(r'\|pluralize\b|\|(?:default|join|yesno|add):"(?!h\d")[^"]*[^\W\d_]|\blabel="[^"]')
#: Keys of the keyboard, commands and addresses are the same in every language.
SAME_EVERYWHERE = re.compile(r"<(script|style|code|kbd|pre)\b.*?</\1>|\bRapporteur\b|&#?\w+;", re.S)
SHOWN_ATTRIBUTE = re.compile(
    r'\s(?:aria-label|title|placeholder|alt)="([^"]*)"|<input type="submit"[^>]* value="([^"]*)"'
)


def unmarked(source: str) -> list[str]:
    """Words of a template that a reader sees and no translator would."""
    source = MARKED.sub("", COMMENT.sub("", source))
    found = [tag for tag in TAG_OF_TEMPLATE.findall(source) if WORDS_IN_TAG.search(tag)]
    source = SAME_EVERYWHERE.sub("", TAG_OF_TEMPLATE.sub("\0", source))
    found += ["".join(words) for words in SHOWN_ATTRIBUTE.findall(source)]
    found += re.split(r"<[^>]*>|\0", source)
    return [words.strip() for words in found if LETTER.search(words)]


def names_of_templates() -> list[str]:
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", names_of_templates())
def test_every_text_of_a_template_is_marked(name: str) -> None:
    found = unmarked((TEMPLATES / name).read_text())
    if name in WAITING:
        assert found, f"{name} has no unmarked text any more: take it out of WAITING."
    else:
        assert found == []


def test_list_of_what_waits_names_templates() -> None:
    assert set(WAITING) <= set(names_of_templates())


@pytest.mark.parametrize(
    "source",
    [
        "<p>Nobody asked.</p>",
        "<p>{{ n }} talk{{ n|pluralize }}</p>",
        '<nav aria-label="Days"></nav>',
        '<input type="submit" value="Search">',
        "{% if n %}asked{% endif %}",
        '{{ title|default:"(no title)" }}',
        "{% blocktranslate %}Marked{% endblocktranslate %} and not marked",
    ],
)
def test_unmarked_text_is_found(source: str) -> None:
    assert unmarked(source) != []


@pytest.mark.parametrize(
    "source",
    [
        '<p class="quiet">{% translate "Nobody asked." %}</p>',
        "{% blocktranslate count n=talks %}{{ n }} talk{% plural %}{{ n }} talks{% endblocktranslate %}",
        '<nav aria-label="{% translate "Days" %}"><kbd>q</kbd> <code>manage.py</code> &amp; {{ title }}</nav>',
        '{{ title|default:_("(no title)") }}',
    ],
)
def test_marked_text_is_not(source: str) -> None:
    assert unmarked(source) == []


POLISH = {
    "": "Content-Type: text/plain; charset=UTF-8\n"
    "Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n",
    "Workshops": "Warsztaty",
    "%(n)s talk\0%(n)s talks": "%(n)s wystąpienie\0%(n)s wystąpienia\0%(n)s wystąpień",
}


def compiled(catalogue: dict[str, str]) -> bytes:
    """A catalogue as msgfmt compiles it: two tables of lengths and places, then the texts."""
    texts = [(one.encode(), other.encode()) for one, other in sorted(catalogue.items())]
    count, tables, body = len(texts), [], b""
    for column in zip(*texts, strict=True):
        for text in column:
            tables += [len(text), 28 + 16 * count + len(body)]
            body += text + b"\0"
    return struct.pack(f"<{7 + len(tables)}I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0, *tables) + body


@pytest.mark.django_db
def test_page_is_shown_in_another_language_with_its_plurals(client: Client, tmp_path: Path) -> None:
    folder = tmp_path / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").write_bytes(compiled(POLISH))
    for count in (1, 3, 5):
        day = make.day(workshop=make.workshop(f"Summit {count}"))
        for n in range(count):
            make.talk(f"Tides {n}", day=day)
    there = environment.languages(tmp_path)
    assert there == [("en", "English"), ("pl", "polski")]
    with override_settings(LOCALE_PATHS=[tmp_path], LANGUAGES=there, LANGUAGE_CODE="pl"):
        page = client.get("/workshops/").content.decode()
    assert "<h1>Warsztaty</h1>" in page
    assert re.findall(r"\d wyst\w+", page) == ["5 wystąpień", "3 wystąpienia", "1 wystąpienie"]
    assert "<h1>Workshops</h1>" in client.get("/workshops/").content.decode()
