"""What an import did or would do, for programs and for people."""

from collections import Counter
from typing import Any

from backoffice.import_export.plan import Plan
from backoffice.languages import said, said_counted
from backoffice.wording import counted

PROBLEMS_SHOWN = 20
ACTIONS = ("create", "update", "unchanged", "refused")


def report_facts(plan: Plan, change_set: int | None) -> dict[str, Any]:
    actions = Counter(product.action for product in plan.products)
    return {
        "format": plan.file.format,
        "rows": plan.file.rows,
        "products": len(plan.products),
        "variants": sum(len(product.file.variants) for product in plan.products),
        **{action: actions[action] for action in ACTIONS},
        "problems": [
            {"row": problem.row, "column": problem.column, "message": problem.message} for problem in plan.problems
        ],
        "change_set": change_set,
    }


def summarise(plan: Plan, file_name: str) -> str:
    """The act in a line, for the history."""
    created, updated = len(plan.having("create")), len(plan.having("update"))
    return said(
        "Imported %(file)s: %(created)s created, %(updated)s updated",
        file=file_name[:400],
        created=said_counted(created, "product", "products"),
        updated=updated,
    )


def report_words(plan: Plan, change_set: int | None, dry_run: bool) -> str:
    lines = [_outcome(plan, change_set, dry_run)]
    lines += [problem.words for problem in plan.problems[:PROBLEMS_SHOWN]]
    if len(plan.problems) > PROBLEMS_SHOWN:
        lines.append(f"… and {len(plan.problems) - PROBLEMS_SHOWN:,} more problems; --json lists them all.")
    if plan.file.unread:
        lines.append(f"Columns that were not read: {', '.join(plan.file.unread)}.")
    return "\n".join(lines)


def _outcome(plan: Plan, change_set: int | None, dry_run: bool) -> str:
    counts = {action: len(plan.having(action)) for action in ACTIONS}
    figures = (
        f"{counted(counts['create'], 'product')} to create, {counts['update']:,} to update, "
        f"{counts['unchanged']:,} unchanged, {counts['refused']:,} refused."
    )
    if change_set is not None:
        done = figures.replace(" to create", " created").replace(" to update", " updated")
        return f"{done} Change {change_set} in the history."
    if dry_run:
        return f"Would do: {figures} Nothing was written."
    if counts["create"] or counts["update"]:
        return f"Nothing was written: {figures} Mend what is refused, or add --skip-refused."
    if plan.problems:
        return f"Nothing was written: {figures}"
    return f"Nothing to do: {counted(counts['unchanged'], 'product')} in the file, unchanged."
