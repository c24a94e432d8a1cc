"""A mail's words: written once, sent as plain text and as HTML, with secrets put in at the last moment.

A template is paragraphs, separated by empty lines; a line `=> Words: address` is a link. The row keeps placeholders
instead of what nobody may read in it: `[[follow]]` (or `[[follow:page/answer]]`) is the order's secret link,
`[[code]]` the six digits, `[[title]]` the job's title, `[[no-more]]` the link of a campaign's letter that ends letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns.letters import no_more_token
from campaigns.models import Letter
from gatherings.models import Invitation
from gatherings.services import token_of
from joborders.models import JobOrder
from joborders.services import follow
from notifications import links
from notifications.models import Mail

LINK = re.compile(r"=> (?P<words>.+?): (?P<address>\S+)")
PLACE = re.compile(
    r"\[\[(?P<name>follow|code|title|no-more|sign-up)(?::(?P<page>[a-z-]+)(?:/(?P<answer>[a-z]+))?)?\]\]"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph, or one link with its words."""

    text: str
    address: str = ""


def written(template: str, language: str, subject: str | Promise, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text of a mail in a language, placeholders and all."""
    common = {
        "phone": settings.SERVICE_PHONE,
        "mailbox": settings.SHARED_MAILBOX,
        "settings": links.full(links.SETTINGS),
    }
    with translation.override(language):
        # One line, whatever somebody wrote into a title: a line break would be a header of its own, or no mail at all.
        told = " ".join("".join(sign if sign.isprintable() else " " for sign in str(subject) % context).split())
        text = render_to_string(f"notifications/mail/{template}.txt", {**common, **context, "subject": told})
    return told, re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def parts(text: str) -> list[Part]:
    """The paragraphs and links of a text."""
    found = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        for line in block.splitlines():
            link = LINK.fullmatch(line.strip())
            if link is None:
                lines.append(line.strip())
                continue
            if lines:
                found.append(Part("\n".join(lines)))
                lines = []
            found.append(Part(link["words"], link["address"]))
        if lines:
            found.append(Part("\n".join(lines)))
    return found


def plain(text: str) -> str:
    """The text as it is sent: links without their arrow."""
    return LINK.sub(lambda link: f"{link['words']}:\n{link['address']}", text)


def html(subject: str, text: str, language: str) -> str:
    """The same words as an HTML page of its own: a heading, paragraphs, links that say where they lead."""
    with translation.override(language):
        context = {"subject": subject, "parts": parts(text), "lang": language}
        return render_to_string("notifications/mail/frame.html", context)


def filled(mail: Mail) -> str:
    """The text as the receiver gets it. Only for sending: it holds the secret link and the code."""
    found = JobOrder.objects.filter(public_id=mail.order).first() if mail.order else None

    def put(place: re.Match[str]) -> str:
        match place["name"]:
            case "follow" if found is not None:
                return _follow(found, place["page"], place["answer"])
            case "title" if found is not None:
                return found.title
            case "code":
                return mail.secret
            case "no-more":
                return _no_more(mail)
            case "sign-up":
                return _sign_up(mail)
        return ""

    return PLACE.sub(put, mail.text)


def _follow(order: JobOrder, page: str | None, answer: str | None) -> str:
    address = links.full(f"/f/{quote(follow.secret_for_mail(order))}")
    query = "&".join(f"{name}={value}" for name, value in (("to", page), ("answer", answer)) if value)
    return f"{address}?{query}" if query else address


def _no_more(mail: Mail) -> str:
    """The secret link of the letter whose id stands in the mail's key."""
    letter = Letter.objects.filter(public_id=mail.key.partition(":")[2]).first()
    return links.full(f"/no-more-letters/{no_more_token(letter)}") if letter is not None else ""


def _sign_up(mail: Mail) -> str:
    """The company's own link to the gathering, by the invitation whose id stands in the mail's key."""
    found = Invitation.objects.filter(public_id=mail.key.split(":")[1]).first()
    return links.full(f"/sign-up/{token_of(found)}") if found is not None else ""


def previewed(mail: Mail) -> list[Part]:
    """The paragraphs for whoever looks after the mails: with words where the receiver has a secret or a title."""
    with translation.override(mail.language):
        shown = {"follow": _("(secret link)"), "code": _("(code)"), "title": _("(job title)")}
        shown["no-more"] = shown["sign-up"] = shown["follow"]

    def hide(text: str) -> str:
        return PLACE.sub(lambda place: shown[place["name"]], text)

    return [Part(hide(part.text), hide(part.address)) for part in parts(mail.text)]
