"""Create the jobs of imports: which file came, what it did, and why it did not."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BIG_ID, LONG_TEXT, UTC_DATETIME, words

revision = "0015_create_import_job"
down_revision = "0014_add_summary_message"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_job",
        sa.Column("file_name", words(300), nullable=False),
        sa.Column("file_format", words(20), nullable=False),
        sa.Column("state", words(10), nullable=False),
        sa.Column("at", UTC_DATETIME, nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("problem", LONG_TEXT, nullable=True),
        sa.Column("is_aside", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("change_set_id", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.CheckConstraint("state IN ('done', 'partly', 'refused', 'failed')", name=op.f("ck_import_job_state")),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["change_set.id"], name=op.f("fk_import_job_change_set_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
    )
    op.create_index("ix_import_job_at", "import_job", ["at", "id"])
    op.create_index("ix_import_job_file_name", "import_job", ["file_name", "id"])
    op.create_index("ix_import_job_change_set_id", "import_job", ["change_set_id"])


def downgrade() -> None:
    op.drop_table("import_job")
