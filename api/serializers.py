"""Strict input: what is not asked for is refused, so that no field is believed to be saved that was
ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError


class StrictSerializer(serializers.Serializer[Any]):
    """Base of everything that is read from a body, at every level of nesting."""

    def to_internal_value(self, data: Any) -> Any:
        """The validated values. Raises ValidationError with every fault, unknown fields included."""
        unknown = self._unknown(data)
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            if unknown and isinstance(error.detail, dict):
                raise ValidationError({**error.detail, **unknown}) from None
            raise
        if unknown:
            raise ValidationError(unknown)
        return values

    def _unknown(self, data: Any) -> dict[str, list[ErrorDetail]]:
        if not isinstance(data, Mapping):
            return {}
        found: dict[str, list[ErrorDetail]] = {}
        for name in data:
            field = self.fields.get(name) if isinstance(name, str) else None
            if field is None:
                found[str(name)[:100]] = [ErrorDetail(_("Unknown field."), "unknown_field")]
            elif field.read_only:
                found[name] = [ErrorDetail(_("This field cannot be set."), "read_only")]
        return found


class StrictModelSerializer(StrictSerializer, serializers.ModelSerializer[Any]):
    """The same for models."""


class Nothing(StrictSerializer):
    """The body of a step that needs none: `{}` or empty."""


class Code(serializers.Serializer[Any]):
    """A code and its label."""

    code = serializers.CharField()
    label = serializers.CharField()
