"""Find the two similar values in a text that best explain the failure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from diagnostics.failure import Failure, OtherFailure, Trouble
from diagnostics.text.near_pairs.agreeing_regions import of_agreeing_regions
from diagnostics.text.near_pairs.arn_services import of_arn_services
from diagnostics.text.near_pairs.arn_wildcards import of_patterns
from diagnostics.text.near_pairs.authorizer_policies import of_authorizer_policies
from diagnostics.text.near_pairs.condition_values import of_condition_values, of_letter_case, of_providers
from diagnostics.text.near_pairs.database_ids import of_database_ids
from diagnostics.text.near_pairs.deciding_policies import element_of, layer_of
from diagnostics.text.near_pairs.difference_and_advice import CALLER, Basis, NearPair
from diagnostics.text.near_pairs.encoded_keys import of_encoded_keys
from diagnostics.text.near_pairs.external_ids import of_external_ids
from diagnostics.text.near_pairs.generated_ids import of_generated_ids
from diagnostics.text.near_pairs.listed_in_another_region import (
    of_asked_hosts,
    of_listed_accounts,
    of_listed_regions,
    of_wanted_regions,
)
from diagnostics.text.near_pairs.listings import of_lists, of_profiles, of_stated_lists, said_names
from diagnostics.text.near_pairs.lists_of_actions import of_exceptions
from diagnostics.text.near_pairs.load_balancers import of_load_balancers
from diagnostics.text.near_pairs.managed_policy_tags import of_tags_of_managed_policies
from diagnostics.text.near_pairs.mfa_devices import of_mfa_devices
from diagnostics.text.near_pairs.named_values import Named, Paste
from diagnostics.text.near_pairs.other_callers import of_holders
from diagnostics.text.near_pairs.regions_of_printed_ids import of_printed_regions
from diagnostics.text.near_pairs.request_or_policy import Side
from diagnostics.text.near_pairs.required_regions import of_required_regions
from diagnostics.text.near_pairs.resources import of_emulators, of_resources, of_sources
from diagnostics.text.near_pairs.session_names import of_session_names
from diagnostics.text.near_pairs.similarity import id_slip, resemblance, slip
from diagnostics.text.near_pairs.source_arns import of_sources_of_events
from diagnostics.text.near_pairs.tags import of_tags
from diagnostics.text.near_pairs.token_subjects import of_subjects
from diagnostics.text.read.messages.cut_off import MARK
from diagnostics.words import is_trust_action
from iam.arn import Arn, account_of, identity_of
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_TROUBLES = (
    Trouble.NOT_FOUND,
    Trouble.NOT_IAM,
    Trouble.UNRECOGNIZED,
    Trouble.CREDENTIALS,
    Trouble.EMPTY_PROFILE,
    Trouble.INVALID_PRINCIPAL,
)


def near_pair(failure: Failure) -> NearPair | None:
    """Return the two similar values that cause the failure; None if the text has no such values."""
    if failure.sequel is not None and failure.sequel.over:
        return None
    if isinstance(failure, OtherFailure) and failure.trouble not in _TROUBLES:
        return None
    paste = Paste(failure)
    rules: tuple[Callable[[Paste], Iterator[NearPair]], ...] = (
        of_load_balancers,
        of_mfa_devices,
        _of_identifiers,
        of_generated_ids,
        of_database_ids,
        of_session_names,
        of_subjects,
        of_external_ids,
        of_tags,
        of_tags_of_managed_policies,
        of_exceptions,
        of_emulators,
        of_holders,
        _of_principals,
        _of_roles,
        of_sources,
        of_sources_of_events,
        of_resources,
        of_providers,
        of_condition_values,
        of_letter_case,
        of_arn_services,
        of_authorizer_policies,
        of_patterns,
        of_listed_regions,
        of_listed_accounts,
        of_asked_hosts,
        of_printed_regions,
        of_wanted_regions,
        of_required_regions,
        of_agreeing_regions,
        of_encoded_keys,
        of_lists,
        of_stated_lists,
        of_profiles,
        said_names,
    )
    return next((pair for rule in rules for pair in rule(paste)), None)


def _of_identifiers(paste: Paste) -> Iterator[NearPair]:
    """Identifiers of one kind that differ in only one place."""
    kinds: dict[str, list[Named]] = {}
    for each in paste.identifiers:
        kinds.setdefault(each.kind, []).append(each)
    for kind, found in kinds.items():
        firsts = list({each.value: each for each in reversed(found)}.values())[::-1]
        for one, other in ((a, b) for a in firsts for b in firsts if a is not b):
            difference = id_slip(one.value, other.value)
            if not difference:
                continue
            rules = {each.value for each in found if each.side is Side.RULE}
            outside = kind == "organization" or not _only_in_rules(
                found, one.value
            )  # an account is of one organization
            if other.value in rules - set(paste.callers_accounts) and outside:
                yield _identifier_pair(paste, kind, one, other, difference)
            elif _said_account(paste, one.value, other):
                entry = _ENTRY.search(paste.text[max(0, other.at - 60) : other.at])
                place = f"the entry “{entry['name']}”" if entry is not None else "the text"
                yield NearPair(kind, one.value, "the call", other.value, place, difference, Basis.SAID, "not-iam")
            elif _both_asked(paste, rules, one.value, other.value):
                place, callers = paste.place_of_account(one), paste.place_of_account(other)
                yield NearPair(kind, other.value, callers, one.value, place, difference, Basis.BOTH_ASKED, "not-iam")


_SAID_ACCOUNT = regex(
    r"(?:\b(?:account|acct|prod\w*|stag(?:e|ing)|dev|test|sandbox|is)|=)[\"'\s:=(#-]*(?:(?:id|is)[\s:=]*)?$", re.I
)

_ENTRY = regex(r"^[ \t]*[\"']?(?P<name>[\w.-]{2,40})[\"']?[ \t]*[=:][ \t]*[\"']?\Z", re.MULTILINE)
"""The text before a value in a settings file: ``stage = ``."""


def _said_account(paste: Paste, one: str, other: Named) -> bool:
    """Whether the denied role is in account ``one``, and the author names ``other`` in prose as an account's number."""
    resource = paste.denial.resource if paste.denial is not None else None
    before = paste.text[paste.text.rfind("\n", 0, other.at) + 1 : other.at]
    alone = ":" not in paste.text[other.at - 1 : other.at] and _SAID_ACCOUNT.search(before) is not None
    return alone and account_of(resource or "") == one and other.value not in paste.callers_accounts


