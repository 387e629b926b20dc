"""Compare the policy documents in a pasted text with the request that the text says was denied.

The text does not show whether such a document is in effect, so what it lacks is only the likely cause.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.pasted.addresses import of_a_bucket_left_out, of_an_address, refused_buckets
from diagnostics.access_denied.pasted.asked import as_asked, known_caller, with_service, without
from diagnostics.access_denied.pasted.attached_elsewhere import attached_elsewhere
from diagnostics.access_denied.pasted.denies import of_guardrails
from diagnostics.access_denied.pasted.evaluation.another_role import of_another
from diagnostics.access_denied.pasted.evaluation.evaluate import judge
from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.access_denied.pasted.fixes import place_of, statement_to_add
from diagnostics.access_denied.pasted.further_needs import of_a_further_need, of_a_refused_key
from diagnostics.access_denied.pasted.managed import (
    names_managed,
    of_a_new_policy,
    of_a_policy_not_in_force,
    of_an_own_new_policy,
    of_managed_policies,
)
from diagnostics.access_denied.pasted.masked_accounts import with_stand_ins
from diagnostics.access_denied.pasted.perimeters import of_a_perimeter
from diagnostics.access_denied.pasted.proven_causes.any_action import of_any_action
from diagnostics.access_denied.pasted.proven_causes.bootstrap_roles import of_a_bootstrap_role
from diagnostics.access_denied.pasted.proven_causes.deleted_endpoints import of_a_deleted_endpoint
from diagnostics.access_denied.pasted.proven_causes.devices import of_a_device, with_the_device
from diagnostics.access_denied.pasted.proven_causes.endpoint_policies import of_an_endpoint_policy
from diagnostics.access_denied.pasted.proven_causes.foreign_keys import of_a_foreign_key
from diagnostics.access_denied.pasted.proven_causes.grants import (
    of_a_function_url,
    of_a_grant,
    of_a_revision,
    of_a_secrets_name,
    of_an_unlisted_secret,
    of_the_sandbox,
)
from diagnostics.access_denied.pasted.proven_causes.key_prefixes import of_a_key_prefix
from diagnostics.access_denied.pasted.proven_causes.keys import (
    of_a_bucket_key,
    of_a_keys_region,
    of_a_keys_state,
    of_a_managed_key,
    of_a_new_key,
)
from diagnostics.access_denied.pasted.proven_causes.left_out_actions import of_left_out_actions
from diagnostics.access_denied.pasted.proven_causes.limits import (
    of_a_boundary_left_out,
    of_a_call_without_permission,
    of_a_deny_by_address,
    of_decoded,
)
from diagnostics.access_denied.pasted.proven_causes.own_requests import of_an_own_request
from diagnostics.access_denied.pasted.proven_causes.pools import of_an_identity_pool
from diagnostics.access_denied.pasted.proven_causes.settings import of_a_list_of_arns
from diagnostics.access_denied.pasted.proven_causes.shapes import of_an_idle_statement
from diagnostics.access_denied.pasted.proven_causes.storage import (
    of_a_copy,
    of_a_delivery,
    of_a_file_system,
    of_a_trails_account,
    of_an_access_point,
    of_the_tags_of_parts,
)
from diagnostics.access_denied.pasted.proven_causes.tasks import of_the_other_role
from diagnostics.access_denied.pasted.proven_causes.transfer_users import of_a_transfer_user
from diagnostics.access_denied.pasted.proven_causes.trust import (
    of_a_certificate,
    of_a_database_user,
    of_a_role_of_redshift,
    of_a_run_phase,
    of_a_saml_endpoint,
    of_an_audience,
    of_pod_identity,
    of_services_trust,
)
from diagnostics.access_denied.pasted.relevant_policies import (
    CONNECTIONS,
    KEY_ARN,
    WRITES_POLICIES,
    PastedPolicy,
    documents_of,
    session_source,
)
from diagnostics.access_denied.pasted.request_resource import copied_objects, with_arn
from diagnostics.access_denied.pasted.request_tags import why_tags_are_set
from diagnostics.access_denied.pasted.second_resources import second_gap
from diagnostics.access_denied.pasted.sides import of_both_sides
from diagnostics.access_denied.pasted.subjects import of_subjects, quoted_conditions
from diagnostics.access_denied.pasted.unsure import of_a_missing_object
from diagnostics.access_denied.pasted.values import MOST_CHARACTERS, read_values
from diagnostics.access_denied.request.operation import operation_needs
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.denial.named_actions import actions_in_prose
from diagnostics.text.read.author.own_words import with_own_policies, without_quotes
from diagnostics.text.read.author.stated_facts import without_other_trusts
from diagnostics.text.read.identities.named_roles import named_roles
from diagnostics.text.read.messages.reasons import stated_in
from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.text.templates.policies import WrittenPolicy
from diagnostics.text.templates.shorthand import shorthand_policies
from diagnostics.who import OWNERS, Who
from diagnostics.words import is_trust_action, word_of
from iam.arn import account_of, identity_of
from iam.claims import only
from iam.facts.next_actions import SAME, next_actions
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.policy.match import names_action, resource_matcher
from iam.policy.statements import Statement
from iam.service_reference import action as known_action
from iam.service_reference import services, spelled
from iam.services import iam_prefix
from iam.words import listing


def finding_of(denial: Denial) -> Finding | None:
    """Return what the text's policy documents say about its denied request; None if none of them can be evaluated."""
    shown = with_stand_ins(denial)
    found = _finding_of(denial if shown is None else shown.denial)
    if found is None:
        return of_an_idle_statement(denial)
    return with_the_device(found if shown is None else shown.restored(found), denial)


