"""Texts of pages can be translated: every template in, what stands in it unmarked out; and a page in another language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

#: What still has unmarked text. Nothing is added here: whoever marks a template takes it out.
WAITING = """
""".split()

LETTER = re.compile(r"[^\W\d_]")
MARKED = re.compile(r"\{% blocktranslate\b.*?\{% endblocktranslate %\}", re.S)
COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->|<!doctype[^>]*>|\{% comment %\}.*?\{% endcomment %\}", re.S)
TAG_OF_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
#: Filters and arguments that put words into a page without a translator seeing them.
WORDS_IN_TAG = re.compile(r"""\|pluralize\b|\|(?:default|join|yesno|add):"(?!h\d")[^"]*[^\W\d_]|\blabel="[^"]""")
#: Keys of the keyboard, commands and addresses are the same in every language.
SAME_EVERYWHERE = re.compile(r"<(script|style|code|kbd|pre)\b.*?</\1>|\bRapporteur\b|&#?\w+;", re.S)
SHOWN_ATTRIBUTE = re.compile(r"""\b(?:aria-label|title|placeholder|alt)="([^"]*)"|type="submit"[^>]*\bvalue="([^"]*)\"""")


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
    assert bool(unmarked((TEMPLATES / name).read_text())) == (name in WAITING), unmarked((TEMPLATES / name).read_text())


