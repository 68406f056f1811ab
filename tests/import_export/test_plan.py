"""What an import would do: matched, compared, and refused before anything is written."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from backoffice.audit import trash
from backoffice.audit.models import ChangeRow
from backoffice.catalog.categories import place, set_parent
from backoffice.catalog.models import Brand, Category, Option, Product, Tag, Variant
from backoffice.catalog.pricing import is_reduced
from backoffice.catalog.publishing import shown_status
from backoffice.catalog.slugs import make_slug
from backoffice.extensions import db
from backoffice.import_export.comparing import publishing_changes
from backoffice.import_export.plan import PlannedProduct, plan_import
from backoffice.import_export.readers import shopify
from backoffice.import_export.stored import StoredProduct
from backoffice.inventory.models import StockMovement
from backoffice.media.models import Picture
from backoffice.records import utc_now
from backoffice.settings.models import ShopSettings
from tests.import_export.files import MUG, import_json, import_rows, plan_row, plan_rows, write_rows
from tests.making import make_category, stored

COLOURS = (
    {"Handle": "cup", "Title": "Cup", "Option1 Name": "Colour", "Option1 Value": "Red", "Variant Price": "5"},
    {"Handle": "cup", "Option1 Value": "Blue", "Variant Price": "6"},
)


def with_skus(*skus: str) -> list[dict[str, str]]:
    return [row | {"Variant SKU": sku} for row, sku in zip(COLOURS, skus, strict=True)]


def places(planned: PlannedProduct) -> list[tuple[int, str | None]]:
    return [(problem.row, problem.column) for problem in planned.problems]


def test_a_product_is_matched_by_its_handle_and_a_variant_by_its_sku(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, *with_skus("C-R", "C-B"))

    planned = plan_row(tmp_path, {"Handle": "cup", "Variant SKU": "C-B", "Variant Price": "7"})

    assert planned.action == "update"
    [variant] = planned.variants
    assert {name: (change.old, change.new) for name, change in variant.changes.items()} == {"price_minor": (600, 700)}


def test_a_variant_without_a_sku_is_matched_by_its_option_values(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, *COLOURS)

    import_rows(tmp_path, *with_skus("C-R", "C-B"))

    assert [(variant.title, variant.sku) for variant in stored(Variant)] == [("Red", "C-R"), ("Blue", "C-B")]


def test_a_sku_decides_before_option_values_do(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, *with_skus("C-1", "C-2"))

    report = import_rows(tmp_path, *with_skus("C-2", "C-1"))

    assert report["update"] == 1
    assert [(variant.sku, variant.title, variant.price_minor) for variant in stored(Variant)] == [
        ("C-1", "Blue", 600),
        ("C-2", "Red", 500),
    ]
    assert import_rows(tmp_path, *with_skus("C-2", "C-1"))["unchanged"] == 1


def test_an_address_that_staff_changed_still_means_the_product(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG)
    [mug] = stored(Product)
    mug.slug = "enamel-mug"
    db.session.commit()

    report = import_rows(tmp_path, MUG)

    assert (report["create"], report["unchanged"]) == (0, 1)
    assert stored(Product)[0].slug == "enamel-mug"


def test_a_product_in_the_trash_is_not_touched(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, *with_skus("C-R", "C-B"))
    trash.trash(stored(Product)[0])
    db.session.commit()

    assert import_rows(tmp_path, *with_skus("C-R", "C-B"))["create"] == 1


def test_an_absent_column_leaves_its_field_alone_and_a_blank_cell_clears_it(app: Flask, tmp_path: Path) -> None:
    full = MUG | {"Vendor": "Potter", "Type": "Cups", "Tags": "blue", "SEO Title": "Mugs", "Variant SKU": "M-1"}
    import_rows(tmp_path, full | {"Body (HTML)": "Blue", "Variant Compare At Price": "15", "Variant Grams": "350"})

    absent = plan_row(tmp_path, MUG)
    blank = plan_row(
        tmp_path, MUG | dict.fromkeys(("Vendor", "Type", "Tags", "SEO Title", "Variant Compare At Price"), "")
    )

    assert absent.action == "unchanged"
    assert set(blank.changes) == {"brand", "category", "tags", "seo_title"}
    assert set(blank.variants[0].changes) == {"compare_at_price_minor"}


def test_a_field_that_may_not_be_empty_is_left_alone_by_a_blank_cell(app: Flask, tmp_path: Path) -> None:
    more = {"Status": "active", "Variant Inventory Policy": "continue", "Variant Inventory Qty": "3"}
    import_rows(tmp_path, MUG | more)

    planned = plan_row(tmp_path, MUG | dict.fromkeys(("Title", *more), ""))

    assert planned.action == "unchanged"


def test_a_missing_quantity_column_leaves_stock_alone(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG | {"Variant Inventory Qty": "3"})

    import_rows(tmp_path, MUG | {"Variant Price": "13"})

    assert [(one.kind, one.delta, one.balance_after) for one in stored(StockMovement)] == [("import", 3, 3)]


def test_stock_below_0_needs_a_policy_that_sells_on(app: Flask, tmp_path: Path) -> None:
    short = MUG | {"Variant Inventory Qty": "-2"}

    denied = plan_row(tmp_path, short | {"Variant Inventory Policy": "deny"})
    continued = plan_row(tmp_path, short | {"Variant Inventory Policy": "continue"})

    assert places(denied) == [(2, "Variant Inventory Qty")]
    assert continued.action == "create"


@pytest.mark.parametrize("price", ["-1", "12.345", "99999999999999999999"])
def test_an_amount_that_is_none_of_the_currency_is_a_problem_at_its_cell(
    app: Flask, tmp_path: Path, price: str
) -> None:
    assert places(plan_row(tmp_path, MUG | {"Variant Price": price})) == [(2, "Variant Price")]


def test_amounts_are_in_the_currency_of_the_shop(app: Flask, tmp_path: Path) -> None:
    db.session.get(ShopSettings, 1).currency = "JPY"
    db.session.commit()

    whole = plan_row(tmp_path, MUG | {"Variant Price": "1250.00"})
    broken = plan_row(tmp_path, MUG)

    assert whole.variants[0].changes["price_minor"].new == 1250
    assert places(broken) == [(2, "Variant Price")]


def test_a_compare_at_price_at_or_below_the_price_is_kept_and_is_no_sale(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG | {"Variant Compare At Price": "12.50"})

    [variant] = stored(Variant)
    assert (variant.compare_at_price_minor, is_reduced(variant)) == (1250, False)


def test_a_new_product_needs_a_title(app: Flask, tmp_path: Path) -> None:
    assert places(plan_row(tmp_path, MUG | {"Title": ""})) == [(2, "Title")]


@pytest.mark.parametrize(
    ("handle", "slug"), [("Blue_Mug", "blue-mug"), ("MUG", "mug"), ("mug--2", "mug-2"), ("kružka-кот", "kruzka-кот")]
)
def test_a_handle_that_is_no_address_of_ours_is_made_one(app: Flask, tmp_path: Path, handle: str, slug: str) -> None:
    import_rows(tmp_path, MUG | {"Handle": handle})

    assert [product.slug for product in stored(Product)] == [slug]
    assert import_rows(tmp_path, MUG | {"Handle": handle})["unchanged"] == 1


def test_two_handles_that_make_one_address_are_both_refused(app: Flask, tmp_path: Path) -> None:
    plan = plan_rows(tmp_path, MUG | {"Handle": "blue_mug"}, MUG | {"Handle": "blue-mug"})

    assert [product.action for product in plan.products] == ["refused", "refused"]


def test_a_handle_without_letters_is_refused(app: Flask, tmp_path: Path) -> None:
    assert places(plan_row(tmp_path, MUG | {"Handle": "!!!"})) == [(2, "Handle")]


def test_a_sku_twice_in_the_file_refuses_both(app: Flask, tmp_path: Path) -> None:
    plan = plan_rows(tmp_path, MUG | {"Variant SKU": "X"}, MUG | {"Handle": "pan", "Variant SKU": "X"})

    assert [places(product) for product in plan.products] == [[(2, "Variant SKU")], [(3, "Variant SKU")]]


def test_a_sku_of_another_product_is_refused(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG | {"Variant SKU": "X"})

    planned = plan_row(tmp_path, MUG | {"Handle": "pan", "Variant SKU": "X"})

    assert places(planned) == [(2, "Variant SKU")]
    assert "“Mug”" in planned.problems[0].message


def test_one_combination_of_values_twice_is_refused(app: Flask, tmp_path: Path) -> None:
    planned = plan_row(tmp_path, COLOURS[0], COLOURS[1] | {"Option1 Value": "Red"})

    assert places(planned) == [(3, "Option1 Value")]


def test_a_variant_without_one_of_its_values_is_refused(app: Flask, tmp_path: Path) -> None:
    sized = COLOURS[0] | {"Option2 Name": "Size", "Option2 Value": "L"}

    assert places(plan_row(tmp_path, sized, COLOURS[1])) == [(3, "Option2 Value")]


def test_an_option_without_a_name_is_refused(app: Flask, tmp_path: Path) -> None:
    assert places(plan_row(tmp_path, COLOURS[0] | {"Option1 Name": ""})) == [(2, "Option1 Name")]


def test_two_options_of_one_name_are_refused(app: Flask, tmp_path: Path) -> None:
    planned = plan_row(tmp_path, COLOURS[0] | {"Option2 Name": "colour", "Option2 Value": "L"})

    assert places(planned) == [(2, "Option1 Name")]


def test_options_are_named_anew_when_all_variants_are_in_the_file(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, *with_skus("C-R", "C-B"))
    sized = [row | {"Option2 Name": "Size", "Option2 Value": "L"} for row in with_skus("C-R", "C-B")]

    report = import_rows(tmp_path, *sized)

    assert (report["update"], report["problems"]) == (1, [])
    assert [option.name for option in stored(Option)] == ["Colour", "Size"]
    assert [variant.title for variant in stored(Variant)] == ["Red / L", "Blue / L"]
    assert import_rows(tmp_path, *sized)["unchanged"] == 1


@pytest.mark.parametrize("values", [("Red", "Blue"), ("Blue", "Red"), ("Crimson", "Navy")])
def test_an_option_that_the_file_names_anew_stays_the_same_option(
    app: Flask, tmp_path: Path, values: tuple[str, ...]
) -> None:
    import_rows(tmp_path, *with_skus("C-R", "C-B"))
    [colour] = stored(Option)
    key = colour.id
    red, blue = with_skus("C-R", "C-B")
    renamed = [
        red | {"Option1 Name": "Color", "Option1 Value": values[0]},
        blue | {"Option1 Value": values[1]},
    ]

    report = import_rows(tmp_path, *renamed)

    assert (report["update"], report["problems"]) == (1, [])
    assert [(option.id, option.name) for option in stored(Option)] == [(key, "Color")]
    assert [(variant.sku, variant.title) for variant in stored(Variant)] == [("C-R", values[0]), ("C-B", values[1])]
    assert import_rows(tmp_path, *renamed)["unchanged"] == 1


def test_a_renamed_option_is_written_without_touching_the_variants(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, *COLOURS)

    report = import_rows(tmp_path, COLOURS[0] | {"Option1 Name": "Color"}, COLOURS[1])

    rows = stored(ChangeRow, change_set_id=report["change_set"])
    assert [(row.entity, row.old, row.new) for row in rows] == [("option", {"name": "Colour"}, {"name": "Color"})]


@pytest.mark.parametrize(
    "names",
    [("Size", "Colour"), ("Size", "Make"), ("Make", "Colour"), ("Colour", "Make"), ("Make", "Shape"), ("Make",)],
)
def test_options_may_change_places_and_names_at_once(app: Flask, tmp_path: Path, names: tuple[str, ...]) -> None:
    def rows(names: tuple[str, ...]) -> list[dict[str, str]]:
        heads = {f"Option{place} Name": name for place, name in enumerate(names, 1)}
        values = {f"Option{place} Value": "M" for place in range(1, len(names) + 1)}
        first, second = ({"Handle": "cup", "Variant SKU": sku} | values for sku in ("C-1", "C-2"))
        return [first | heads | {"Title": "Cup"}, second | {"Option1 Value": "S"}]

    import_rows(tmp_path, *rows(("Colour", "Size")))

    report = import_rows(tmp_path, *rows(names))

    options = sorted(stored(Option), key=lambda option: option.position)
    assert (report["update"], tuple(option.name for option in options)) == (1, names)
    assert [variant.title for variant in stored(Variant)] == [
        " / ".join("MM"[: len(names)]),
        " / ".join("SM"[: len(names)]),
    ]
    assert import_rows(tmp_path, *rows(names))["unchanged"] == 1


def test_variants_that_lost_their_option_values_get_them_back(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, *with_skus("C-R", "C-B"))
    keys = [variant.option_key for variant in stored(Variant)]
    for variant in stored(Variant):
        variant.option_values = []
    db.session.commit()

    report = import_rows(tmp_path, *with_skus("C-R", "C-B"))

    assert report["update"] == 1
    assert [(variant.title, variant.option_key) for variant in stored(Variant)] == [("Red", keys[0]), ("Blue", keys[1])]
    assert import_rows(tmp_path, *with_skus("C-R", "C-B"))["unchanged"] == 1


def test_the_history_of_an_exchange_tells_the_keys_that_variants_had(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, *with_skus("C-1", "C-2"))
    first, second = (variant.option_key for variant in stored(Variant))

    report = import_rows(tmp_path, *with_skus("C-2", "C-1"))

    rows = stored(ChangeRow, change_set_id=report["change_set"])
    keys = {(row.old["option_key"], row.new["option_key"]) for row in rows}
    assert keys == {(first, second), (second, first)}


def test_options_that_would_leave_a_variant_without_a_value_are_refused(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, *with_skus("C-R", "C-B"))
    sized = with_skus("C-R", "C-B")[0] | {"Option2 Name": "Size", "Option2 Value": "L"}

    assert places(plan_row(tmp_path, sized)) == [(2, "Option1 Name")]


def test_a_variant_that_the_file_does_not_name_is_left_alone(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, *COLOURS)

    report = import_rows(tmp_path, COLOURS[0], COLOURS[1] | {"Option1 Value": "Green", "Variant Price": "8"})

    assert report["update"] == 1
    assert [(variant.title, variant.position) for variant in stored(Variant)] == [("Red", 0), ("Blue", 1), ("Green", 2)]


def test_a_product_without_variants_in_the_file_begins_with_a_blank_one(app: Flask, tmp_path: Path) -> None:
    report = import_rows(tmp_path, {"Handle": "mug", "Title": "Mug", "Option1 Value": ""})

    assert (report["create"], report["variants"]) == (1, 0)
    assert [(variant.price_minor, variant.option_key) for variant in stored(Variant)] == [(None, "")]


def test_brands_tags_and_categories_are_found_by_name_or_address_and_made_where_missing(
    app: Flask, tmp_path: Path
) -> None:
    db.session.add_all([Brand(name="Potter & Son", slug="potter"), Tag(name="blue", slug="blue")])
    make_category("Kitchen")

    import_rows(tmp_path, MUG | {"Vendor": "Potter", "Tags": "Blue, C, C++, c++", "Type": "Kitchen > Cups > Mugs"})

    [mug] = stored(Product)
    assert mug.brand.name == "Potter & Son"
    assert [(tag.name, tag.slug) for tag in mug.tags] == [("C", "c"), ("C++", "c-2"), ("blue", "blue")]
    assert mug.category.full_name == "Kitchen › Cups › Mugs"
    assert [category.name for category in stored(Category)] == ["Kitchen", "Cups", "Mugs"]


def test_a_category_that_staff_moved_is_found_where_it_is(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG | {"Type": "Cups"})
    [cups] = stored(Category)
    set_parent(cups, make_category("Kitchen"))
    place(cups)
    db.session.commit()

    assert import_rows(tmp_path, MUG | {"Type": "Cups"})["unchanged"] == 1


def test_shopifys_taxonomy_stands_in_for_a_missing_type(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG | {"Type": "", "Product Category": "Home & Garden > Kitchen > Mugs"})

    assert stored(Product)[0].category.full_name == "Home & Garden › Kitchen › Mugs"


def test_only_what_accepted_products_need_is_made(app: Flask, tmp_path: Path) -> None:
    rows = [MUG | {"Vendor": "Good"}, MUG | {"Handle": "pan", "Vendor": "Bad", "Variant Price": "x"}]

    import_json(write_rows(tmp_path, *rows), "--skip-refused")

    assert [brand.name for brand in stored(Brand)] == ["Good"]


@pytest.mark.parametrize(
    ("cells", "status", "shown"),
    [
        ({"Status": "active", "Published": "TRUE"}, "active", "published"),
        ({"Status": "Active"}, "active", "published"),
        ({"Status": "active", "Published": "FALSE"}, "active", "hidden"),
        ({"Status": "draft", "Published": "TRUE"}, "draft", "draft"),
        ({"Status": "archived", "Published": "FALSE"}, "archived", "archived"),
        ({"Published": "TRUE"}, "active", "published"),
        ({"Published": "FALSE"}, "draft", "draft"),
        ({"Status": "", "Published": "TRUE"}, "active", "published"),
        ({}, "draft", "draft"),
    ],
)
def test_status_and_published_are_independent(
    app: Flask, tmp_path: Path, cells: dict[str, str], status: str, shown: str
) -> None:
    import_rows(tmp_path, MUG | cells)

    [mug] = stored(Product)
    assert (mug.status, shown_status(mug, utc_now())) == (status, shown)
    assert import_rows(tmp_path, MUG | cells)["unchanged"] == 1


def test_a_product_is_hidden_as_of_a_whole_second(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG | {"Status": "active", "Published": "false"})

    assert stored(Product)[0].unpublish_at.microsecond == 0


def test_a_product_is_hidden_in_the_second_in_which_it_was_published(app: Flask) -> None:
    at = utc_now().replace(microsecond=500_000)
    stored_product = StoredProduct(
        1, 1, "mug", {"status": "active", "publish_at": at.replace(microsecond=0), "unpublish_at": None}
    )

    changes = publishing_changes({"status": "active", "is_online": False}, stored_product, at)

    assert changes["unpublish_at"].new > stored_product.fields["publish_at"]


def test_a_hidden_product_shows_again_when_it_is_published(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG | {"Status": "active", "Published": "false"})

    import_rows(tmp_path, MUG | {"Status": "active", "Published": "true"})

    assert stored(Product)[0].unpublish_at is None


def test_a_day_that_staff_chose_stays_theirs(app: Flask, tmp_path: Path) -> None:
    rows = MUG | {"Status": "active", "Published": "false"}
    import_rows(tmp_path, MUG | {"Status": "active"})
    [mug] = stored(Product)
    mug.publish_at = utc_now() + timedelta(days=3)
    db.session.commit()

    assert plan_row(tmp_path, rows).action == "unchanged"


@pytest.mark.parametrize("column", ["Status", "Published"])
def test_a_product_without_a_price_is_not_put_on_sale(app: Flask, tmp_path: Path, column: str) -> None:
    cells = {"Status": "active"} if column == "Status" else {"Published": "true"}

    assert places(plan_row(tmp_path, MUG | {"Variant Price": ""} | cells)) == [(2, column)]


def test_a_description_is_compared_as_it_is_kept(app: Flask, tmp_path: Path) -> None:
    row = MUG | {"Body (HTML)": '<p onclick="x()">Blue & <script>bad()</script>round</p>'}
    import_rows(tmp_path, row)

    assert stored(Product)[0].description == "<p>Blue &amp; round</p>"
    assert plan_row(tmp_path, row).action == "unchanged"


def test_pictures_are_matched_by_their_address(app: Flask, tmp_path: Path) -> None:
    pictures = [
        MUG | {"Image Src": "https://x.example/1.jpg", "Image Position": "2", "Image Alt Text": "Side"},
        {"Handle": "mug", "Image Src": "https://x.example/2.jpg", "Image Position": "1"},
    ]
    import_rows(tmp_path, *pictures)

    changed = plan_row(tmp_path, pictures[0] | {"Image Alt Text": "Front"}, pictures[1])

    assert [(one.source_url[-5:], one.position, one.alt_text, one.checksum) for one in stored(Picture)] == [
        ("1.jpg", 1, "Side", None),
        ("2.jpg", 0, None, None),
    ]
    assert [set(picture.changes) for picture in changed.pictures] == [{"alt_text"}, set()]
    assert import_rows(tmp_path, *pictures)["unchanged"] == 1


def test_a_variant_shows_the_picture_that_it_names(app: Flask, tmp_path: Path) -> None:
    rows = [COLOURS[0] | {"Variant Image": "https://x.example/red.jpg"}, COLOURS[1]]
    import_rows(tmp_path, *rows)

    [picture] = stored(Picture)
    assert [variant.title for variant in picture.variants] == ["Red"]
    assert import_rows(tmp_path, *rows)["unchanged"] == 1


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Title", "x" * 201),
        ("Vendor", "x" * 121),
        ("Tags", "x" * 81),
        ("Type", " > ".join("abcdefghijklmn")),
        ("Variant SKU", "x" * 65),
        ("Variant SKU", "a\x00b"),
        ("Variant Grams", "3000000000"),
        ("Variant Inventory Qty", "2000000000"),
        ("Image Alt Text", "x" * 501),
    ],
)
def test_what_cannot_be_stored_is_a_problem_at_its_cell(app: Flask, tmp_path: Path, column: str, cell: str) -> None:
    row = MUG | {"Image Src": "https://x.example/1.jpg", column: cell}

    assert places(plan_row(tmp_path, row)) == [(2, column)]


def test_planning_takes_as_many_queries_for_many_products_as_for_one(app: Flask, tmp_path: Path) -> None:
    def queries(count: int) -> int:
        rows = [MUG | {"Handle": f"mug-{number}", "Variant SKU": f"M-{number}"} for number in range(count)]
        import_rows(tmp_path, *rows)
        file = shopify.read(write_rows(tmp_path, *rows))
        seen: list[str] = []
        note = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        plan_import(file)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    assert queries(1) == queries(60)


def test_long_names_make_addresses_that_fit(app: Flask, tmp_path: Path) -> None:
    import_rows(tmp_path, MUG | {"Tags": "ß" * 80, "Vendor": "漢" * 120})

    assert len(stored(Tag)[0].slug) <= 80
    assert make_slug("漢" * 120) == stored(Brand)[0].slug
