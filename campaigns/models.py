"""Focus industries and campaigns. Figures are functions in `campaigns.statistics`, without tables of their own."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class FocusIndustry(models.Model):
    """A dated decision of the steering group: which industries are in focus, from when to when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    industry_version = models.CharField(max_length=4, default="DB25")
    divisions = models.CharField(max_length=200, help_text=_("divisions or codes, separated by spaces"))
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=200)
    decided_on = models.DateField()

    class Meta:
        verbose_name = _("focus industry")
        verbose_name_plural = _("focus industries")
        ordering = ["-valid_from", "name"]
        constraints = [
            models.CheckConstraint(
                name="a_focus_ends_after_it_begins",
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
            ),
        ]
