"""The screens of history and of the trash."""

from backoffice.audit.admin.activity import ChangeSetScreen
from backoffice.audit.admin.trash_page import TrashPage

__all__ = ["ChangeSetScreen", "TrashPage"]
