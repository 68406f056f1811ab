"""What the frame asks beside the page: counts for the menu, lines for the palette; and what a person chose."""

from typing import Any

from flask import Blueprint, request, url_for
from flask_login import current_user

from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.staff.preferences import choose, close_area, open_area
from backoffice.web import again, counts, palette
from backoffice.web.access import SIGNED_IN, allows, own_address, unattended, wants_json
from backoffice.web.notes import conclude

blueprint = Blueprint("frame", __name__)


@blueprint.get("/admin/ajax/counts/")
@allows(SIGNED_IN)
@unattended
def menu_counts() -> Any:
    return counts.counts()


@blueprint.get("/admin/ajax/palette/")
@allows(SIGNED_IN)
def palette_lines() -> Any:
    return {"groups": palette.results(request.args.get("q", ""))}


@blueprint.post("/account/preferences")
@allows(SIGNED_IN)
def prefer() -> Any:
    """Keep what was chosen: by a form's button, or by the page itself as one goes."""
    return again.run(_prefer)


def _prefer() -> Any:
    chosen, area = _chosen(), request.form.get("closed_area")
    if not chosen and area is None:
        raise Refusal(_("Nothing was chosen. Use the page’s own buttons."))
    if chosen:
        choose(current_user.id, **chosen)
    if area is not None:
        fold = close_area if request.form.get("is_closed") == "y" else open_area
        fold(current_user.id, area)
    if wants_json():
        db.session.commit()
        return {}
    back = own_address(request.form.get("back"), url_for("staff_access.account"))
    return conclude(_("Your pages look and read like this now."), back)


def _chosen() -> dict[str, Any]:
    """What the request names; a form tells of its boxes by hidden fields beside them."""
    given = request.form
    chosen: dict[str, Any] = {name: given[name] for name in ("theme", "density") if name in given}
    if "language" in given:
        chosen["language"] = given["language"] or None
    for name in ("has_single_keys", "is_menu_narrow"):
        if name in given:
            chosen[name] = given.getlist(name)[-1] == "y"
    return chosen
