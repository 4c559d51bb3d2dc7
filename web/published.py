"""What anybody may read: the list of published reports, each as a page, and its files."""

from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from equality.quarters import NotAQuarter, Quarter
from monitoring.organisations.models import INSPECTORATE
from reports.contents import Contents
from reports.drawing import media_type
from reports.models import Report
from reports.page import as_contents_list, as_fragment
from reports.publishing import file_of
from web.access import open_to_everybody

_INSPECTORATES_FIRST = Case(When(organisation__kind=INSPECTORATE, then=0), default=1)


@open_to_everybody
def home(request: HttpRequest) -> HttpResponse:
    """The newest version of every published report, the first of them at a glance."""
    reports = Report.objects.newest().select_related("organisation")
    ordered = reports.order_by("-period", _INSPECTORATES_FIRST, "organisation__name")
    page = Paginator(ordered, 25).get_page(request.GET.get("page"))
    for report in page:
        report.label = Quarter.parse(report.period).label
    newest = page[0] if page.number == 1 and page else None
    context = {
        "title": "Race equality and diversity reports",
        "page": page,
        "newest": newest,
        "lines": Contents.from_json(newest.contents).at_a_glance() if newest else (),
    }
    return render(request, "web/home.html", context)


@open_to_everybody
def published_report(
    request: HttpRequest, slug: str, period: str, code: str, version: int | None = None
) -> HttpResponse:
    """One report as a page; without a version the newest."""
    report, versions = _found(slug, period, code, version)
    contents = Contents.from_json(report.contents)
    return render(
        request,
        "web/published.html",
        {
            "title": f"{contents.report['title']}: {report.organisation.name}, {Quarter.parse(period).label}",
            "report": report,
            "about": contents.report,
            "contents_list": as_contents_list(contents),
            "fragment": as_fragment(contents),
            "newest": versions[0],
            "versions": versions,
            "tables": [(f"data/{table.id}.csv", table.title) for table in contents.tables()],
        },
    )


@open_to_everybody
def published_file(request: HttpRequest, slug: str, period: str, code: str, version: int, name: str) -> HttpResponse:
    """A file exactly as it was published."""
    report, _ = _found(slug, period, code, version)
    content = file_of(report, name)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=media_type(name))
    saved_as = f"{slug}-{period}-{code}-v{version}-{name.rpartition('/')[2]}"
    shown = "inline" if name.endswith((".pdf", ".json")) else "attachment"
    response["Content-Disposition"] = f'{shown}; filename="{saved_as}"'
    return response


def _found(slug: str, period: str, code: str, version: int | None) -> tuple[Report, list[Report]]:
    """(the report asked for, every version of it, newest first)."""
    try:
        Quarter.parse(period)
    except NotAQuarter:
        raise Http404 from None
    known = Report.objects.published().filter(organisation__slug=slug, period=period, code=code)
    versions = list(known.select_related("organisation").defer("contents", "told", "price").order_by("-version"))
    wanted = [report for report in versions if version in (None, report.version)]
    if not wanted:
        raise Http404
    return wanted[0], versions
