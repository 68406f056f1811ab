"""Every command of manage.py beside `test` and `db`."""

from backoffice.development import up
from backoffice.health.commands import check
from backoffice.staff.commands import staff
from seed.commands import seed

COMMANDS = (up, check, staff, seed)
