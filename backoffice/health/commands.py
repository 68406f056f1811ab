"""`manage.py check`: what environment, which database, what is wrong."""

from flask import current_app

from backoffice.command_line import Outcome, command
from backoffice.health.checks import all_findings


@command("check")
def check() -> Outcome:
    """Say which environment and database this is, and what is wrong."""
    findings = all_findings(current_app.config)
    problems = [finding.problem for finding in findings if finding.problem]
    facts = {finding.name: finding.words for finding in findings}
    lines = [f"{finding.name.capitalize():<12} {finding.words}" for finding in findings]
    lines += [f"Problem: {problem}" for problem in problems] or ["Nothing is wrong."]
    return Outcome("\n".join(lines), facts | {"problems": problems}, 1 if problems else 0)
