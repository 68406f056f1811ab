"""Old and new: what a file would change of a product, a variant and a picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backoffice.import_export.catalog_file import FilePicture, FileProduct, FileVariant
from backoffice.import_export.nouns import Noun, Nouns
from backoffice.import_export.stored import VARIANT_COLUMNS, StoredPicture, StoredProduct, StoredVariant

# A blank cell clears these; the others may not be empty, so that it leaves them as they are.
MAY_BE_EMPTY = {
    *("description", "seo_title", "seo_description", "brand", "category", "tags", "alt_text"),
    *("sku", "barcode", "price_minor", "compare_at_price_minor", "cost_minor", "weight_grams"),
}


@dataclass(frozen=True)
class Change:
    """old and new as the column keeps them; a brand or category as its Noun once new, as its key before."""

    old: Any
    new: Any


def _compared(fields: Mapping[str, Any], names: tuple[str, ...], stored: Mapping[str, Any] | None) -> dict[str, Change]:
    changes = {}
    for name in names:
        if name not in fields or (fields[name] is None and name not in MAY_BE_EMPTY):
            continue
        old = stored[name] if stored is not None else None
        if fields[name] != old:
            changes[name] = Change(old, fields[name])
    return changes


def resulting(planned: Any, name: str, default: Any) -> Any:
    """What a planned record's column will be."""
    if name in planned.changes:
        return planned.changes[name].new
    return planned.stored.fields[name] if planned.stored is not None else default


def product_changes(file: FileProduct, stored: StoredProduct | None, nouns: Nouns) -> dict[str, Change]:
    before = stored.fields if stored else None
    changes = _compared(file.fields, ("name", "description", "seo_title", "seo_description"), before)
    brand, category = file.fields.get("brand"), file.fields.get("category")
    for name, noun in (
        ("brand", nouns.brand(brand) if brand else None),
        ("category", nouns.category(category) if category else None),
    ):
        old = before[f"{name}_id"] if before else None
        if name in file.fields and not _is_same(noun, old):
            changes[name] = Change(old, noun)
    if "tags" in file.fields:
        changes |= _tag_changes(file.fields["tags"] or (), stored, nouns)
    return changes


def _is_same(noun: Noun | None, key: int | None) -> bool:
    return noun is None if key is None else noun is not None and noun.id == key


def _tag_changes(names: tuple[str, ...], stored: StoredProduct | None, nouns: Nouns) -> dict[str, Change]:
    # Two spellings of one tag are one tag.
    tags = tuple(dict.fromkeys(nouns.tag(name) for name in names))
    before = stored.tag_ids if stored else set()
    return {} if {tag.id for tag in tags} == before else {"tags": Change(before, tags)}


def publishing_changes(fields: Mapping[str, Any], stored: StoredProduct | None, at: datetime) -> dict[str, Change]:
    """What Status and Published come to; the two are independent in Shopify, and old files have no Status.

    With a Status, Published says whether an active product shows now: not published is our hidden
    (active, taken down as of now), and published again takes that back; dates that staff set for
    later stay theirs. Without a Status, Published alone decides between active and draft.
    """
    status, is_online = fields.get("status"), fields.get("is_online")
    before = stored.fields if stored else {"status": "draft", "publish_at": None, "unpublish_at": None}
    is_begun = before["publish_at"] is None or before["publish_at"] <= at
    is_over = before["unpublish_at"] is not None and before["unpublish_at"] <= at
    is_shown = before["status"] == "active" and is_begun and not is_over
    changes: dict[str, Change] = {}
    if status is None and is_online is not None:
        status = "active" if is_online else ("draft" if is_shown else before["status"])
    elif status == "active" and is_online is False and is_begun and not is_over:
        changes["unpublish_at"] = Change(before["unpublish_at"], _taken_down(at, before["publish_at"]))
    if status == "active" and is_online and is_over:
        changes["unpublish_at"] = Change(before["unpublish_at"], None)
    if status is not None and status != before["status"]:
        changes["status"] = Change(before["status"] if stored else None, status)
    return changes


def _taken_down(at: datetime, publish_at: datetime | None) -> datetime:
    """As of the whole second, which is all that the product's page can show; later than it was published."""
    second = at.replace(microsecond=0)
    return second if publish_at is None or publish_at < second else publish_at + timedelta(seconds=1)


def variant_changes(file: FileVariant, stored: StoredVariant | None, values: tuple[str, ...]) -> dict[str, Change]:
    changes = _compared(file.fields, VARIANT_COLUMNS, stored.fields if stored else None)
    if stored is not None and values != stored.values:
        changes["values"] = Change(stored.values, values)
    counted = file.fields.get("quantity")
    on_hand = stored.on_hand if stored else 0
    if counted is not None and counted != on_hand:
        changes["on_hand"] = Change(on_hand, counted)
    return changes


def picture_changes(file: FilePicture, stored: StoredPicture | None) -> dict[str, Change]:
    return _compared(file.fields, ("alt_text", "position"), stored.fields if stored else None)
