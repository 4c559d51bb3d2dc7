"""Reports: ask, read the draft, sign, publish; and what is published, for everybody."""

from http import HTTPStatus
from typing import Any

import django_filters
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.access import Everybody, Needs
from api.parsers import LimitedJSONParser
from api.problems import Refused
from api.requests import PeriodField, RequestSerializer
from api.v1.progress import ProgressField
from api.v1.submissions import ReasonSerializer
from monitoring.access.asking import organisations_where
from monitoring.access.roles import Right
from reports.contents import Contents
from reports.drawing import MEDIA_TYPES, media_type
from reports.models import Report, State
from reports.publishing import CannotPublish, file_of, publish
from reports.requesting import CODES, CannotRequest, request_report
from reports.signing import CannotSign, send_back, sign


class ReportSerializer(serializers.ModelSerializer):
    organisation = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Report
        fields = (
            "id", "code", "organisation", "period", "version", "state", "failure", "corrects", "correction_note",
            "requested_at", "built_at", "signed_at", "published_at",
        )  # fmt: skip
        read_only_fields = fields


class WholeReportSerializer(ReportSerializer):
    progress = ProgressField()
    digest = serializers.SerializerMethodField(help_text="What a signature must name; empty until the draft is built")

    class Meta(ReportSerializer.Meta):
        fields = (*ReportSerializer.Meta.fields, "progress", "digest")
        read_only_fields = fields

    def get_digest(self, report: Report) -> str:
        return Contents.from_json(report.contents).body_digest() if report.contents else ""


class NewReportSerializer(RequestSerializer):
    code = serializers.ChoiceField(choices=list(CODES), default="quarterly")
    organisation = serializers.SlugField()
    period = PeriodField()
    correction_note = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class SignatureSerializer(RequestSerializer):
    digest = serializers.CharField(max_length=64, help_text="The digest of the draft that was read")


class PublishedSerializer(serializers.ModelSerializer):
    organisation = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    files = serializers.SerializerMethodField(help_text="File name to address and SHA-256")

    class Meta:
        model = Report
        fields = (
            "id",
            "code",
            "organisation",
            "period",
            "version",
            "corrects",
            "correction_note",
            "published_at",
            "files",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.DictField(child=serializers.CharField())))
    def get_files(self, report: Report) -> dict[str, dict[str, str]]:
        request = self.context["request"]
        return {
            name: {"address": reverse("api-published-file", (report.pk, name), request=request), "sha256": digest}
            for name, digest in report.files.items()
        }


class ReportFilter(django_filters.FilterSet):
    organisation = django_filters.CharFilter(field_name="organisation__slug")
    period = django_filters.CharFilter()

    class Meta:
        model = Report
        fields = ("organisation", "period")


class _Reports:
    permission_classes = (Needs,)
    parser_classes = (LimitedJSONParser,)
    serializer_class = ReportSerializer

    def get_queryset(self) -> Any:
        return self.within(Right.SEE_DRAFTS)

    def within(self, right: Right) -> Any:
        visible = organisations_where(self.request.user, right)
        return Report.objects.filter(organisation__in=visible).select_related("organisation")

    def shown(self, pk: Any, status: int = HTTPStatus.OK) -> Response:
        return Response(WholeReportSerializer(self.get_queryset().get(pk=pk)).data, status=status)


class ReportList(_Reports, generics.ListAPIView):
    """Reports in preparation and published; and asking for one. Asking again builds a draft again."""

    filterset_class = ReportFilter
    needs = {"GET": {Right.SEE_DRAFTS}, "POST": {Right.REQUEST_REPORTS}}  # noqa: RUF012

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("contents", "told", "price")

    @extend_schema(request=NewReportSerializer, responses={202: WholeReportSerializer})
    def post(self, request: Request) -> Response:
        given = NewReportSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        mine = organisations_where(request.user, Right.REQUEST_REPORTS)
        organisation = get_object_or_404(mine, slug=said.pop("organisation"))
        try:
            report = request_report(
                **said, organisation=organisation, today=timezone.localdate(), at=timezone.now(), by=request.user
            )
        except CannotRequest as refused:
            status = HTTPStatus.CONFLICT if refused.code == "REPORT_PUBLISHED" else HTTPStatus.UNPROCESSABLE_ENTITY
            raise Refused(status, refused.code, str(refused)) from None
        return self.shown(report.pk, HTTPStatus.ACCEPTED)