def _finding_of(denial: Denial) -> Finding | None:
    if (before := of_a_bootstrap_role(denial, _finding_of)) is not None:
        return before
    denial = _with_account(denial)
    given = denial.action is not None or denial.missing_action is not None
    if not given:
        named = actions_in_prose(denial)
        denial = replace(denial, action=named[0]) if len(named) == 1 else of_an_address(denial)
    if denial.decoded is not None and (decoded := of_decoded(denial, denial.decoded)) is not None:
        return decoded
    for rule in (
        of_a_keys_state,
        of_a_keys_region,
        of_the_tags_of_parts,
        of_the_sandbox,
        of_a_delivery,
        of_a_call_without_permission,
        of_a_run_phase,
        of_a_role_of_redshift,
        of_a_database_user,
        of_an_access_point,
        of_a_trails_account,
        of_a_managed_key,
        of_a_function_url,
        of_a_file_system,
        of_an_audience,
        of_an_identity_pool,
        of_a_device,
        of_a_transfer_user,
        of_a_bucket_key,
        of_a_revision,
        of_a_certificate,
        of_a_secrets_name,
        of_an_unlisted_secret,
        of_a_grant,
    ):
        if (settled := rule(denial)) is not None:
            return settled
    reason, _, stated = (denial.stated_reason or "").partition(":")
    text = with_own_policies(denial.pasted or denial.text[:MOST_CHARACTERS])
    if not _has_trust_with_condition(text):
        text = without_other_trusts(text, denial)
    values, written = read_values(text)
    delivered = (one.document for one in documents_of(text, values, written, denial, "s3:PutObject"))
    if (settled := of_a_key_prefix(denial, delivered) or of_an_own_request(denial)) is not None:
        return settled
    if (left_out_actions := of_left_out_actions(denial, text)) is not None:
        return left_out_actions
    action = "sts:AssumeRole" if denial.claims_trust else denial.missing_action or denial.action
    said_action = action
    if not denial.claims_trust:
        denial, action = _of_the_text(denial, text, values, written, settled=not given and action is not None)
        said_action = said_action if denial.missing_action or denial.action else None
        if _is_of_the_operation(denial, action):
            return None
    if action is None or ":" not in action:
        refused = refused_buckets(denial)
        asked = replace(denial, resource=denial.resource or f"arn:aws:s3:::{next(iter(refused), '-')}/-")
        any_call = tuple(documents_of(text, values, written, asked, "s3:GetObject"))
        if (left_out_there := of_an_endpoint_policy(denial, any_call)) is not None:
            return left_out_there
        by_address = of_a_deny_by_address(denial, [one.document for one in any_call])
        return by_address or of_a_bucket_left_out(denial, any_call) or of_any_action(denial, any_call, values)
    if is_trust_action(action) and _across_partitions(denial):
        return None  # no policy lets a caller of one partition assume a role in another
    documents = tuple(documents_of(text, values, written, denial, action))
    if (left_out_there := of_an_endpoint_policy(denial, documents)) is not None:
        return left_out_there
    shown = [one.document for one in documents]
    if denial.claims_trust and (denial.service or not any(map(_names_people, shown))):
        return of_services_trust(denial, shown)
    if denial.claims_trust:
        denial = replace(denial, claims_trust=False, action=action)
    if (new := of_a_new_policy(with_arn(denial), text, action)) is not None:
        return new
    for rule_of_documents in (
        of_pod_identity,
        of_a_saml_endpoint,
        of_a_boundary_left_out,
        of_a_deny_by_address,
    ):
        if (settled := rule_of_documents(denial, shown)) is not None:
            return settled
    found = tuple(one for one in documents if one.speaks)
    source = _source_left_out(denial, found) if denial.operation == "CopyObject" and not reason else ""
    if source:
        denial, action = replace(denial, action="s3:GetObject", resource=source), "s3:GetObject"
    allowed = [each.action or () for one in found for each in one.document.statements if each.effect == "Allow"]
    if not source and all(one.whole for one in found) and (copied := of_a_copy(denial, allowed)) is not None:
        return copied
    if (new_key := of_a_new_key(denial, allowed)) is not None:
        return new_key
    findings: list[Finding] = []
    trust = is_trust_action(action)
    if (subjects := _of_subjects(documents, text, action)) is not None:
        return subjects
    word = stated if stated not in ("", "unknown", "resource", "trust") else "identity"
    name = identity_of(denial.principal or "")[2]
    others, foreign = _of_the_caller(found, denial, word, name, text)
    if others and not (trust and stated == "trust") and (denial.principal is not None or not trust):
        findings += judge(denial, action, others, Layer.IDENTITY, word, values, whole=all(one.whole for one in others))
    if not any(one.code is not None for one in findings) and (left_out := of_a_list_of_arns(denial)) is not None:
        return left_out
    if foreign and known_caller(denial) is not None and not any(one.code is None for one in findings):
        another = list(of_another(denial, action, foreign, name, values))
        names = any((one.code or "").endswith(Fault.RESOURCE_MISMATCH.value) for one in findings)
        findings = [*findings, *another] if names else [*another, *findings]
    if (
        not foreign
        and (not trust or stated == "identity")
        and reason != "explicit"
        and not any(one.code is None for one in findings)
    ):
        whose, _ = _of_the_caller(documents, denial, word, name, text)
        findings = [*_of_wrong_prefix(whose, action, word), *findings]
        elsewhere = word == "identity" and (_DEPLOYS.search(text) or (not stated and _OTHER_POLICIES.search(text)))
        if not findings and stated != "resource" and not elsewhere and not WRITES_POLICIES.search(action):
            parts = denial.stated_reason == f"implicit:{word}" and "Statement" not in text
            findings += _of_other_services(whose, with_arn(denial), action, word, parts=parts)
        if not findings and word == "identity":
            findings += of_managed_policies(with_arn(denial), text, action)
    if trust and not findings and not foreign and not stated:
        findings += (one for one in of_managed_policies(with_arn(denial), text, action) if one.code is None)
    mine = tuple(findings)
    word = word_of(Layer.RESOURCE, trust=trust)
    for one in found:
        guard = one.label in ("vpce", "rcp") and one.label == stated
        if guard and one.names_principals:
            findings += judge(denial, action, [one], Layer.RESOURCE, stated, values, whole=one.whole)
        elif one.names_principals and one.label in ("", word):
            asked, asked_action = _of_the_key(one.document, denial, action)
            decides = one.whole and _must_allow(asked, asked_action, stated)
            findings += judge(asked, asked_action, [one], Layer.RESOURCE, word, values, whole=decides)
    theirs = findings[len(mine) :]
    if not action.lower().startswith("kms:") and _KEY_REFUSED.search(denial.text):
        # AWS says that the action itself is allowed: the use of the key is denied.
        of_key = _deciding([one for one in findings if "kms:" in one.sentence], explicit=False, stated=stated)
        return of_key or of_a_foreign_key(denial, action) or of_a_refused_key(denial, action, documents)
    if (both := of_both_sides(denial, action, mine, theirs, found)) is not None:
        return both
    if not stated and not any(one.code is not None for one in findings):
        findings += (
            list(of_guardrails(documents, action, name))
            or list(of_a_perimeter(documents, denial, action))
            or _met_guardrails(documents, denial, action, values)
        )
    first = _deciding(findings, explicit=reason == "explicit", stated=stated)
    if first is None and stated == "resource":
        first = next((one for one in mine if one.resembles), None)
    if first is not None and first.code is not None:
        if reason == "explicit" and first.code.rpartition(".")[2] in (
            Fault.NO_ACTION.value,
            Fault.RESOURCE_MISMATCH.value,
        ):
            return None  # a Deny denied the request, so what an Allow lacks does not explain it
        of_layer = others if first.layer == "identity" else [one for one in found if one.label == first.layer]
        limited = _of_a_limit(first, action, text, of_layer)
        first = _with_set_tags(of_a_deleted_endpoint(limited, text, action), action, denial)
    if first is not None and reason != "explicit" and (more := second_gap(text, documents)):
        first = replace(first, sentence=f"{first.sentence} {more}".lstrip())
    is_asked = bool(said_action) and (denial.principal is None or known_caller(denial) is not None)
    if first is not None and first.code is None and (reason == "explicit" or not is_asked):
        return None  # an Allow does not explain the refusal if only policies name the action, or if a Deny decided
    if first is not None and not _is_of_policies(denial, first, found):
        return None
    if first is None or first.code is not None:
        return first
    if mine and (further := of_a_further_need(denial, action, others, values)) is not None:
        return further
    if first.covers and (other := of_the_other_role(denial, found, text, action)) is not None:
        return other
    if first.covers and (missing := of_a_missing_object(denial, action, found)) is not None:
        return missing
    if first.covers and (idle := of_a_policy_not_in_force(denial, text, action)) is not None:
        return idle
    if first.covers and (new := of_an_own_new_policy(denial, text, action)) is not None:
        return new
    if first.covers and denial.stated_reason == "implicit:identity" and name:
        return replace(first, sentence=_whose(name, action, found, text))
    return replace(first, leads=not others or stated in ("", "unknown", "identity"))


