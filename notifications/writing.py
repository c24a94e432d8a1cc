"""From an event to the rows it calls for: mails and notices, each once, in the transaction of the inbox row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

from accounts.models import User
from companies.models import Contact
from events import clock
from events.models import Event
from joborders.models import JobOrder, Nomination
from notifications import invitations, links, people, rendering, table
from notifications.kinds import HABITS, NEVER_MUTED, How, Kind
from notifications.models import Mail, Notice, Preference
from notifications.table import Audience, Calendar, Letter, Once

#: News older than this is history (a scenario, an import, a restored outbox): mail about it would only confuse.
#: Longer than the longest row of closed days, so that an outage over Easter loses nothing.
TOO_OLD = dt.timedelta(days=7)
RELATED = ("company", "lead", "assignee")
#: Events that are about no job order; all others are news only as long as there is one.
WITHOUT_ORDER = ("intake.", "agreement.", "webhook.")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about: its order (None for a call, mail or agreement), the candidate's home, the nomination."""

    event: Event
    order: JobOrder | None
    home: str = ""
    nomination: Nomination | None = None

    @property
    def number(self) -> str:
        """What the words name it by: the order's number, or the last day of an agreement."""
        if self.order is not None:
            return self.order.number
        last = self.event.data.get("valid_to")
        return f"{dt.date.fromisoformat(str(last)):%d.%m.%Y}" if last else ""

    @property
    def interview_is_planned(self) -> bool:
        """An interview lay ahead when the event happened."""
        at = self.nomination.interview_at if self.nomination is not None else None
        return at is not None and at > self.event.happened_at


def write_for(event: Event) -> None:
    """Write what an event calls for. Nothing about an event recorded longer ago than `TOO_OLD`."""
    letters = table.for_event(event.type, event.data)
    if not letters or clock.now() - event.recorded_at > TOO_OLD:
        return
    about = _about(event)
    if about.order is None and not event.type.startswith(WITHOUT_ORDER):
        return
    for letter in letters:
        if letter.calendar is Calendar.CANCEL and not about.interview_is_planned:
            continue
        if letter.audience is Audience.COMPANY:
            _to_company(letter, about)
        else:
            _to_people(letter, about)


def _about(event: Event) -> Subject:
    orders = JobOrder.objects.select_related(*RELATED)
    if event.type.startswith("nomination."):
        found = Nomination.objects.filter(public_id=event.subject).first()
        if found is None:
            return Subject(event, None)
        return Subject(event, orders.get(pk=found.order_id), found.home_code, found)
    order = orders.filter(public_id=event.subject).first() if event.type.startswith("joborder.") else None
    return Subject(event, order, str(event.data.get("home") or ""))


def _what(letter: Letter, about: Subject) -> str:
    """What happens once: candidates presented together make one mail, since their events carry the step's id."""
    if letter.once is Once.ORDER and about.order is not None:
        return f"{letter.template}:{about.order.public_id}"
    if letter.once is Once.LAST_DAY:
        return f"{letter.template}:{about.event.subject}:{about.number}"
    return f"{letter.template}:{about.event.data.get('together') or about.event.public_id}"


def _to_company(letter: Letter, about: Subject) -> None:
    order = about.order
    if order is None:
        _to_contacts(letter, about)
        return
    if not order.contact_email:
        return
    write(
        letter.template,
        order,
        to=order.contact_email,
        key=f"{_what(letter, about)}:company",
        subject=letter.subject,
        language=order.contact_language,
        calendar=_calendar(letter, about, order.contact_language, [order.contact_email]),
        order=order,
        data=about.event.data,
        interview_at=_interview_at(about),
    )


def _to_contacts(letter: Letter, about: Subject) -> None:
    """To those of a company who have an address, about what is the company's own and no order's."""
    if about.event.company is None:
        return
    contacts = Contact.objects.filter(company__public_id=about.event.company, ended_on=None).exclude(email="")
    for contact in contacts:
        write(
            letter.template,
            None,
            to=contact.email,
            key=f"{_what(letter, about)}:{contact.public_id}",
            subject=letter.subject,
            subject_id=about.event.subject,
            manual=links.full(links.MANUAL),
        )


def write(
    template: str,
    about: JobOrder | None,
    *,
    to: str,
    key: str,
    subject: str | Promise,
    language: str = "da",
    user: User | None = None,
    calendar: str = "",
    secret: str = "",
    expires_at: dt.datetime | None = None,
    **context: object,
) -> Mail:
    """The mail row of this key, written now if there is none yet. Call inside the transaction of what it is about.

    `subject` may hold %(number)s; the template gets `context`.
    """
    now = clock.now()
    number = about.number if about is not None else ""
    told, text = rendering.written(template, language, subject, {"number": number, **context})
    fields = {
        "template": template,
        "language": language,
        "to": to,
        "user": user,
        "subject": told,
        "text": text,
        "calendar": calendar,
        "secret": secret,
        "expires_at": expires_at,
        "order": about.public_id if about is not None else None,
        "created_at": now,
        "next_try_at": now,
    }
    mail, _is_new = Mail.objects.get_or_create(key=key, defaults=fields)
    return mail


