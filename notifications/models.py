"""News as rows: mails before they are sent, notices until they are read, and how each person wants them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from joborders.models import JobOrder
from notifications.kinds import How, Kind

LANGUAGES = [("da", _("Danish")), ("en", _("English"))]


class Mail(models.Model):
    """One mail to one address about one event. The row comes first; sending is redone until it is done.

    `text` holds words of ours, numbers and jobcentres only: the secret of a link, a code and the job's title are put
    in when it is sent (notifications.rendering), so that whoever looks at the row or its preview reads none of them.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=160, unique=True, help_text="template, event and receiver: sent once")
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="da")
    to = models.EmailField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    subject = models.CharField(max_length=200)
    text = models.TextField()
    calendar = models.TextField(blank=True, help_text="an iCalendar object that goes along")
    order = models.UUIDField(null=True, blank=True)
    secret = models.CharField(max_length=12, blank=True, help_text="a code, forgotten once it is sent")
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(help_text="also the end of the lease of whoever sends it")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="after this it is of no use any more")
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="pending"), name="mail_waiting"),
            models.Index(fields=["-created_at", "-id"], name="mail_newest"),
            models.Index(fields=["state", "sent_at"], name="mail_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_sent_mail_has_its_time", condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="a_mail_that_is_done_keeps_no_secret", condition=models.Q(state="pending") | models.Q(secret="")
            ),
        ]


class Notice(models.Model):
    """One piece of news to one person, on the page of notices until it is read; its words come from the table."""

    class Target(models.TextChoices):
        ORDER = "order", _("job order")
        INTAKE = "intake", _("call or mail")
        CANDIDATES = "candidates", _("candidates")
        AGREEMENT = "agreement", _("agreement")
        WEBHOOK = "webhook", _("webhook")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=160, unique=True, help_text="template, event and reader: told once")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    template = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.CharField(max_length=16, blank=True, help_text="of the job order, or an agreement's last day")
    target = models.CharField(max_length=10, choices=Target)
    target_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    for_digest = models.BooleanField(default=False)
    digested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notices_of_a_person"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notices_unread"),
            models.Index(
                fields=["user"], condition=models.Q(for_digest=True, digested_at__isnull=True), name="notices_to_digest"
            ),
        ]


class Preference(models.Model):
    """How one person wants one kind of news by mail, where it differs from the habit."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    how = models.CharField(max_length=8, choices=How)

    class Meta:
        ordering = ["user", "kind"]
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_preference_per_kind")]


class Following(models.Model):
    """Somebody follows an order that is not theirs, or wants to hear no more of one (`follows` false)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="+")
    follows = models.BooleanField()

    class Meta:
        ordering = ["user", "order"]
        constraints = [models.UniqueConstraint(fields=["user", "order"], name="one_word_per_person_and_order")]
        indexes = [models.Index(fields=["order"])]


class Absence(models.Model):
    """From when to when somebody is away, and who gets their news meanwhile; without an end until it is taken back."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["user"]
        constraints = [
            models.CheckConstraint(
                name="an_absence_ends_after_it_begins",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="nobody_is_their_own_substitute",
                condition=models.Q(substitute__isnull=True) | ~models.Q(substitute=models.F("user")),
            ),
        ]


class CalendarFeed(models.Model):
    """The secret address of one person's calendar of due promises. Kept as a digest; made anew, the old one is dead."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()


class Feedback(models.Model):
    """What a company says when its order has ended: two questions, one answer per order."""

    class Match(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    class Again(models.TextChoices):
        YES = "yes", _("Yes")
        MAYBE = "maybe", _("Maybe")
        NO = "no", _("No")

    order = models.OneToOneField(JobOrder, on_delete=models.CASCADE, related_name="+")
    was_match = models.CharField(max_length=6, choices=Match)
    use_again = models.CharField(max_length=6, choices=Again)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["-answered_at", "-id"]