def _of_a_limit(finding: Finding, action: str, text: str, pasted: Sequence[PastedPolicy]) -> Finding:
    """Return the finding with the kind of the policy named, if the policy only limits permissions.

    For a session policy, the finding also says how session policies work and where to change this one. ``pasted`` are
    the text's policies of that layer. IAM User Guide, "Policies and permissions", session policies
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session).
    """
    layer = finding.layer
    if layer not in LAYERS_IN_WORDS:
        return _with_next_ones(finding, action, pasted)
    kind = LAYERS_IN_WORDS[layer]
    finding = replace(
        finding, sentence=finding.sentence.replace("The policy in the text", f"The {kind} in the text", 1)
    )
    fix = finding.fix
    if layer != "session" or fix is None or not isinstance(fix.change, Note):
        return finding
    named = [name for one in pasted if (name := session_source(text, one.span[0]))]
    place = f"{named[0]}, which is the session policy" if named else fix.change.target
    also = _next_ones(action, pasted) if finding.code == f"{layer}.{Fault.NO_ACTION.value}" else ""
    how = f"{fix.change.text}{also} Then create a new session: an existing session keeps its old policy."
    fix = replace(fix, who=Who.CALLER, change=replace(fix.change, text=how, target=place))
    then = "A session has only the permissions that both this policy and the policies of its role or user allow."
    return replace(finding, sentence=f"{finding.sentence} {then}", fix=fix)


