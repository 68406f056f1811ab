"""Fill change subjects from the history that is there already."""

import sqlalchemy as sa
from alembic import op

revision = "0008_fill_change_subject"
down_revision = "0007_create_change_subject"
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 1000

change_row = sa.table(
    "change_row",
    *(
        sa.column(name)
        for name in ("id", "change_set_id", "entity", "record_id", "root_entity", "root_id", "operation")
    ),
    sa.column("new", sa.JSON()),
)
change_subject = sa.table(
    "change_subject",
    *(sa.column(name) for name in ("change_set_id", "entity", "operation", "is_part", "field")),
)


def upgrade() -> None:
    connection = op.get_bind()
    after = 0
    while rows := _rows_after(connection, after):
        after = rows[-1].id
        found = dict.fromkeys(subject for row in rows for subject in _subjects(row))
        # A change set may go on from one page of rows to the next.
        of_these = sa.select(*change_subject.c).where(
            change_subject.c.change_set_id.in_({row.change_set_id for row in rows})
        )
        present = {tuple(row) for row in connection.execute(of_these)}
        new = [subject for subject in found if subject not in present]
        if new:
            names = change_subject.c.keys()
            connection.execute(change_subject.insert(), [dict(zip(names, subject)) for subject in new])


def downgrade() -> None:
    """Nothing to do: the table goes with the schema before it."""


def _rows_after(connection, after):
    page = sa.select(change_row).where(change_row.c.id > after).order_by(change_row.c.id).limit(ROWS_AT_ONCE)
    return connection.execute(page).all()


def _subjects(row):
    is_part = (row.entity, row.record_id) != (row.root_entity, row.root_id)
    for field in (row.new or {}) if row.operation == "update" else ("",):
        yield row.change_set_id, row.entity, row.operation, is_part, field
