"""Stock Flask-Admin on our tables: searched, filtered and sorted by its own settings, with choices that are looked up."""

import os
from datetime import UTC, datetime

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

db = SQLAlchemy()


class Brand(db.Model):
    __tablename__ = "brand"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))

    def __str__(self) -> str:
        return self.name


class Category(db.Model):
    __tablename__ = "category"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))

    def __str__(self) -> str:
        return self.name


class Product(db.Model):
    __tablename__ = "product"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10))
    brand_id: Mapped[int | None] = mapped_column(ForeignKey(Brand.id))
    category_id: Mapped[int | None] = mapped_column(ForeignKey(Category.id))
    publish_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    unpublish_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seo_title: Mapped[str | None] = mapped_column(String(200))
    seo_description: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), onupdate=lambda: datetime.now(UTC))
    deleted_token: Mapped[int] = mapped_column(BigInteger)
    brand: Mapped[Brand | None] = relationship()
    category: Mapped[Category | None] = relationship()
    variants: Mapped[list["Variant"]] = relationship(back_populates="product")

    def __str__(self) -> str:
        return self.name


class Variant(db.Model):
    __tablename__ = "variant"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    sku: Mapped[str | None] = mapped_column(String(64))
    barcode: Mapped[str | None] = mapped_column(String(32))
    price_minor: Mapped[int | None] = mapped_column(BigInteger)
    position: Mapped[int]
    product: Mapped[Product] = relationship(back_populates="variants")

    def __str__(self) -> str:
        return self.sku or ""


class ProductView(ModelView):
    page_size = 50
    column_list = ("name", "status", "category", "brand", "slug", "publish_at", "created_at", "updated_at")
    column_sortable_list = ("name", "status", "updated_at")
    column_default_sort = ("updated_at", True)
    column_searchable_list = ("name", "variants.sku", "variants.barcode")
    column_filters = ("status", "category.name")
    named_filter_urls = True
    form_columns = ("name", "slug", "status", "brand", "category", "publish_at", "unpublish_at")
    form_columns += ("seo_title", "seo_description")
    form_ajax_refs = {"brand": {"fields": ("name",)}, "category": {"fields": ("name",)}}
    inline_models = ((Variant, {"form_columns": ("id", "sku", "barcode", "price_minor", "position")}),)

    # What lies in the trash is none of the list's.
    def get_query(self):
        return super().get_query().filter(Product.deleted_token == 0)

    def get_count_query(self):
        return super().get_count_query().filter(Product.deleted_token == 0)


def make_app() -> Flask:
    app = Flask("shop")
    timeout = int(os.environ["PEER_TIMEOUT_SECONDS"]) * 1000
    app.config |= {
        "SQLALCHEMY_DATABASE_URI": os.environ["PEER_DATABASE_URI"],
        "SQLALCHEMY_ENGINE_OPTIONS": {"connect_args": {"options": f"-c statement_timeout={timeout}"}},
        "SECRET_KEY": os.environ["PEER_PASSWORD"],
    }
    db.init_app(app)
    Admin(app, name="Shop").add_view(ProductView(Product, db.session))
    return app
