"""Organisations that the caller has to do with."""

from rest_framework import generics, serializers

from api.access import Needs
from monitoring.access.asking import organisations_of
from monitoring.access.roles import Right
from monitoring.organisations.models import Organisation, OrganisationQuerySet


class OrganisationSerializer(serializers.ModelSerializer):
    parent = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = Organisation
        fields = ("slug", "name", "kind", "parent", "synthetic")


class OrganisationList(generics.ListAPIView):
    """Organisations for which the caller has a role, and those below them."""

    serializer_class = OrganisationSerializer
    permission_classes = (Needs,)
    needs = {"GET": set(Right)}  # noqa: RUF012  # read by the permission, never changed

    def get_queryset(self) -> OrganisationQuerySet:
        return organisations_of(self.request.user).select_related("parent")
