"""Bodies of requests, not larger than what they are for."""

from http import HTTPStatus
from typing import Any

from rest_framework.parsers import JSONParser

from api.problems import Refused

MAX_JSON = 32 * 2**20


class LimitedJSONParser(JSONParser):
    """JSON up to 32 megabytes; larger files are sent as multipart."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: dict[str, Any] | None = None) -> Any:
        request = (parser_context or {})["request"]
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > MAX_JSON:
            raise Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "BODY_TOO_LARGE",
                f"The body is larger than {MAX_JSON // 2**20} megabytes. Send a file as multipart/form-data.",
            )
        return super().parse(stream, media_type, parser_context)
