"""A password is not made of the words that everybody here would try first."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: Names of the service, of what it does, of the nine municipalities, and what passwords are padded with.
WORDS = """
    nrs nordsjaelland nordsjælland rekrutteringsservice rekruttering recruitment jobcenter jobcentre kommune kommunal
    virksomhed jobordre borger ledig konsulent sagsbehandler koordinator administrator admin password adgangskode
    kodeord velkommen welcome sommer vinter foraar forår efteraar efterår januar februar marts april juni juli august
    september oktober november december alleroed allerød egedal fredensborg frederikssund gribskov halsnaes halsnæs
    helsingoer helsingør hilleroed hillerød hoersholm hørsholm
"""
_WORDS = re.compile("|".join(sorted(WORDS.split(), key=len, reverse=True)))
#: How many letters must be left beside them.
LEFT = 8


class OwnWords:
    """For AUTH_PASSWORD_VALIDATORS: without the words of this house, digits and signs at least eight letters are left.

    Three words of one's own pass; Helsingoer2026! does not.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        rest = "".join(sign for sign in _WORDS.sub("", password.lower()) if sign.isalpha())
        if len(rest) < LEFT and _WORDS.search(password.lower()):
            raise ValidationError(self.get_help_text(), code="words_of_the_house")

    def get_help_text(self) -> str:
        """What to do."""
        return str(
            _("Do not build it from the names of this service, a municipality or a month: they are tried first.")
        )
