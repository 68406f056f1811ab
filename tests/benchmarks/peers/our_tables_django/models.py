"""Our tables as Django sees them: read and written, never made."""

from django.db import models

STATUSES = (("draft", "Draft"), ("active", "Active"), ("archived", "Archived"))


class Named(models.Model):
    name = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Brand(Named):
    class Meta:
        managed = False
        db_table = "brand"
        ordering = ("name",)


class Category(Named):
    class Meta:
        managed = False
        db_table = "category"
        ordering = ("name",)


class Product(Named):
    slug = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=STATUSES)
    brand = models.ForeignKey(Brand, models.PROTECT, blank=True, null=True)
    category = models.ForeignKey(Category, models.PROTECT, blank=True, null=True)
    publish_at = models.DateTimeField(blank=True, null=True)
    unpublish_at = models.DateTimeField(blank=True, null=True)
    seo_title = models.CharField(max_length=200, blank=True, null=True)
    seo_description = models.CharField(max_length=500, blank=True, null=True)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_token = models.BigIntegerField(default=0, editable=False)

    class Meta:
        managed = False
        db_table = "product"
        ordering = ("-updated_at", "-id")


class Variant(models.Model):
    product = models.ForeignKey(Product, models.CASCADE, related_name="variants")
    sku = models.CharField(max_length=64, blank=True, null=True)
    barcode = models.CharField(max_length=32, blank=True, null=True)
    price_minor = models.BigIntegerField(blank=True, null=True)
    position = models.IntegerField(default=0)

    class Meta:
        managed = False
        db_table = "variant"

    def __str__(self) -> str:
        return self.sku or ""
