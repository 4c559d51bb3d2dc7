"""Pages of long lists."""

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int:
        """The size asked for; what is no size is answered, not overlooked."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdecimal() and 1 <= int(asked) <= self.max_page_size):
            raise ValidationError(
                {self.page_size_query_param: f"Write a whole number from 1 to {self.max_page_size}."}, "page_size"
            )
        return int(asked)

    def get_schema_operation_parameters(self, view: object) -> list[dict]:
        """The parameters with their bounds."""
        described = super().get_schema_operation_parameters(view)
        for parameter in described:
            bounds = {"minimum": 1}
            if parameter["name"] == self.page_size_query_param:
                bounds["maximum"] = self.max_page_size
            parameter["schema"] |= bounds
        return described
