"""The rules for a denial's common causes, in the order in which the causes are shown: proven causes come first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import CUT, Denial
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, MOST, WHO_AM_I, Rule, contains, looked_up
from diagnostics.text.causes.denials import (
    administrators,
    api_keys,
    assumed_roles,
    athena_spill_buckets,
    bedrock_access,
    callers,
    callers_policies,
    catalog_credentials,
    cloudfront_origins,
    company_rules,
    credentials_used,
    data_services,
    described_policies,
    devices,
    ec2,
    guardrails,
    images_from_parameters,
    introduced_guardrails,
    key_use,
    lake_formation_settings,
    native_clients,
    needs_of_settings,
    no_action_named,
    operations,
    organization_events,
    organizations,
    partitions,
    passing_roles,
    pasted_conditions,
    permission_sets,
    pipeline_artifacts,
    plain_http,
    pods,
    presigned_links,
    programs,
    public_access,
    reason_not_shown,
    refused_reads,
    registries,
    resource_kinds,
    resource_policies,
    roles_in_accounts_of_aws,
    s3_block_public_access,
    s3_copies,
    s3_customer_provided_keys,
    s3_listings_and_bucket_checks,
    s3_objects_of_other_accounts,
    s3_presigned_urls,
    s3_reads_and_missing_objects,
    s3_requester_pays,
    s3_uploads,
    s3_without_operation,
    s3_without_reason,
    saml_sign_in,
    service_facts,
    session_names_of_services,
    session_names_of_tools,
    surrounding_text,
    unsigned_requests,
    unused_credentials,
    web_identity,
    works_for_others,
)
from diagnostics.text.causes.denials.parts_of_the_denial import Signs, signs_of
from diagnostics.text.causes.shared_causes import failed_stack
from diagnostics.text.causes.works_elsewhere import of_difference, of_region, of_same_deployment
from diagnostics.text.read.author.difference import Difference
from diagnostics.text.read.messages.additions_to_message import allowed_by, attached_policy, prose_in, stated_in
from diagnostics.who import Who
from diagnostics.words import ACTION_NAME
from iam.lazy_pattern import regex

# An unintended identity made the call: its policies should not be changed.
ANOTHER_IDENTITY: tuple[Rule[Signs], ...] = (credentials_used.keys_override, api_keys.location_key)
# If one of these rules finds a cause, the causes of the other rules would be misleading.
DECIDING: tuple[Rule[Signs], ...] = (
    roles_in_accounts_of_aws.role_in_an_account_of_aws,
    refused_reads.refused_read,
    refused_reads.of_a_refresh,
    passing_roles.path_taken_for_a_role,
    credentials_used.without_signature,
    credentials_used.unsigned_by_code,
    native_clients.profile_not_used,
    unsigned_requests.duckdb,
    s3_without_reason.left_over_settings,
    s3_customer_provided_keys.blocked,
    lake_formation_settings.not_an_administrator,
    s3_requester_pays.requester_pays,
    s3_objects_of_other_accounts.of_the_uploader,
    catalog_credentials.of_a_catalog,
    credentials_used.own_settings,
    credentials_used.role_left_out,
    credentials_used.by_hand,
    credentials_used.earlier_sign_in,
    permission_sets.permission_set,
    callers.works_unsigned,
    callers.stated,
    guardrails.session_perhaps,
    introduced_guardrails.new_guardrail,
    introduced_guardrails.introduced_guardrail,
    surrounding_text.hides_the_details,
    surrounding_text.described_setup,
    pods.s3a,
    pods.keys_in_settings,
    pods.own_role_unused,
    pods.other_role_meant,
    callers.a_role_belongs_here,
    key_use.unusable_key,
    operations.remarked,
    bedrock_access.account_not_enabled,
    works_for_others.of_closed_account,
    works_for_others.some_values_pass,
    administrators.quarantine,
    administrators.perhaps_stolen_key,
    administrators.nothing_is_missing,
)
PROSE: tuple[Rule[Signs], ...] = (operations.in_prose,)
GUARDRAILS: tuple[Rule[Signs], ...] = (
    plain_http.plain_http,
    organization_events.changed_organization,
    organizations.bedrock_profile,
    organizations.organization,
    guardrails.boundary,
    guardrails.session,
    guardrails.endpoint,
    public_access.public_access,
)
TOKENS: tuple[Rule[Signs], ...] = (introduced_guardrails.of_tokens, web_identity.web_identity, saml_sign_in.saml)
# After an explicit deny, no Allow helps, so a missing Allow is not mentioned. The first rule with a cause decides.
DENIED: tuple[Rule[Signs], ...] = (
    company_rules.earlier_exception,
    ec2.encoded,
    callers.unsigned,
    callers.root,
    operations.unfilled,
    callers.kept_by_aws,
    assumed_roles.role_of_a_service,
    passing_roles.passing_denied,
    resource_policies.resource_policy,
    organizations.denied_region,
)
# A Deny of a kind that the text does not name, or of the caller's own policies.
DENY: tuple[Rule[Signs], ...] = (
    company_rules.stated_rule,
    guardrails.boundary_of_the_new,
    callers_policies.policies,
    administrators.perhaps_quarantined,
)
# Each depends on words in the text that leave no other cause: the first rule with a cause is the answer.
SAID: tuple[Rule[Signs], ...] = (
    devices.device,
    s3_presigned_urls.presigned,
    s3_block_public_access.public_policy,
    athena_spill_buckets.spill,
    s3_without_reason.of_named_buckets,
    s3_without_operation.status_of_a_path,
    passing_roles.of_a_state,
    pipeline_artifacts.of_another_account,
    presigned_links.signed_link,
    unsigned_requests.plain_link,
    unsigned_requests.plain_request,
    operations.in_prose,
    callers.unsigned,
    callers.granted_to_another,
    callers.namesake,
    session_names_of_tools.of_amplify_build,
    service_facts.known,
    resource_policies.resource_policy,
    callers.other_credentials,
    permission_sets.signed_in,
    credentials_used.profile_works_in_the_cli,
    credentials_used.same_credentials_work,
    credentials_used.chosen_set,
    s3_listings_and_bucket_checks.without_prefix,
    s3_listings_and_bucket_checks.listing_for_a_pattern,
    operations.service_linked,
    ec2.encoded,
    callers.root,
    operations.unfilled,
    callers.itself,
    session_names_of_tools.of_amplify_studio,
    credentials_used.role_taken_in_the_cli,
    callers.kept_by_aws,
    callers.kubeconfig,
    assumed_roles.role_of_a_service,
    registries.package_token,
    bedrock_access.chosen_provider,
    images_from_parameters.image_from_a_parameter,
    cloudfront_origins.distribution,
    operations.terraform_state,
    credentials_used.works_otherwise,
    needs_of_settings.further_need,
)
# Whose permissions were used: the first rule with a cause decides.
WHOSE: tuple[Rule[Signs], ...] = (
    s3_listings_and_bucket_checks.name_of_another_account,
    programs.of_unnamed_caller,
    registries.private_registry,
    registries.own_repository,
    unused_credentials.machine_instead_of_settings,
    session_names_of_tools.tools,
    operations.with_role,
    programs.of_trap,
    pods.kube2iam,
    session_names_of_services.instance_instead_of_task,
    pods.node_in_place_of_pod,
    programs.of_versioned,
    administrators.administrator,
    session_names_of_services.function,
    session_names_of_services.task,
    session_names_of_services.cloudformation,
    session_names_of_services.services,
)
# What the refused action, or the resource in the text, requires: the first rule with a cause decides.
ASKED: tuple[Rule[Signs], ...] = (
    passing_roles.passing,
    passing_roles.passes_too,
    operations.tagging,
    s3_reads_and_missing_objects.missing_object,
    operations.stated_other_action,
    s3_block_public_access.public,
    s3_uploads.beside_the_upload,
    data_services.of_the_data,
    assumed_roles.assume_role,
    ec2.launches,
    ec2.volumes,
    programs.of_program,
    service_facts.of_the_action,
    resource_kinds.without_resource,
    resource_kinds.parts_of_resources,
    resource_kinds.another_kind,
    key_use.keys,
)
# What is usual if the text shows no more: all rules with a cause apply.
USUAL: tuple[Rule[Signs], ...] = (
    callers.other_account,
    s3_copies.copies_of_some,
    s3_uploads.uploads,
    s3_reads_and_missing_objects.reads,
    s3_without_operation.unnamed,
    ec2.unnamed,
    administrators.lacks_no_allow,
    callers_policies.policies,
)


def _another_region(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause that a success in another Region suggests."""
    if (look := of_region(signs.denial)) is not None:
        yield look


