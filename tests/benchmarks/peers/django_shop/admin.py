"""The peer's screens."""

from typing import Any

from django.contrib import admin

from tests.benchmarks.peers.django_shop.models import Brand, Category, Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ("name", "sku", "barcode", "price", "status", "category", "brand")
    list_editable = ("price", "status")
    list_filter = ("status", ("picture", admin.EmptyFieldListFilter), "category", "brand")
    search_fields = ("name", "sku", "barcode")
    autocomplete_fields = ("category",)
    actions = ("publish", "archive")

    @admin.action(description="Publish")
    def publish(self, request: Any, products: Any) -> None:
        products.update(status="active")

    @admin.action(description="Archive")
    def archive(self, request: Any, products: Any) -> None:
        products.update(status="archived")


@admin.register(Category, Brand)
class NamedAdmin(admin.ModelAdmin):
    search_fields = ("name",)
