"""Addresses of version 1."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

from api import docs
from api.v1 import codelists, inspections, measures, organisations, reports, submissions

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(permission_classes=[AllowAny]), name="api-schema"),
    path("docs/", docs.docs, name="api-docs"),
    path("organisations/", organisations.OrganisationList.as_view(), name="api-organisations"),
    path("submissions/", submissions.SubmissionList.as_view(), name="api-submissions"),
    path("submissions/<uuid:pk>/", submissions.SubmissionDetail.as_view(), name="api-submission"),
    path("submissions/<uuid:pk>/accept/", submissions.SubmissionAccept.as_view(), name="api-accept-submission"),
    path("submissions/<uuid:pk>/withdraw/", submissions.SubmissionWithdraw.as_view(), name="api-withdraw-submission"),
    path("inspections/", inspections.InspectionList.as_view(), name="api-inspections"),
    path("inspections/<uuid:pk>/", inspections.InspectionDetail.as_view(), name="api-inspection"),
    path("findings/", inspections.FindingList.as_view(), name="api-findings"),
    path("findings/<uuid:pk>/", inspections.FindingDetail.as_view(), name="api-finding"),
    path("findings/<uuid:pk>/withdraw/", inspections.FindingWithdraw.as_view(), name="api-withdraw-finding"),
    path("code-lists/", codelists.CodeListList.as_view(), name="api-code-lists"),
    path("vocabulary/", inspections.Vocabulary.as_view(), name="api-vocabulary"),
    path("measures/", measures.MeasureList.as_view(), name="api-measures"),
    path("reports/", reports.ReportList.as_view(), name="api-reports"),
    path("reports/<uuid:pk>/", reports.ReportDetail.as_view(), name="api-report"),
    path("reports/<uuid:pk>/contents/", reports.ReportContents.as_view(), name="api-report-contents"),
    path("reports/<uuid:pk>/sign/", reports.ReportSign.as_view(), name="api-sign-report"),
    path("reports/<uuid:pk>/send-back/", reports.ReportSendBack.as_view(), name="api-send-report-back"),
    path("reports/<uuid:pk>/publish/", reports.ReportPublish.as_view(), name="api-publish-report"),
    path("published/", reports.PublishedList.as_view(), name="api-published-list"),
    path("published/<uuid:pk>/", reports.PublishedDetail.as_view(), name="api-published"),
    path("published/<uuid:pk>/files/<path:name>", reports.PublishedFile.as_view(), name="api-published-file"),
]
