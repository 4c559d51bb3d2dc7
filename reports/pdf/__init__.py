"""The PDF of a report. The only place that knows ReportLab; ``as_pdf`` is its one door."""

from reports.pdf.document import as_pdf

__all__ = ["as_pdf"]