# The same if AWS says that none of the caller's own policies allows it.
REFUSED: tuple[Rule[Signs], ...] = (
    _another_region,
    callers_policies.policies,
    s3_reads_and_missing_objects.reads,
    resource_kinds.kinds_of_resource,
    callers.other_account,
)


# What is left if nothing in the text points to a cause.
UNEXPLAINED: tuple[Rule[Signs], ...] = (
    s3_without_reason.described_network,
    programs.of_no_action,
    no_action_named.nothing_stated,
    s3_without_reason.bare_answer,
    reason_not_shown.not_shown,
)


# A contradiction within the text is settled before any cause is looked for.
CONTRADICTIONS: tuple[Rule[Signs], ...] = (
    callers.names_differ,
    partitions.foreign_partition,
    session_names_of_services.third_party,
    surrounding_text.mistyped_account,
    surrounding_text.mistyped_keys,
    surrounding_text.cut_names,
    surrounding_text.just_attached,
    surrounding_text.alike,
    resource_policies.foreign_key,
    key_use.of_another_account,
    resource_policies.made_anew,
    surrounding_text.not_provisioned,
    surrounding_text.call_names,
    surrounding_text.profile_in_one_region,
    surrounding_text.raw_mail,
    surrounding_text.pulled_by_patterns,
)


