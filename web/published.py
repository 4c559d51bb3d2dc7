"""What anybody may read: the list of published reports, each as a page, and its files."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from equality.quarters import NotAQuarter, Quarter
from reports.contents import Contents
from reports.models import Report
from reports.page import as_fragment
from reports.publishing import file_of
from web.access import open_to_everybody

_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


@open_to_everybody
def home(request: HttpRequest) -> HttpResponse:
    """The newest version of every published report."""
    newest: dict[tuple, Report] = {}
    for report in Report.objects.published().select_related("organisation").order_by("version"):
        newest[report.organisation_id, report.code, report.period] = report
    reports = sorted(newest.values(), key=lambda report: (report.period, report.organisation.name), reverse=True)
    page = Paginator(reports, 25).get_page(request.GET.get("page"))
    for report in page:
        report.label = Quarter.parse(report.period).label
    return render(request, "web/home.html", {"title": "Race equality and diversity reports", "page": page})


@open_to_everybody
def published_report(
    request: HttpRequest, slug: str, period: str, code: str, version: int | None = None
) -> HttpResponse:
    """One report as a page; without a version the newest."""
    report, newest = _found(slug, period, code, version)
    contents = Contents.from_json(report.contents)
    return render(
        request,
        "web/published.html",
        {
            "title": f"{contents.report['title']}: {report.organisation.name}, {Quarter.parse(period).label}",
            "report": report,
            "about": contents.report,
            "fragment": as_fragment(contents),
            "newest": newest,
            "versions": _versions(report),
            "tables": [name for name in report.files if name.endswith(".csv")],
        },
    )


@open_to_everybody
def published_file(request: HttpRequest, slug: str, period: str, code: str, version: int, name: str) -> HttpResponse:
    """A file exactly as it was published."""
    report, _ = _found(slug, period, code, version)
    content = file_of(report, name)
    if content is None:
        raise Http404
    ending = name.rpartition(".")[2]
    response = HttpResponse(content, content_type=_TYPES[ending])
    saved_as = f"{slug}-{period}-{code}-v{version}-{name.rpartition('/')[2]}"
    shown = "inline" if ending in {"pdf", "json"} else "attachment"
    response["Content-Disposition"] = f'{shown}; filename="{saved_as}"'
    return response


def _found(slug: str, period: str, code: str, version: int | None) -> tuple[Report, Report]:
    """(the report asked for, its newest version)."""
    try:
        Quarter.parse(period)
    except NotAQuarter:
        raise Http404 from None
    known = Report.objects.published().filter(organisation__slug=slug, period=period, code=code)
    versions = list(known.select_related("organisation").order_by("-version"))
    wanted = [report for report in versions if version in (None, report.version)]
    if not wanted:
        raise Http404
    return wanted[0], versions[0]


def _versions(report: Report) -> list[Report]:
    known = Report.objects.published().filter(organisation=report.organisation, period=report.period, code=report.code)
    return list(known.select_related("organisation").order_by("-version"))