def _with_next_ones(finding: Finding, action: str, pasted: Sequence[PastedPolicy]) -> Finding:
    """Return the finding that the caller's policies lack an action, with what the operation always needs after it."""
    fix = finding.fix
    if finding.code != f"identity.{Fault.NO_ACTION.value}" or fix is None or not isinstance(fix.change, Note):
        return finding
    if not (lacks := _lacking_too(action, pasted)):
        return finding
    also = (
        f" The call that usually follows needs {listing(lacks)} on the same resource, which no policy in the text "
        "allows."
    )
    return replace(finding, fix=replace(fix, change=replace(fix.change, text=f"{fix.change.text}{also}")))


def _with_set_tags(finding: Finding, action: str, denial: Denial) -> Finding:
    """Return the finding; where only the tags of a creation lack an Allow, with a sentence on the tags."""
    why = why_tags_are_set(action, denial.operation, denial.pasted or denial.text)
    lacks = finding.code == f"identity.{Fault.NO_ACTION.value}"
    return replace(finding, sentence=f"{finding.sentence} {why}") if why and lacks else finding


def _next_ones(action: str, pasted: Sequence[PastedPolicy]) -> str:
    """Return the sentence on the further actions that the operation always needs, and that no Allow in the text has."""
    lacks = _lacking_too(action, pasted)
    return f" Also add {listing(lacks)}, which the operation needs on the same resource." if lacks else ""


def _lacking_too(action: str, pasted: Sequence[PastedPolicy]) -> list[str]:
    """Return the further actions that the operation always needs on the resource, and that no Allow in the text has.

    The list is empty if no policy was read, because nothing is then known to lack them.
    """
    following = next_actions(action)
    needs = [each.action for each in following.needs if each.on == SAME and not each.when] if following else []
    allows = [each.action or ("*",) for one in pasted for each in one.document.statements if each.effect == "Allow"]
    return [each for each in needs if pasted and not any(names_action(named, each) for named in allows)]


def _source_left_out(denial: Denial, pasted: Sequence[PastedPolicy]) -> str:
    """Return the copied object if it is the only one and no Allow of reading in the text covers it; else ""."""
    sources = copied_objects(denial)
    reads = [
        each.resource
        for one in pasted
        for each in one.document.statements
        if each.effect == "Allow" and names_action(each.action or ("*",), "s3:GetObject")
    ]
    covered = (resource_matcher(each)(source) for named in reads for each in named or ("*",) for source in sources)
    return sources.pop() if len(sources) == 1 and reads and not any(covered) else ""


