"""Mails as they came in: claimed first, then turned into exactly one thing, once."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from joborders.models import Intake, JobOrder
from mailroom.querysets import MailFileQuerySet, MailQuerySet
from municipalities.models import Municipality


class Mailbox(models.Model):
    """How far a mailbox has been read. `validity` is IMAP's UIDVALIDITY: another one means that all uids are new."""

    name = models.CharField(max_length=200, unique=True)
    validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=60, blank=True, help_text="type of the error of the last try")

    class Meta:
        ordering = ["name"]


class IncomingMail(models.Model):
    """One message of the mailbox. The row is committed before the message is read; it ends as one thing."""

    class State(models.TextChoices):
        CLAIMED = "claimed", _("being read")
        DRAFT = "draft", _("a draft in the queue")
        REPLY = "reply", _("a reply on an order")
        TRAY = "tray", _("in the tray")
        DOUBLE = "double", _("came twice")
        DELETED = "deleted", _("deleted")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="mails")
    validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    message_id = models.CharField(max_length=255, help_text="or a digest of the headers where there is none")
    fingerprint = models.CharField(max_length=64, help_text="the same for the same mail under another uid")
    size = models.BigIntegerField()
    arrived_at = models.DateTimeField()
    claimed_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=60, blank=True, help_text="type of the error of the last try")
    state = models.CharField(max_length=8, choices=State, default=State.CLAIMED)
    why = models.CharField(max_length=12, blank=True, help_text="mailroom.signs.Why, for the tray")
    taken_at = models.DateTimeField(null=True, blank=True)
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="guessed"
    )
    guessed_by = models.CharField(max_length=12, blank=True, help_text="mailroom.placing.Ground")
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    clues = models.JSONField(default=dict, blank=True, help_text="mailroom.suggesting: suggestions by field")
    intake = models.OneToOneField(Intake, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey(JobOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        ordering = ["-arrived_at", "-id"]
        indexes = [
            models.Index(fields=["mailbox", "uid"], condition=Q(state="claimed"), name="mails_to_be_read"),
            models.Index(fields=["municipality", "-arrived_at"], condition=Q(state="tray"), name="mails_in_the_tray"),
            models.Index(fields=["fingerprint"]),
            models.Index(fields=["sender", "arrived_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "validity", "uid", "message_id"], name="a_message_is_claimed_once"
            ),
            models.CheckConstraint(
                name="a_mail_becomes_one_thing",
                condition=Q(state="draft", intake__isnull=False)
                | Q(state="reply", intake__isnull=True, order__isnull=False)
                | (Q(state="tray", intake__isnull=True) & ~Q(why=""))
                | Q(state__in=["claimed", "double", "deleted"], intake__isnull=True),
            ),
        ]


class MailFile(models.Model):
    """A file that came along. Its content lies in private storage, or nowhere (refused)."""

    class State(models.TextChoices):
        KEPT = "kept", _("kept")
        QUARANTINED = "quarantined", _("in quarantine")
        REFUSED = "refused", _("not kept")
        DELETED = "deleted", _("deleted")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mail = models.ForeignKey(IncomingMail, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    state = models.CharField(max_length=11, choices=State)
    why = models.CharField(max_length=12, blank=True, help_text="mailroom.files.Reason")
    path = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = MailFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a mail")
        verbose_name_plural = _("files of mails")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="a_file_that_is_kept_lies_somewhere",
                condition=(Q(state__in=["kept", "quarantined"]) & ~Q(path=""))
                | Q(state__in=["refused", "deleted"], path=""),
            ),
        ]
