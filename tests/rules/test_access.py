"""Who may do what: one table, read line by line, and no address that is not in it.

``access.csv`` has a line for every address and method. A cell is the answer to somebody with that role: for the
organisation the request is about, and, after the stroke, with the same role for another organisation."""

import csv
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from api.access import Everybody, Needs
from monitoring.access.roles import ROLES, Right
from tests.rules.requests import Stage
from tests.rules.routes import named_routes

with Path(__file__).with_name("access.csv").open(encoding="utf-8", newline="") as file:
    TABLE = {(line["route"], line["method"]): line for line in csv.DictReader(file)}

# Addresses that the service keeps only to answer that it is alive, or that belong to signing in, take no side.
_OPEN = {line["route"] for line in TABLE.values() if line["nobody"] == "200"}


class TestTheTable:
    @pytest.mark.timeout(600)
    def test_is_what_the_service_does(self, db: None) -> None:
        stage = Stage.set()

        found = {
            (route, method): {role: answer(stage, route, method, role) for role in ("nobody", "no_role", *ROLES)}
            for route, method in TABLE
        }

        wrong = {place: answers for place, answers in found.items() if answers.items() - TABLE[place].items()}
        assert wrong == {}

    def test_names_every_address(self) -> None:
        assert {route for route, _ in TABLE} == named_routes().keys()

    def test_names_every_method(self) -> None:
        methods = {name: set() for name in named_routes()}
        for route, method in TABLE:
            methods[route].add(method)

        for name, pattern in named_routes().items():
            view = getattr(pattern.callback, "cls", None)
            offered = {m for m in ("GET", "POST", "PUT", "PATCH", "DELETE") if view and hasattr(view, m.lower())}

            assert offered <= methods[name], name

    def test_has_a_column_for_every_role(self) -> None:
        assert next(iter(TABLE.values())).keys() == {"route", "method", "nobody", "no_role", *ROLES}


class TestNoAddress:
    @pytest.mark.parametrize("name", named_routes())
    def test_is_open_by_oversight(self, name: str) -> None:
        """A page says who may open it, an endpoint names its permission; saying nothing is refused here."""
        callback = named_routes()[name].callback
        view = getattr(callback, "cls", None)

        if view is not None and name != "api-schema":
            (permission,) = view.permission_classes
            assert permission is Everybody or (permission is Needs and set().union(*view.needs.values()) <= set(Right))
        elif not name.startswith("api-"):
            assert hasattr(callback, "needs")

    def test_that_needs_an_account_is_read_by_nobody(self) -> None:
        closed = [name for name, p in named_routes().items() if getattr(p.callback, "needs", None) is not None]

        assert not _OPEN & set(closed)

    @pytest.mark.parametrize("right", Right)
    def test_serves_a_right_that_no_role_has(self, right: Right) -> None:
        assert any(right in role.rights for role in ROLES.values())


def answer(stage: Stage, route: str, method: str, role: str) -> str:
    """``own/other`` for a role, one number for somebody without."""
    if role == "nobody":
        return str(status(stage, route, method, Client()))
    if role == "no_role":
        return str(status(stage, route, method, signed_in(stage, None)))
    own = status(stage, route, method, signed_in(stage, role))
    return f"{own}/{status(stage, route, method, signed_in(stage, role, own=False), outsider=True)}"


def signed_in(stage: Stage, role: str | None, *, own: bool = True) -> Client:
    client = Client()
    user = stage.person(role or "auditor", stage.own if own else stage.other)
    if role is None:
        user.grants.all().delete()
    client.force_login(user)
    return client


def status(stage: Stage, route: str, method: str, client: Client, *, outsider: bool = False) -> int:
    """The answer's status. What an outsider is shown must not name anything of the organisation."""
    with transaction.atomic():
        response = stage.ask(client, route, method)
        transaction.set_rollback(True)
    if outsider and route not in _OPEN:
        shown = response.content.decode(errors="replace")
        assert not [name for name, key in stage.ids.items() if len(str(key)) > 8 and str(key) in shown], route
        assert stage.own.name not in shown, route
    return response.status_code
