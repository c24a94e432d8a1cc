"""The shared words: classifications and code lists. Nothing here is about a person or a company."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from vocabulary.querysets import IndustryQuerySet, OccupationQuerySet, SearchableQuerySet, SkillQuerySet
from vocabulary.text import search_text


def public_id_for(uri: str) -> uuid.UUID:
    """Public id of a concept: the same for the same URI in every installation."""
    return uuid.uuid5(uuid.NAMESPACE_URL, uri)


class Searchable(models.Model):
    """An entry with a search column, which save() keeps; bulk writers call refold() themselves."""

    folded = models.TextField(editable=False, default="\n")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with an up-to-date search column."""
        self.refold()
        super().save(*args, **kwargs)

    def search_labels(self) -> tuple[str, ...]:
        """What the entry can be found by, preferred label first."""
        raise NotImplementedError

    def refold(self) -> None:
        """Write the search column from the labels."""
        self.folded = search_text(*self.search_labels())


class Labelled(Searchable):
    """An entry with a Danish and an English label; either may stand in for the other."""

    label_da = models.CharField(_("Danish label"), max_length=300, blank=True)
    label_en = models.CharField(_("English label"), max_length=300, blank=True)

    class Meta(Searchable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The Danish label, else the English one."""
        return self.label_da or self.label_en

    def search_labels(self) -> tuple[str, ...]:
        """What the entry can be found by, preferred label first."""
        return (self.label_da, self.label_en)


class Concept(Labelled):
    """An entry known by a URI, which may be retired but is never deleted."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    uri = models.CharField(max_length=200, unique=True)
    alt_labels_da = models.TextField(_("other Danish names, one per line"), blank=True)
    alt_labels_en = models.TextField(_("other English names, one per line"), blank=True)
    retired = models.BooleanField(_("retired"), default=False)

    class Meta(Labelled.Meta):
        abstract = True

    def search_labels(self) -> tuple[str, ...]:
        """Preferred and other names."""
        return (self.label_da, self.label_en, self.alt_labels_da, self.alt_labels_en)


class VocabularyStamp(models.Model):
    """One row, written by triggers on every table of this app: another stamp means another vocabulary."""

    stamp = models.CharField(max_length=36)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="there_is_one_vocabulary_stamp"),)

    def __str__(self) -> str:
        return self.stamp


class IscoGroup(Searchable):
    """An ISCO-08 group: 1 digit major, 2 sub-major, 3 minor, 4 unit group."""

    code = models.CharField(max_length=4, primary_key=True)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    title_en = models.CharField(max_length=300)
    title_da = models.CharField(max_length=300)

    objects = SearchableQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        verbose_name = _("ISCO-08 group")
        verbose_name_plural = _("ISCO-08 groups")
        constraints = (
            models.CheckConstraint(condition=Exact(Length("code"), F("level")), name="isco_level_is_code_length"),
            models.CheckConstraint(
                condition=Q(level=1, parent=None) | Q(level__in=(2, 3, 4), parent__isnull=False),
                name="isco_groups_below_the_top_have_a_parent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title_da}"

    def search_labels(self) -> tuple[str, ...]:
        """Titles and the code."""
        return (self.title_da, self.title_en, self.code)


class Occupation(Concept):
    """An occupation (ESCO, or this platform's starter list), always in one ISCO-08 unit group.

    `broader` is the occupation one step above, where ESCO has one between it and the ISCO group.
    """

    isco = models.ForeignKey(IscoGroup, on_delete=models.PROTECT, related_name="occupations")
    broader = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="narrower")

    objects = OccupationQuerySet.as_manager()

    class Meta(Concept.Meta):
        ordering = ("folded", "id")
        verbose_name = _("occupation")
        verbose_name_plural = _("occupations")
        constraints = (
            models.CheckConstraint(condition=~Q(label_da="") | ~Q(label_en=""), name="occupations_have_a_label"),
        )

    def search_labels(self) -> tuple[str, ...]:
        """Names and the ISCO code."""
        return (*super().search_labels(), self.isco_id)


class ReuseLevel(models.TextChoices):
    """How widely a skill is used (ESCO); screening weighs by it (design §5)."""

    TRANSVERSAL = "transversal", _("transversal")
    CROSS_SECTOR = "cross-sector", _("cross-sector")
    SECTOR = "sector-specific", _("sector-specific")
    OCCUPATION = "occupation-specific", _("occupation-specific")


class Skill(Concept):
    """A skill or a piece of knowledge; `is_group` marks a heading that only orders others."""

    reuse_level = models.CharField(max_length=20, choices=ReuseLevel, blank=True)
    is_group = models.BooleanField(default=False)

    objects = SkillQuerySet.as_manager()

    class Meta(Concept.Meta):
        ordering = ("folded", "id")
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = (
            models.CheckConstraint(condition=~Q(label_da="") | ~Q(label_en=""), name="skills_have_a_label"),
            models.CheckConstraint(
                condition=Q(reuse_level__in=("", *ReuseLevel.values)), name="skills_have_a_known_reuse_level"
            ),
        )


class SkillBroader(models.Model):
    """`parent` is one direct step broader than `child`."""

    child = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="broader_links")
    parent = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="narrower_links")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("child", "parent"), name="a_broader_step_is_stated_once"),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="no_skill_is_broader_than_itself"),
        )

    def __str__(self) -> str:
        return f"{self.child_id} < {self.parent_id}"


