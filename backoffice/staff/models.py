"""Staff: who may come in and what they may do.

Words: staff member, role, permission (one area × one verb), sign-in (one row per signed-in browser).
Rule: secrets are kept only as hashes, and never reach a screen, a log or the history.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.dialects import BigId, UtcDateTime, words
from backoffice.records import Record, Versioned, utc_now


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
        return self.name.capitalize()


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
    __table_args__ = (UniqueConstraint("token_hash", name="uq_sign_in_token_hash"),)
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
        return f"{self.staff_member}, {self.browser or 'unknown browser'}"