# Contradictions that are the cause: no other cause is looked for.
SETTLING: tuple[Rule[Signs], ...] = (
    resource_policies.foreign_key,
    resource_policies.made_anew,
    surrounding_text.not_provisioned,
)


# What the text quotes from the policy that refused the call.
QUOTED: tuple[Rule[Signs], ...] = (
    pasted_conditions.pasted_condition,
    pasted_conditions.not_principal,
    pasted_conditions.encryption_demanded,
    pasted_conditions.authorizer,
)
PASTED: tuple[Rule[Signs], ...] = (
    *QUOTED,
    pasted_conditions.mfa_named,
    described_policies.spoken_condition,
    described_policies.unnamed_condition,
    described_policies.tags_of_parents,
    described_policies.limited_grant,
    described_policies.gap,
    works_for_others.another_caller_passes,
)


def first_look(denial: Denial) -> tuple[FirstLook, ...]:
    """Return the causes that the text indicates, after the contradictions within the text."""
    signs = signs_of(denial)
    first = looked_up((*CONTRADICTIONS, *PASTED), signs)
    # What the text quotes from the Deny is more specific than the fact that a Deny exists.
    quoted = signs.denied_explicitly and bool(looked_up(QUOTED, signs))
    settled = quoted or surrounding_text.is_settled(signs) or bool(_first(SETTLING, signs))
    found = (*first, *(() if settled else _causes(denial, signs, bool(first))))[:MOST]
    if (denial.stated_reason or "").startswith("implicit:") and not signs.alone:
        # Few denials have more than AWS's message.
        from diagnostics.text.answer.other_identity_than_meant import settings_not_used, wrong_identity

        of_identity = denial.stated_reason == "implicit:identity"
        if wrong_identity(denial, denial.action or "") if of_identity else settings_not_used(denial):
            found = tuple(look for look in found if look.who is Who.CALLER)
    if not signs.alone:
        from diagnostics.text.answer.meant_account import made_elsewhere  # few denials have more than AWS's message

        if made_elsewhere(denial):
            found = tuple(look for look in found if look.who is Who.CALLER)
    if signs.granted and signs.layer in ("", "identity"):
        found = tuple(look for look in found if not look.only_missing)
        if not (denial.principal or denial.stated_reason or signs.administrator):
            vague = looked_up(UNEXPLAINED, signs)
            left = tuple(look for look in found if look not in vague and not _is_in_place(look, signs))
            found = left if any(not look.guess for look in left) else (*_of_whom(signs), *left)
    if admin := looked_up((administrators.lacks_no_allow,), signs):
        others = (look for look in found if not (look.only_missing or look in admin or look.asserts == AN_ALLOW_HELPS))
        found = (*others, *admin)
    if not (signs.alone or signs.denied_explicitly) and (order := of_same_deployment(denial.text)) is not None:
        found = (*found[:1], order, *found[1:])[:MOST]
    if found and (stack := failed_stack(denial.text)) is not None:
        found = (*found, stack)
    placed = (_placed(look, signs) for look in found if not _is_done(look, signs))
    return tuple(sorted(placed, key=lambda look: _is_answered(look, signs)))


