"""The same catalog in two stock admins, each configured as its manual shows: what `manage.py bench clicks` is held to."""

# A product as both know it; the values come from our demo shop.
COLUMNS = ("name", "sku", "barcode", "price", "status", "category", "brand", "picture")
STATUSES = (("draft", "Draft"), ("active", "Active"), ("archived", "Archived"))
