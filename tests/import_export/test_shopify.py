"""Each sentence on Shopify's product CSV, as its reader keeps it."""

from decimal import Decimal
from pathlib import Path

import pytest

from backoffice.errors import Refusal
from backoffice.import_export.catalog_file import FileProduct
from backoffice.import_export.readers import shopify
from tests.import_export.files import MUG, read_rows, write_bytes


def only(folder: Path, *rows: dict[str, str]) -> FileProduct:
    [product] = read_rows(folder, *rows).products
    return product


def test_the_older_columns_are_read(tmp_path: Path) -> None:
    row = MUG | {
        "Body (HTML)": "<p>Blue</p>",
        "Vendor": "Potter",
        "Type": "Kitchen",
        "Tags": "blue, clay",
        "Published": "TRUE",
        "Variant SKU": "M-1",
        "Variant Grams": "350",
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": "7",
        "Variant Inventory Policy": "continue",
        "Variant Compare At Price": "15.00",
        "Variant Barcode": "4006381333931",
        "Cost per item": "6.10",
        "Image Src": "https://x.example/mug.jpg",
        "Image Position": "1",
        "Image Alt Text": "A mug",
        "SEO Title": "Mugs",
        "SEO Description": "All mugs",
        "Status": "active",
    }

    product = only(tmp_path, row)

    assert product.fields == {
        "name": "Mug",
        "description": "<p>Blue</p>",
        "brand": "Potter",
        "category": ("Kitchen",),
        "tags": ("blue", "clay"),
        "is_online": True,
        "seo_title": "Mugs",
        "seo_description": "All mugs",
        "status": "active",
    }
    assert product.variants[0].fields == {
        "sku": "M-1",
        "barcode": "4006381333931",
        "price": Decimal("12.50"),
        "compare_at_price": Decimal("15.00"),
        "cost": Decimal("6.10"),
        "weight_grams": 350,
        "tracks_stock": True,
        "quantity": 7,
        "allows_backorder": True,
    }
    assert product.pictures[0].fields == {"position": 0, "alt_text": "A mug"}
    assert product.problems == ()


def test_the_newer_columns_say_the_same(tmp_path: Path) -> None:
    product = only(
        tmp_path,
        {
            "Title": "Mug",
            "URL handle": "mug",
            "Description": "Blue",
            "Published on online store": "false",
            "SKU": "M-1",
            "Barcode": "4006381333931",
            "Option1 name": "Title",
            "Option1 value": "Default Title",
            "Price": "12.50",
            "Compare-at price": "15",
            "Inventory tracker": "",
            "Inventory quantity": "7",
            "Continue selling when out of stock": "TRUE",
            "Weight value (grams)": "350",
            "Product image URL": "https://x.example/mug.jpg",
            "Variant image URL": "https://x.example/mug.jpg",
        },
    )

    assert product.handle == "mug"
    assert (product.fields["description"], product.fields["is_online"]) == ("Blue", False)
    assert product.variants[0].fields == {
        "sku": "M-1",
        "barcode": "4006381333931",
        "price": Decimal("12.50"),
        "compare_at_price": Decimal("15"),
        "weight_grams": 350,
        "tracks_stock": False,
        "quantity": 7,
        "allows_backorder": True,
    }
    assert [picture.url for picture in product.pictures] == ["https://x.example/mug.jpg"]


@pytest.mark.parametrize("header", ["variant PRICE", " Variant  Price ", "Variant\u00a0Price"])
def test_names_of_columns_vary_in_case_and_blanks(tmp_path: Path, header: str) -> None:
    product = only(tmp_path, {"HANDLE": "mug", "Option1 value": "Red", header: "3"})

    assert product.variants[0].fields["price"] == Decimal(3)


def test_rows_with_one_handle_are_one_product_also_when_not_adjacent(tmp_path: Path) -> None:
    rows = [
        {"Handle": "mug", "Title": "Mug", "Vendor": "Potter", "Option1 Name": "Colour", "Option1 Value": "Red"},
        {"Handle": "pan", "Title": "Pan", "Option1 Name": "Title", "Option1 Value": "Default Title"},
        {"Handle": "MUG", "Option1 Value": "Blue"},
    ]

    file = read_rows(tmp_path, *rows)

    assert [(product.handle, len(product.variants)) for product in file.products] == [("mug", 2), ("pan", 1)]
    assert file.products[0].fields["brand"] == "Potter"
    assert file.products[0].option_names == ("Colour",)
    assert [variant.values for variant in file.products[0].variants] == [("Red",), ("Blue",)]


def test_a_row_is_a_variant_only_with_an_option_value_and_one_with_a_picture_adds_a_picture(tmp_path: Path) -> None:
    product = only(
        tmp_path,
        MUG | {"Image Src": "https://x.example/1.jpg"},
        {"Handle": "mug", "Image Src": "https://x.example/2.jpg", "Image Alt Text": "Below"},
    )

    assert len(product.variants) == 1
    assert [picture.url[-5:] for picture in product.pictures] == ["1.jpg", "2.jpg"]
    assert product.problems == ()


def test_a_price_without_an_option_value_is_not_lost_without_a_word(tmp_path: Path) -> None:
    product = only(tmp_path, MUG, {"Handle": "mug", "Variant Price": "14.00"})

    assert len(product.variants) == 1
    assert [(problem.row, problem.column) for problem in product.problems] == [(3, "Option1 Value")]


def test_default_title_means_no_options(tmp_path: Path) -> None:
    product = only(tmp_path, MUG)

    assert (product.option_names, product.variants[0].values) == ((), ())


