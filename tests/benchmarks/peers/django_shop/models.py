"""The peer's tables."""

from django.db import models

from tests.benchmarks.peers import STATUSES


class Named(models.Model):
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        abstract = True
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Category(Named):
    pass


class Brand(Named):
    pass


class Product(models.Model):
    name = models.CharField(max_length=255)
    sku = models.CharField(max_length=64, blank=True, null=True)
    barcode = models.CharField(max_length=32, blank=True, null=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, blank=True, null=True)
    status = models.CharField(max_length=10, choices=STATUSES, default="draft")
    category = models.ForeignKey(Category, models.PROTECT, blank=True, null=True)
    brand = models.ForeignKey(Brand, models.PROTECT, blank=True, null=True)
    picture = models.CharField(max_length=255, blank=True, null=True)

    def __str__(self) -> str:
        return self.name
