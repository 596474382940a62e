"""The area profile on paper: one page, tagged and readable by everybody."""

from nabolag.publish.pdf.build import area_profile_pdf, areas_pdf

__all__ = ["area_profile_pdf", "areas_pdf"]