def _of_the_text(
    denial: Denial,
    text: str,
    values: tuple[tuple[int, int, Any], ...],
    written: tuple[WrittenPolicy, ...],
    *,
    settled: bool,
) -> tuple[Denial, str | None]:
    """Return the denial with what the text outside its policies says about the request, and the action to evaluate.

    If no action is known, the first suspect names it: a Deny with a condition, else an Allow with a condition, else any
    Allow. ``settled``: the action was already read from the text outside the policies.
    """
    spoken = tuple(documents_of(text, values, written, denial, denial.missing_action or denial.action or "x:X"))
    statements = [each for one in spoken for each in one.document.statements]
    if not statements:
        return denial, denial.missing_action or denial.action
    outside = without(text, [one.span for one in spoken])
    denial = denial if settled else as_asked(denial, outside, statements)
    suspects = sorted(statements, key=lambda each: (not each.conditions, each.effect != "Deny"))
    named = (name for each in suspects for name in each.action or () if known_action(name) is not None)
    action = denial.missing_action or denial.action or next(named, None)
    asking = [each for each in statements if action is not None and names_action(each.action or (), action)]
    if action is not None:
        action = _renamed(action, denial.resource)
    return with_service(denial, outside, asking), action


def _is_of_the_operation(denial: Denial, action: str | None) -> bool:
    """Whether the action is only the failed operation's, and the service says that its role lacks other actions."""
    found = sentence_in(denial.pasted or denial.text) if denial.operation and action else None
    needed = [each.lower() for each in found.row.actions] if found is not None else []
    return bool(needed) and (action or "").lower() not in needed and "role" in (found.row.refused if found else "")


_MASKED = regex(r"^(?P<begin>arn:[\w-]+:execute-api:[\w-]+:)\*{8}(?P<end>\d{4})(?=:)")


def _with_account(denial: Denial) -> Denial:
    """Return the denial with an account in the ARN of an API. API Gateway's messages show only four of its digits.

    The account is the only one in the text that ends with these digits, otherwise ``*``: the API's ID identifies the
    API.
    """
    masked = _MASKED.match(denial.resource or "")
    if masked is None:
        return denial
    shown = re.findall(rf"(?<!\d)\d{{8}}{masked['end']}(?!\d)", denial.pasted or denial.text)
    account = shown[0] if len(set(shown)) == 1 else "*"
    return replace(denial, resource=f"{masked['begin']}{account}{(denial.resource or '')[masked.end() :]}")


def _renamed(action: str, resource: str | None) -> str:
    """Return the action of a connection with the prefix that occurs in the connection's ARN.

    The prefixes are in `CONNECTIONS`.
    """
    service, _, name = action.partition(":")
    owner = (resource or "").split(":")[2:3]
    return f"{owner[0]}:{name}" if service in CONNECTIONS and owner and owner[0] in CONNECTIONS else action


def _is_of_policies(denial: Denial, finding: Finding, pasted: Sequence[PastedPolicy]) -> bool:
    """Whether a policy can be the reason.

    No policy can be the reason if the service itself says that permissions do not matter. A condition with an unknown
    value is not the reason either if the service says that KMS denied the request, and the policies do not name actions
    of KMS.
    """
    stated = stated_in(denial.text)
    if stated is not None and stated.cause.startswith(("not-iam", "credentials.")):
        return False
    unknown = (finding.code or "").endswith(Fault.CONDITION_UNKNOWN.value)
    named = (name for one in pasted for each in one.document.statements for name in each.action or ())
    of_keys = any(name.lower().startswith("kms:") for name in named)
    return of_keys or not (unknown and "KMS.AccessDeniedException" in denial.text)


def _has_trust_with_condition(text: str) -> bool:
    """Return whether a trust policy in words has a condition that can be evaluated."""
    given = (each for one in shorthand_policies(text) for each in one.statements) if "rust" in text else ()
    return any(each.keys() >= {"Condition", "Principal"} and "Resource" not in each for each in given)


def _across_partitions(denial: Denial) -> bool:
    """Return whether the caller and the resource are in different partitions.

    IAM User Guide, "Amazon Resource Names (ARNs)":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html.
    """
    caller, target = (denial.principal or "").split(":"), (denial.resource or "").split(":")
    return caller[0] == target[0] == "arn" and caller[1] != target[1]


_KEY_REFUSED = regex(
    r"Access to KMS is not allowed|KMS access was denied|refers to a customer master key|\bKMS\.AccessDeniedException"
)


