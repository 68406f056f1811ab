"""Staff: who may come in and what they may do.

Words: staff member, role, permission (one area × one verb), sign-in (one row per signed-in browser), preference
(what a person chose for themselves), list choice (the same for one list), saved view (a list's address with a name).
Rule: secrets are kept only as hashes, and never reach a screen, a log or the history.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.dialects import BigId, UtcDateTime, long_text, words
from backoffice.languages import gettext as _
from backoffice.languages import marked
from backoffice.records import Record, Timed, Versioned, utc_now

THEMES = (("system", marked("As the system")), ("light", marked("Light")), ("dark", marked("Dark")))
DENSITIES = (("comfortable", marked("Comfortable")), ("compact", marked("Compact")))


class Role(Versioned, Record):
    """What a group of people may do."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("name", name="uq_role_name"),)
    area = "staff"

    name: Mapped[str] = mapped_column(words(60))
    description: Mapped[str | None] = mapped_column(words(300))

    permissions: Mapped[list["Permission"]] = relationship(
        back_populates="role", cascade="all, delete-orphan", order_by="Permission.id", lazy="selectin"
    )
    members: Mapped[list["StaffMember"]] = relationship(back_populates="role", viewonly=True)

    def allows(self, area: str, verb: str) -> bool:
        return any(held.area_name == area and held.verb == verb for held in self.permissions)

    def __str__(self) -> str:
        return _(self.name.capitalize()) if self.name else ""


class Permission(Record):
    """One thing a role may do: a verb in an area."""

    __tablename__ = "permission"
    __table_args__ = (UniqueConstraint("role_id", "area_name", "verb", name="uq_permission_role_area_verb"),)
    area = "staff"

    role_id: Mapped[int] = mapped_column(BigId, ForeignKey("role.id", ondelete="CASCADE"))
    area_name: Mapped[str] = mapped_column(words(30))
    verb: Mapped[str] = mapped_column(words(30))

    role: Mapped[Role] = relationship(back_populates="permissions")

    def history_root(self) -> tuple[str, int | None]:
        return "role", self.role_id

    def __str__(self) -> str:
        return f"{self.verb.replace('_', ' ')} in {self.area_name}"


class StaffMember(Versioned, Record):
    """A person who may sign in."""

    __tablename__ = "staff_member"
    __table_args__ = (UniqueConstraint("email", name="uq_staff_member_email"),)
    area = "staff"

    email: Mapped[str] = mapped_column(words(254))
    name: Mapped[str] = mapped_column(words(120))
    password_hash: Mapped[str] = mapped_column(words(255), info={"secret": True, "label": "Password"})
    role_id: Mapped[int] = mapped_column(BigId, ForeignKey("role.id", ondelete="RESTRICT"), index=True)
    is_locked: Mapped[bool] = mapped_column(default=False, server_default=false(), info={"label": "Locked"})

    role: Mapped[Role] = relationship(back_populates="members", lazy="joined", innerjoin=True)

    def may(self, verb: str, area: str) -> bool:
        return not self.is_locked and self.role.allows(area, verb)

    @property
    def initials(self) -> str:
        parts = self.name.split() or [self.email]
        return "".join(part[0] for part in (parts[0], parts[-1])[: len(parts)]).upper()

    def __str__(self) -> str:
        return self.name


class SignIn(Record):
    """One signed-in browser: the cookie holds a random token, this row its hash."""

    __tablename__ = "sign_in"
    __table_args__ = (
        UniqueConstraint("token_hash", name="uq_sign_in_token_hash"),
        Index("ix_sign_in_created_at", "created_at", "id"),
        Index("ix_sign_in_last_seen_at", "last_seen_at", "id"),
    )
    area = "staff"
    is_recorded = False

    staff_member_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff_member.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(words(64), info={"secret": True})
    address: Mapped[str | None] = mapped_column(words(45))
    browser: Mapped[str | None] = mapped_column(words(300))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    staff_member: Mapped[StaffMember] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return f"{self.staff_member}, {self.browser or _('unknown browser')}"


class Preference(Record):
    """What a person chose for all pages. language is empty for the shop's own; closed_areas names parts of the menu."""

    __tablename__ = "preference"
    __table_args__ = (UniqueConstraint("staff_member_id", name="uq_preference_staff_member_id"),)
    area = "staff"
    is_recorded = False

    staff_member_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff_member.id", ondelete="CASCADE"))
    language: Mapped[str | None] = mapped_column(words(20))
    theme: Mapped[str] = mapped_column(words(10), default="system", server_default="system")
    density: Mapped[str] = mapped_column(words(12), default="comfortable", server_default="comfortable")
    has_single_keys: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_menu_narrow: Mapped[bool] = mapped_column(default=False, server_default=false())
    closed_areas: Mapped[list[Any] | None] = mapped_column(JSON)

    @classmethod
    def usual(cls) -> "Preference":
        """What holds for somebody who chose nothing."""
        return cls(**{one.key: one.default.arg for one in cls.__table__.c if one.default is not None})

    def __str__(self) -> str:
        return f"Preference {self.id}"


class SavedView(Timed, Record):
    """A list as somebody filtered it, under a name. query: the part of the address behind the question mark."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("owner_id", "screen", "name", name="uq_saved_view_name"),
        Index("ix_saved_view_screen", "screen", "is_shared"),
    )
    area = "staff"
    is_recorded = False

    screen: Mapped[str] = mapped_column(words(60))
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff_member.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(words(60))
    query: Mapped[str] = mapped_column(long_text())
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=false())

    owner: Mapped[StaffMember] = relationship(lazy="raise_on_sql")

    def __str__(self) -> str:
        return self.name


class ListChoice(Record):
    """What a person chose for one list: its columns in their order, the rows of a page, the view it opens with."""

    __tablename__ = "list_choice"
    __table_args__ = (UniqueConstraint("staff_member_id", "screen", name="uq_list_choice_screen"),)
    area = "staff"
    is_recorded = False

    staff_member_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff_member.id", ondelete="CASCADE"))
    screen: Mapped[str] = mapped_column(words(60))
    columns: Mapped[list[Any] | None] = mapped_column(JSON)
    page_size: Mapped[int | None]
    saved_view_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("saved_view.id", ondelete="SET NULL"), index=True
    )

    def __str__(self) -> str:
        return f"List of {self.screen}"
