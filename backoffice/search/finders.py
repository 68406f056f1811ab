"""Finding by kept texts: every word, in any order, wherever it stands, whatever its accents and case."""

import re
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, select, true, union_all

from backoffice import dialects
from backoffice.catalog.models import Product, Variant
from backoffice.extensions import db
from backoffice.search.folding import fold
from backoffice.search.keeping import catch_up
from backoffice.search.kept import kept_of

MOST_WORDS = 12
LONGEST_WORD = 100


def words_of(text: str) -> list[str]:
    """The folded words of what was typed, each once and none beyond reason."""
    words = [word[:LONGEST_WORD] for word in fold(text[:800]).split()]
    return list(dict.fromkeys(words))[:MOST_WORDS]


class KeptFinder:
    """Finds the records of a model by the texts that are kept of them."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.kept = kept_of(model)

    def condition(self, text: str) -> list[ColumnElement[bool]]:
        if not text.strip():
            return []
        return [self.model.id.in_(self._keys(text))]

    def finds_more_than(self, text: str, number: int) -> bool:
        # Counted in the texts alone, as if all that lies in the trash were among them.
        table = self.model.__table__
        is_trashable = "deleted_token" in table.c
        in_trash = select(literal(1)).where(table.c.deleted_token > 0).subquery() if is_trashable else None
        trashed = db.session.scalar(select(func.count()).select_from(in_trash)) if is_trashable else 0
        enough = number + trashed + 1
        found = self._keys(text).limit(enough).subquery()
        return db.session.scalar(select(func.count()).select_from(found)) == enough

    def best(self, text: str, most: int) -> list[int]:
        return self._named(" ".join(fold(text).split()), most)

    def similar(self, text: str, most: int) -> list[int]:
        catch_up()
        table = self.kept.table
        connection = db.session.connection()
        return dialects.similar_texts(connection, table, self._is_live(), " ".join(words_of(text)), most)

    def _keys(self, text: str) -> Any:
        catch_up()
        table = self.kept.table
        words = words_of(text)
        # What folds to nothing, such as an accent alone, is in no text.
        holds = dialects.holds_words(db.session.get_bind(), table, words) if words else false()
        return select(table.c.record_id).where(holds)

    def _named(self, name: str, most: int) -> list[int]:
        """Those named so, or whose name begins so; the shorter a name, the sooner it comes."""
        catch_up()
        table = self.kept.table
        if not name:
            return []
        begins = dialects.begins_with(table.c.name, name[: table.c.name.type.length])
        found = select(table.c.record_id).where(begins, self._is_live()).order_by(table.c.name, table.c.record_id)
        return list(db.session.scalars(found.limit(most)))

    def _is_live(self) -> Any:
        if not hasattr(self.model, "deleted_token"):
            return true()
        model = self.model.__table__
        return select(literal(1)).where(model.c.id == self.kept.table.c.record_id, model.c.deleted_token == 0).exists()


class ProductFinder(KeptFinder):
    """Finds products; one that has just the number that was typed leads all others."""

    def __init__(self) -> None:
        super().__init__(Product)

    def best(self, text: str, most: int) -> list[int]:
        numbered = self._numbered(text, most)
        return list(dict.fromkeys([*numbered, *super().best(text, most)]))[:most]

    def _numbered(self, text: str, most: int) -> list[int]:
        code = text.strip()
        if not code.isprintable() or not 0 < len(code) <= Variant.sku.type.length:
            return []
        # As typed and as numbers are usually written: by their index, which knows letters only as they are.
        spellings = {code, code.upper(), code.lower()}
        ways = [
            select(Variant.product_id).where(column.in_(spellings), Variant.deleted_token == 0).limit(most)
            for column in (Variant.sku, Variant.barcode)
        ]
        found = list(dict.fromkeys(db.session.scalars(union_all(*(way.subquery().select() for way in ways)))))
        return found[:most] or self._numbered_as_folded(fold(code), most)

    def _numbered_as_folded(self, code: str, most: int) -> list[int]:
        """A number of any spelling, which no name is: one word with a digit in it."""
        if not re.fullmatch(r"(?=.*\d)\S{3,}", code):
            return []
        table = self.kept.table
        is_whole = dialects.holds_whole_word(db.session.get_bind(), table, code)
        return list(db.session.scalars(select(table.c.record_id).where(is_whole, self._is_live()).limit(most)))


class OfVariantFinder:
    """Finds what belongs to a variant, such as its stock, as the variant itself is found."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.variants = KeptFinder(Variant)

    def condition(self, text: str) -> list[ColumnElement[bool]]:
        if not text.strip():
            return []
        return [self.model.variant_id.in_(self.variants._keys(text))]

    def finds_more_than(self, text: str, number: int) -> bool:
        return False

    def best(self, text: str, most: int) -> list[int]:
        return self._of(self.variants.best(text, most), most)

    def similar(self, text: str, most: int) -> list[int]:
        return self._of(self.variants.similar(text, most), most)

    def _of(self, variants: list[int], most: int) -> list[int]:
        if not variants:
            return []
        found = select(self.model.id).where(self.model.variant_id.in_(variants)).order_by(self.model.id.desc())
        return list(db.session.scalars(found.limit(most)))
