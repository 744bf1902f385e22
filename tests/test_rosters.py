"""Three people listed in every way that minutes print it: each is read, and first names mean them."""

from __future__ import annotations

import pytest

from minutes.parsing import parse
from minutes.reading import read_source

PEOPLE = ["Ada Brook", "Ben Castor", "Cleo Dunn"]
BODY = "\n\n## Budget\n\nAda: we are over by ten percent\n\nBen: why is that so?\n\nCleo: the rent went up\n"
ROSTERS = {
    "line_and": "Present: Ada Brook, Ben Castor and Cleo Dunn.",
    "line_amp": "Attendees - Ada Brook & Ben Castor & Cleo Dunn",
    "bold_outside": "**Attendees:** *Ada Brook, Ben Castor, Cleo Dunn*",
    "heading_inline": "## Attendees: Ada Brook, Ben Castor, Cleo Dunn",
    "bullets_dash_org": "Attendees\n\n- Ada Brook - Acme\n- Ben Castor - Bolt Inc.\n- Cleo Dunn - Acme, Ltd.",
    "bullets_colon_org": "### In attendance\n\n* Acme: Ada Brook\n* Bolt: Ben Castor\n* Corp: Cleo Dunn",
    "bullets_at": "## Who was here\n- Ada Brook @adab\n- Ben Castor @benc\n- Cleo Dunn @cleod",
    "bullets_bracket_at": "## Attendance\n- Ada Brook (@adab, Acme)\n- Ben Castor (@benc)\n- Cleo Dunn (she/her)",
    "handle_first": "## Attendees\n- @adab - Ada Brook\n- @benc - Ben Castor\n- @cleod - Cleo Dunn",
    "handle_dash_link": (
        "## Attendees\n"
        "- [@adab](https://x.org/adab) Ada Brook (Acme)\n"
        "- [@benc](https://x.org/benc) Ben Castor\n"
        "- [@cleod](https://x.org/cleod) Cleo Dunn"
    ),
    "table_plain": (
        "## Attendees\n\n| Name | Company |\n|--|--|\n| Ada Brook | Acme |\n| Ben Castor | Bolt |\n| Cleo Dunn | |"
    ),
    "table_status": (
        "## Members\n"
        "\n"
        "| Member | Status |\n"
        "|--|--|\n"
        "| Ada Brook | Present |\n"
        "| Ben Castor | present |\n"
        "| Cleo Dunn | Present |\n"
        "| Dan Eide | Absent |"
    ),
    "numbered": "Participants:\n1. Ada Brook\n2. Ben Castor\n3. Cleo Dunn",
    "plain_lines": "Participants:\nAda Brook\nBen Castor\nCleo Dunn",
    "semicolon_org": "Present: Ada Brook (Acme); Ben Castor (Bolt); Cleo Dunn (Acme)",
    "name_comma_org_semicolon": "Present: Ada Brook, Acme; Ben Castor, Bolt; Cleo Dunn, Acme",
    "remote_split": "Present in person: Ada Brook, Ben Castor\nRemote: Cleo Dunn",
    "sub_lists": "Attendees:\n* In the room\n  * Ada Brook\n  * Ben Castor\n* Online\n  * Cleo Dunn",
    "with_guests": "**Board members present:** Ada Brook, Ben Castor\n\n**Guests:** Cleo Dunn\n\n**Absent:** Dan Eide",
    "voting": "### Voting members\n- Ada Brook\n- Ben Castor\n\n### Observers\n- Cleo Dunn",
    "slash": "Attendees: Ada Brook / Ben Castor / Cleo Dunn",
    "count": "Attendance (3): Ada Brook, Ben Castor, Cleo Dunn",
    "roll": "Roll Call: Ada Brook (here), Ben Castor (here), Cleo Dunn (here)",
    "regrets_inline": "Present: Ada Brook, Ben Castor, Cleo Dunn. Regrets: Dan Eide",
    "bold_names": "Attendees: **Ada Brook**, **Ben Castor**, **Cleo Dunn**",
    "chair_in": "Present: Ada Brook (chair), Ben Castor (notes), Cleo Dunn",
    "list_item_one": "- **Attendees**: Ada Brook, Ben Castor, Cleo Dunn\n- **Date**: 2020-02-02",
    "tsc_sections": "## Attendees\n\n### TSC Members\n- Ada Brook\n- Ben Castor\n\n### Others\n- Cleo Dunn",
    "br": "**Attendees:** Ada Brook<br>Ben Castor<br>Cleo Dunn",
    "two_columns_md": "## Attendees\n\n| | |\n|--|--|\n| Ada Brook | Ben Castor |\n| Cleo Dunn | |",
    "dets": "Members in attendance: Ada Brook, Ben Castor, Cleo Dunn",
    "participating": "Participating: Ada Brook, Ben Castor, Cleo Dunn",
    "on_call": "On the call: Ada Brook, Ben Castor, Cleo Dunn",
    "joined": "People who joined: Ada Brook, Ben Castor, Cleo Dunn",
    "attended_sentence": "The meeting was attended by Ada Brook, Ben Castor and Cleo Dunn.",
    "checked": "## Attendees\n- [x] Ada Brook\n- [x] Ben Castor\n- [x] Cleo Dunn\n- [ ] Dan Eide",
    "struck": "## Attendees\n- Ada Brook\n- Ben Castor\n- Cleo Dunn\n- ~~Dan Eide~~",
    "email": "Attendees: Ada Brook <a@x.org>, Ben Castor <b@x.org>, Cleo Dunn <c@x.org>",
    "paren_list": "Attendees (alphabetically):\n\nAda Brook, Ben Castor,\nCleo Dunn",
}


@pytest.mark.parametrize("roster", ROSTERS.values(), ids=ROSTERS.keys())
def test_roster_names_all_and_nobody_else(roster):
    document = parse(read_source("call.md", f"# Call of 2 May 2020\n\n{roster}{BODY}".encode()))
    names = {person.key: person.name for person in document.people}
    assert sorted(document.participants) == PEOPLE
    assert [names[key] for turn in document.turns for key in turn.people] == PEOPLE
