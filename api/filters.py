"""Filters of long lists. A filter that is not known, or has no value, is answered: overlooking it would show more than
was asked for."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

_OF_PAGES = {"page", "page_size"}


class Filters(DjangoFilterBackend):
    def filter_queryset(self, request: Request, queryset: QuerySet, view: APIView) -> Any:
        offered = getattr(view, "filterset_class", None)
        known = _OF_PAGES | set(offered.base_filters if offered else ())
        faults = {name: "There is no such filter." for name in request.query_params if name not in known}
        faults |= {
            name: "Write a value, or leave the filter out."
            for name in known & request.query_params.keys()
            if not request.query_params[name]
        }
        if faults:
            raise ValidationError(faults, "filter")
        return super().filter_queryset(request, queryset, view)
