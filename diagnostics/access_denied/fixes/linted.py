"""Lint every document that a fix writes. A document with an error is not offered as a change."""

from __future__ import annotations

import logging
from dataclasses import replace

from diagnostics.fix import Fix, InlinePlace, ManagedPlace, PermissionSetChange, PolicyChange, TrustChange
from iam.policy.document import Document
from iam.policy.lint.finding import ERROR, PolicyKind
from iam.policy.lint.run import lint

LOG = logging.getLogger(__name__)
LOG.addHandler(logging.NullHandler())  # without a handler Python would print to standard error


def linted(fix: Fix) -> Fix:
    """Return the fix. If lint finds a new error, log it and return the fix without a plan, as not verified."""
    error = new_error(fix)
    if not error:
        return replace(fix, forms=tuple(map(linted, fix.forms))) if fix.forms else fix
    LOG.error("a fix writes a document with an error (%s): %s", fix.title, error)
    change = fix.change
    if isinstance(change, PolicyChange | TrustChange):
        change = replace(change, no_plan=f"Lint finds an error in this document: {error}")
    caution = f"Lint finds an error in the document: {error.rstrip('.')}"
    return replace(fix, change=change, verified=None, hangs_on=(), cautions=(*fix.cautions, caution), forms=())


def new_error(fix: Fix) -> str:
    """Return the first lint error in the fix's document that the document did not have before, or ""."""
    kind = _kind(fix)
    if kind is None or fix.after is None:
        return ""
    had = _errors(fix.before, kind) if fix.before is not None else frozenset()
    return next(iter(sorted(_errors(fix.after, kind) - had)), "")


def _kind(fix: Fix) -> PolicyKind | None:
    """Return the kind of the fix's document, or None if the fix writes none or its kind is unknown."""
    match fix.change:
        case TrustChange():
            return PolicyKind.TRUST
        case PolicyChange(InlinePlace()) | PolicyChange(ManagedPlace()) | PermissionSetChange():
            return PolicyKind.IDENTITY
        case PolicyChange(shown=shown):
            return PolicyKind.RESOURCE if "Principal" in shown else None
    return None


def _errors(document: Document, kind: PolicyKind) -> frozenset[str]:
    return frozenset(each.message for each in lint(document, kind) if each.severity is ERROR)
