"""The file that is imported."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.import_jobs import ENDINGS
from web.forms.base import Form


class ImportForm(Form):
    """A file of candidates."""

    file = forms.FileField(
        label=_("File with candidates"),
        help_text=_("CSV with commas or NDJSON, in UTF-8, of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
            "invalid": _("Choose a file."),
        },
    )
