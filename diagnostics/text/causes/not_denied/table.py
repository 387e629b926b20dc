"""The rules for other failures, in the order in which the causes are shown: proven causes come first."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.answer.service_error import stated_error
from diagnostics.text.causes.build_causes import Rule, looked_up
from diagnostics.text.causes.not_denied import (
    billing,
    checked_values,
    data_lake,
    database_logins,
    deletions,
    described_setups,
    device_connections,
    hidden_messages,
    hooks,
    impossible_conditions,
    kubernetes,
    launches,
    policies,
    program_settings,
    quotas,
    regions,
    registries,
    rejected_credentials,
    replicas,
    roles,
    search_domains,
    sending_services,
    session_token_of_the_function,
    silent_waits,
    stated_causes,
    taken_names,
    undelivered,
    volumes,
)
from diagnostics.text.causes.not_denied.known_messages.table import by_words
from diagnostics.text.causes.works_elsewhere import of_difference, of_newer_version, of_unsent, of_version
from diagnostics.text.read.author.difference import Difference

RULES: tuple[Rule[OtherFailure], ...] = (
    policies.mistyped_keys,
    impossible_conditions.impossible_source,
    session_token_of_the_function.of_the_function,
    hooks.hooks,
    hidden_messages.hidden_message,
    program_settings.unknown_region,
    program_settings.flux_without_decryption,
    program_settings.acl_of_settings,
    rejected_credentials.without_a_token,
    rejected_credentials.unsaved_state,
    volumes.default_volume_key,
    billing.billing_page,
    database_logins.database_logins,
    device_connections.closed_connection,
    by_words,
    checked_values.checked_values,
    launches.at_launch,
    launches.image_not_found,
    silent_waits.silent_waits,
    silent_waits.of_sdk,
    data_lake.lake_formation,
    roles.service_linked_role,
    roles.service_linked,
    rejected_credentials.other_role,
    search_domains.of_a_repository,
    search_domains.unmapped,
    kubernetes.account_without_role,
    registries.not_cached_yet,
    registries.repository_missing,
    registries.push_that_retries,
    kubernetes.pods_role,
    kubernetes.rbac,
    kubernetes.kubernetes,
    policies.malformed_policy,
    rejected_credentials.unsigned,
    regions.region,
    taken_names.service_account_stack,
    taken_names.bootstrap_left,
    taken_names.stack_of_the_name,
    taken_names.owned_bucket,
    rejected_credentials.caller_identity,
    rejected_credentials.credentials,
    quotas.throttled,
    quotas.quota_of_iam,
    quotas.inline_size,
    quotas.vcpus,
    quotas.log_policies,
    quotas.policy_size,
    quotas.documented_quota,
    quotas.account_limit,
    quotas.quota,
    deletions.deletion,
    roles.session_length,
    roles.profile,
    roles.wanted_in_trust,
    data_lake.iceberg_table,
    undelivered.other_source,
    sending_services.another_service,
    undelivered.events_to_an_encrypted_topic,
    undelivered.managed_key_of_events,
    undelivered.key_without_the_service,
    undelivered.dead_letters,
    replicas.replication,
    described_setups.described,
)


def _difference(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause of a difference; without a recognized denial, a newer version does not point to policies."""
    if failure.trouble is not Trouble.UNRECOGNIZED:
        return
    look = of_difference(failure.text, among=(Difference.AGAIN, Difference.BY_HAND), denied=False) or of_unsent(
        failure.text
    )
    if look is not None:
        yield look


def _version(failure: OtherFailure) -> Iterator[FirstLook]:
    if failure.trouble is Trouble.UNRECOGNIZED:
        found = of_version(failure.text) or of_newer_version(failure.text)
        yield from (found,) if found is not None else ()


def _unsent(failure: OtherFailure) -> Iterator[FirstLook]:
    if (look := of_unsent(failure.text)) is not None:
        yield look


def first_look(failure: OtherFailure) -> tuple[FirstLook, ...]:
    last: tuple[tuple[Rule[OtherFailure], ...], ...] = (
        (stated_causes.call_and_caller,),
        (stated_causes.nothing_printed,),
    )
    own: tuple[Rule[OtherFailure], ...] = (stated_causes.of_its_own,)
    asked: tuple[Rule[OtherFailure], ...] = (stated_causes.question,)
    stated = stated_error(failure.text) if failure.trouble is Trouble.UNRECOGNIZED else None
    if stated is not None:
        last, own = (), ()  # the verdict gives the service's own error
        asked = () if stated.refuses_nothing else asked
    unsent = stated is not None and not stated.sent
    # A request that no service received does not depend on policies, whichever version sent it before.
    difference: tuple[Rule[OtherFailure], ...] = (_unsent,) if unsent else (_difference,)
    version: tuple[Rule[OtherFailure], ...] = () if unsent else (_version,)
    stages = ((stated_causes.simulated_denies,), RULES, version, asked, own, difference, *last)
    return next(filter(None, (looked_up(rules, failure) for rules in stages)), ())
