"""The lists of a profile (skills, licences …): look a word up, add it, take one off, say that all were gone through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from candidates import services
from candidates.models import Candidate
from candidates.profile import profile_of
from events.errors import Invalid, NotVisible, Stale
from municipalities.actor import Actor
from vocabulary.models import Certificate, IscoGroup, Language, Licence, Occupation, Skill
from web.actors import members_only
from web.forms import candidates as forms
from web.people.candidate_page import NAMES, sections_of
from web.views.candidates import KEEPERS, own_candidate
from web.vocabulary_words import label

OFFERED = 20
Choice = tuple[str, str]
Search = Callable[[str], list[Choice]]


@dataclass(frozen=True)
class Kind:
    """One list: how its words are looked up, what is told with each, and whether several are added at once."""

    search: Search
    extra: type[forms.Extra] = forms.Extra
    is_many: bool = False


def _words(model: Any, key: str) -> Search:
    def search(q: str) -> list[Choice]:
        found = model.objects.search(q, limit=OFFERED)
        return [(str(getattr(one, key)), label(one.label_da, one.label_en)) for one in found]

    return search


def _licences(q: str) -> list[Choice]:
    return [(code, f"{code} ({name})") for code, name in _words(Licence, "code")(q)]


def _goals(q: str) -> list[Choice]:
    groups = IscoGroup.objects.filter(level=4).search(q, limit=OFFERED)
    return [(one.code, label(one.title_da, one.title_en)) for one in groups]


def _occupations(q: str) -> list[Choice]:
    """A title stands for its unit group: `8332|Lastbilchauffør`."""
    titles = [(one.isco_id, label(one.label_da, one.label_en)) for one in Occupation.objects.search(q, limit=OFFERED)]
    return [(f"{code}|{title}", title) for code, title in titles] or [
        (f"{code}|{title}", title) for code, title in _goals(q)
    ]


KINDS: Mapping[str, Kind] = {
    "licences": Kind(_licences, is_many=True),
    "certificates": Kind(_words(Certificate, "code"), forms.CertificateExtra),
    "skills": Kind(_words(Skill, "public_id"), forms.SkillExtra, is_many=True),
    "occupations": Kind(_occupations, forms.OccupationExtra),
    "job_goals": Kind(_goals, is_many=True),
    "languages": Kind(_words(Language, "code"), forms.LanguageExtra),
}


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(*KEEPERS)
def change(request: HttpRequest, actor: Actor, id: UUID, kind: str) -> HttpResponse:
    """One list of one person. Every addition and removal is saved at once."""
    candidate = own_candidate(id, actor)
    if kind not in KINDS:
        raise NotVisible
    q = request.GET.get("q", "")
    extra = KINDS[kind].extra(request.POST if request.POST.get("step") == "add" else None)
    problem = ""
    if request.method == "POST":
        try:
            problem = _take(request, actor, candidate, kind, extra)
        except Stale as stale:
            who = stale.changed_by or _("a colleague")
            text = _("The profile was changed by %(who)s in the meantime. Nothing was saved: look, and do it again.")
            messages.warning(request, text % {"who": who})
            return redirect("web:candidate-list", id, kind)
        except Invalid as error:
            problem = "; ".join(str(each.detail) for each in error.errors)
        if not problem and not (extra.is_bound and extra.errors):
            return redirect("web:candidate-list", id, kind)
    section = next(each for each in sections_of(candidate) if each["kind"] == kind)
    context = {
        "candidate": candidate,
        "kind": kind,
        "name": NAMES[kind],
        "section": section,
        "is_many": KINDS[kind].is_many,
        "q": q,
        "choices": KINDS[kind].search(q),
        "extra": extra,
        "problem": problem,
    }
    return render(request, "web/candidates/edit_list.html", context, status=422 if request.method == "POST" else 200)


def _take(request: HttpRequest, actor: Actor, candidate: Candidate, kind: str, extra: forms.Extra) -> str:
    """Do what the button said; a sentence if it cannot be done as it was sent. Raises Stale or Invalid."""
    rows = list(profile_of(candidate)[kind])
    step, text = request.POST.get("step", ""), request.POST.get("version", "")
    if step == "add":
        picked = request.POST.getlist("word")
        if not picked:
            return _("Choose a word from the list first.")
        if not extra.is_valid():
            return ""
        rows += [extra.item(*_split(word)) for word in picked]
    elif step == "remove" and (place := request.POST.get("place", "")).isdecimal() and int(place) < len(rows):
        rows.pop(int(place))
    version = int(text) if text.isdecimal() else 0
    services.update(candidate.public_id, actor, version, {kind: [_plain(row) for row in rows]})
    messages.success(request, _("Saved."))
    return ""


def _split(word: str) -> Choice:
    code, _bar, title = word.partition("|")
    return code, title


def _plain(row: Any) -> Any:
    """A row of the profile as the service takes it: ids as text."""
    if isinstance(row, Mapping):
        return {name: str(value) if isinstance(value, UUID) else value for name, value in row.items()}
    return row
