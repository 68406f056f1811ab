"""The files of pictures, for those who are signed in."""

from flask import Blueprint, Response, abort, current_app, send_file

from backoffice.media.storage import picture_path
from backoffice.web.access import allows

blueprint = Blueprint("media_files", __name__, url_prefix="/media")


@blueprint.get("/<size>/<checksum>.webp")
@allows(("media", "read"))
def picture(checksum: str, size: str) -> Response:
    try:
        path = picture_path(current_app.config["MEDIA_FOLDER"], checksum, size)
    except ValueError:
        abort(404)
    if not path.is_file():
        abort(404)
    # The name is the content's hash, so what is stored under it never changes.
    response = send_file(path, mimetype="image/webp", max_age=31_536_000)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