def _is_in_place(look: FirstLook, signs: Signs) -> bool:
    """Whether the cause only advises to allow actions that, as the text says, are already allowed."""
    named = ACTION_NAME.findall(look.cause) if look.asserts == AN_ALLOW_HELPS else ()
    return bool(named) and all(allowed_by(each, signs.denial.text, managed=True) for each in named)


def _of_whom(signs: Signs) -> Iterator[FirstLook]:
    """Yield what to look at if a policy in the text allows the call, and no caller is known.

    This is the key of encrypted objects, if the text names no permission for it, and then the caller.
    """
    said = signs.allowed_by
    yield from s3_without_reason.of_an_encoded_key(signs)
    yield from s3_without_reason.of_the_key(signs)
    pattern = f" ({said})" if said != signs.denial.action else ""
    yield FirstLook(
        f"The text says that a policy allows {signs.denial.action}{pattern}. First check, in the environment that "
        "makes the refused call, that the call uses the identity with this policy. If it does, look for a Deny and "
        "check the resource's own policy.",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )


_BESIDE_A_DIFFERENCE = 2
"""The number of other causes that are shown with the cause that a difference suggests."""


def _with_the_difference(found: tuple[FirstLook, ...], signs: Signs) -> tuple[FirstLook, ...]:
    """Return the causes with that of a difference added: first if the text names no action or caller, else second."""
    if (stated := stated_in(signs.denial.text)) is not None:
        from diagnostics.text.answer.credentials.credential_fault import INVALID  # most texts state no cause

        if stated.cause == INVALID:
            return found  # credentials: their row has compared them
    if (again := of_difference(signs.denial.text, among=(Difference.AGAIN,))) is not None:
        others = (each for each in found if not each.only_missing)
        return (again, *islice(others, _BESIDE_A_DIFFERENCE))
    look = of_difference(signs.denial.text, among=(Difference.NEWER,))
    if look is None:
        return found
    at = 1 if signs.action or signs.denial.principal else 0
    return (*found[:at], look, *found[at:_BESIDE_A_DIFFERENCE])


_ATTACH = regex(r"\b(?:is not attached|attach(?!ed)|are not attached)\b")


_TO_ATTACH = regex(r"\battach (?P<name>(?:Amazon|AWS|CloudWatch)[A-Z]\w+)")


def _is_done(look: FirstLook, signs: Signs) -> bool:
    """Whether the cause only asks to attach a managed policy that, as the text says, the caller already has."""
    asked = _TO_ATTACH.search(look.cause)
    return asked is not None and attached_policy(asked["name"], signs.denial.text) is not None