class SkillKind(models.TextChoices):
    """What a skill is to an occupation."""

    ESSENTIAL = "essential", _("essential")
    OPTIONAL = "optional", _("optional")


class OccupationSkill(models.Model):
    """A skill that comes with an occupation."""

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="skill_links")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="occupation_links")
    kind = models.CharField(max_length=10, choices=SkillKind)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("occupation", "skill"), name="an_occupation_has_a_skill_once"),
            models.CheckConstraint(
                condition=Q(kind__in=SkillKind.values), name="occupation_skills_are_essential_or_optional"
            ),
        )

    def __str__(self) -> str:
        return f"{self.occupation_id} {self.kind} {self.skill_id}"


class IndustryVersion(models.TextChoices):
    """The classification that a code belongs to: the letters after L differ between them."""

    DB07 = "DB07", "DB07"
    DB25 = "DB25", "DB25"


class IndustryLevel(models.TextChoices):
    """Depth of an industry code."""

    SECTION = "section", _("section")
    DIVISION = "division", _("division")
    ACTIVITY = "activity", _("industry")


class Industry(Searchable):
    """A code of Dansk Branchekode: section letter, two-digit division, or six-digit activity."""

    code = models.CharField(max_length=6)
    version = models.CharField(max_length=4, choices=IndustryVersion)
    level = models.CharField(max_length=8, choices=IndustryLevel)
    title_da = models.CharField(max_length=300)
    section = models.CharField(max_length=1)
    division = models.CharField(max_length=2, blank=True)
    retired = models.BooleanField(_("retired"), default=False)

    objects = IndustryQuerySet.as_manager()

    class Meta:
        ordering = ("version", "code")
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="an_industry_code_is_unique_in_its_version"),
            models.CheckConstraint(
                condition=Q(version__in=IndustryVersion.values), name="industries_are_of_a_known_version"
            ),
            models.CheckConstraint(
                condition=Q(level="section", code=F("section"), division="")
                | Q(level="division", code=F("division"))
                | (Q(level="activity") & Exact(Length("code"), 6) & Exact(Length("division"), 2)),
                name="industry_level_fits_its_code",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title_da}"

    def search_labels(self) -> tuple[str, ...]:
        """Title and code."""
        return (self.title_da, self.code)


class CodeList(Labelled):
    """A short list with its own codes."""

    code = models.CharField(max_length=30, primary_key=True)

    objects = SearchableQuerySet.as_manager()

    class Meta(Labelled.Meta):
        abstract = True

    def search_labels(self) -> tuple[str, ...]:
        """Labels and the code."""
        return (self.label_da, self.label_en, self.code)


class Licence(CodeList):
    """A driving licence category; what it includes is the table in vocabulary.scales."""

    class Meta(CodeList.Meta):
        ordering = ("code",)
        verbose_name = _("driving licence")
        verbose_name_plural = _("driving licences")


class Certificate(CodeList):
    """A certificate or mandatory course; no `validity_years`: it does not lapse, or after an unknown time."""

    validity_years = models.PositiveSmallIntegerField(null=True, blank=True)
    category = models.CharField(max_length=40, blank=True)

    class Meta(CodeList.Meta):
        ordering = ("label_da", "code")
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = (
            models.CheckConstraint(
                condition=Q(validity_years=None) | Q(validity_years__gte=1),
                name="certificates_last_at_least_a_year",
            ),
        )


class Language(CodeList):
    """A language by its ISO 639-1 code."""

    class Meta(CodeList.Meta):
        ordering = ("label_da", "code")
        verbose_name = _("language")
        verbose_name_plural = _("languages")
