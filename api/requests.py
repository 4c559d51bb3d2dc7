"""What requests may hold: fields that are known, and nothing else. A name that is not known is answered: overlooking it
would do something else than was asked for."""

from collections.abc import Mapping
from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers


class RequestSerializer(serializers.Serializer):
    """Refuses names that are not those of its fields, together with every other fault."""

    def to_internal_value(self, data: Any) -> Any:
        faults: dict[str, Any] = {}
        if isinstance(data, Mapping):
            known = [name for name, field in self.fields.items() if not field.read_only]
            said = serializers.ErrorDetail(f"There is no such field. Known: {', '.join(known)}.", "field_unknown")
            faults = {name: [said] for name in data if name not in known}
        try:
            found = super().to_internal_value(data)
        except serializers.ValidationError as wrong:
            raise serializers.ValidationError({**faults, **wrong.detail}) from None
        if faults:
            raise serializers.ValidationError(faults)
        return found


class PeriodField(serializers.RegexField):
    """A quarter, with the code that the service has for one that is not written as such."""

    default_error_messages = {"invalid": "A quarter was expected, like 2026-Q3."}  # noqa: RUF012

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^\d{4}-Q[1-4]$", help_text="Quarter, like 2026-Q3", **kwargs)
        for validator in self.validators:
            if isinstance(validator, RegexValidator):
                validator.code = "period_malformed"


class NothingElse(OpenApiSerializerExtension):
    """Says so in the description."""

    target_class = RequestSerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        said: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return said | ({"additionalProperties": False} if direction == "request" else {})
