"""Add to a change set what its summary was made of, so that it is told in any language."""

import sqlalchemy as sa
from alembic import op

revision = "0014_add_summary_message"
down_revision = "0013_add_shop_choices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("change_set", sa.Column("summary_message", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("change_set") as batch:
        batch.drop_column("summary_message")
