"""Submissions: send, read the answer, accept, withdraw."""

from http import HTTPStatus
from typing import Any

import django_filters
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.access import Needs
from api.parsers import LimitedJSONParser
from api.problems import Refused
from api.requests import PeriodField, RequestSerializer
from api.v1.progress import ProgressField
from monitoring.access.asking import organisations_where
from monitoring.access.roles import Right
from monitoring.submissions.deciding import CannotDecide, accept, withdraw
from monitoring.submissions.models import State, Submission
from monitoring.submissions.problems import Unreadable
from monitoring.submissions.reading import from_records
from monitoring.submissions.receiving import receive
from monitoring.submissions.work import problems_of


class ProblemSerializer(serializers.Serializer):
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=("error", "warning", "info"))
    message = serializers.CharField()
    advice = serializers.CharField()
    row = serializers.IntegerField(allow_null=True)
    column = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()
    value = serializers.CharField(required=False)
    nearest = serializers.ListField(child=serializers.CharField(), required=False)


class SubmissionSerializer(serializers.ModelSerializer):
    organisation = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    accepted = serializers.SerializerMethodField(help_text="Rows that reports count")

    class Meta:
        model = Submission
        fields = (
            "id", "organisation", "collection", "period", "state", "digest", "rows", "accepted", "errors", "warnings",
            "received_at", "checked_at", "accepted_at", "correction_reason",
        )  # fmt: skip
        read_only_fields = fields

    def get_accepted(self, submission: Submission) -> int:
        return submission.kept if submission.state == State.ACCEPTED else 0


class AnswerSerializer(SubmissionSerializer):
    progress = ProgressField()
    problems = serializers.SerializerMethodField()

    class Meta(SubmissionSerializer.Meta):
        fields = (*SubmissionSerializer.Meta.fields, "progress", "problems")
        read_only_fields = fields

    @extend_schema_field(ProblemSerializer(many=True))
    def get_problems(self, submission: Submission) -> list[dict[str, Any]]:
        return [found.as_dict() for found in problems_of(submission)]


class _Envelope(RequestSerializer):
    organisation = serializers.SlugField(help_text="Short name")
    collection = serializers.ChoiceField(choices=("workforce",), default="workforce")
    period = PeriodField()
    correction_reason = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=300,
        help_text="Why figures already published were wrong",
    )


class FileSubmissionSerializer(_Envelope):
    file = serializers.FileField(help_text="CSV, XLSX or ODS")
    mapping = serializers.FileField(required=False, help_text="TOML")


@extend_schema_field({"type": ["string", "number", "boolean", "null"]})
class PlainValueField(serializers.Field):
    """What one cell of a sheet could hold."""

    default_error_messages = {"not_plain": "A text, a number, true, false or null was expected."}  # noqa: RUF012

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list | dict):
            self.fail("not_plain")
        return data


class RecordsSubmissionSerializer(_Envelope):
    records = serializers.ListField(
        child=serializers.DictField(child=PlainValueField(allow_null=True)),
        min_length=1,
        help_text="One object for each person; keys are headings",
    )
    mapping = serializers.CharField(required=False, default="", allow_blank=True, help_text="TOML")


class ReasonSerializer(RequestSerializer):
    reason = serializers.CharField(max_length=300)


class SubmissionFilter(django_filters.FilterSet):
    organisation = django_filters.CharFilter(field_name="organisation__slug")
    period = django_filters.CharFilter()
    state = django_filters.ChoiceFilter(choices=State.choices)

    class Meta:
        model = Submission
        fields = ("organisation", "period", "state")


class _Submissions:
    permission_classes = (Needs,)

    def get_queryset(self) -> Any:
        visible = organisations_where(self.request.user, Right.SEE_SUBMISSIONS)
        return Submission.objects.filter(organisation__in=visible).select_related("organisation", "answer")

    def own(self, pk: str) -> Submission:
        """A submission that the caller may decide on."""
        mine = organisations_where(self.request.user, Right.SUBMIT)
        return get_object_or_404(Submission.objects.filter(organisation__in=mine), pk=pk)


