"""`manage.py search "words"`: what a visitor would find, best first, one hit on a line or as JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from minutes.directory.people import voiced
from minutes.masking import mask
from minutes.models import Turn
from minutes.rendering import plain
from minutes.search.finding import Matched, find
from minutes.search.wishes import choices, wishes
from minutes.threads import turns_to_show


class Command(BaseCommand):
    help = "Searches what visitors may read; prints the turns that were found, best first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", nargs="?", default="", help='words, or a "quoted phrase"')
        parser.add_argument("--asked-by", default="", metavar="NAME", help="in what this person asked")
        parser.add_argument("--answered-by", default="", metavar="NAME", help="in what this person answered")
        parser.add_argument("--said-by", default="", metavar="NAME", help="words of this person")
        parser.add_argument("--topic", default="", metavar="SLUG", help="words that name this topic")
        parser.add_argument("--kind", default="", choices=["", *Turn.Kind.values], help="only these")
        parser.add_argument("--json", action="store_true", help="a list of objects")

    def handle(self, *args: Any, **options: Any) -> None:
        address = {name: options[name] for name in ("asked_by", "answered_by", "said_by", "topic", "kind")}
        offered = choices(None)
        wanted = wishes({"q": options["words"], **address}, offered)
        for complaint in wanted.complaints:
            self.stderr.write(complaint)
        matched = find(wanted, offered, None) if wanted else Matched([])
        if matched.partly:
            self.stderr.write("Nothing has all of these words; this has most of them.")
        hits = _shown(matched)
        if options["json"]:
            self.stdout.write(json.dumps(hits, ensure_ascii=False, indent=1))
            return
        for hit in hits:
            self.stdout.write(f"{hit['id']}  {hit['label']} ({hit['kind']}, {hit['talk']}): {plain(hit['text'])}")


def _shown(matched: Matched) -> list[dict[str, Any]]:
    hits = [hit for _, each in matched.exchanges for hit in sorted(each, key=lambda hit: -hit.score)]
    turns = turns_to_show(Turn.objects.select_related("talk", "session__day__workshop"))
    by_id = turns.in_bulk([hit.turn for hit in hits])
    return [_as_json(by_id[hit.turn], hit.score) for hit in hits]


def _as_json(turn: Turn, score: float) -> dict[str, Any]:
    return {
        "id": turn.public_id,
        "text": mask(turn.text),
        "label": mask(", ".join(voice.label for voice in turn.voices.all())),
        "people": [person.name for person in voiced(turn)],
        "talk": mask(turn.where.title),
        "kind": turn.kind,
        "url": turn.get_absolute_url(),
        "score": score,
    }