def _of_subjects(documents: Sequence[PastedPolicy], text: str, action: str) -> Finding | None:
    """Return a finding if a trust policy in the text accepts a different subject from the token's, or none at all."""
    trusts = [one for one in documents if any(_trusts_tokens(each) for each in one.document.statements)]
    if not trusts:
        return of_subjects(text, *quoted_conditions(text), action)
    statements = [pair for one in trusts for pair in enumerate(one.written)]
    return of_subjects(text, statements, [one.span for one in trusts], action)


def _names_people(document: Document) -> bool:
    """Return whether a trust policy names roles, users or accounts, and no service."""
    kinds = {kind for each in document.statements for kind, _ in each.principal or ()}
    return kinds == {"AWS"}


def _trusts_tokens(statement: Statement) -> bool:
    named = statement.action or ()
    return statement.effect == "Allow" and names_action(named, "sts:AssumeRoleWithWebIdentity")


_EXAMPLE = ":123456789012:user/mateojackson"
"""The caller of the messages in AWS's documentation (IAM User Guide, "Troubleshoot access denied error messages":
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html)."""


_CALLER = regex(r"\bUser: (arn:[\w-]+:(?:iam|sts)::\S{1,200}) is not authorized")


def _of_the_caller(
    found: Sequence[PastedPolicy], denial: Denial, word: str, name: str, text: str
) -> tuple[list[PastedPolicy], list[PastedPolicy]]:
    """Return the documents that may be the caller's in the layer ``word``, and those that are attached to another role.

    If the text has several callers and does not say to which of them a document belongs, the document is left out.
    """
    explicit = (denial.stated_reason or "").startswith("explicit:")
    others = [one for one in found if not one.names_principals and one.label in ("", word)]
    others = [one for one in others if explicit or not _is_of_a_resource(text, one.span[0])]
    if word != "identity" and not explicit:
        others = [one for one in others if one.label == word]
    if _DEPLOYS.search(text):  # the caller deploys: a policy that is deployed is another's
        makes_caller = word != "identity" and name and re.search(_MADE_ROLE.format(re.escape(name)), text)
        denying = [one for one in others if explicit and any(each.effect == "Deny" for each in one.document.statements)]
        others = [one for one in others if not one.made or makes_caller or name in one.holders or one in denying]
    callers = {identity_of(arn) for arn in _CALLER.findall(without_quotes(text)) if _EXAMPLE not in arn}
    if len(callers) > 1:
        names = {each[2] for each in callers}
        others = [one for one in others if name in one.holders or _headed(text, one.span[0], names) == {name}]
    owners = frozenset[str]().union(*(one.holders for one in others))
    told_apart = word == "identity" and (name or len(owners) > 1)  # an unknown caller may be the only owner
    foreign = [one for one in others if one.holders and name not in one.holders] if told_apart else []
    return [one for one in others if one not in foreign], foreign


_OF_A_HOLDER = regex(r"[^\n]{0,60}\b(?:polic(?:y|ies)|permissions?|role|user)\b[^\n]{0,20}:", re.IGNORECASE)


def _headed(text: str, start: int, names: Collection[str]) -> set[str]:
    """Return the callers whose names share a part with the words before a document: ``packer policy:``."""
    heading = text[max(0, start - _HEADING) : start].rstrip(" \t\n`{[").rpartition("\n")[2]
    words = set(re.findall(r"[a-z0-9]{3,}", heading.lower())) if _OF_A_HOLDER.fullmatch(heading) else set()
    return {each for each in names if words & set(re.split(r"[^a-z0-9]+", each.lower()))}


_OF_RESOURCE = regex(
    r"^[ \t#>*-]*(?:(?:the|our|its|my)[ \t]+)?(?:[\w.-]+[ \t]+)?"
    r"(?:bucket|queue|topic|secret|vault|repository|resource|domain|function)(?:'s)?(?:[ \t]+(?:access|resource|own))?"
    r"[ \t]+policy(?:[ \t]+(?:of|on|for)[ \t]+[\w.-]+)?[ \t]*(?:allows|has|says)?[ \t]*:(?P<more>[^;]*)$",
    re.IGNORECASE,
)
"""A line's words before a statement that name the kind of resource whose own policy has the statement."""
_OF_A_ROLE = regex(r"\b(?:roles?|users?|identity|callers?|boundary)(?![\w/])", re.IGNORECASE)


def _is_of_a_resource(text: str, start: int) -> bool:
    """Return whether the words before ``start`` on its line say that a resource's own policy begins there."""
    before = text[max(0, start - 300) : start].rstrip(" \t\n`")
    said = _OF_RESOURCE.match(before.rpartition("\n")[2])
    return said is not None and _OF_A_ROLE.search(said["more"]) is None


