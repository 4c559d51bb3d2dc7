"""Inspections and their findings."""

import uuid
from http import HTTPStatus
from typing import Any

import django_filters
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.access import Everybody, Needs
from api.parsers import LimitedJSONParser
from api.problems import Refused
from api.requests import RequestSerializer
from api.v1.submissions import ReasonSerializer
from equality.characteristics import characteristics
from equality.vocabulary import DIRECTION, EVIDENCE, EXTENT, PARTNER, PROGRAMME, SEVERITY, THEME, words
from monitoring.access.asking import organisations_where
from monitoring.access.roles import Right
from monitoring.inspections.models import Finding, Inspection, Standing
from monitoring.inspections.recording import (
    Faulty,
    FindingDraft,
    open_inspection,
    record_finding,
    withdraw_finding,
)
from monitoring.organisations.models import Organisation


class InspectionSerializer(RequestSerializer, serializers.ModelSerializer):
    organisation = serializers.SlugField(source="organisation.slug")
    lead = serializers.SlugField(source="lead.slug", help_text="The inspectorate that leads")
    programme = serializers.ChoiceField(choices=list(words(PROGRAMME)))
    partners = serializers.ListField(child=serializers.ChoiceField(choices=list(words(PARTNER))), default=list)

    class Meta:
        model = Inspection
        fields = (
            "id", "programme", "title", "organisation", "lead", "partners", "fieldwork_start_date",
            "fieldwork_end_date",
        )  # fmt: skip


class FollowUpSerializer(serializers.Serializer):
    text = serializers.CharField()
    due_date = serializers.DateField(allow_null=True, required=False)


class FindingSerializer(serializers.ModelSerializer):
    responsible = serializers.SlugField(source="responsible.slug")
    characteristics = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    recommendations = FollowUpSerializer(many=True, read_only=True)
    good_practice = FollowUpSerializer(many=True, read_only=True)
    evidence = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Finding
        fields = (
            "id", "inspection", "statement", "characteristics", "theme", "direction", "severity", "extent", "cases",
            "cases_seen", "evidence", "responsible", "observed_date", "standing", "recorded_at", "recommendations",
            "good_practice",
        )  # fmt: skip
        read_only_fields = fields


class NewFindingSerializer(RequestSerializer):
    inspection = serializers.UUIDField()
    statement = serializers.CharField(help_text="At most 60 words that may be published")
    characteristics = serializers.ListField(
        child=serializers.ChoiceField(choices=list(characteristics())), min_length=1
    )
    theme = serializers.ChoiceField(choices=list(words(THEME)))
    direction = serializers.ChoiceField(choices=list(words(DIRECTION)))
    severity = serializers.IntegerField(min_value=1, max_value=len(words(SEVERITY)))
    extent = serializers.ChoiceField(choices=list(words(EXTENT)))
    evidence = serializers.ListField(child=serializers.ChoiceField(choices=list(words(EVIDENCE))), min_length=1)
    responsible = serializers.SlugField(help_text="Short name of the organisation that answers for it")
    observed_date = serializers.DateField()
    cases = serializers.IntegerField(min_value=0, max_value=100_000, required=False, allow_null=True)
    cases_seen = serializers.IntegerField(min_value=1, max_value=100_000, required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=5_000, help_text="Never published")
    recommendation = serializers.CharField(required=False, allow_blank=True)
    recommendation_due_date = serializers.DateField(required=False, allow_null=True)
    good_practice = serializers.CharField(required=False, allow_blank=True)
    reference = serializers.UUIDField(
        required=False, help_text="Made by the device: sending the same reference twice records one finding"
    )


class FindingFilter(django_filters.FilterSet):
    organisation = django_filters.CharFilter(field_name="responsible__slug")
    standing = django_filters.ChoiceFilter(choices=Standing.choices)
    inspection = django_filters.UUIDFilter(field_name="inspection_id")

    class Meta:
        model = Finding
        fields = ("organisation", "standing", "inspection")


class _Inspections:
    permission_classes = (Needs,)
    parser_classes = (LimitedJSONParser,)

    def get_queryset(self) -> Any:
        visible = organisations_where(self.request.user, Right.SEE_INSPECTIONS)
        return Inspection.objects.filter(organisation__in=visible).select_related("organisation", "lead")


