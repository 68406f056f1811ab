"""Index the rows of a record in the order in which its history is read."""

from alembic import op

revision = "0011_index_change_row"
down_revision = "0010_create_open_record"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_change_row_record", "change_row")
    op.drop_index("ix_change_row_root", "change_row")
    op.create_index("ix_change_row_record", "change_row", ["entity", "record_id", "id"], unique=False)
    op.create_index("ix_change_row_root", "change_row", ["root_entity", "root_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_change_row_record", "change_row")
    op.drop_index("ix_change_row_root", "change_row")
    op.create_index("ix_change_row_record", "change_row", ["entity", "record_id"], unique=False)
    op.create_index("ix_change_row_root", "change_row", ["root_entity", "root_id"], unique=False)
