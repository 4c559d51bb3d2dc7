"""Addresses of pages. Ids and short names only: nothing about a person stands in an address."""

from django.urls import include, path

from web import about, audit, drafts, health, inspections, people, published, submissions, work

urlpatterns = [
    path("", published.home, name="home"),
    path("reports/<slug:slug>/<str:period>/<slug:code>/", published.published_report, name="published"),
    path(
        "reports/<slug:slug>/<str:period>/<slug:code>/v<int:version>/",
        published.published_report,
        name="published-version",
    ),
    path(
        "reports/<slug:slug>/<str:period>/<slug:code>/v<int:version>/<path:name>",
        published.published_file,
        name="published-file",
    ),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("cookies/", about.cookies, name="cookies"),
    path("privacy/", about.privacy, name="privacy"),
    path("work/", work.work, name="work"),
    path("submissions/", submissions.submissions, name="submissions"),
    path("submissions/new/", submissions.new_submission, name="new-submission"),
    path("submissions/<uuid:pk>/", submissions.submission, name="submission"),
    path("submissions/<uuid:pk>/accept/", submissions.accept_submission, name="accept-submission"),
    path("submissions/<uuid:pk>/withdraw/", submissions.withdraw_submission, name="withdraw-submission"),
    path("inspections/", inspections.inspections, name="inspections"),
    path("inspections/new/", inspections.new_inspection, name="new-inspection"),
    path("inspections/<uuid:pk>/", inspections.inspection, name="inspection"),
    path("inspections/<uuid:pk>/findings/new/", inspections.new_finding, name="new-finding"),
    path("findings/<uuid:pk>/", inspections.finding, name="finding"),
    path("findings/<uuid:pk>/withdraw/", inspections.withdraw, name="withdraw-finding"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/new/", drafts.new_report, name="new-report"),
    path("drafts/<uuid:pk>/", drafts.draft, name="draft"),
    path("drafts/<uuid:pk>/price/", drafts.draft_price, name="draft-price"),
    path("drafts/<uuid:pk>/files/<str:name>", drafts.draft_file, name="draft-file"),
    path("drafts/<uuid:pk>/stop/", drafts.stop_report, name="stop-report"),
    path("drafts/<uuid:pk>/sign/", drafts.sign_report, name="sign-report"),
    path("drafts/<uuid:pk>/send-back/", drafts.send_report_back, name="send-report-back"),
    path("drafts/<uuid:pk>/publish/", drafts.publish_report, name="publish-report"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new-person"),
    path("people/machines/new/", people.new_machine, name="new-machine"),
    path("people/grants/<int:pk>/revoke/", people.revoke_grant, name="revoke-grant"),
    path("audit/", audit.audit, name="audit"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("account/", include("web.accounts")),
]
