"""Every Django form in the clothes of Det Fælles Designsystem, without a class on any widget."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest

INPUT, SELECT = "form-input", "form-select"
#: Widget template of Django → class of the design system on the element itself.
CLASSES = {
    "django/forms/widgets/text.html": INPUT,
    "django/forms/widgets/email.html": INPUT,
    "django/forms/widgets/number.html": INPUT,
    "django/forms/widgets/password.html": INPUT,
    "django/forms/widgets/url.html": INPUT,
    "django/forms/widgets/date.html": INPUT,
    "django/forms/widgets/file.html": INPUT,
    "django/forms/widgets/input.html": INPUT,
    "django/forms/widgets/textarea.html": INPUT,
    "django/forms/widgets/select.html": SELECT,
    "django/forms/widgets/checkbox.html": "form-checkbox",
}
#: Widgets whose markup differs as a whole.
INSTEAD = {
    "django/forms/widgets/radio.html": "web/forms/radios.html",
    "django/forms/widgets/checkbox_select.html": "web/forms/checkboxes.html",
    "django/forms/errors/list/default.html": "web/forms/errors.html",
}


class Dkfds(DjangoTemplates):
    """`{{ form }}` gives fields in order; `{{ form.name.as_field_group }}` one of them."""

    form_template_name: ClassVar[str] = "web/forms/form.html"  # type: ignore[misc]
    field_template_name: ClassVar[str] = "web/forms/field.html"  # type: ignore[misc]

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> Any:
        """Add the class that the widget's kind has; what a widget asks for itself stays."""
        widget = context.get("widget")
        if isinstance(widget, dict) and template_name in CLASSES:
            own = widget["attrs"].get("class", "")
            widget["attrs"]["class"] = f"{CLASSES[template_name]} {own}".strip()
        return super().render(INSTEAD.get(template_name, template_name), context, request)
