"""Shapes of candidates: what goes in, what comes out, an import's report, matches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from candidates.models import Candidate


class CandidateRow(serializers.Serializer[Any]):
    """A candidate in the list, without a name."""

    id = serializers.UUIDField(source="public_id")
    external_reference = serializers.CharField()
    pseudonym = serializers.CharField()
    postal_code = serializers.CharField()
    status = serializers.CharField()
    status_until = serializers.DateField(allow_null=True)
    available_from = serializers.DateField(allow_null=True)
    hired_from = serializers.DateField(allow_null=True)
    confirmed_on = serializers.DateField(allow_null=True)
    changed_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class CertificateField(serializers.Serializer[Any]):
    """A certificate and its last day."""

    code = serializers.CharField()
    valid_through = serializers.DateField(allow_null=True, required=False)


class SkillField(serializers.Serializer[Any]):
    """A skill, by public id or URI."""

    skill = serializers.CharField()
    documented = serializers.BooleanField(required=False)


class OccupationField(serializers.Serializer[Any]):
    """An occupation held."""

    isco = serializers.CharField()
    title = serializers.CharField(required=False)
    months = serializers.IntegerField()


class LanguageField(serializers.Serializer[Any]):
    """A language with levels 0 to 6 (C2)."""

    code = serializers.CharField()
    oral = serializers.IntegerField()
    written = serializers.IntegerField()


class ProfileFields(serializers.Serializer[Any]):
    """What a profile holds besides the person's identity."""

    external_reference = serializers.CharField(max_length=64)
    postal_code = serializers.CharField(required=False)
    status = serializers.ChoiceField(choices=Candidate.Status.values, required=False)
    status_until = serializers.DateField(allow_null=True, required=False)
    unemployed_since = serializers.RegexField(r"^\d{4}-\d{2}$", allow_null=True, required=False)
    available_from = serializers.DateField(allow_null=True, required=False)
    hours_min = serializers.IntegerField(allow_null=True, required=False)
    hours_max = serializers.IntegerField(allow_null=True, required=False)
    shifts = serializers.ListField(child=serializers.CharField(), allow_null=True, required=False)
    own_transport = serializers.BooleanField(allow_null=True, required=False)
    max_distance_km = serializers.IntegerField(allow_null=True, required=False)
    cv_text = serializers.CharField(required=False)
    confirmed_on = serializers.DateField(allow_null=True, required=False)
    licences = serializers.ListField(child=serializers.CharField(), required=False)
    certificates = CertificateField(many=True, required=False)
    skills = SkillField(many=True, required=False)
    occupations = OccupationField(many=True, required=False)
    job_goals = serializers.ListField(child=serializers.CharField(), required=False)
    languages = LanguageField(many=True, required=False)


class CandidateIn(ProfileFields):
    """A profile. Read by `candidates.profile`, as the import's rows are: one rule, the same problems."""

    name = serializers.CharField(max_length=120)
    phone = serializers.CharField(required=False)
    email = serializers.EmailField(required=False)
    contact_way = serializers.ChoiceField(choices=("phone", "mail", "jobcentre"), required=False)

    def to_internal_value(self, data: Any) -> Any:
        """The fields as they came: the service judges them."""
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"non_field_errors": [_("A profile is an object with fields.")]})
        return dict(data)


class IdentityOut(serializers.Serializer[Any]):
    """Name and ways of contact."""

    name = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    contact_way = serializers.CharField()


class CvPoint(serializers.Serializer[Any]):
    """One principle: `gaps` are codes of what is missing."""

    code = serializers.CharField()
    label = serializers.CharField()
    passed = serializers.BooleanField()
    gaps = serializers.ListField(child=serializers.CharField())


class CvCheck(serializers.Serializer[Any]):
    """The shared CV principles, a version of the checklist, asked of the profile as it is now."""

    version = serializers.CharField()
    passed = serializers.BooleanField()
    checked_on = serializers.DateField()
    points = CvPoint(many=True)


class CandidateOut(ProfileFields):
    """A named candidate, for the home jobcentre."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    home_municipality = serializers.CharField()
    pseudonym = serializers.CharField()
    hired_from = serializers.DateField(allow_null=True)
    changed_at = serializers.DateTimeField()
    identity = IdentityOut()
    cv_check = CvCheck()
    reviewed = serializers.DictField(child=serializers.DateField(allow_null=True))


class RowProblem(serializers.Serializer[Any]):
    """One problem in a row."""

    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class RowOut(serializers.Serializer[Any]):
    """What became of one row."""

    row = serializers.IntegerField()
    status = serializers.ChoiceField(choices=("created", "updated", "unchanged", "refused"))
    external_reference = serializers.CharField()
    candidate = serializers.UUIDField(allow_null=True)
    errors = RowProblem(many=True)


class ImportOut(serializers.Serializer[Any]):
    """The report of an import, row by row."""

    summary = serializers.DictField(child=serializers.IntegerField())
    rows = RowOut(many=True)


class MatchOut(serializers.Serializer[Any]):
    """An open order that fits."""

    order = serializers.UUIDField()
    number = serializers.CharField()
    title = serializers.CharField()
    company = serializers.CharField()
    lead = serializers.CharField()
    outcome = serializers.ChoiceField(choices=("qualified", "check", "nearly"))
    fit = serializers.IntegerField()
    musts = serializers.ListField(child=serializers.DictField())


class MatchesOut(serializers.Serializer[Any]):
    """Open orders that fit one candidate, the best first."""

    looked_at = serializers.IntegerField()
    results = MatchOut(many=True)
