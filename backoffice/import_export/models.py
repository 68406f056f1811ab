"""Import export: the files that came in, what each did, and why one did not.

Words: import job (one run over one file), state (done, partly done, refused or failed), aside (nobody needs to look).
Rule: what a file did and its job are written in one transaction, so that neither is there without the other.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.audit.models import ChangeSet
from backoffice.dialects import BigId, UtcDateTime, long_text, words
from backoffice.languages import marked
from backoffice.records import Record, utc_now
from backoffice.search.models import search_table

STATES = (
    ("done", marked("Done")),
    ("partly", marked("Some products refused")),
    ("refused", marked("Nothing written, for some were refused")),
    ("failed", marked("Failed")),
)


class ImportJob(Record):
    """One run over one file. problem: what was wrong with it, a sentence a line, in the words of its day."""

    __tablename__ = "import_job"
    __table_args__ = (
        CheckConstraint("state IN ('done', 'partly', 'refused', 'failed')", name="state"),
        Index("ix_import_job_at", "at", "id"),
        Index("ix_import_job_file_name", "file_name", "id"),
    )
    area = "catalog"
    is_recorded = False

    file_name: Mapped[str] = mapped_column(words(300), info={"label": "File"})
    file_format: Mapped[str] = mapped_column(words(20), info={"label": "Format"})
    state: Mapped[str] = mapped_column(words(10), info={"choices": STATES})
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(long_text())
    is_aside: Mapped[bool] = mapped_column(default=False, server_default=false(), info={"label": "Set aside"})
    change_set_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("change_set.id", ondelete="SET NULL"), index=True
    )

    change_set: Mapped[ChangeSet | None] = relationship(lazy="raise_on_sql")

    @property
    def products(self) -> int:
        """How many products the file has."""
        return self.created + self.updated + self.unchanged + self.refused

    def __str__(self) -> str:
        return self.file_name


import_job_search = search_table("import_job")
