"""The doors of the two rooms that face outside."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("api.urls")),
    path("", include("web.urls")),
]

handler400 = "monitoring.errors.bad_request"
handler403 = "monitoring.errors.forbidden"
handler404 = "monitoring.errors.not_found"
handler500 = "monitoring.errors.server_error"
