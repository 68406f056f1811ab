"""The peer's screens."""

from typing import Any

from django.contrib import admin

from tests.benchmarks.peers.our_tables_django.models import Brand, Category, Product, Variant


class VariantInline(admin.TabularInline):
    model = Variant
    extra = 0


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ("name", "status", "category", "brand", "slug", "publish_at", "created_at", "updated_at")
    list_select_related = ("category", "brand")
    list_per_page = 50
    list_filter = ("status", "category")
    search_fields = ("name", "variants__sku", "variants__barcode")
    # A second count, of all rows, at every search and filter.
    show_full_result_count = False
    autocomplete_fields = ("category", "brand")
    inlines = (VariantInline,)

    def get_queryset(self, request: Any) -> Any:
        """What lies in the trash is none of the list's."""
        return super().get_queryset(request).filter(deleted_token=0)


@admin.register(Category, Brand)
class NamedAdmin(admin.ModelAdmin):
    search_fields = ("name",)
