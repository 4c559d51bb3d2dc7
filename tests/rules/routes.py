"""Every address of the service, read from the resolver."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def named_routes() -> dict[str, URLPattern]:
    """Name → pattern. An address without a name fails: the access table could not name it."""
    return dict(_walk(get_resolver()))


def _walk(resolver: URLResolver) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern)
        else:
            assert pattern.name, f"{pattern.pattern} has no name"
            yield pattern.name, pattern
