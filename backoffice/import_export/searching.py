"""How imports are found: by their file, and by what was wrong with it. Registered once, when this is imported."""

from sqlalchemy import func

from backoffice.import_export.models import ImportJob, import_job_search
from backoffice.search.kept import Kept, columns, register

# A file with ten thousand faults is found by the first of them.
MOST_OF_PROBLEM = 2000

problem = func.substr(ImportJob.problem, 1, MOST_OF_PROBLEM)

register(Kept(ImportJob, import_job_search, columns(ImportJob.file_name, problem), frozenset(("file_name", "problem"))))