def _both_asked(paste: Paste, rules: set[str], one: str, callers: str) -> bool:
    """Whether a call names both its caller's account and a similar account that is not shortened by a line break."""
    return rules.isdisjoint((one, callers)) and callers in paste.callers_accounts and len(one) == len(callers)


def _only_in_rules(found: list[Named], value: str) -> bool:
    return all(each.side is Side.RULE for each in found if each.value == value)


def _identifier_pair(paste: Paste, kind: str, one: Named, other: Named, difference: str) -> NearPair:
    is_account = kind == "account"
    place = paste.place_of_account(one) if is_account else one.place
    basis = Basis.PRINTED if is_account and one.value in paste.callers_accounts else Basis.RULE
    code = layer_of(paste, "named" if is_account and element_of(paste, other) == "resource" else "mismatch")
    return NearPair(kind, one.value, place, other.value, other.place, difference, basis, code)


def _of_principals(paste: Paste) -> Iterator[NearPair]:
    """A role or user in a Principal, a mapping or a binding whose name is similar to the caller's."""
    named = [
        (each, arn)
        for each in paste.arns
        if each.side is Side.RULE
        and element_of(paste, each) == "principal"
        and (arn := Arn.parse(each.value)) is not None
    ]
    for printed in paste.callers:
        caller = Arn.parse(printed)
        if caller is None or caller.service not in ("iam", "sts"):
            continue
        _, type_, name = identity_of(printed)
        if type_ not in ("role", "user") or any(_accepts(arn, caller, name) for _, arn in named):
            continue
        for each, arn in named:
            if arn.type == type_ and arn.account == caller.account and (difference := slip(name, arn.name, parts=True)):
                place, code = CALLER, layer_of(paste, "mismatch")
                yield NearPair(type_, name, place, arn.name, each.place, difference, Basis.PRINTED, code)


def _accepts(arn: Arn, caller: Arn, name: str) -> bool:
    if arn.account != caller.account:
        return False
    return arn.resource == "root" or compile_glob(arn.name)(name)


def _of_roles(paste: Paste) -> Iterator[NearPair]:
    """A call that spells the role to assume differently from the rest of the text.

    STS returns the same error for a role that does not exist and for a role that does not trust the caller (AWS STS API
    Reference, "AssumeRole": https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    """
    denial = paste.denial
    asked = Arn.parse_entity((denial.resource or "") if denial is not None else "", "role")
    if denial is None or asked is None or not is_trust_action(denial.action or "") or MARK.search(str(asked)):
        return  # of a name that the text leaves out, nothing is known to differ
    for each in paste.arns:
        other = Arn.parse_entity(each.value, "role")
        if other is None or str(other) == str(asked) or element_of(paste, each) == "principal":
            continue
        alike = resemblance(str(asked), [str(other)])
        if alike is None or alike.part not in ("path", "letter case", "name") or "*" in each.value:
            continue
        difference = "the path differs" if alike.part == "path" else slip(asked.name, other.name)
        if difference:
            code = "resource.not-found"
            pair = ("role", str(asked), "the call", str(other), "the text also", difference, Basis.ROLE, code)
            yield NearPair(*pair, also=_OF_THE_CDK if asked.name.startswith("cdk-") else "")


# AWS CDK API Reference, DefaultStackSynthesizerProps
# (https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.DefaultStackSynthesizerProps.html).
_OF_THE_CDK = (
    " The CDK takes its roles' ARNs from the synthesizer: set deployRoleArn, cloudFormationExecutionRole, "
    "lookupRoleArn, fileAssetPublishingRoleArn and imageAssetPublishingRoleArn of DefaultStackSynthesizer to the real "
    "ones."
)