class ReportDetail(_Reports, generics.RetrieveAPIView):
    """One report and how far it has come."""

    serializer_class = WholeReportSerializer
    needs = {"GET": {Right.SEE_DRAFTS}}  # noqa: RUF012


class ReportContents(_Reports, generics.GenericAPIView):
    """report.json of a draft or a published report."""

    needs = {"GET": {Right.SEE_DRAFTS}}  # noqa: RUF012

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: str) -> Response:
        report = get_object_or_404(self.get_queryset(), pk=pk)
        if not report.contents:
            raise Refused(HTTPStatus.CONFLICT, "NOT_BUILT", "The draft is not built yet.")
        return Response(report.contents)


class ReportSign(_Reports, generics.GenericAPIView):
    """Sign the draft off. Whoever asked for it cannot."""

    needs = {"POST": {Right.SIGN_REPORTS}}  # noqa: RUF012

    @extend_schema(request=SignatureSerializer, responses=WholeReportSerializer)
    def post(self, request: Request, pk: str) -> Response:
        given = SignatureSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        report = get_object_or_404(self.within(Right.SIGN_REPORTS), pk=pk)
        try:
            sign(report, digest=given.validated_data["digest"], at=timezone.now(), by=request.user)
        except CannotSign as refused:
            raise Refused(HTTPStatus.CONFLICT, refused.code, str(refused)) from None
        return self.shown(pk)


class ReportSendBack(_Reports, generics.GenericAPIView):
    """Turn a draft down, or take a signature off."""

    needs = {"POST": {Right.SIGN_REPORTS}}  # noqa: RUF012

    @extend_schema(request=ReasonSerializer, responses=WholeReportSerializer)
    def post(self, request: Request, pk: str) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        report = get_object_or_404(self.within(Right.SIGN_REPORTS), pk=pk)
        try:
            send_back(report, reason=given.validated_data["reason"], by=request.user)
        except CannotSign as refused:
            raise Refused(HTTPStatus.CONFLICT, refused.code, str(refused)) from None
        return self.shown(pk)


class ReportPublish(_Reports, generics.GenericAPIView):
    """Publish a signed report. Asking twice publishes once."""

    needs = {"POST": {Right.PUBLISH_REPORTS}}  # noqa: RUF012

    @extend_schema(request=None, responses={202: WholeReportSerializer})
    def post(self, request: Request, pk: str) -> Response:
        report = get_object_or_404(self.within(Right.PUBLISH_REPORTS), pk=pk)
        try:
            publish(report, by=request.user)
        except CannotPublish as refused:
            raise Refused(HTTPStatus.CONFLICT, refused.code, str(refused)) from None
        return self.shown(pk, HTTPStatus.ACCEPTED)


class _Published:
    authentication_classes = ()
    permission_classes = (Everybody,)
    serializer_class = PublishedSerializer

    def get_queryset(self) -> Any:
        return Report.objects.published().select_related("organisation")


class PublishedList(_Published, generics.ListAPIView):
    """Everything published, for everybody."""

    filterset_class = ReportFilter


class PublishedDetail(_Published, generics.RetrieveAPIView):
    """One published report and its files."""


class PublishedFile(_Published, generics.GenericAPIView):
    """A file exactly as it was published."""

    filter_backends = ()

    @extend_schema(responses={(200, kind): OpenApiResponse(OpenApiTypes.BINARY) for kind in MEDIA_TYPES.values()})
    def get(self, request: Request, pk: str, name: str) -> HttpResponse:
        content = file_of(get_object_or_404(Report, pk=pk, state=State.PUBLISHED), name)
        if content is None:
            raise Http404
        response = HttpResponse(content, content_type=media_type(name))
        response["Content-Disposition"] = f'attachment; filename="{name.rpartition("/")[2]}"'
        return response