_OTHER_POLICIES = regex(
    r":policy/|managed_?policy_?arns?|policy_arn\b|^[ \t]*-[ \t]+\w{1,60}Policy:", re.IGNORECASE | re.MULTILINE
)
"""A reference to a policy whose statements are not in the text: its ARN, or a SAM policy template."""


_MADE_ROLE = r"\b(?:RoleName|roleName)[\"']?\s*:\s*[\"']?{}\b"
"""A role that the template itself creates; the placeholder is the role's name."""


def _of_wrong_prefix(pasted: Sequence[PastedPolicy], action: str, word: str) -> Iterator[Finding]:
    """Yield the statement that names the action with a prefix that IAM does not have.

    For example, ``monitoring:`` for CloudWatch.
    """
    service = action.partition(":")[0]
    for one in pasted:
        for number, statement in enumerate(one.document.statements):
            for named in statement.action or () if statement.effect == "Allow" else ():
                prefix, _, rest = named.partition(":")
                if prefix.lower() in services() or iam_prefix(prefix) != service.lower():
                    continue
                if names_action((f"{service}:{rest}",), action):
                    which = statement.sid or number + 1
                    said = f"statement {which} names {named}, but IAM has no such prefix: write {service}:{rest}"
                    said += _with_same_prefix(statement, named, prefix, service)
                    yield Finding(f"{word}.no-action", said, f"In the text, {said}.")
                    return


def _with_same_prefix(statement: Statement, named: str, prefix: str, service: str) -> str:
    """Return which other actions and ARNs of the statement have the same prefix that IAM does not have."""
    actions = [
        each.partition(":")[2] for each in statement.action or () if each.startswith(f"{prefix}:") and each != named
    ]
    arns = [each for each in statement.resource or () if each.split(":")[2:3] == [prefix]]
    other = f", and {listing([f'{service}:{each}' for each in actions])} for its other actions" if actions else ""
    right = [each.replace(f":{prefix}:", f":{service}:", 1) for each in arns]
    return f"{other}; its Resource must be {listing(right)}, not {listing(arns)}" if arns else other


_LIMITS = ("session", "boundary")
_ALLOWS_NOT = (".explicit-deny", f".{Fault.NO_ACTION.value}", f".{Fault.RESOURCE_MISMATCH.value}")


def _met_guardrails(
    documents: Sequence[PastedPolicy], denial: Denial, action: str, values: tuple[tuple[int, int, Any], ...]
) -> list[Finding]:
    """Return the first Deny of an SCP, RCP, boundary or session policy that the request matches.

    What a boundary or a session policy does not allow counts too: nothing else can allow it (IAM User Guide, "Policy
    evaluation logic": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
    """
    return [
        finding
        for one in documents
        if one.label in LAYERS_IN_WORDS
        for finding in judge(
            denial, action, [one], Layer.IDENTITY, one.label, values, whole=one.whole and one.label in _LIMITS
        )
        if (finding.code or "").endswith(_ALLOWS_NOT if one.label in _LIMITS else _ALLOWS_NOT[:1])
    ][:1]


def _of_other_services(
    pasted: Sequence[PastedPolicy], denial: Denial, action: str, word: str, *, parts: bool
) -> Iterator[Finding]:
    """Yield a finding if the documents allow only other services' actions and no document is cut off.

    ``parts``: include statements that are outside a document. The text then has no document that could be cut off.
    """
    if not all(one.whole and (parts or not one.part) and not one.speaks for one in pasted):
        return
    allows = [each for one in pasted for each in one.document.statements if each.effect == "Allow"]
    named = dict.fromkeys(name.partition(":")[0] for each in allows for name in each.action or ())
    if not named or any(each.action is None for each in allows):
        return
    service = action.partition(":")[0].lower()
    assumes = [name for each in allows for name in each.action or ()]
    written = not all(one.listed for one in pasted)
    if not written and len(assumes) == 1:
        return  # a sentence about one action: "it can s3:GetObject", which does not exclude others
    if word == "identity" and written and all(name.lower().startswith("sts:assumerole") for name in assumes):
        said = f"the policy allows only assuming roles, and {action} was called without any of these roles"
        text = (
            "Find out why the role was not assumed: check its ARN in the profile or program, and the program's version."
        )
        note = Note("the call", f"{text} Allow this caller to perform {action} only if it should make the call itself.")
        fix = Fix("Make the call with the role that is to be assumed", Who.CALLER, note)
        yield Finding("identity.no-action", said, f"In the text, {said}.", fix=fix)
        return
    if word == "identity" and any(one.listed for one in pasted) and names_managed(denial.text):
        return
    kin = next((f"{each}:*" for each in named if each and service.startswith(each.lower()) and each != service), "")
    apart = f": {kin} does not cover it, because {service} is a separate prefix" if kin else ""
    said = f"names {only(listing(list(named)), complete=True)}, and no {service} action{apart}"
    layer = LAYERS_IN_WORDS.get(word, "policy")
    limits = f" Other policies can grant only what this policy allows, so it must contain {action}."
    more_of_it = limits if word in LAYERS_IN_WORDS else ""
    own = word == "identity" and denial.principal is not None
    how = statement_to_add(denial, action)
    if word == "scp":
        how = f"Add {service}:* to its Action, or attach FullAWSAccess. Each level above the account must allow it."
    note = Note(place_of(denial.principal or "") if own else f"the {layer} in the text", how)
    fix = Fix(f"Allow {spelled(action)}", OWNERS.get(word, Who.ACCOUNT_ADMIN), note)
    yield Finding(f"{word}.no-action", f"it {said}", f"The {layer} in the text {said}.{more_of_it}", fix=fix)