def _is_answered(look: FirstLook, signs: Signs) -> bool:
    """Whether the cause also asks to attach a managed policy that, as the text says, the caller already has."""
    if not _ATTACH.search(look.cause):
        return False
    return attached_policy(look.cause, signs.denial.text) is not None


def _placed(look: FirstLook, signs: Signs) -> FirstLook:
    """The cause with the account in which to run its command, because IAM finds names in the caller's account only."""
    caller, target = signs.caller, signs.target
    if not look.check or caller is None or target is None or not (caller.account and target.account):
        return look
    if caller.account == target.account or not look.asks_iam:
        return look
    if signs.target_role and f"--role-name {signs.target_role}" in look.check:
        return replace(look, account=target.account, who=Who.RESOURCE_OWNER)
    name = signs.role or signs.user
    return replace(look, account=caller.account) if name and f"-name {name}" in look.check else look


def _causes(denial: Denial, signs: Signs, contradicted: bool) -> tuple[FirstLook, ...]:
    """Return the causes apart from contradictions. A text that ``contradicted`` itself has no common causes."""
    if (denial.action or "").endswith(CUT):
        return looked_up((operations.cut_off,), signs)
    if not signs.denied_explicitly and (found := looked_up((operations.doubled,), signs)):
        return found
    if found := looked_up(ANOTHER_IDENTITY, signs):
        return found
    own = stated_in(denial.text) if denial.stated_reason is None else None
    if own is not None and own.decides and own.cause in ("resource.no-action", "vpce.no-action"):
        return ()
    if found := looked_up(GUARDRAILS, signs) or looked_up(TOKENS, signs) or _first(DECIDING, signs):
        return found
    if own is not None and own.decides and own.cause == "not-iam":
        return ()
    if signs.denied_explicitly:
        return _first(DENIED, signs) or looked_up(DENY, signs)
    # In a text without a caller, a service's sentence is the whole reason: other causes would be misleading.
    prose = prose_in(denial.text)
    # If IAM's own sentence has the caller and a reason, prose around it adds nothing.
    iams_own = bool(denial.principal and (prose is None or prose.in_table or denial.stated_reason))
    if prose is not None and not denial.claims_trust and not iams_own:
        if prose.in_table:
            again = of_difference(signs.denial.text, among=(Difference.AGAIN,))
            return (*((again,) if again else ()), *looked_up(PROSE, signs))
        said = (programs.of_program, operations.with_role, *PROSE)
        return _first((service_facts.known,), signs) or looked_up(said, signs) or _first(UNEXPLAINED, signs)
    if found := _first(SAID, signs):
        return found
    whose = _first(WHOSE, signs)
    if any(look in whose for look in looked_up((pods.node_in_place_of_pod,), signs)):
        return whose
    named_by_sdk = () if whose else looked_up((session_names_of_tools.default_session,), signs)
    found = (*whose, *_first(ASKED, signs, whose), *named_by_sdk)
    if contradicted:
        return found
    if all(look.guess for look in found):
        found = (*looked_up(REFUSED if signs.layer else USUAL, signs), *found)
    found = _with_the_difference(found, signs)
    return found if not all(look.guess for look in found) else (*_first(UNEXPLAINED, signs), *found)


def _first(rules: tuple[Rule[Signs], ...], signs: Signs, before: tuple[FirstLook, ...] = ()) -> tuple[FirstLook, ...]:
    """Return the causes of the first rule that has a cause other than a guess, then the guesses of the rules before it.

    Causes in ``before`` are ignored.
    """
    guesses: tuple[FirstLook, ...] = ()
    for rule in rules:
        found = tuple(look for look in looked_up((rule,), signs) if look not in before)
        if not all(look.guess for look in found):
            return (*found, *guesses)
        guesses += found
    return guesses
