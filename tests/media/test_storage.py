"""Where pictures lie: named by their content, never outside their folder, never half written."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from backoffice.audit import trash
from backoffice.catalog.models import Product
from backoffice.extensions import db
from backoffice.media.models import Picture
from backoffice.media.storage import THUMB_PIXELS, first_pictures, picture_path, store_image
from tests.making import make_product

CHECKSUM = "ab" * 32


def picture_of(product: Product, checksum: str | None, position: int = 0, **values: str) -> Picture:
    picture = Picture(product_id=product.id, checksum=checksum, position=position, **values)
    db.session.add(picture)
    db.session.commit()
    return picture


def test_a_picture_is_named_by_its_content(tmp_path: Path) -> None:
    checksum, size = store_image(tmp_path, Image.new("RGB", (400, 300), "teal"))

    stored = picture_path(tmp_path, checksum).read_bytes()

    assert hashlib.sha256(stored).hexdigest() == checksum
    assert len(stored) == size
    assert picture_path(tmp_path, checksum) == tmp_path / checksum[:2] / f"{checksum}-full.webp"


@pytest.mark.parametrize(
    ("size", "small"),
    [((800, 800), (160, 160)), ((800, 400), (160, 80)), ((300, 1200), (40, 160)), ((50, 40), (50, 40))],
)
def test_a_thumbnail_keeps_the_proportions_and_is_never_blown_up(
    tmp_path: Path, size: tuple[int, int], small: tuple[int, int]
) -> None:
    checksum, _ = store_image(tmp_path, Image.new("RGB", size, "teal"))

    with (
        Image.open(picture_path(tmp_path, checksum, "thumb")) as thumb,
        Image.open(picture_path(tmp_path, checksum)) as full,
    ):
        assert (thumb.size, thumb.format, full.size, full.format) == (small, "WEBP", size, "WEBP")
    assert max(small) <= THUMB_PIXELS


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK", "1"])
def test_any_kind_of_image_can_be_stored(tmp_path: Path, mode: str) -> None:
    checksum, _ = store_image(tmp_path, Image.new(mode, (40, 40)))

    with Image.open(picture_path(tmp_path, checksum)) as image:
        assert image.size == (40, 40)


def test_the_same_picture_is_stored_once(tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 40), "teal")
    first, _ = store_image(tmp_path, image)
    written_at = picture_path(tmp_path, first).stat().st_mtime_ns

    second, _ = store_image(tmp_path, image.copy())

    assert first == second
    assert picture_path(tmp_path, first).stat().st_mtime_ns == written_at
    assert sorted(path.suffix for path in tmp_path.rglob("*.*")) == [".webp", ".webp"]


def test_the_image_itself_is_left_as_it_is(tmp_path: Path) -> None:
    image = Image.new("RGBA", (400, 400))

    store_image(tmp_path, image)

    assert (image.size, image.mode) == ((400, 400), "RGBA")


@pytest.mark.parametrize(
    "checksum",
    [
        "",
        "..",
        "../../etc/passwd",
        "ab" * 31,
        "ab" * 33,
        "AB" * 32,
        "zz" * 32,
        f"{CHECKSUM}\n",
        f"../{CHECKSUM}",
        "a/" * 32,
    ],
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, checksum: str) -> None:
    with pytest.raises(ValueError, match="No such picture"):
        picture_path(tmp_path, checksum)


@pytest.mark.parametrize("size", ["", "huge", "../full", "thumb/.."])
def test_there_are_two_sizes_only(tmp_path: Path, size: str) -> None:
    with pytest.raises(ValueError, match="No such picture"):
        picture_path(tmp_path, CHECKSUM, size)


def test_the_first_picture_stands_for_its_product(app: Flask) -> None:
    mug, towel, bare = make_product("Mug"), make_product("Towel"), make_product("Bare")
    picture_of(mug, "1" * 64, position=2)
    first = picture_of(mug, "2" * 64, position=1)
    picture_of(mug, "3" * 64, position=1)
    other = picture_of(towel, "1" * 64)
    picture_of(bare, None, source_url="https://example.com/later.jpg")

    found = first_pictures([mug.id, towel.id, bare.id])

    assert {product: picture.id for product, picture in found.items()} == {mug.id: first.id, towel.id: other.id}
    assert first_pictures([]) == {}


def test_a_picture_in_the_trash_stands_for_nothing(app: Flask) -> None:
    mug = make_product()
    gone = picture_of(mug, "1" * 64)
    trash.trash(gone)
    db.session.commit()

    assert first_pictures([mug.id]) == {}


def test_a_thumbnail_of_a_busy_picture_weighs_little_too(tmp_path: Path) -> None:
    noise = Image.effect_noise((900, 900), 120).convert("RGB")

    checksum, _size = store_image(tmp_path, noise)

    assert picture_path(tmp_path, checksum, "thumb").stat().st_size < 4096
