"""The code lists that senders may answer in and readers meet in tables: for everybody."""

from collections.abc import Sequence

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.access import Everybody
from equality.codelists import Basis, Category, CodeList, code_lists, groups, variables
from equality.responses import Response as Answered


class SourceSerializer(serializers.Serializer):
    id = serializers.CharField()
    title = serializers.CharField()
    publisher = serializers.CharField()
    date = serializers.CharField(help_text="As the source gives it; n.d. where it gives none")
    url = serializers.CharField()
    access = serializers.CharField(help_text="How much of it was read")


class GroupSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()


class CategorySerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    parent = serializers.SerializerMethodField(help_text="What the list puts it under")
    response = serializers.ChoiceField(
        choices=[kind.value for kind in Answered], help_text="DECLARED for an answer, else which kind of silence it is"
    )
    verified = serializers.BooleanField(help_text="Whether it was read in its source")
    notes = serializers.CharField()

    def get_parent(self, category: Category) -> str | None:
        return category.parent or None


class CodeListSerializer(serializers.Serializer):
    variable = serializers.CharField()
    system = serializers.CharField(help_text="A code has a meaning only inside its system")
    label = serializers.CharField()
    version = serializers.CharField()
    effective_from = serializers.DateField(allow_null=True, help_text="null where it is not known")
    effective_to = serializers.DateField(allow_null=True, help_text="null where it is not known")
    period = serializers.CharField(help_text="Both dates in words")
    superseded_by = serializers.SerializerMethodField(help_text="The system that replaces it")
    basis = serializers.ChoiceField(choices=[one.value for one in Basis], help_text="Whose word an answer is")
    several_answers = serializers.BooleanField(help_text="Whether one person may give several")
    accepted = serializers.BooleanField(help_text="Whether senders may answer in it")
    sources = SourceSerializer(many=True)
    verified = serializers.BooleanField(help_text="Whether the list was read in its source")
    notes = serializers.CharField()
    groups = serializers.SerializerMethodField(help_text="The broad groups of the variable")
    categories = CategorySerializer(many=True)

    def get_superseded_by(self, one: CodeList) -> str | None:
        return one.superseded_by or None

    @extend_schema_field(GroupSerializer(many=True))
    def get_groups(self, one: CodeList) -> list[dict[str, str]]:
        return GroupSerializer(groups(one.variable), many=True).data


class CodeListQuery(serializers.Serializer):
    variable = serializers.ChoiceField(choices=list(variables()), required=False, help_text="Lists of this one alone")


class CodeListList(generics.ListAPIView):
    """Every code list with its version, dates, sources and categories."""

    authentication_classes = ()
    permission_classes = (Everybody,)
    serializer_class = CodeListSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(parameters=[CodeListQuery])
    def get(self, request: Request) -> Response:
        return self.list(request)

    def get_queryset(self) -> Sequence[CodeList]:
        asked = CodeListQuery(data=self.request.query_params.dict())
        asked.is_valid(raise_exception=True)
        unknown = self.request.query_params.keys() - asked.fields.keys()
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, "There is no such filter."), "filter")
        return code_lists(asked.validated_data.get("variable"))
