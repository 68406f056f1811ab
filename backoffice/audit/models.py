"""Audit: who changed what, when, from where and why; and who is at it just now.

Words: change set (all that one act changed), change row (one record of it: operation, old and new values),
change subject (what a change set touched, in short: a table, an operation, a field), open record (a page that
somebody has before them), posted form (a form that was saved, so that posting it twice is once).
Rule: changes are written in the transaction of the change itself, only ever added to, and never hold a secret.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.dialects import BigId, UtcDateTime, words
from backoffice.languages import gettext as _
from backoffice.languages import tell
from backoffice.records import Record, utc_now
from backoffice.staff.models import StaffMember


class ChangeSet(Record):
    """One act: a saved form, an edited cell, a bulk action, an import, a command.

    summary is English; summary_message holds what it was made of, so that it is told in any language.
    """

    __tablename__ = "change_set"
    __table_args__ = (Index("ix_change_set_at", "at", "id"),)
    area = "history"
    is_recorded = False

    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)
    actor_name: Mapped[str] = mapped_column(words(254), default="")
    kind: Mapped[str] = mapped_column(words(20), default="system")
    summary: Mapped[str] = mapped_column(words(500), default="")
    summary_message: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    source: Mapped[str | None] = mapped_column(words(300))
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    undoes_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("change_set.id", ondelete="SET NULL"), index=True)

    actor: Mapped[StaffMember | None] = relationship(lazy="raise_on_sql")
    rows: Mapped[list["ChangeRow"]] = relationship(
        back_populates="change_set", order_by="ChangeRow.id", lazy="raise_on_sql", viewonly=True
    )

    @property
    def told(self) -> str:
        """What it did, in the language of who reads it."""
        return tell(self.summary_message, self.summary) or _("Change %(number)s", number=self.id)

    def __str__(self) -> str:
        return self.summary or f"Change {self.id}"


class ChangeSubject(Record):
    """One kind of thing that a change set did, whether to one record or to ten thousand.

    By it the history is searched, and rights are told, without reading each row. field: the stored name of
    a field that an update wrote; empty for every other operation. is_part: of a record shown on another's page.
    """

    __tablename__ = "change_subject"
    __table_args__ = (
        UniqueConstraint("change_set_id", "entity", "operation", "is_part", "field", name="uq_change_subject"),
        Index("ix_change_subject_entity", "entity", "field", "change_set_id"),
    )
    area = "history"
    is_recorded = False

    change_set_id: Mapped[int] = mapped_column(BigId, ForeignKey("change_set.id", ondelete="CASCADE"))
    entity: Mapped[str] = mapped_column(words(60))
    operation: Mapped[str] = mapped_column(words(10))
    is_part: Mapped[bool]
    field: Mapped[str] = mapped_column(words(60), default="")

    def __str__(self) -> str:
        return f"{self.operation} {self.entity} {self.field}".strip()


class ChangeRow(Record):
    """What one act changed on one record; old and new map field names to values as JSON writes them.

    root_entity and root_id name the record on whose page it is shown: a variant's rows belong to its product.
    """

    __tablename__ = "change_row"
    __table_args__ = (
        Index("ix_change_row_record", "entity", "record_id", "id"),
        Index("ix_change_row_root", "root_entity", "root_id", "id"),
    )
    area = "history"
    is_recorded = False

    change_set_id: Mapped[int] = mapped_column(BigId, ForeignKey("change_set.id", ondelete="CASCADE"), index=True)
    entity: Mapped[str] = mapped_column(words(60))
    record_id: Mapped[int] = mapped_column(BigId)
    root_entity: Mapped[str] = mapped_column(words(60))
    root_id: Mapped[int] = mapped_column(BigId)
    label: Mapped[str] = mapped_column(words(300))
    operation: Mapped[str] = mapped_column(words(10))
    version: Mapped[int | None]
    old: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    new: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    change_set: Mapped[ChangeSet] = relationship(back_populates="rows")

    def __str__(self) -> str:
        return self.label


class OpenRecord(Record):
    """A page on which somebody has a record open: told anew while they look at it, and forgotten soon after.

    page_key is the page's own, so that two tabs of one person are two rows.
    """

    __tablename__ = "open_record"
    __table_args__ = (
        UniqueConstraint("staff_member_id", "page_key", name="uq_open_record_page"),
        Index("ix_open_record_record", "entity", "record_id"),
        Index("ix_open_record_seen_at", "seen_at"),
    )
    area = "history"
    is_recorded = False

    staff_member_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff_member.id", ondelete="CASCADE"))
    page_key: Mapped[str] = mapped_column(words(64))
    entity: Mapped[str] = mapped_column(words(60))
    record_id: Mapped[int] = mapped_column(BigId)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    def __str__(self) -> str:
        return f"{self.entity} {self.record_id}"


class PostedForm(Record):
    """A form of a page that was saved, kept for a while so that posting it again changes nothing.

    form and content are digests: of the person with the page's token, and of all that was posted.
    answer: the address that its saving led to; said: the sentence that it showed; back: where Undo leads.
    """

    __tablename__ = "posted_form"
    __table_args__ = (UniqueConstraint("form", name="uq_posted_form_form"), Index("ix_posted_form_at", "at"))
    area = "history"
    is_recorded = False

    form: Mapped[str] = mapped_column(words(64))
    content: Mapped[str] = mapped_column(words(64))
    change_set_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("change_set.id", ondelete="SET NULL"), index=True
    )
    offers_undo: Mapped[bool] = mapped_column(default=False, server_default=false())
    answer: Mapped[str | None] = mapped_column(words(2000))
    said: Mapped[str | None] = mapped_column(words(500))
    back: Mapped[str | None] = mapped_column(words(2000))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
