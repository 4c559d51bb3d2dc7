"""A second wall: the database itself refuses to change or delete an event.

Whoever owns the database can take the wall down; ``verify`` is what finds that out.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

_TABLE = "monitoring_event"
_SAYS = "audit events are append-only"

_BUILD = {
    "sqlite": [
        f"CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON {_TABLE} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$""",
        f"""CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {_TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    ],
}
_TAKE_DOWN = {
    "sqlite": [f"DROP TRIGGER IF EXISTS audit_no_{verb}" for verb in ("UPDATE", "DELETE")],
    "postgresql": [f"DROP TRIGGER IF EXISTS audit_no_change ON {_TABLE}"],
}


def build(connection: BaseDatabaseWrapper) -> None:
    """Put the wall up."""
    _run(connection, _BUILD)


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Take the wall down, as a database that is emptied as a whole needs (tests, a fresh demonstration)."""
    _run(connection, _TAKE_DOWN)


def _run(connection: BaseDatabaseWrapper, statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
