"""The address of a site with the seed minutes in, one address of every kind of page out."""

from __future__ import annotations

import re
import urllib.request

#: The first link of each shape that the pages lead to stands for its kind.
SHAPES = {
    "workshop": r"/workshops/[^/]+/",
    "reading": r"/workshops/[^/]+/reading/",
    "day": r"/workshops/[^/]+/days/\d+/",
    "pictures": r"/workshops/[^/]+/pictures/",
    "picture of days": r"/workshops/[^/]+/pictures/days/",
    "picture of topics": r"/workshops/[^/]+/pictures/topics/",
    "picture of questions": r"/workshops/[^/]+/pictures/questions/",
    "talk": r"/talks/\w+/[^/]+/",
    "person": r"/people/\w+/[^/]+/",
    "topic": r"/topics/[^/]+/",
    "theme": r"/themes/\w+/[^/]+/",
    "action": r"/actions/[a-z2-9]{10}/",
    "history": r"/r/\w+/history",
    "cite": r"/r/\w+/cite",
    "source": r"/r/\w+/source",
    "around": r"/r/\w+/around",
    "report": r"/r/\w+/report",
}
FIXED = {
    "home": "/",
    "workshops": "/workshops/",
    "people": "/people/",
    "topics": "/topics/",
    "themes": "/themes/",
    "glossary": "/glossary/",
    "actions": "/actions/",
    "search": "/search/",
    "results": "/search/?q=tokens",
    "nothing found": "/search/?q=zyzzyva",
    "keys": "/keys/",
    "sign in": "/account/sign-in/",
}
#: What only those see who edit; `{turn}`, `{theme}` and `{action}` stand for permanent ids, `{topic}` and `{workshop}`
#: for addresses.
EDITORS = {
    "import": "/import/",
    "names": "/names/",
    "conflicts": "/conflicts/",
    "reports": "/reports/",
    "put right": "/r/{turn}/put-right",
    "workshop, its links": "{workshop}links/",
    "workshop, described": "{workshop}details/",
    "topic, edited": "{topic}edit",
    "theme, with suggestions": "/themes/{theme}/",
    "theme joined": "/themes/{theme}/join",
    "theme merged": "/themes/{theme}/merge",
    "theme split": "/themes/{theme}/split",
    "proposed action items": "/actions/desk/",
    "edit an action item": "/actions/{action}/edit",
    "to do": "/r/{turn}/to-do",
    "account": "/account/",
    "administration": "/admin/",
    "administration of action items": "/admin/minutes/actionitem/",
}


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read().decode()


def find_pages(address: str) -> dict[str, str]:
    """One address of every kind, found by following links from the fixed pages. Raises LookupError for a kind that
    nothing leads to."""
    found = dict(FIXED)
    waiting, seen = list(FIXED.values()), set(FIXED.values())
    while waiting and len(found) < len(FIXED) + len(SHAPES):
        for link in re.findall(r'href="(/[^"#]*)', read(address + waiting.pop(0).replace("&amp;", "&"))):
            for kind, shape in SHAPES.items():
                if kind not in found and re.fullmatch(shape, link):
                    found[kind] = link
            if link not in seen and any(re.fullmatch(shape, link) for shape in SHAPES.values()):
                seen.add(link)
                waiting.append(link)
    missing = SHAPES.keys() - found.keys()
    if missing:
        raise LookupError(f"No page leads to one of the kind: {', '.join(sorted(missing))}.")
    return found


def pages_of_editors(pages: dict[str, str]) -> dict[str, str]:
    ids = {
        kind: pages[page].split("/")[2] for kind, page in (("turn", "report"), ("theme", "theme"), ("action", "action"))
    }
    named = ids | {"topic": pages["topic"], "workshop": pages["workshop"]}
    return {kind: address.format(**named) for kind, address in EDITORS.items()}
