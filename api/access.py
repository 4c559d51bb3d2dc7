"""Who may call an endpoint. Every view says so; a view that says nothing answers nobody."""

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from monitoring.access.asking import rights_of
from monitoring.access.roles import Right


class Needs(BasePermission):
    """The caller has one of the rights that the view names for its method, for some organisation. For whose data, the
    view's query asks. ``needs``: method to rights. A method that the view does not name is not offered."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        wanted: dict[str, set[Right]] = getattr(view, "needs", {})
        if not request.user or not request.user.is_authenticated:
            return False
        if request.method not in wanted:
            raise MethodNotAllowed(request.method or "")
        return bool(wanted[request.method] & rights_of(request.user))


class Everybody(AllowAny):
    """No account needed: what is published is for everybody."""
