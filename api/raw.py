"""Bodies whose rules are the service's own: described here for the schema, checked there, all problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import SkipField


def choices_of(codes: type[Enum]) -> list[tuple[str, str]]:
    """A pure rule's codes as a ChoiceField takes them, so that the schema knows them by one name."""
    return [(code.value, code.name) for code in codes]


class Raw(serializers.Serializer[Any]):
    """Hands the body on as it came, except `typed` fields, which are read here.

    Names that are not declared are refused here, unless the service refuses them itself (`service_knows_names`).
    """

    typed: ClassVar[tuple[str, ...]] = ()
    service_knows_names: ClassVar[bool] = False

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The body's members. Raises ValidationError when it is no object, or a typed field is wrong."""
        if not isinstance(data, Mapping):
            raise ValidationError({"non_field_errors": [ErrorDetail(_("This must be an object."), "invalid_type")]})
        values, errors = dict(data), self._unknown(data)
        for name, field in _typed(type(self), self.partial).items():
            try:
                values[name] = field.run_validation(field.get_value(data))
            except SkipField:
                values.pop(name, None)
            except ValidationError as error:
                errors[name] = error.detail
        if errors:
            raise ValidationError(errors)
        return values

    def _unknown(self, data: Mapping[str, Any]) -> dict[str, Any]:
        if self.service_knows_names:
            return {}
        return {
            str(name)[:100]: [ErrorDetail(_("Unknown field."), "unknown_field")]
            for name in data
            if name not in self._declared_fields
        }

    def _read_only_defaults(self) -> dict[str, Any]:
        return {}


@cache
def _typed(shape: type[Raw], partial: bool) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    """The typed fields, made once: each serializer's own would be copies of all its fields."""
    fields = shape(partial=partial).fields
    return {name: fields[name] for name in shape.typed}
