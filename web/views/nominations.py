"""The steps of nominations from the order page: one candidate, or several in one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from candidates.cv_check import in_words as gaps_in_words
from events.errors import DomainError, FieldProblem, Invalid, Stale
from joborders.models import JobOrder
from joborders.services import nominations
from joborders.services.nominations import Done, cv_checked
from joborders.services.supply import of_region
from municipalities.actor import Actor, Role
from web.actors import members_only
from web.desk import order_page, words
from web.desk.nomination_pages import NOMINATION_PAGES, NominationPage
from web.desk.order_page import NominationRow
from web.desk.refusals import in_words
from web.forms.desk_nominations import NominationForm

#: A problem: the nomination that it is about (None: all of them), and what it is ("": a colleague was faster).
Told = tuple[UUID | None, str]


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(Role.CONSULTANT)
def step(request: HttpRequest, actor: Actor, id: UUID, step: str) -> HttpResponse:
    """Take a step on the candidates chosen (`n`, each with the version that was seen)."""
    page = NOMINATION_PAGES.get(step)
    if page is None:
        raise Http404
    order = order_page.read(id, actor)
    versions = _chosen(request)
    rows = _rows(order, actor, versions, by_name=False)
    able = [row for row in rows if step in row.allowed]
    if not able:
        messages.info(request, _("Choose at least one candidate for whom this is possible."))
        return redirect("web:desk-order", order.public_id)
    known = {"starts_on": able[0].nomination.reported_start_on} if len(able) == 1 else {}
    form = page.form(request.POST if request.method == "POST" else None, order=order, initial=known)
    problems: list[Told] = []
    if form.is_valid():
        try:
            chosen = [(row.nomination.public_id, versions[row.nomination.public_id]) for row in able]
            done = page.take(chosen, actor, form.arguments())
        except DomainError as error:
            problems = _problems(error, able, form)
        else:
            tell(request, str(page.done % {"n": len(done)}), done)
            return back(actor, order)
    return _show(request, actor, order, (step, page), versions, form, problems)


def _rows(order: JobOrder, actor: Actor, only: Mapping[UUID, int], *, by_name: bool = True) -> list[NominationRow]:
    labels, _supplied = of_region(order)
    return order_page.nomination_rows(order, actor, labels, only=list(only), by_name=by_name)


def _show(
    request: HttpRequest,
    actor: Actor,
    order: JobOrder,
    what: tuple[str, NominationPage],
    versions: Mapping[UUID, int],
    form: NominationForm,
    problems: Sequence[Told],
) -> HttpResponse:
    """The step's page with the people as they are now: the next try is decided on what is shown."""
    step, page = what
    if request.method == "POST":
        order = order_page.read(order.public_id, actor)
    rows = _rows(order, actor, versions)
    able = [row for row in rows if step in row.allowed]
    known = {row.nomination.public_id: row for row in rows}
    context = {
        "order": order,
        "step": step,
        "page": page,
        "rows": [(row, _gaps(row, step)) for row in able],
        "left_out": [row for row in rows if step not in row.allowed],
        "form": form,
        "problems": [_told(text, known.get(about) if about else None) for about, text in problems],
    }
    return render(request, "web/desk/nomination_step.html", context, status=422 if request.method == "POST" else 200)


def _told(text: str, row: NominationRow | None) -> str:
    """A problem with the name that it is about; of one that a colleague moved, also where it stands now."""
    if row is None:
        return text or _("It was changed in the meantime.")
    if not text:
        text = _("changed in the meantime, it now stands at: %(state)s.") % {"state": row.state}
    return f"{row.name}: {text}"


def _chosen(request: HttpRequest) -> dict[UUID, int]:
    """Nominations and the versions decided on, out of `n=<id>.<version>`; what is no such thing is passed over."""
    given = request.POST if request.method == "POST" else request.GET
    found = {}
    for value in given.getlist("n")[: nominations.MAX_AT_ONCE]:
        public_id, _dot, version = value.partition(".")
        try:
            found[UUID(public_id)] = int(version)
        except ValueError:
            continue
    return found


def _gaps(row: NominationRow, step: str) -> str:
    """The principles that the CV fails now, before it is presented."""
    missing = cv_checked(row.nomination).missing if step == "present" else ()
    return gaps_in_words(missing) if missing else ""


def _problems(error: DomainError, rows: Sequence[NominationRow], form: NominationForm) -> list[Told]:
    """What goes on top, and about whom; a problem with a field goes to its field, once."""
    if not isinstance(error, Invalid):
        return [(rows[0].nomination.public_id if isinstance(error, Stale) else None, in_words(error))]
    told: list[Told] = []
    fields = {}
    for problem in error.errors:
        index, pointer = _place(problem, len(rows))
        if problem.code == "stale":  # of several: `_told` says where each stands
            told.append((None if index is None else rows[index].nomination.public_id, ""))
            continue
        name = form.places().get("/" + pointer.strip("/").removeprefix("acceptance/"))
        if name is not None:
            fields[name] = str(problem.detail)
        else:
            told.append((None if index is None else rows[index].nomination.public_id, _(str(problem.detail))))
    for name, detail in fields.items():
        form.add_error(name, detail)
    return told


def _place(problem: FieldProblem, rows: int) -> tuple[int | None, str]:
    """The row of a problem of several, and the pointer inside it."""
    first, _slash, rest = problem.pointer.lstrip("/").partition("/")
    if rows > 1 and first.isdigit() and int(first) < rows:
        return int(first), rest
    return (0 if rows == 1 else None), problem.pointer


def tell(request: HttpRequest, text: str, done: Sequence[Done]) -> None:
    """Say what was done, and what the services think one should know."""
    messages.success(request, text)
    for code in dict.fromkeys(code for one in done for code in one.warnings):
        messages.warning(request, str(words.WARNINGS.get(code, code)))


def back(actor: Actor, order: JobOrder) -> HttpResponse:
    """The order page, or the queue where the order is no longer the actor's to see."""
    if not JobOrder.objects.visible_to(actor).filter(pk=order.pk).exists():
        return redirect("web:queue")
    return redirect("web:desk-order", order.public_id)