def _to_people(letter: Letter, about: Subject) -> None:
    """Notices to all who hear of it, mails to those who want one at once, and to shared addresses."""
    kind = letter.kind or Kind.OWN
    heard = people.hearing(letter.audience, about.event, about.order, about.home)
    unwanted = set() if kind in NEVER_MUTED else people.muted(about.order)
    author = None if letter.calendar else people.author_of(about.event)
    for kind_of, found in ((kind, heard.people), (Kind.FOLLOWED, heard.followers)):
        if kind_of is Kind.FOLLOWED and letter.calendar:
            continue
        told = [user for pk, user in found.items() if pk not in unwanted and user.public_id != author]
        _tell(letter, about, kind_of, told)
    for code, address in sorted(people.addresses(heard.shared).items()):
        _mail(letter, about, code, address, "da", None)


def _tell(letter: Letter, about: Subject, kind: Kind, users: list[User]) -> None:
    wishes = _wishes(kind, users)
    what = _what(letter, about)
    now = clock.now()
    rows = []
    for user in users:
        how = How(wishes[user.pk])
        at_once = how is How.AT_ONCE or (letter.calendar is not None and how is not How.NONE)
        if at_once:
            _mail(letter, about, str(user.public_id), user.email, user.language, user)
        rows.append(
            Notice(
                key=f"{what}:{user.public_id}",
                user=user,
                template=letter.template,
                kind=kind,
                number=about.number,
                target=letter.target,
                target_id=about.order.public_id if about.order is not None else about.event.subject,
                created_at=now,
                for_digest=how is How.DIGEST and not at_once,
            )
        )
    tell_all(rows)


def tell_all(rows: list[Notice]) -> None:
    """Write notices, those of known keys not again, and count what is unread."""
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    count_unread(row.user_id for row in rows)


def count_unread(users: Iterable[int]) -> None:
    """Write down how many notices each of the users has not read: the number lies with the user, read anyway."""
    unread = Notice.objects.filter(user=OuterRef("pk"), read_at__isnull=True).order_by().values("user")
    number = Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0)
    User.objects.filter(pk__in=set(users)).update(unread_notices=number)


def _wishes(kind: Kind, users: Iterable[User]) -> Mapping[int, str]:
    """How each of them wants this kind of news."""
    chosen = dict(Preference.objects.filter(kind=kind, user__in=list(users)).order_by().values_list("user_id", "how"))
    return {user.pk: chosen.get(user.pk, HABITS[kind]) for user in users}


def _mail(letter: Letter, about: Subject, who: str, to: str, language: str, user: User | None) -> None:
    target_id = about.order.public_id if about.order is not None else about.event.subject
    write(
        "interview_staff" if letter.calendar is Calendar.REQUEST else "news",
        about.order,
        to=to,
        key=f"{_what(letter, about)}:{who}",
        subject=letter.subject,
        language=language,
        user=user,
        calendar=_calendar(letter, about, language, [to]),
        url=links.full(links.path_of(letter.target, target_id)),
        for_person=user is not None,
        interview_at=_interview_at(about),
        number=about.number,
    )


def _interview_at(about: Subject) -> dt.datetime | None:
    told = about.event.data.get("interview_at")
    if told:
        return dt.datetime.fromisoformat(str(told))
    return about.nomination.interview_at if about.nomination is not None else None


def _calendar(letter: Letter, about: Subject, language: str, to: list[str]) -> str:
    at = _interview_at(about)
    if letter.calendar is None or about.order is None or about.nomination is None or at is None:
        return ""
    return invitations.interview(
        letter.calendar, about.nomination.public_id, about.event.version, at, about.order, to, language
    )


def undelivered(mail: Mail) -> None:
    """Tell who has the order that a mail to its company cannot be delivered."""
    order = JobOrder.objects.select_related(*RELATED).filter(public_id=mail.order).first() if mail.order else None
    if order is None or mail.user_id is not None or mail.to != order.contact_email:
        return
    heard = people.responsible_for(order)
    now = clock.now()
    tell_all(
        [
            Notice(
                key=f"undelivered:{mail.public_id}:{user.public_id}",
                user=user,
                template=table.UNDELIVERED.template,
                kind=Kind.OWN,
                number=order.number,
                target=Notice.Target.ORDER,
                target_id=order.public_id,
                created_at=now,
                for_digest=True,
            )
            for user in heard.people.values()
        ]
    )
