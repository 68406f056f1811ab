"""Every command of manage.py beside `test` and `db`."""

from backoffice.audit.commands import history
from backoffice.development import up
from backoffice.health.commands import check
from backoffice.import_export.commands import import_file
from backoffice.search.commands import search
from backoffice.staff.commands import staff
from backoffice.texts import texts
from seed.commands import seed

COMMANDS = (up, check, staff, seed, import_file, history, search, texts)
