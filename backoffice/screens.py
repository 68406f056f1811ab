"""TABLE OF CONTENTS: every screen, in menu order: its area in the menu, and where it is."""

SCREENS = (
    ("", "backoffice.dashboard.admin.TodayPage"),
    ("Catalog", "backoffice.catalog.admin.ProductScreen"),
    ("Catalog", "backoffice.catalog.admin.VariantScreen"),
    ("Catalog", "backoffice.catalog.admin.CategoryScreen"),
    ("Catalog", "backoffice.catalog.admin.BrandScreen"),
    ("Catalog", "backoffice.catalog.admin.TagScreen"),
    ("Catalog", "backoffice.catalog.admin.TaxClassScreen"),
    ("Catalog", "backoffice.media.admin.PictureScreen"),
    ("Catalog", "backoffice.catalog.admin.PriceChangeScreen"),
    ("Catalog", "backoffice.catalog.admin.SlugRedirectScreen"),
    ("Catalog", "backoffice.import_export.admin.ImportJobScreen"),
    ("Stock", "backoffice.inventory.admin.StockLevelScreen"),
    ("Stock", "backoffice.inventory.admin.StockMovementScreen"),
    ("Stock", "backoffice.inventory.admin.LocationScreen"),
    ("Shop", "backoffice.audit.admin.ChangeSetScreen"),
    ("Shop", "backoffice.audit.admin.TrashPage"),
    ("Shop", "backoffice.settings.admin.SettingsScreen"),
    ("Staff", "backoffice.staff.admin.StaffMemberScreen"),
    ("Staff", "backoffice.staff.admin.RoleScreen"),
    ("Staff", "backoffice.staff.admin.SignInScreen"),
)
