"""Free text: the guard that it passes on its way in, and the folding that search compares by."""

import re
import unicodedata
from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.errors import Invalid

# ddmmyy-xxxx, ddmmyy xxxx or ddmmyyxxxx, not inside a longer number; every dash-like sign that NFKC leaves.
_CPR = re.compile(
    r"(?<![0-9])([0-9]{2})([0-9]{2})([0-9]{2})([ \t]?[-\u2010-\u2015\u2212][ \t]?|[ \t]|)([0-9]{4})(?![0-9])"
)
# The same as people write it in letters and file names: in pairs, with dots, over a line's end, or with the whole year.
_GAP = r"[ \t._/\\:\u2010-\u2015\u2212-]"
_LOOSE_CPR = re.compile(
    rf"(?<![0-9])([0-9]{{2}}){_GAP}?([0-9]{{2}}){_GAP}?(?:(?:19|20)(?=[0-9]{{2}} ?[\u2010-\u2015\u2212-]))?([0-9]{{2}})"
    rf"(?:{_GAP}{{0,3}}|[\u2010-\u2015\u2212-] ?\n ?)([0-9]{{4}})(?![0-9])"
)
BLACKED = "██████-████"

_CENTURIES = (1800, 1900, 2000)
_DANISH = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "y", "ß": "ss", "đ": "d", "ł": "l"}
)
# Control (Cc), surrogate (Cs), line separators (Zl, Zp), and what turns the direction of writing and so hides text.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a\u202b\u202d\u202e\u2066\u2067\u2068]")
# Up to here the soft hyphen is the only invisible sign (Cf), and all decimal digits are ASCII.
_LATIN = re.compile("[\x00-\u024f]*")
_NO_WORD = re.compile(r"(?:[^\w+#]|_)+")


def clean_text(
    value: object,
    *,
    field: str,
    max_length: int,
    min_length: int = 0,
    multiline: bool = True,
    known_numbers: Collection[str] = (),
) -> str:
    """Return the text stripped, NFC and with plain line breaks, fit to be stored.

    `field` is the JSON pointer (or bare name) put on the problem; `known_numbers` are ten-digit P-numbers
    that may look like a CPR number. Raises Invalid with code `invalid_type`, `control_characters`,
    `cpr_number`, `too_short` or `too_long`. CPR numbers are refused by design
    §6 (data minimisation, GDPR art. 5(1)(c)).
    """
    if not isinstance(value, str):
        raise _refused(field, "invalid_type", _("This must be text."))
    raw = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    text = raw.strip()
    if _HIDDEN.search(raw) or (not multiline and ("\n" in text or "\t" in text)):
        raise _refused(field, "control_characters", _("The text holds characters that cannot be shown."))
    if contains_cpr(text, known_numbers):
        raise _refused(field, "cpr_number", _("The text holds a CPR number. CPR numbers must never be written here."))
    if len(text) < min_length:
        raise _refused(field, "too_short", _too_short(min_length))
    if len(text) > max_length:
        detail = ngettext("At most %(n)d character.", "At most %(n)d characters.", max_length) % {"n": max_length}
        raise _refused(field, "too_long", detail)
    return text


def contains_cpr(text: str, known_numbers: Collection[str] = ()) -> bool:
    """Whether the text holds ddmmyy-xxxx with a real date, or ten such digits not in `known_numbers`.

    The check digit is not asked: it has not been guaranteed since 2007 (handbook §3.1).
    """
    for day, month, year, gap, serial in _CPR.findall(_plain(text)):
        if not gap and f"{day}{month}{year}{serial}" in known_numbers:
            continue
        if _is_real_date(int(day), int(month), int(year)):
            return True
    return False


def without_cpr(text: str) -> str:
    """The text with every CPR number blacked out, for words that others wrote and that cannot be refused (mail).

    Looser than `contains_cpr`, which never finds one in the result: better a date too many than a person.
    """
    plain = _plain(text)
    blacked = _blacked(_LOOSE_CPR, _blacked(_CPR, plain))
    return text if blacked == plain else blacked


def _blacked(pattern: re.Pattern[str], text: str) -> str:
    """The text without what the pattern finds, where its first three groups are a real date."""
    parts, at, search_from = [], 0, 0
    while found := pattern.search(text, search_from):
        if _is_real_date(int(found[1]), int(found[2]), int(found[3])):
            parts += [text[at : found.start()], BLACKED]
            at = search_from = found.end()
        else:
            search_from = found.start() + 1
    return "".join([*parts, text[at:]])


def shown_text(text: str, longest: int, *, multiline: bool = True) -> str:
    """Foreign text made fit for `clean_text`: no signs that cannot be shown, CPR numbers blacked out, cut to length."""
    raw = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))[: longest * 2 + 100]
    plain = _HIDDEN.sub("", raw.replace("\u2028", "\n").replace("\u2029", "\n"))
    if not multiline:
        plain = " ".join(plain.split())
    # Normalised again: what stood apart by a sign that is gone now stands together.
    return unicodedata.normalize("NFC", without_cpr(plain)).strip()[:longest].strip()


def fold(text: str) -> str:
    """Return the text as search compares it: lower case, æ ø å as ae oe aa, no accents, one space apart.

    `+` and `#` stay, so that C1+ and C# can be found.
    """
    spelled = unicodedata.normalize("NFC", text).lower().translate(_DANISH)
    bare = "".join(char for char in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(char))
    return _NO_WORD.sub(" ", bare).strip()


def words_of(text: str) -> list[str]:
    """The words of a text in lower case as they are spelled, parted as `fold` parts them."""
    return _NO_WORD.sub(" ", unicodedata.normalize("NFC", text).lower()).split()


def spellings(word: str) -> set[str]:
    """How a word may be written in a database that compares only ASCII without case (SQLite)."""
    return {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}


def search_text(*labels: str) -> str:
    """Return labels folded and framed by line breaks: `\\n` before each label, a space before a word.

    Empty and repeated labels are left out; the order is kept, so that the first is the preferred one.
    """
    folded = dict.fromkeys(fold(line) for label in labels for line in label.split("\n"))
    return "\n" + "".join(f"{line}\n" for line in folded if line)


def _plain(text: str) -> str:
    """The text with plain digits and without invisible signs."""
    plain = unicodedata.normalize("NFKC", text)
    if _LATIN.fullmatch(plain):
        return plain.replace("\xad", "")
    seen = (char for char in plain if unicodedata.category(char) != "Cf")
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in seen)


def _is_real_date(day: int, month: int, year: int) -> bool:
    for century in _CENTURIES:
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def _too_short(min_length: int) -> str:
    if min_length == 1:
        return _("This must not be empty.")
    return ngettext("At least %(n)d character.", "At least %(n)d characters.", min_length) % {"n": min_length}


def _refused(field: str, code: str, detail: str) -> Invalid:
    return Invalid.field(field, code, detail)
