"""Search: one box that finds by any part of a number, name, brand or tag.

Words: kept text (all by which a record is found, folded, in one row of its own), folded (without accents and case).
Rule: a kept text is written in the transaction that writes what it was made of.
"""

from sqlalchemy import Column, Index, Table

from backoffice.dialects import BigId, folded_words, long_text
from backoffice.extensions import db

LONGEST_NAME = 120


def search_table(entity: str) -> Table:
    """The table of an entity's kept texts. name: the folded beginning of its name, by which the best are found.

    record_id is no foreign key: a deletion that the database passes on to several FULLTEXT tables within a savepoint
    that is rolled back stops a server of MariaDB 10.11. A text goes when the transaction of its record's deletion ends.
    """
    return Table(
        f"{entity}_search",
        db.metadata,
        Column("record_id", BigId, primary_key=True, autoincrement=False),
        Column("name", folded_words(LONGEST_NAME), nullable=False),
        Column("text", long_text(), nullable=False),
        Index(f"ix_{entity}_search_name", "name", "record_id"),
    )


product_search = search_table("product")
variant_search = search_table("variant")
brand_search = search_table("brand")
category_search = search_table("category")
tag_search = search_table("tag")
picture_search = search_table("picture")
slug_redirect_search = search_table("slug_redirect")
stock_movement_search = search_table("stock_movement")
change_set_search = search_table("change_set")
sign_in_search = search_table("sign_in")
