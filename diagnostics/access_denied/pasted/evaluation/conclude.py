"""Conclude what the policies of a text allow, or what they lack. The first rule that applies is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from diagnostics.access_denied.pasted.denies.boundaries import numbered, with_a_boundary
from diagnostics.access_denied.pasted.evaluation.all_resources import narrower_patterns, of_all_resources
from diagnostics.access_denied.pasted.evaluation.evaluated import Evaluated
from diagnostics.access_denied.pasted.evaluation.not_allowed import what_no_policy_allows
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.possible_allows import (
    allowed_if_absent,
    naming,
    naming_on,
    of_a_tags_case,
    on_some_resource,
    without_the_path,
)
from diagnostics.access_denied.pasted.request_resource import region_of_a_name
from iam.policy.layer import LayerResult

Rule = Callable[[Evaluated], Iterable[Finding] | None]
"""A rule that returns its findings (perhaps none) if it applies, or None to try the next rule."""


def _deny_of_callers_with_a_boundary(case: Evaluated) -> Iterable[Finding] | None:
    """AWS reports a Deny, and one with NotPrincipal matches every caller with a permissions boundary."""
    if case.reason != "explicit":
        return None
    always = with_a_boundary(numbered(case.pasted), case.denial, case.action, case.word)
    return None if always is None else (always,)


def _names_single_resources(case: Evaluated) -> Iterable[Finding] | None:
    """The call was checked on a pattern, and the caller's policies name narrower ones."""
    if not case.on_a_pattern or case.word != "identity":
        return None
    narrower = narrower_patterns(case.action, case.on, case.pasted)
    return (of_all_resources(case.action, case.on, narrower),) if narrower else None


def _allows_the_pattern(case: Evaluated) -> Iterable[Finding] | None:
    """The policies allow the action on the pattern in the message. This proves nothing about the resource itself."""
    return () if case.on_a_pattern and case.is_allowed else None


def _allowed_only_without_a_key(case: Evaluated) -> Iterable[Finding] | None:
    """The policies allow the request only if a condition key is absent, and AWS says that nothing allows it."""
    if not case.is_allowed or case.reason != "implicit":
        return None
    open_ = allowed_if_absent(case.pasted, case.action, case.request, case.word)
    return None if open_ is None else (open_,)


def _allowed_in_another_letter_case(case: Evaluated) -> Iterable[Finding] | None:
    """The policies allow the request if a tag has another letter case, and AWS says that nothing allows it."""
    if not case.is_allowed or case.reason != "implicit":
        return None
    cased = of_a_tags_case(case.pasted, case.action, case.keys, case.word)
    return None if cased is None else (cased,)


def _allowed_without_the_path(case: Evaluated) -> Iterable[Finding] | None:
    """The caller's policies allow the request only if the resource has no path."""
    if not case.is_allowed or case.word != "identity":
        return None
    pathless = without_the_path(case.pasted, case.action, case.word)
    return None if pathless is None else (pathless,)


def _allowed_by_unknown_actions(case: Evaluated) -> Iterable[Finding] | None:
    """The policies might allow the request, but the text does not show the actions of any of them."""
    return () if case.is_allowed and all(one.filled for one in case.pasted) else None


def _allowed_on_some_resource(case: Evaluated) -> Iterable[Finding] | None:
    """The policies allow the action on some resource, but the text does not show the requested resource."""
    known = case.shown is not None or case.takes_no_resource or case.word == "trust"
    return on_some_resource(case.pasted, case.action, case.word) if case.is_allowed and not known else None


def _surely_allowed(case: Evaluated) -> Iterable[Finding] | None:
    """The statements without placeholders allow the request."""
    if case.sure.result is not LayerResult.ALLOWED:
        return None
    if only_in := region_of_a_name(case.denial, case.on):
        said = f"the policy allows {case.action} only in {only_in}: check that the call is made in that Region"
        sentence = (
            f"The policy in the text allows {case.action} only in {only_in}. Check that the call is made in that "
            "Region. A call with a name instead of an ARN goes to the Region that is set in the program or shell."
        )
        return (Finding(None, said, sentence),)
    return (replace(naming(case.action), covers=True),)


def _allowed_with_placeholders(case: Evaluated) -> Iterable[Finding] | None:
    """The policies allow the request if their placeholders have fitting values."""
    return naming_on(case.pasted, case.action, case.word) if case.is_allowed else None


RULES: tuple[Rule, ...] = (
    _deny_of_callers_with_a_boundary,
    _names_single_resources,
    _allows_the_pattern,
    _allowed_only_without_a_key,
    _allowed_in_another_letter_case,
    _allowed_without_the_path,
    _allowed_by_unknown_actions,
    _allowed_on_some_resource,
    _surely_allowed,
    _allowed_with_placeholders,
    what_no_policy_allows,
)
