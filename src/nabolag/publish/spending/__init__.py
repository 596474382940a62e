"""Spending models as people read them: the report's layout, on a page and in files."""

from nabolag.publish.spending.files import LAYOUT_FORMS, layout_bytes
from nabolag.publish.spending.layout import Layout, layout_of
from nabolag.publish.spending.model import Model, model_of, model_of_result
from nabolag.publish.spending.plain import as_text

__all__ = [
    "LAYOUT_FORMS",
    "Layout",
    "Model",
    "as_text",
    "layout_bytes",
    "layout_of",
    "model_of",
    "model_of_result",
]