_HEADING = 200


def _other_holder(name: str, pasted: Sequence[PastedPolicy], text: str) -> str:
    """Return the one role that the words before the policies name, if it is not the caller.

    Return "" if these words name several roles, or none.
    """
    headings = (text[max(0, one.span[0] - _HEADING) : one.span[0]].rpartition("\n\n")[2] for one in pasted)
    holders = {role for heading in headings for role in named_roles(heading)}
    return holders.pop() if len(holders) == 1 and name not in holders else ""


_DEPLOYS = regex(
    r"\bError: (?:creating|reading|updating|deleting|putting|attaching|modifying|waiting|tagging)\b"
    r"|\bwith aws_\w+\.[\w-]+,"
    r"|(?:CREATE|UPDATE|DELETE)_FAILED|Resource handler returned|failed to deploy|\bROLLBACK_|creating urn:pulumi"
)
"""What Terraform, CloudFormation, CDK and Pulumi print when a deployment fails."""


def _must_allow(denial: Denial, action: str, stated: str) -> bool:
    """Return whether the resource's own policy has to allow the request.

    It has to for a trust policy or a key policy, for a caller from another account, and if AWS says that the missing
    Allow is in this policy. Within one account, the caller's own policies suffice.
    """
    home, owner = account_of(denial.principal or ""), account_of(denial.resource or "")
    apart = home is not None and owner is not None and home != owner
    return stated in ("resource", "trust") or is_trust_action(action) or action.lower().startswith("kms:") or apart


def _of_the_key(document: Document, denial: Denial, action: str) -> tuple[Denial, str]:
    """Return the request on the KMS key, for a key policy that comes with the denial of a service that uses the key.

    The action is the first action of KMS that AWS documents for the operation, or else kms:Decrypt.
    """
    named = [each.lower() for one in document.statements for each in one.action or ()]
    key = KEY_ARN.search(denial.text)
    of_key = bool(named) and all(each.startswith("kms:") for each in named) and not action.lower().startswith("kms:")
    if not of_key or key is None:
        return denial, action
    needs = (need.action for need in operation_needs(denial, action))
    on_key = next((need for need in needs if need.startswith("kms:")), "kms:Decrypt")
    return replace(denial, resource=key[0]), on_key


def _deciding(findings: list[Finding], *, explicit: bool, stated: str) -> Finding | None:
    """Return the finding that the denial is about.

    If the message says that a Deny matched, a finding of a Deny comes first, otherwise one that something is missing. A
    finding that the policies allow the request comes last. Findings about a different layer from the one that AWS names
    do not count.
    """
    named = [one for one in findings if one.code is None or stated in ("", "unknown", one.code.partition(".")[0])]

    def rank(one: Finding) -> tuple[bool, bool]:
        denies = (one.code or "").endswith(".explicit-deny")
        return (not denies, one.code is None) if explicit else (one.code is None, denies)

    return min(named, key=rank, default=None)


def _whose(name: str, action: str, pasted: Sequence[PastedPolicy], text: str) -> str:
    """Return what to do if no policy of ``name`` allowed the action, although a policy in the text names the action."""
    if other := _other_holder(name, pasted, text):
        return (
            f"The policy in the text is of the role {other}, but {name}, which is the wrong role, made the call. Let "
            f"the program run with {other} (the role in the settings of the job, function, task or profile)."
        )
    if elsewhere := attached_elsewhere(name, text):
        return (
            f"The template in the text attaches the policy to {elsewhere}, but {name} was refused {action}: attach "
            f"it to {name}, unless {elsewhere} is that role."
        )
    none = f"No identity-based policy of {name} allowed {action}, and the text has a policy that names it"
    if any(name in one.holders for one in pasted):
        return f"{none}, but no reason for the denial was recognized in that policy."
    return f"{none}. Find out first whether {name} has that policy."
