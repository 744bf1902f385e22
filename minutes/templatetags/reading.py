"""What templates need to show words and names: masked texts, who spoke, navigation, and shares for bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from django import template
from django.contrib.messages.storage.base import Message
from django.template.defaultfilters import stringfilter
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minutes import rendering
from minutes.directory.choices import share
from minutes.masking import holds_address, mask
from minutes.models import ActionItem, Decision, Session, Talk, Voice, Workshop
from minutes.queries import once
from people.curating import is_curator
from people.models import Person
from people.names import reads_otherwise
from themes.models import Topic, TopicKind
from themes.vocabulary import SPELT_OUT, short

register = template.Library()

KINDS = {
    TopicKind.EXPERIMENT: _("Experiments"),
    TopicKind.TECHNOLOGY: _("Technologies"),
    TopicKind.PROJECT: _("Projects"),
    TopicKind.ORGANISATION: _("Organisations"),
}
NAVIGATION = (
    ("minutes:workshop-list", _("Workshops")),
    ("people:person-list", _("People")),
    ("themes:topic-list", _("Topics")),
    ("themes:theme-list", _("Themes")),
    ("minutes:action-list", _("Action items")),
    ("themes:glossary", _("Glossary")),
)
#: What a record is called in a list, and in a sentence about the one at hand: its gender is the translator's.
CALLED = {
    "workshop": (_("workshop"), _("this workshop")),
    "day": (_("day"), _("this day")),
    "session": (_("session"), _("this session")),
    "talk": (_("talk"), _("this talk")),
    "exchange": (_("exchange"), _("this exchange")),
    "turn": (_("turn"), _("this turn")),
    "theme": (_("theme"), _("this theme")),
    "recurring theme": (_("recurring theme"), _("this recurring theme")),
    "action": (_("action item"), _("this action item")),
    "action item": (_("action item"), _("this action item")),
    "decision": (_("decision"), _("this decision")),
    "note": (_("note"), _("this note")),
    "link": (_("link"), _("this link")),
    "contact": (_("contact"), _("this contact")),
    "series": (_("series"), _("this series")),
    "person": (_("person"), _("this person")),
    "alias": (_("alias"), _("this alias")),
    "topic": (_("topic"), _("this topic")),
    "statement of correction": (_("statement of correction"), _("this statement of correction")),
}


@register.filter
@stringfilter
def masked(text: str) -> str:
    """Every text that may hold an e-mail address and is not rendered HTML passes here."""
    return mask(text)


@register.filter
@stringfilter
def open_address(url: str) -> str:
    """The address of a link, if it leads to a page and no e-mail address stands in it; else nothing."""
    leads_to_page = url.lower().startswith(("http://", "https://"))
    return url if leads_to_page and not holds_address(unquote(url)) else ""


@register.filter
@stringfilter
def plain(text: str) -> str:
    """One line without Markdown's marks, masked: titles, quotes, themes."""
    return rendering.plain(text)


@register.filter
def canonical(person: Person) -> Person:
    """Whom the site shows for this person: the one that he or she was merged into, if so."""
    return person.lives_on


register.filter(once)


@register.filter
def printed_otherwise(voice: Voice) -> bool:
    """Whether the minutes print what is neither the name, nor a part or short form of it, nor its initials."""
    return voice.person is not None and reads_otherwise(voice.label, canonical(voice.person).shown_name)


@register.filter
def place_of(followup: ActionItem | Decision) -> Talk | Session | None:
    """Where the words stand that created it, if in a talk or a session."""
    return followup.turn.where if followup.turn else followup.talk or followup.session


register.filter(share)


@register.filter
def when(workshop: Workshop) -> str:
    """“21–23 March 2022”, as far as the dates are known."""
    first, last = workshop.start, workshop.end
    if not first or not last or first == last:
        known = first or last
        return date_format(known, "j F Y") if known else ""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_format(last, 'j F Y')}"
    return f"{date_format(first, 'j F' if first.year == last.year else 'j F Y')} – {date_format(last, 'j F Y')}"


