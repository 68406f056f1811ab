"""TABLE OF CONTENTS: every screen, in menu order."""

from backoffice.audit.admin import ChangeSetScreen, TrashPage
from backoffice.catalog.admin import (
    BrandScreen,
    CategoryScreen,
    PriceChangeScreen,
    ProductScreen,
    SlugRedirectScreen,
    TagScreen,
    TaxClassScreen,
    VariantScreen,
)
from backoffice.dashboard.admin import TodayPage
from backoffice.inventory.admin import LocationScreen, StockLevelScreen, StockMovementScreen
from backoffice.media.admin import PictureScreen
from backoffice.settings.admin import SettingsScreen
from backoffice.staff.admin import RoleScreen, SignInScreen, StaffMemberScreen

SCREENS = (
    ("", TodayPage),
    ("Catalog", ProductScreen),
    ("Catalog", VariantScreen),
    ("Catalog", CategoryScreen),
    ("Catalog", BrandScreen),
    ("Catalog", TagScreen),
    ("Catalog", TaxClassScreen),
    ("Catalog", PictureScreen),
    ("Catalog", PriceChangeScreen),
    ("Catalog", SlugRedirectScreen),
    ("Stock", StockLevelScreen),
    ("Stock", StockMovementScreen),
    ("Stock", LocationScreen),
    ("Shop", ChangeSetScreen),
    ("Shop", TrashPage),
    ("Shop", SettingsScreen),
    ("Staff", StaffMemberScreen),
    ("Staff", RoleScreen),
    ("Staff", SignInScreen),
)
