"""What curators send to be imported: files or pasted text in, checked for number, size and names; text of any form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models.access import Visibility, visibilities_for
from .uploads import Upload

COMMAND = "manage.py import_minutes FOLDER"


class ProseField(forms.CharField):
    """Text of several lines. Browsers send every end of line as two characters: that is no change."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def has_changed(self, initial, data):
        return super().has_changed(self.to_python(initial), data)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; an empty one passes, because its preview says so without keeping the others back."""

    widget = FilesInput

    def clean(self, value: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(one, initial) for one in value or [] if one]


class ImportForm(forms.Form):
    files = FilesField(required=False, allow_empty_file=True, label=_("Files"))
    text = forms.CharField(
        required=False, strip=False, label=_("Text"), widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})
    )
    name = forms.CharField(
        required=False,
        max_length=200,
        label=_("Name of the text"),
        help_text=_("Pasted under the same name again, it updates the same workshop."),
    )
    visibility = forms.ChoiceField(choices=Visibility.choices, label=_("Who may read new workshops"))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        allowed = visibilities_for(user)
        self.fields["visibility"].choices = [choice for choice in Visibility.choices if choice[0] in allowed]
        self.initial.setdefault("visibility", self.fields["visibility"].choices[0][0])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        files, text = cleaned.get("files") or [], cleaned.get("text") or ""
        if not files and not text.strip():
            raise ValidationError(_("Choose a file, or paste the text of the minutes."))
        count = len(files) + bool(text.strip())
        size = sum(file.size for file in files) + len(text.encode())
        files_limit, bytes_limit = settings.MINUTES_BROWSER_FILES, settings.MINUTES_BROWSER_LIMIT
        if count > files_limit or size > bytes_limit:
            raise ValidationError(
                f"That is {count} file{'s' if count > 1 else ''} of {size / 1048576:.1f} MB in all, and a browser may "
                f"send {files_limit} files of {bytes_limit // 1048576} MB. For more, run this on the server: {COMMAND}"
            )
        if text.strip() and not (cleaned.get("name") or "").strip() and "name" not in self.errors:
            self.add_error("name", _("Give the text a name, such as spring-meeting.txt."))
        names = [file.name for file in files] + ([cleaned.get("name", "").strip()] if text.strip() else [])
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if twice:
            raise ValidationError(f"Two of these are called {twice[0]}; rename one, or send it by itself.")
        return cleaned

    def uploads(self) -> list[Upload]:
        sent = [Upload(file.name, file.read()) for file in self.cleaned_data["files"]]
        text = self.cleaned_data["text"]
        if text.strip():
            sent.append(Upload(self.cleaned_data["name"].strip(), text.replace("\r\n", "\n").encode()))
        return sent


class TableForm(forms.Form):
    """A table of action items, as /actions.csv gave it."""

    file = forms.FileField(label=_("The table, as CSV"))

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > settings.MINUTES_BROWSER_LIMIT:
            raise ValidationError(f"A table may have {settings.MINUTES_BROWSER_LIMIT // 1048576} MB.")
        return sent
