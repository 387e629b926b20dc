"""Say why a pasted policy does not allow the request: the closest statement, and what it lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from diagnostics.access_denied.near_misses import (
    condition_words,
    farthest_first,
    statement_words,
)
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.fixes.caller_arn import arn_to_name
from diagnostics.access_denied.pasted.fixes.choose import fix_of
from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement
from diagnostics.access_denied.pasted.fixes.similar_names import fix_of_names
from diagnostics.access_denied.pasted.nearest_statement.actions import (
    delegates_other_actions,
    misspells_the_action,
    names_an_operation,
)
from diagnostics.access_denied.pasted.nearest_statement.conditions import (
    has_an_unmet_condition,
    tests_a_missing_tag,
)
from diagnostics.access_denied.pasted.nearest_statement.if_corrected import (
    may_fit,
    names_another_caller,
    next_condition,
    would_fit,
)
from diagnostics.access_denied.pasted.nearest_statement.inner_resources import names_the_outer_resource
from diagnostics.access_denied.pasted.nearest_statement.lack import Closest, Lack, Rule
from diagnostics.access_denied.pasted.nearest_statement.lack_in_words import lacking_words, with_what_fails
from diagnostics.access_denied.pasted.nearest_statement.principals import (
    assumes_itself,
    names_a_deleted_principal,
    names_a_set_without_its_path,
    names_a_similar_principal,
    of_itself,
)
from diagnostics.access_denied.pasted.nearest_statement.regions_and_partitions import (
    is_in_another_partition,
    is_in_another_region,
    is_model_of_a_profile,
    is_named_for_another_region,
    is_owned_by_aws,
    is_profile_of_another_area,
)
from diagnostics.access_denied.pasted.nearest_statement.resource_names import (
    ends_with_a_slash,
    has_a_malformed_arn,
    has_an_empty_name,
    is_lock,
    is_shared_by_another_account,
    leaves_out_a_type,
    leaves_the_resource_out,
    malformed,
    names_the_own_device,
    names_the_state_without_its_lock,
    needs_every_resource,
)
from diagnostics.access_denied.pasted.possible_allows import doubled_slash, with_one_slash
from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix
from diagnostics.text.near_pairs.similarity import resemblance
from diagnostics.words import UNSIGNED
from iam.claims import Keys
from iam.policy.decision import ConditionFailure, Fault, NearMiss
from iam.policy.explain import LayerExplanation
from iam.policy.request import Request
from iam.policy.words import holding
from iam.words import joined

RULES: tuple[Rule, ...] = (
    tests_a_missing_tag,
    has_an_unmet_condition,
    names_a_deleted_principal,
    names_a_set_without_its_path,
    leaves_the_resource_out,
    has_an_empty_name,
    ends_with_a_slash,
    has_a_malformed_arn,
    is_owned_by_aws,
    is_named_for_another_region,
    is_shared_by_another_account,
    needs_every_resource,
    is_profile_of_another_area,
    is_model_of_a_profile,
    is_in_another_region,
    names_the_outer_resource,
    leaves_out_a_type,
    names_a_similar_principal,
    is_in_another_partition,
    names_the_own_device,
    names_the_state_without_its_lock,
    names_an_operation,
    misspells_the_action,
    delegates_other_actions,
)
"""Rules for the part that a statement lacks. The first rule that applies is used."""


def of_near_misses(
    explained: LayerExplanation,
    action: str,
    word: str,
    request: Request,
    keys: Keys,
    named: Collection[str] = (),
) -> Iterator[Finding]:
    """Yield the closest statement and what it lacks. ``named`` are the statements' resources as in the text."""
    nearest = farthest_first(explained.near_misses)
    if not nearest:
        return
    first = with_what_fails(nearest[0])
    if word == "trust" and first.fault is Fault.PRINCIPAL_MISMATCH and assumes_itself(request):
        yield of_itself(request)
        return
    closest = _closest(first, word, request, keys, named)
    if closest.by_name and (doubled := doubled_slash(first.wanted, request.resource)):
        yield with_one_slash(doubled, statement_words(first), word, request.resource)
        return
    lack = next((found for rule in RULES if (found := rule(closest)) is not None), Lack())
    near = lack.near or first
    fault = first.fault.value if lack.fault is None else lack.fault
    more, lacks = lack.more, lacking_words(first) if lack.lacks is None else lack.lacks
    stranger = word == "trust" and not more and names_another_caller(near, request)
    if stranger:
        more = f", and does not trust {arn_to_name(request.principal or '')}"
    if closest.by_name and (further := next_condition(near, request, word)) is not None:
        lacks += f", and {'; '.join(map(condition_words, further.conditions))}"
    said = f"{statement_words(near)} {lacks}{more}"
    evidence = tuple(_evidence(each, word) for each in nearest[:5])
    sentence = f"The policy in the text does not allow {action}: {said}."
    if fault == Fault.CONDITION_UNKNOWN.value:
        where = joined([holding(each.operator, each.key, each.wanted) for each in near.conditions])
        sentence = f"The policy in the text allows {action} only where {where} ({statement_words(near)}){more}."
    if closest.alike is not None and not lack.settles_name:
        alike = closest.alike
        sentence = f"{sentence} Compare {alike.written} with {alike.asked}. {alike.advice}."
        fix: Fix | None = fix_of_names(alike, word)
        yield Finding(f"{word}.{fault}", said, sentence, evidence, fix=fix, resembles=alike.part == "name")
        return
    if fault == Fault.CONDITION_UNKNOWN.value and word == "trust" and action.lower() in UNSIGNED:
        wanted = " and ".join(_accepted(each) for each in near.conditions)
        sentence = (
            f"In the text, {statement_words(near)} of the trust policy accepts only tokens {wanted}. Compare these "
            "requirements with the claims of the token."
        )
    faulty = FaultyStatement(
        near,
        fault,
        action,
        word,
        request,
        keys,
        fits=would_fit(near, request),
        may_fit=may_fit(near, request),
        stranger=stranger,
        inner=lack.inner,
    )
    fix = lack.fix or fix_of(faulty)
    yield Finding(f"{word}.{fault}", said, sentence, evidence, fix=fix)


def _closest(first: NearMiss, word: str, request: Request, keys: Keys, named: Collection[str]) -> Closest:
    closest = Closest(first, request, word, keys, named, None, None)
    if not closest.by_name:
        return closest
    bad = malformed(first, request)
    if bad is not None or is_lock(request.resource, first.wanted):
        return replace(closest, malformed=bad)
    return replace(closest, alike=resemblance(request.resource, first.wanted))


def _evidence(near: NearMiss, word: str) -> Evidence:
    return Evidence(
        lacking_words(near),
        word,
        statement=near.statement,
        sid=near.sid,
        element=near.element,
        document=near.policy.document,
        conditions=near.conditions,
    )


def _accepted(condition: ConditionFailure) -> str:
    """Return a phrase for what a condition requires of a token, such as ``whose aud is sts.amazonaws.com``."""
    return f"whose {holding(condition.operator, condition.key.rpartition(':')[2], condition.wanted)}"
