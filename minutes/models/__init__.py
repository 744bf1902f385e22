from .asking import FruitlessQuery
from .corrections import Report, Statement
from .followups import ActionItem, ActionOwner, Contact, Decision, Theme, ThemeEvidence
from .history import Change, Conflict
from .mailing import MailChoice, Reminder, SavedSearch
from .readers import Reader
from .record import (
    Addressed,
    Convening,
    Day,
    Exchange,
    Link,
    Note,
    Participation,
    Series,
    Session,
    Speaking,
    Talk,
    Turn,
    Voice,
    Workshop,
)
from .sources import FailedImport, ImportRun, Source, SourceVersion
from .tagging import ActionTopic, SessionTopic, TalkTopic, ThemeTopic, TopicRefusal, TurnTopic

__all__ = [
    "ActionItem",
    "ActionOwner",
    "ActionTopic",
    "Addressed",
    "Change",
    "Conflict",
    "Contact",
    "Convening",
    "Day",
    "Decision",
    "Exchange",
    "FailedImport",
    "FruitlessQuery",
    "ImportRun",
    "Link",
    "MailChoice",
    "Note",
    "Participation",
    "Reader",
    "Reminder",
    "Report",
    "SavedSearch",
    "Series",
    "Session",
    "SessionTopic",
    "Source",
    "SourceVersion",
    "Speaking",
    "Statement",
    "Talk",
    "TalkTopic",
    "Theme",
    "ThemeEvidence",
    "ThemeTopic",
    "TopicRefusal",
    "Turn",
    "TurnTopic",
    "Voice",
    "Workshop",
]
