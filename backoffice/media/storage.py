"""Where pictures lie: in the media folder, named by the hash of their content."""

import hashlib
import io
import re
from pathlib import Path

from PIL import Image

from backoffice.extensions import db
from backoffice.languages import gettext as _
from backoffice.media.models import Picture

CHECKSUM = re.compile(r"[0-9a-f]{64}")
THUMB_PIXELS = 160
LARGEST_THUMB = 4096


def picture_path(folder: Path, checksum: str, size: str = "full") -> Path:
    """The file of a picture; size is "full" or "thumb". Raises ValueError for what is no checksum."""
    if not CHECKSUM.fullmatch(checksum) or size not in ("full", "thumb"):
        raise ValueError(_("No such picture."))
    return folder / checksum[:2] / f"{checksum}-{size}.webp"


def store_image(folder: Path, image: Image.Image) -> tuple[str, int]:
    """Write the image and its thumbnail as WebP; return the checksum and the size in bytes."""
    data = _encode(image)
    checksum = hashlib.sha256(data).hexdigest()
    small = image.copy()
    small.thumbnail((THUMB_PIXELS, THUMB_PIXELS))
    for size, content in (("full", data), ("thumb", _encode_small(small))):
        path = picture_path(folder, checksum, size)
        if not path.exists():
            _write(path, content)
    return checksum, len(data)


def _encode(image: Image.Image, quality: int = 82) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "WEBP", quality=quality, method=2)
    return buffer.getvalue()


def _encode_small(image: Image.Image) -> bytes:
    """A thumbnail that weighs little, however much there is to see: a list shows fifty of them."""
    for quality in (82, 70, 55, 40):
        content = _encode(image, quality)
        if len(content) < LARGEST_THUMB:
            return content
    half = image.copy()
    half.thumbnail((THUMB_PIXELS // 2, THUMB_PIXELS // 2))
    return _encode(half, 55)


def _write(path: Path, content: bytes) -> None:
    # Renamed into place, so that a reader never meets half a file.
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_bytes(content)
    draft.replace(path)


def first_pictures(product_ids: list[int]) -> dict[int, Picture]:
    """The picture that stands for each product, in one query; only those whose file is here."""
    if not product_ids:
        return {}
    pictures = db.session.scalars(
        db.select(Picture)
        .where(Picture.product_id.in_(product_ids), Picture.deleted_token == 0, Picture.checksum.is_not(None))
        .order_by(Picture.position.desc(), Picture.id.desc())
    )
    return {picture.product_id: picture for picture in pictures}
