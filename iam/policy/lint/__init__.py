"""Run Access Analyzer's checks that need only the document: ``lint(document, kind)``."""

from iam.policy.lint.finding import MAX_FINDINGS, LintFinding, LintSeverity, PolicyKind
from iam.policy.lint.run import lint

__all__ = ["MAX_FINDINGS", "LintFinding", "LintSeverity", "PolicyKind", "lint"]
