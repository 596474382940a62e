"""The form: one question, one optional address, and a field that only robots fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import validators

from nabolag.core import Lang, label

MIN_LENGTH, MAX_LENGTH = 10, 4000


class ReportForm(forms.Form):
    """A reader's word about a figure. Labels and messages are in the reader's language."""

    message = forms.CharField(min_length=MIN_LENGTH, max_length=MAX_LENGTH, widget=forms.Textarea)
    contact = forms.EmailField(required=False, max_length=254)
    website = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, lang: Lang) -> None:
        """Fill in words and the attributes that tie them to the fields."""
        super().__init__(data, label_suffix="")
        for name in ("message", "contact", "website"):
            self.fields[name].label = label(f"web.feedback.{name}", lang)
        for name in ("message", "contact"):
            self.fields[name].help_text = label(f"web.feedback.{name}_help", lang)
        self.fields["message"].widget.attrs = {"class": "ds-input", "rows": 6, "required": True}
        self.fields["contact"].widget.attrs = {"class": "ds-input", "autocomplete": "email"}
        self.fields["website"].widget.attrs = {"tabindex": "-1", "autocomplete": "off"}
        self._speak(lang)

    def _speak(self, lang: Lang) -> None:
        self.fields["message"].error_messages = {
            "required": label("web.feedback.message_required", lang)
        }
        for validator in self.fields["message"].validators:
            if isinstance(validator, validators.MinLengthValidator):
                validator.message = label("web.feedback.message_short", lang, limit=MIN_LENGTH)
            if isinstance(validator, validators.MaxLengthValidator):
                validator.message = label("web.feedback.message_long", lang, limit=MAX_LENGTH)
        wrong = label("web.feedback.contact_wrong", lang)
        for validator in self.fields["contact"].validators:
            if isinstance(validator, validators.EmailValidator):
                validator.message = wrong

    @property
    def is_robot(self) -> bool:
        """True where the field that people do not see was filled in."""
        return bool(self.data.get(self.add_prefix("website"), ""))
