"""Answer a denial for which the facts in the text leave only one cause, by the rules of this package in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from diagnostics.diagnosis import PASTED, Status, Step, Verdict
from diagnostics.failure import Denial, Failure
from diagnostics.fix import Fix
from diagnostics.text.answer.single_cause.ack_accounts import without_a_mapped_role
from diagnostics.text.answer.single_cause.bucket_names import asks_for_an_endpoint
from diagnostics.text.answer.single_cause.buckets_of_settings import bucket_outside_the_policy
from diagnostics.text.answer.single_cause.client_uploads import by_the_client
from diagnostics.text.answer.single_cause.cloudfront_buckets import names_another_bucket, without_a_root_object
from diagnostics.text.answer.single_cause.decision import Decision
from diagnostics.text.answer.single_cause.default_keys import of_artifacts
from diagnostics.text.answer.single_cause.forms_of_token_conditions import of_a_condition_that_no_token_meets
from diagnostics.text.answer.single_cause.generated_accounts import of_a_generated_account
from diagnostics.text.answer.single_cause.granted_moments_ago import has_the_policy, waits
from diagnostics.text.answer.single_cause.image_pulls import (
    from_awss_bucket,
    registry_of_another,
    replicated_from_another,
)
from diagnostics.text.answer.single_cause.kafka_names import of_another_cluster, of_another_topic
from diagnostics.text.answer.single_cause.keys_of_other_accounts import (
    of_a_key_of_another_account,
    of_a_secret_of_another_account,
    of_data_of_another_account,
    of_data_with_a_shown_key_of_aws,
)
from diagnostics.text.answer.single_cause.kms_keys import (
    encrypted_elsewhere,
    of_a_key_behind_cloudfront,
    of_an_identity_that_reads_no_key,
    of_an_origin_that_is_open,
)
from diagnostics.text.answer.single_cause.lambda_qualifiers import on_another_qualifier
from diagnostics.text.answer.single_cause.left_out_settings import without_a_setting
from diagnostics.text.answer.single_cause.malformed_arns import without_a_colon
from diagnostics.text.answer.single_cause.managed_rules import of_a_managed_rule
from diagnostics.text.answer.single_cause.missing_roles import (
    of_a_management_account,
    of_a_missing_role,
    of_an_invited_account,
    without_its_path,
    without_its_profile,
)
from diagnostics.text.answer.single_cause.networks_and_sign_ins import (
    from_its_vpc,
    from_lambdas_network,
    matches_a_sign_in,
)
from diagnostics.text.answer.single_cause.other_models import of_a_profile_that_no_policy_names, of_another_model
from diagnostics.text.answer.single_cause.parts_of_paths import by_a_part_of_its_path
from diagnostics.text.answer.single_cause.pod_associations import for_other_pods
from diagnostics.text.answer.single_cause.pod_tags import tagged_otherwise
from diagnostics.text.answer.single_cause.policies_created_later import before_its_policy
from diagnostics.text.answer.single_cause.program_settings import decides_by_default
from diagnostics.text.answer.single_cause.query_results import of_a_workgroup, of_the_default_workgroup
from diagnostics.text.answer.single_cause.required_boundary import needs_a_boundary
from diagnostics.text.answer.single_cause.required_options import works_with_an_option
from diagnostics.text.answer.single_cause.resource_names import called_otherwise, names_an_alias, names_no_resource
from diagnostics.text.answer.single_cause.role_chains import of_a_chain
from diagnostics.text.answer.single_cause.roles_with_the_policy import of_another_role_with_the_policy
from diagnostics.text.answer.single_cause.root_sessions import of_a_task_policy
from diagnostics.text.answer.single_cause.secret_names import ends_like_an_arn
from diagnostics.text.answer.single_cause.secrets_of_other_accounts import (
    secret_of_another_account,
    secret_that_is_granted,
)
from diagnostics.text.answer.single_cause.session_manager_plugin import without_the_plugin
from diagnostics.text.answer.single_cause.sops_files import names_a_profile_of_elsewhere
from diagnostics.text.answer.single_cause.tags_count_later import counts_later
from diagnostics.text.answer.single_cause.trust_policies import (
    across_partitions,
    is_allowed,
    lacks_assume,
    trusts_a_deleted,
    trusts_another,
)
from diagnostics.text.read.author.stated_facts import Facts, facts_of

T = TypeVar("T")


def decided(denial: Denial) -> Decision | None:
    """Return the decision that the facts of the text prove; None if the facts leave more than one cause."""
    facts = facts_of(denial)
    if (of_a_profile := of_a_profile_that_no_policy_names(denial)) is not None:
        return of_a_profile
    if (denial.stated_reason or "").startswith("explicit"):
        return from_its_vpc(denial, facts) or matches_a_sign_in(denial, facts)
    by_facts = next((found for rule in _RULES if (found := rule(denial, facts)) is not None), None)
    return by_facts or next((found for rule in _WITHOUT_FACTS if (found := rule(denial)) is not None), None)


def with_decision(failure: Failure, parts: Iterator[T]) -> Iterator[T | Step | Verdict | Fix]:
    """Yield the parts of a diagnosis of the text; a decision replaces the verdict, the fixes and the causes.

    Nothing is replaced if a policy in the text denies the request or AWS's simulator answered, unless the decision is
    ``nearer``.
    """
    decision = decided(failure) if isinstance(failure, Denial) else None
    found = list(parts)
    if decision is None or (any(map(_is_decided, found)) and not decision.nearer):
        yield from found
        return
    first = True
    for part in found:
        if isinstance(part, Verdict):
            yield decision.verdict
            yield decision.fix
        elif not isinstance(part, Fix) and not (isinstance(part, Step) and part.id in (PASTED, "next")):
            yield part
            if first and isinstance(part, Step):
                first = False
                yield decision.step


def _is_decided(part: object) -> bool:
    return isinstance(part, Step) and (
        part.id in ("identity", "explicit-denies", "scp", "boundary")
        or (part.id == PASTED and part.status in (Status.FAIL, Status.UNKNOWN))
    )


_RULES: tuple[Callable[[Denial, Facts], Decision | None], ...] = (
    waits,
    names_no_resource,
    called_otherwise,
    matches_a_sign_in,
    across_partitions,
    trusts_a_deleted,
    trusts_another,
    lacks_assume,
    is_allowed,
    from_awss_bucket,
    registry_of_another,
    from_lambdas_network,
    has_the_policy,
    needs_a_boundary,
    from_its_vpc,
    names_an_alias,
)

_WITHOUT_FACTS: tuple[Callable[[Denial], Decision | None], ...] = (
    without_a_colon,
    works_with_an_option,
    counts_later,
    before_its_policy,
    of_another_role_with_the_policy,
    names_another_bucket,
    without_a_root_object,
    for_other_pods,
    tagged_otherwise,
    of_a_condition_that_no_token_meets,
    of_a_generated_account,
    by_the_client,
    of_a_workgroup,
    of_the_default_workgroup,
    of_another_model,
    decides_by_default,
    without_a_mapped_role,
    replicated_from_another,
    bucket_outside_the_policy,
    ends_like_an_arn,
    secret_of_another_account,
    secret_that_is_granted,
    of_an_invited_account,
    of_a_management_account,
    encrypted_elsewhere,
    on_another_qualifier,
    without_its_profile,
    of_a_missing_role,
    without_its_path,
    by_a_part_of_its_path,
    of_an_identity_that_reads_no_key,
    of_a_key_behind_cloudfront,
    of_an_origin_that_is_open,
    of_a_chain,
    without_the_plugin,
    of_a_managed_rule,
    of_a_key_of_another_account,
    of_a_secret_of_another_account,
    of_data_of_another_account,
    of_data_with_a_shown_key_of_aws,
    of_artifacts,
    names_a_profile_of_elsewhere,
    without_a_setting,
    of_another_topic,
    of_another_cluster,
    of_a_task_policy,
    asks_for_an_endpoint,
)
"""Rules that compare a denial with the output of another command, or with another policy, in the text."""
