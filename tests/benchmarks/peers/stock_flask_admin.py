"""A shop in stock Flask-Admin: search, filters, cells to edit, export and two actions."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_admin import Admin
from flask_admin.actions import action
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tests.benchmarks.peers import STATUSES

db = SQLAlchemy()


class Category(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)

    def __str__(self) -> str:
        return self.name


class Brand(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)

    def __str__(self) -> str:
        return self.name


class Product(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    sku: Mapped[str | None] = mapped_column(String(64))
    barcode: Mapped[str | None] = mapped_column(String(32))
    price: Mapped[float | None] = mapped_column(db.Numeric(12, 2))
    status: Mapped[str] = mapped_column(String(10), default="draft")
    category_id: Mapped[int | None] = mapped_column(ForeignKey(Category.id))
    brand_id: Mapped[int | None] = mapped_column(ForeignKey(Brand.id))
    picture: Mapped[str | None] = mapped_column(String(255))
    category: Mapped[Category | None] = relationship()
    brand: Mapped[Brand | None] = relationship()


class ProductView(ModelView):
    column_list = ("name", "sku", "barcode", "price", "status", "category", "brand")
    column_searchable_list = ("name", "sku", "barcode")
    column_filters = ("status", "category.name", "brand.name", "price", "picture")
    column_editable_list = ("price", "status")
    column_choices = {"status": STATUSES}
    form_choices = {"status": STATUSES}
    can_export = True
    can_set_page_size = True

    @action("publish", "Publish", "Publish the selected products?")
    def publish(self, keys: list[str]) -> None:
        self._set_status(keys, "active")

    @action("archive", "Archive", "Archive the selected products?")
    def archive(self, keys: list[str]) -> None:
        self._set_status(keys, "archived")

    def _set_status(self, keys: list[str], status: str) -> None:
        db.session.execute(db.update(Product).where(Product.id.in_(keys)).values(status=status))
        db.session.commit()


def make_shop(folder: Path, products: Iterable[dict[str, Any]]) -> Flask:
    """The application, with its own file of products."""
    app = Flask("stock_shop")
    app.config |= {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'stock.sqlite'}", "SECRET_KEY": "of no worth"}
    db.init_app(app)
    # Where Flask-Babel is installed, Flask-Admin asks it for its texts.
    Babel(app)
    admin = Admin(app, name="Shop")
    admin.add_view(ProductView(Product, db.session))
    admin.add_view(ModelView(Category, db.session))
    admin.add_view(ModelView(Brand, db.session))
    with app.app_context():
        db.create_all()
        known: dict[tuple[type, str], Any] = {}
        for values in products:
            links = {}
            for name, model in (("category", Category), ("brand", Brand)):
                if values[name]:
                    links[name] = known.setdefault((model, values[name]), model(name=values[name]))
            db.session.add(Product(**(values | {"category": None, "brand": None} | links)))
        db.session.commit()
        db.session.remove()
    return app