class InspectionList(_Inspections, generics.ListAPIView):
    """Inspections, newest first; and opening one."""

    serializer_class = InspectionSerializer
    needs = {"GET": {Right.SEE_INSPECTIONS}, "POST": {Right.PLAN_INSPECTIONS}}  # noqa: RUF012

    @extend_schema(responses={201: InspectionSerializer})
    def post(self, request: Request) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        mine = organisations_where(request.user, Right.PLAN_INSPECTIONS)
        organisation = get_object_or_404(mine, slug=said.pop("organisation")["slug"])
        lead = get_object_or_404(Organisation, slug=said.pop("lead")["slug"])
        try:
            opened = open_inspection(**said, organisation=organisation, lead=lead, at=timezone.now(), by=request.user)
        except Faulty as refused:
            raise _unprocessable(refused) from None
        return Response(self.get_serializer(opened).data, status=HTTPStatus.CREATED)


class InspectionDetail(_Inspections, generics.RetrieveAPIView):
    """One inspection."""

    serializer_class = InspectionSerializer
    needs = {"GET": {Right.SEE_INSPECTIONS}}  # noqa: RUF012


class _Findings:
    permission_classes = (Needs,)
    parser_classes = (LimitedJSONParser,)
    serializer_class = FindingSerializer

    def get_queryset(self) -> Any:
        return self.within(Right.SEE_INSPECTIONS)

    def within(self, right: Right) -> Any:
        reachable = Finding.objects.filter(inspection__organisation__in=organisations_where(self.request.user, right))
        return reachable.select_related("responsible").prefetch_related(
            "characteristics", "recommendations", "good_practice"
        )


class FindingList(_Findings, generics.ListAPIView):
    """Findings, newest first; and tagging one."""

    filterset_class = FindingFilter
    needs = {"GET": {Right.SEE_INSPECTIONS}, "POST": {Right.TAG_FINDINGS}}  # noqa: RUF012

    @extend_schema(request=NewFindingSerializer, responses={201: FindingSerializer})
    def post(self, request: Request) -> Response:
        given = NewFindingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        taggable = Inspection.objects.filter(organisation__in=organisations_where(request.user, Right.TAG_FINDINGS))
        inspection = get_object_or_404(taggable.select_related("organisation"), pk=said.pop("inspection"))
        said["responsible"] = Organisation.objects.filter(slug=said["responsible"]).first()
        said.setdefault("reference", uuid.uuid4())
        try:
            finding = record_finding(
                inspection, FindingDraft(**said), today=timezone.localdate(), at=timezone.now(), by=request.user
            )
        except Faulty as refused:
            raise _unprocessable(refused) from None
        return Response(FindingSerializer(self.get_queryset().get(pk=finding.pk)).data, status=HTTPStatus.CREATED)


class FindingDetail(_Findings, generics.RetrieveAPIView):
    """One finding with what follows from it."""

    needs = {"GET": {Right.SEE_INSPECTIONS}}  # noqa: RUF012


class FindingWithdraw(_Findings, generics.GenericAPIView):
    """Take a finding out of every report to come."""

    needs = {"POST": {Right.WITHDRAW_FINDINGS}}  # noqa: RUF012

    @extend_schema(request=ReasonSerializer, responses=FindingSerializer)
    def post(self, request: Request, pk: str) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        finding = get_object_or_404(self.within(Right.WITHDRAW_FINDINGS), pk=pk)
        withdraw_finding(finding, reason=given.validated_data["reason"], by=request.user)
        return Response(FindingSerializer(self.get_queryset().get(pk=pk)).data)


class VocabularySerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()


class Vocabulary(generics.GenericAPIView):
    """The words that findings are tagged with."""

    authentication_classes = ()
    permission_classes = (Everybody,)
    serializer_class = VocabularySerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        responses={
            200: {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"$ref": "#/components/schemas/Vocabulary"}},
            }
        }
    )
    def get(self, request: Request) -> Response:
        lists = {name: words(name) for name in (PROGRAMME, THEME, DIRECTION, SEVERITY, EXTENT, EVIDENCE, PARTNER)}
        lists["characteristics"] = {code: c.label for code, c in characteristics().items()}
        return Response(
            {name: [{"code": c, "label": label} for c, label in said.items()] for name, said in lists.items()}
        )


def _unprocessable(refused: Faulty) -> Refused:
    faults = [{"code": fault.code, "field": fault.field, "message": fault.message} for fault in refused.faults]
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, refused.faults[0].code, "Nothing was recorded.", faults)