class SubmissionList(_Submissions, generics.ListAPIView):
    """Submissions, newest first; and sending a new one, as a file (multipart) or as records (JSON)."""

    serializer_class = SubmissionSerializer
    filterset_class = SubmissionFilter
    parser_classes = (MultiPartParser, LimitedJSONParser)
    needs = {"GET": {Right.SEE_SUBMISSIONS}, "POST": {Right.SUBMIT}}  # noqa: RUF012

    @extend_schema(
        request={"multipart/form-data": FileSubmissionSerializer, "application/json": RecordsSubmissionSerializer},
        responses={200: AnswerSerializer, 201: AnswerSerializer, 202: AnswerSerializer},
    )
    def post(self, request: Request) -> Response:
        is_file = (request.content_type or "").startswith("multipart/")
        given = (FileSubmissionSerializer if is_file else RecordsSubmissionSerializer)(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        mine = organisations_where(request.user, Right.SUBMIT)
        at = timezone.now()
        try:
            submission = receive(
                said["file"].read() if is_file else from_records(said["records"]),
                organisation=get_object_or_404(mine, slug=said["organisation"]),
                collection=said["collection"],
                period=said["period"],
                mapping=_mapping(said.get("mapping")),
                correction_reason=said["correction_reason"],
                today=timezone.localdate(),
                at=at,
                by=request.user,
            )
        except Unreadable as refused:
            raise Refused(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                refused.problems[0].code,
                "The submission was not taken. Nothing was kept.",
                [found.as_dict() for found in refused.problems],
            ) from None
        submission = self.get_queryset().get(pk=submission.pk)
        return Response(
            AnswerSerializer(submission).data, status=_status(submission, is_new=submission.received_at == at)
        )


class SubmissionDetail(_Submissions, generics.RetrieveAPIView):
    """One submission with every problem found in it."""

    serializer_class = AnswerSerializer
    needs = {"GET": {Right.SEE_SUBMISSIONS}}  # noqa: RUF012


class SubmissionAccept(_Submissions, generics.GenericAPIView):
    """Let a checked submission be counted. Accepting twice is accepting once."""

    serializer_class = AnswerSerializer
    needs = {"POST": {Right.SUBMIT}}  # noqa: RUF012

    @extend_schema(request=None, responses=AnswerSerializer)
    def post(self, request: Request, pk: str) -> Response:
        try:
            accept(self.own(pk), at=timezone.now(), by=request.user)
        except CannotDecide as refused:
            raise Refused(HTTPStatus.CONFLICT, "NOT_CHECKED", str(refused)) from None
        return Response(AnswerSerializer(self.get_queryset().get(pk=pk)).data)


class SubmissionWithdraw(_Submissions, generics.GenericAPIView):
    """Take a submission back. Withdrawing twice is withdrawing once."""

    serializer_class = ReasonSerializer
    parser_classes = (LimitedJSONParser,)
    needs = {"POST": {Right.SUBMIT}}  # noqa: RUF012

    @extend_schema(responses=AnswerSerializer)
    def post(self, request: Request, pk: str) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            withdraw(self.own(pk), reason=given.validated_data["reason"], by=request.user)
        except CannotDecide as refused:
            raise Refused(HTTPStatus.CONFLICT, "CANNOT_WITHDRAW", str(refused)) from None
        return Response(AnswerSerializer(self.get_queryset().get(pk=pk)).data)


def _mapping(given: Any) -> str:
    return given.read().decode("utf-8-sig", errors="replace") if hasattr(given, "read") else given or ""


def _status(submission: Submission, *, is_new: bool) -> int:
    if submission.is_being_checked:
        return HTTPStatus.ACCEPTED
    return HTTPStatus.CREATED if is_new else HTTPStatus.OK
