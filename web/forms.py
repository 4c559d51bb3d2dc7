"""GOV.UK form controls for Django forms: how a field looks, and how its mistakes are told."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from equality.quarters import Quarter

_QUARTERS_OFFERED = 12


class GovukRenderer(TemplatesSetting):
    """Fields are set with our own templates, which follow the GOV.UK Design System."""

    form_template_name = "web/form.html"
    field_template_name = "web/field.html"


class CompactRadios(forms.RadioSelect):
    """For short answers: side by side where there is room."""

    compact = True


class CompactCheckboxes(forms.CheckboxSelectMultiple):
    compact = True


class DayWidget(forms.MultiWidget):
    """Day, month and year in three boxes."""

    template_name = "web/widgets/date.html"

    def __init__(self) -> None:
        boxes = [("day", 2), ("month", 2), ("year", 4)]
        super().__init__(
            {
                name: forms.TextInput(
                    {"class": f"govuk-input govuk-date-input__input govuk-input--width-{size}", "inputmode": "numeric"}
                )
                for name, size in boxes
            }
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for box in context["widget"]["subwidgets"]:
            if box["attrs"].get("aria-invalid"):
                box["attrs"]["class"] += " govuk-input--error"
        return context

    def decompress(self, value: date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else [None, None, None]


class DayField(forms.MultiValueField):
    """A day typed in three boxes."""

    widget = DayWidget

    def __init__(self, **named: Any) -> None:
        super().__init__([forms.CharField(required=False)] * 3, require_all_fields=False, **named)

    def compress(self, data_list: Sequence[str]) -> date | None:
        parts = [part.strip() for part in data_list] if data_list else []
        if not any(parts):
            return None
        try:
            day, month, year = (int(part) for part in parts)
            return date(year, month, day)
        except ValueError:
            raise ValidationError("Enter a real day, like 14 9 2026") from None


class NumberField(forms.IntegerField):
    """A whole number in a box of a few digits. A text box: browsers round and spin numbers in the others."""

    def __init__(self, **named: Any) -> None:
        super().__init__(
            widget=forms.TextInput({"class": "govuk-input--width-4", "inputmode": "numeric", "autocomplete": "off"}),
            **named,
        )


class QuarterField(forms.ChoiceField):
    """One of the quarters that have ended, the last of them first."""

    def __init__(self, **named: Any) -> None:
        wrong = dict.fromkeys(("required", "invalid_choice"), "Choose a quarter from the list")
        super().__init__(choices=_ended_quarters, error_messages=wrong, **named)


def _ended_quarters() -> list[tuple[str, str]]:
    quarters = [Quarter.of(timezone.localdate()).previous]
    while len(quarters) < _QUARTERS_OFFERED:
        quarters.append(quarters[-1].previous)
    return [(str(quarter), f"{quarter.label} ({quarter})") for quarter in quarters]


class WordsField(forms.CharField):
    """A text of at most so many words, with a running count."""

    def __init__(self, max_words: int, **named: Any) -> None:
        self.max_words = max_words
        super().__init__(widget=forms.Textarea({"rows": 4, "class": "govuk-js-character-count"}), **named)


# Widget → (what the template calls it, its class in the design system). The first that fits counts.
_KINDS: tuple[tuple[type[forms.Widget], str, str], ...] = (
    (forms.HiddenInput, "hidden", ""),
    (DayWidget, "date", ""),
    (forms.CheckboxSelectMultiple, "checkboxes", "govuk-checkboxes__input"),
    (forms.RadioSelect, "radios", "govuk-radios__input"),
    (forms.CheckboxInput, "checkbox", "govuk-checkboxes__input"),
    (forms.Select, "select", "govuk-select"),
    (forms.Textarea, "textarea", "govuk-textarea"),
    (forms.FileInput, "file", "govuk-file-upload"),
    (forms.Widget, "text", "govuk-input"),
)


class GovukBoundField(forms.BoundField):
    """Points a control at its hint and its mistake, as the design system does; groups carry that on their
    fieldset."""

    @property
    def aria_describedby(self) -> str | None:
        if self.field.widget.kind in {"radios", "checkboxes", "date"}:
            return None
        parts = [f"{self.auto_id}-hint"] if self.help_text else []
        parts += [f"{self.auto_id}-error"] if self.errors else []
        return " ".join(parts) or None

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        look = next(look for known, _, look in _KINDS if isinstance(widget, known))
        if look:
            wrong = f"{look}--error" if self.errors and widget.kind not in {"radios", "checkboxes", "checkbox"} else ""
            built["class"] = " ".join(filter(None, (widget.attrs.get("class", ""), look, wrong)))
        return built

    @property
    def target(self) -> str:
        """Where a link from the summary of mistakes leads."""
        first = {"date": "_0", "radios": "_0", "checkboxes": "_0"}.get(self.field.widget.kind, "")
        return f"{self.auto_id}{first}"


class GovukForm(forms.Form):
    """A form whose fields are set by ``web/field.html`` and whose mistakes are gathered in a summary."""

    bound_field_class = GovukBoundField
    use_required_attribute = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, label_suffix="", **named)
        for field in self.fields.values():
            field.widget.kind = next(kind for known, kind, _ in _KINDS if isinstance(field.widget, known))

    def summary(self) -> list[tuple[str, str]]:
        """(message, id of the control) for every mistake, in the order of the fields."""
        said = [(message, "") for message in self.non_field_errors()]
        return said + [(message, bound.target) for bound in self for message in bound.errors]


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None where it is only opened."""
    return request.POST if request.method == "POST" else None
