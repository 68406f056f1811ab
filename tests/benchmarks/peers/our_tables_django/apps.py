"""The application under its short name."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "tests.benchmarks.peers.our_tables_django"
    label = "shop"