def test_without_columns_for_options_nothing_is_said_of_them(tmp_path: Path) -> None:
    product = only(tmp_path, {"Handle": "mug", "Variant SKU": "M-1", "Variant Price": "9"})

    assert (product.option_names, product.variants[0].values) == (None, None)


def test_an_absent_column_is_no_field_and_a_blank_cell_is_an_empty_one(tmp_path: Path) -> None:
    product = only(tmp_path, MUG | {"Vendor": "", "Variant SKU": "", "Variant Inventory Qty": ""})

    assert product.fields == {"name": "Mug", "brand": None}
    assert product.variants[0].fields == {"price": Decimal("12.50"), "sku": None, "quantity": None}


def test_grams_are_grams_whatever_unit_is_displayed(tmp_path: Path) -> None:
    product = only(tmp_path, MUG | {"Variant Grams": "453.592", "Variant Weight Unit": "kg"})

    assert product.variants[0].fields["weight_grams"] == 454


def test_codes_stay_text(tmp_path: Path) -> None:
    product = only(tmp_path, MUG | {"Variant SKU": "01/130", "Variant Barcode": "'0012345678905"})

    assert product.variants[0].fields["sku"] == "01/130"
    assert product.variants[0].fields["barcode"] == "0012345678905"


def test_armour_against_formulas_is_taken_off_again(tmp_path: Path) -> None:
    product = only(
        tmp_path,
        MUG | {"Title": "'=1+1", "Variant SKU": "'@home", "Variant Inventory Qty": "'-3", "Tags": "'+plus, 'quoted'"},
    )

    assert product.fields["name"] == "=1+1"
    assert product.fields["tags"] == ("+plus", "'quoted'")
    assert (product.variants[0].fields["sku"], product.variants[0].fields["quantity"]) == ("@home", -3)


def test_a_variants_picture_may_repeat_one_of_the_products(tmp_path: Path) -> None:
    product = only(
        tmp_path,
        MUG | {"Image Src": "https://x.example/1.jpg", "Variant Image": "https://x.example/1.jpg"},
        {"Handle": "mug", "Image Src": "https://x.example/1.jpg"},
    )

    assert len(product.pictures) == 1
    assert product.variants[0].picture_url == "https://x.example/1.jpg"


def test_the_price_of_a_market_is_not_the_base_price(tmp_path: Path) -> None:
    file = read_rows(tmp_path, MUG | {"Price / International": "99", "Compare At Price / EU": "120", "Gift Card": "no"})

    assert file.products[0].variants[0].fields == {"price": Decimal("12.50")}
    assert file.unread == ()


def test_columns_that_mean_nothing_to_us_are_told(tmp_path: Path) -> None:
    file = read_rows(tmp_path, MUG | {"Varient Price": "1", "Colour (product.metafields.custom.colour)": "red"})

    assert file.unread == ("Varient Price",)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Variant Price", "12,50"),
        ("Variant Price", "NaN"),
        ("Variant Price", "1e3"),
        ("Variant Price", "€ 12.50"),
        ("Variant Price", "٣"),
        ("Variant Inventory Policy", "maybe"),
        ("Variant Inventory Qty", "1.5"),
        ("Variant Grams", "-1"),
        ("Published", "perhaps"),
        ("Status", "gone"),
        ("Image Position", "0"),
        ("Variant Image", "javascript:alert(1)"),
    ],
)
def test_a_cell_that_cannot_be_read_is_a_problem_at_its_place(tmp_path: Path, column: str, cell: str) -> None:
    picture = {"Image Src": "https://x.example/1.jpg"}

    product = only(tmp_path, MUG | picture | {column: cell})

    assert [(problem.row, problem.column) for problem in product.problems] == [(2, column)]


def test_a_row_without_a_handle_belongs_to_no_product(tmp_path: Path) -> None:
    file = read_rows(tmp_path, MUG, {"Handle": " ", "Title": "Lost"})

    assert len(file.products) == 1
    assert [(problem.row, problem.column) for problem in file.problems] == [(3, "Handle")]


def test_a_short_or_long_row_is_reported_by_its_number_and_never_shifted(tmp_path: Path) -> None:
    content = b"Handle,Title,Vendor\nmug,Mug,Potter\npan,Pan\npot,Pot, with lid,Potter\n,,,,\n,lost\n"

    file = shopify.read(write_bytes(tmp_path, content))

    assert file.rows == 5
    assert [(product.handle, [one.row for one in product.problems]) for product in file.products] == [
        ("mug", []),
        ("pan", [3]),
        ("pot", [4]),
    ]
    assert [(problem.row, problem.column) for problem in file.problems] == [(6, None)]


def test_a_row_of_blank_cells_says_nothing(tmp_path: Path) -> None:
    file = shopify.read(write_bytes(tmp_path, b"Handle,Title\nmug,Mug\n,\n , \n"))

    assert (file.rows, len(file.products), file.problems) == (3, 1, ())


@pytest.mark.parametrize("header", [b"Title,Price", b"SKU,Name,Regular price", b"Handle", b"Handle,Colour", b"\n"])
def test_a_file_that_is_not_shopifys_is_refused(tmp_path: Path, header: bytes) -> None:
    with pytest.raises(Refusal, match="is no Shopify product file"):
        shopify.read(write_bytes(tmp_path, header + b"\n1,2,3\n"))


def test_two_columns_for_one_thing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="“Variant Price” and “Price” say the same thing"):
        shopify.read(write_bytes(tmp_path, b"Handle,Variant Price,Price\nmug,1,2\n"))
