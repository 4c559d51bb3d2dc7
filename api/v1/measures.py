"""The catalogue of measures: what each means, how it is worked out, and where it is from."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.access import Everybody
from equality.measures.catalogue import measures


class MeasureInputSerializer(serializers.Serializer):
    name = serializers.CharField()
    kind = serializers.CharField(help_text="What may be given: count, percent, table, ...")
    meaning = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField(), help_text="Where only these words are taken")
    default = serializers.JSONField(help_text="Null: must be given, alone or as one of `either`")


class MeasureOutputSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="In angle brackets: named after the groups given")
    meaning = serializers.CharField()
    unit = serializers.CharField()


class MeasureExampleSerializer(serializers.Serializer):
    text = serializers.CharField(help_text="The arithmetic by hand")
    inputs = serializers.DictField()
    answer = serializers.DictField(help_text="To four decimals")


class MeasureSerializer(serializers.Serializer):
    id = serializers.CharField()
    family = serializers.CharField()
    name = serializers.CharField()
    meaning = serializers.CharField()
    formula = serializers.CharField()
    unit = serializers.CharField(help_text="Of the first output, the headline")
    direction = serializers.CharField(help_text="Which group over which, and whether the outcome is good to have")
    interval = serializers.CharField()
    test = serializers.CharField()
    minimum = serializers.CharField(help_text="Below which it is too few to say")
    source = serializers.CharField()
    status = serializers.ChoiceField(choices=("confirmed", "unconfirmed"), help_text="Unconfirmed: from memory")
    unconfirmed = serializers.CharField(allow_blank=True, help_text="What rests on memory")
    inputs = MeasureInputSerializer(many=True)
    outputs = MeasureOutputSerializer(many=True)
    within = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Pairs: the first is part of the second"
    )
    either = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Sets of inputs, one of which is given"
    )
    named_in = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Pairs: the first names one of the second"
    )
    example = MeasureExampleSerializer()
    vectors = serializers.ListField(child=serializers.CharField(), help_text="Figures that it is proved to reproduce")


class MeasureList(generics.GenericAPIView):
    """Every measure that the service can work out, with its definition."""

    authentication_classes = ()
    permission_classes = (Everybody,)
    serializer_class = MeasureSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses=MeasureSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response([measure.as_dict() for measure in measures().values()])