register.filter("short", stringfilter(short))


@register.filter
def spelt_out(name: str) -> str:
    """What stands in those brackets, to begin a sentence with; nothing where there are none."""
    found = SPELT_OUT.search(name)
    return found[0].strip()[1:2].upper() + found[0].strip()[2:-1] if found else ""


@register.filter
def called(kind: str) -> str:
    """What a record of this kind is called."""
    return str(CALLED[kind][0]) if kind in CALLED else kind


@register.filter
def this(kind: str) -> str:
    """“this talk”, to be put into a sentence."""
    return str(CALLED[kind][1]) if kind in CALLED else f"this {kind}"


@register.filter
def named(people: Iterable[Person]) -> SafeString:
    """The names of people, each a link, as a sentence lists them: “A, B and C”."""
    links = [(person.get_absolute_url(), mask(person.shown_name)) for person in people]
    return listed([format_html('<a class="person" href="{}">{}</a>', *link) for link in links])


@register.filter
def named_topics(weighed: Iterable[tuple[Topic, int]]) -> SafeString:
    """The same for topics, which come with their weights."""
    links = [(topic.get_absolute_url(), short(mask(topic.name))) for topic, _times in weighed]
    return listed([format_html('<a href="{}">{}</a>', *link) for link in links])


@register.filter
def in_italics(words: Iterable[str]) -> SafeString:
    """Words of a query, one after the other."""
    return format_html_join(", ", "<i>{}</i>", ([mask(word)] for word in words))


def listed(pieces: Sequence[SafeString]) -> SafeString:
    """One, two or more pieces of HTML as a sentence lists them."""
    if len(pieces) < 2:
        return pieces[0] if pieces else mark_safe("")
    # Translators: the last two things of a list; commas stand between the others.
    return format_html(gettext("{first} and {last}"), first=mark_safe(", ".join(pieces[:-1])), last=pieces[-1])


@register.filter
def undo_group(message: Message) -> str:
    """The group of the change log that this message offers to undo, if any."""
    tag = next((tag for tag in (message.extra_tags or "").split() if tag.startswith("undo-")), "")
    return tag.removeprefix("undo-")


@register.filter
def kinds(kind: str) -> str:
    """The heading over topics of one kind."""
    return KINDS[kind]


@register.inclusion_tag("minutes/_navigation.html", takes_context=True)
def navigation(context) -> dict[str, object]:
    """The site's rooms, the one we are in marked. Works without a request, too (the page for a server error)."""
    request = context.get("request")
    path = request.path if request else ""
    rooms = [(reverse(name), words) for name, words in NAVIGATION]
    user = getattr(request, "user", None)
    if user and is_curator(user):
        rooms.append((reverse("people:desk"), _("Names")))
    if path.startswith("/talks/"):
        path = rooms[0][0]  # a talk is found through its workshop
    return {"rooms": [(address, words, path.startswith(address)) for address, words in rooms]}


class Told(template.Node):
    """Says the same once for the browser and once for whoever shows a link to the page."""

    def __init__(self, what: str, inside: template.NodeList):
        self.what, self.inside = what, inside

    def render(self, context: template.Context) -> str:
        words = " ".join(self.inside.render(context).split())
        if self.what == "title":
            return f'<title>{words}</title>\n<meta property="og:title" content="{words}">'
        return f'<meta name="description" content="{words}">\n<meta property="og:description" content="{words}">'


@register.tag
def told(parser: template.base.Parser, token: template.base.Token) -> Told:
    """`{% told title %}…{% endtold %}`, or `{% told description %}`: the words inside must be escaped by then."""
    _, what = token.split_contents()
    inside = parser.parse(("endtold",))
    parser.delete_first_token()
    return Told(what, inside)
