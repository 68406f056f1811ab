"""Pages of the frame that are no screen of one model."""

from functools import partial
from typing import Any

from flask_admin import BaseView

from backoffice.web import access, again


class Page(BaseView):
    """A page of the frame that is no screen of one model. `rights` names the right of each of its view functions."""

    area = ""
    icon = "circle"
    rights: dict[str, access.Right] = {}

    def right_of(self, view_name: str) -> access.Right:
        return self.rights.get(view_name, access.CLOSED)

    def is_accessible(self) -> bool:
        right = self.right_of(self._default_view)
        return right == access.SIGNED_IN or access.may(right[1], right[0])

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin retries on TypeError, which would hide a fault behind another.
        return again.run(partial(fn, self, *args, **kwargs))
