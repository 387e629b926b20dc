"""Say why a pasted policy does not allow the request: the closest statement, and what it lacks."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from diagnostics.access_denied.near_misses import (
    condition_words,
    farthest_first,
    misspelled_action,
    named_operation,
    near_words,
    no_actions,
    statement_words,
)
from diagnostics.access_denied.pasted.condition_forms import out_of_form
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.fixes import (
    NOBODY,
    OF_SERVICES,
    PROFILE_AREA,
    arn_to_name,
    fix_of,
    fix_of_names,
    place_of,
)
from diagnostics.access_denied.pasted.malformed_arns import MalformedArn, malformed_arn, with_empty_name, with_region_of
from diagnostics.access_denied.pasted.placeholders import OF_BUCKET, OF_TABLE
from diagnostics.access_denied.pasted.principal_arns import misnamed
from diagnostics.access_denied.pasted.relevant_policies import document_of, policies_of
from diagnostics.access_denied.pasted.unsure import doubled_slash, with_one_slash
from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note
from diagnostics.text.near_pairs.alike import Resemblance, resemblance
from diagnostics.who import OWNERS, Who
from diagnostics.words import UNSIGNED
from iam.arn import Arn
from iam.claims import Keys, Source
from iam.facts.resources_of_aws import resource_of_aws
from iam.lazy_pattern import regex
from iam.policy.decision import ConditionFailure, Fault, NearMiss
from iam.policy.explain import LayerExplanation, explain_layer
from iam.policy.layer import Layer, LayerResult
from iam.policy.match import resource_matcher
from iam.policy.operators import operator
from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller
from iam.policy.request import Request
from iam.policy.words import holding, wish
from iam.regions import A_REGION
from iam.service_reference import action as known_action
from iam.services import endpoint_region
from iam.words import joined, listing

_UNIQUE_ID = regex(r"A(?:IDA|ROA)[A-Z0-9]{6,}")
"""The unique ID of a user or role (IAM User Guide, "IAM identifiers", unique identifiers:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
"""


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
    first = _with_what_fails(nearest[0])
    if word == "trust" and first.fault is Fault.PRINCIPAL_MISMATCH and _assumes_itself(request):
        yield _without_the_second_call(request)
        return
    left_out = first.element == "NotResource"
    by_name = first.fault is Fault.RESOURCE_MISMATCH and not left_out
    if by_name and (doubled := doubled_slash(first.wanted, request.resource)):
        yield with_one_slash(doubled, statement_words(first), word, request.resource)
        return
    fault, more, lacks, inner = first.fault.value, "", _near_words(first), ""
    fix: Fix | None = None
    lock = by_name and _is_lock(request.resource, first.wanted)
    malformed = _malformed(first, request) if by_name else None
    near_name = by_name and not lock and malformed is None
    alike = resemblance(request.resource, first.wanted) if near_name else None
    untagged = _untagged(first, keys)
    if untagged is not None:
        fault, tag = Fault.CONDITION_UNMET.value, untagged.key.partition("/")[2]
        lacks = f"needs {wish(untagged.operator, untagged.key, untagged.wanted)}, but the resource has no such tag"
        more = f": {keys[untagged.key].read_from}"
        text = (
            f"Set the tag to the value that the statement requires, {listing(untagged.wanted, 'or')}. If one of the "
            f"resource's own tags is meant, correct the tag key {tag} in the condition instead. Keep the condition."
        )
        title = f"Give the resource the tag {tag}, or correct that key in the condition"
        fix = Fix(title, Who.RESOURCE_OWNER, Note("the resource of the call", text))
    elif first.fault is Fault.CONDITION_UNKNOWN or first.fault is Fault.CONDITION_UNMET:
        lacks = "; ".join(map(_condition_words, first.conditions))
        if literal := next(filter(_takes_letter_by_letter, first.conditions), None):
            fault = Fault.CONDITION_UNMET.value
            lacks = f"compares {literal.key} with {listing(literal.wanted)} by {literal.operator}"
            more = ", which takes * and ? literally: StringLike would treat them as wildcards"
        elif any(each.key.lower() == "aws:securetransport" and each.wanted == ("false",) for each in first.conditions):
            # IAM User Guide, "AWS global condition context keys", aws:SecureTransport
            # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
            more = (
                ", but calls over HTTPS, which AWS's tools use by default, have the value true: an Allow needs true "
                "here"
            )
        elif word == "identity" and request.principal not in (None, NOBODY) and (of_service := _of_a_service(first)):
            fault = Fault.CONDITION_UNMET.value
            lacks = f"requires {listing(of_service)}"
            more = (
                ", which only requests from AWS services have. The caller's own requests do not have this key, so "
                "the statement never matches: remove the condition here (it belongs in trust and resource policies)"
            )
        elif (odd := out_of_form((each.operator, each.key, each.wanted) for each in first.conditions)) is not None:
            fault, fix = (
                Fault.CONDITION_UNMET.value,
                odd.fix(statement_words(first), OWNERS.get(word, Who.ACCOUNT_ADMIN)),
            )
            lacks, more = f"requires {odd.key} to be {listing(odd.values, 'or')}", f"; {odd.why}"
        elif role := next(filter(None, (misnamed(each, request, word) for each in first.conditions)), None):
            fault, more, fix = Fault.CONDITION_UNMET.value, f"; {role.problem}", role.fix
        elif (own := _names_itself(first, named)) is not None:
            fault = Fault.CONDITION_UNMET.value
            lacks = f"requires {own.key} to be {listing(own.wanted)}"
            more = ", which is the resource itself, but the key contains the resource for which the service calls"
        elif (via := _of_another_region(first, request)) is not None:
            fault = Fault.CONDITION_UNMET.value
            region = request.resource.split(":")[3]
            lacks = f"requires {via.key} to be {listing(via.wanted, 'or')}"
            more = f", but the key is in {region}, and a service in another Region cannot use it"
            right = listing([each.replace(endpoint_region(each) or region, region) for each in via.wanted])
            note = Note("the policy in the text", f"Write {right} for {via.key}. Keep the condition.")
            title = f"Write the key's Region in {statement_words(first)}"
            fix = Fix(title, OWNERS.get(word, Who.ACCOUNT_ADMIN), note)
        elif sent := _sent_instead(first, request):
            fault, more = Fault.CONDITION_UNMET.value, f"; the request sends {listing(sent)} in its place"
            missing = tuple(replace(each, had=()) for each in first.conditions)
            lacks = "; ".join(map(condition_words, missing))
            first = replace(first, conditions=missing)
        elif why := next((keys[each.key].read_from for each in first.conditions if _is_determined(each, keys)), ""):
            more = f": {why}"
    elif first.fault is Fault.PRINCIPAL_MISMATCH and any(map(_UNIQUE_ID.fullmatch, first.wanted)):
        fault, lacks = "orphan-principal", f"names {listing(first.wanted)}"
        more = (
            ", which is the ID of a deleted user or role. If that user or role was created again, it has another ID: "
            "write its ARN into the policy again"
        )
        arn = arn_to_name(request.principal or "")
        if word == "resource" and ":role/" in arn:
            text = f"Write {arn} for {listing(first.wanted)}, with the role's path (aws iam get-role shows it)."
            fix = Fix(
                "Name the new role in the resource's policy", Who.RESOURCE_OWNER, Note("the resource's policy", text)
            )
    elif left_out:
        more = ": another statement would have to allow it"
    elif by_name and (empty := with_empty_name(action, first.wanted, request.resource)) is not None:
        written, right = empty
        more = f": the name in {written} is empty"
        text = "The variable for this name has no value: set it. The statement itself does not have to change."
        fix = Fix(
            f"Let {written} in {statement_words(first)} be {right}",
            OWNERS.get(word, Who.ACCOUNT_ADMIN),
            Note(_place(request, word), text),
        )
    elif malformed is not None:
        more = f": an ARN of the type {malformed.kind} is {malformed.form}"
        lacks = f"names {malformed.written}, not {request.resource}"
        change = f"Correct {malformed.written} there."
        if malformed.other:
            change = f"{malformed.written} is of another type: keep it only if the statement has actions for that type."
        text = f"{change} Leave the rest of the statement unchanged; no other change is needed."
        fix = Fix(
            f"Write {malformed.right} in the Resource of {statement_words(first)}",
            OWNERS.get(word, Who.ACCOUNT_ADMIN),
            Note(_place(request, word), text),
        )
    elif by_name and first.part == "account" and (kept := resource_of_aws(request.resource)) is not None:
        alike, more = None, f"; {kept[1]} belongs to an account of AWS, so name {kept[0]}"
        note = Note(_place(request, word), "Keep the other actions. The account in the message is none of yours.")
        fix = Fix(f"Write {kept[0]} in {statement_words(first)}", OWNERS.get(word, Who.ACCOUNT_ADMIN), note)
    elif by_name and alike is None and (regional := with_region_of(first.wanted, request.resource)):
        right, had, region = regional
        more = f": the name contains {had}, but the requested name contains {region}"
        text = (
            f"Keep the resources that the statement already names. If {had} was meant, correct the call; then no "
            "policy has to change."
        )
        fix = Fix(
            f"Add {right} to the Resource of {statement_words(first)}",
            OWNERS.get(word, Who.ACCOUNT_ADMIN),
            Note(_place(request, word), text),
        )
    elif by_name and request.resource == "*":
        more = ", but the call does not act on a particular resource, so its statement needs Resource *"
    elif by_name and (areas := _of_another_area(first, request)) is not None:
        named, asked = areas
        lacks = f"names the inference profile {named}, but the call uses {asked}"
        more = ": the same model in another area"
        note = Note(
            "the program, and the policy in the text",
            "Look up which model ID the program sends: if it does not read a setting, it uses the Region's default. "
            f"If you meant {named}, send that ID; then no policy has to change. If you meant {asked}, name it in the "
            "policy.",
        )
        fix = Fix(f"Find out which profile is correct: {named} or {asked}", Who.CALLER, note)
    elif ":foundation-model/" in request.resource and any(":inference-profile/" in each for each in first.wanted):
        asked = request.resource.split(":")[3]
        more = f": the client calls {asked} itself, or an inference profile chose that Region"
    elif alike is None and first.part == "region" and len(named_regions := _regions(first)) == 1:
        asked = request.resource.split(":")[3]
        text = (
            f"If you meant {named_regions[0]}, call that Region; then no policy has to change. If you meant {asked}, "
            "write it in the statement."
        )
        fix = Fix(
            f"Find out which Region is correct: {named_regions[0]} or {asked}", Who.CALLER, Note("the request", text)
        )
    elif by_name and (found := _without_inner(first, request)):
        inner = found[0]
        more = f": that is the {found[1]}, so add {inner}{_of_its_keys(first, inner)}"
    elif by_name and fix is None and (kind := _left_out_type(first, request)):
        inner, more = (
            request.resource,
            f": the request acts on the resource type {kind}, but the statement names no resource of this type",
        )
    elif first.fault is Fault.PRINCIPAL_MISMATCH and (near_role := _role_alike(first, request)):
        fix = fix_of_names(near_role, word)
        advice = f"{near_role.advice[0].lower()}{near_role.advice[1:]}"
        more = f". Compare {near_role.written} with {near_role.asked}: {advice}"
    elif first.part == "partition" or (by_name and _all_of_another_partition(first, request)):
        partition = request.resource.split(":")[1]
        differs = "" if first.part == "partition" else ": the partition differs"
        more = f"{differs}: write arn:{partition}:"
        also = f"{_also_in(first, partition)}{_partition_variable(first)}"
        text = f"ARNs of another partition match nothing in {partition}.{also}"
        fix = Fix(
            f"Write arn:{partition}: in {statement_words(first)}",
            OWNERS.get(word, Who.ACCOUNT_ADMIN),
            Note("the policy in the text", text),
        )
    elif by_name and (device := _of_another_name(first, request, named)) is not None:
        more, fix = f": {device[0]}", device[1]
    elif lock:
        more = ": this object is the lock of Terraform's S3 backend, a separate object next to the state"
        actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        statement = json.dumps({"Effect": "Allow", "Action": actions, "Resource": request.resource})
        title = f"Allow {listing(actions)} on the lock"
        fix = Fix(title, Who.ACCOUNT_ADMIN, Note("the policy in the text", f"Add the statement {statement}."))
    elif operation := named_operation(first):
        idle = list(dict.fromkeys((operation, *no_actions(first))))
        more = (
            f": {operation} is the name of an API call, not an IAM action, so it allows nothing"
            if len(idle) == 1
            else f": {listing(idle)} are not IAM actions, so they allow nothing"
        )
    elif misspelled := misspelled_action(first):
        more = f": {misspelled} is misspelled and is not an IAM action, so it allows nothing"
    elif first.fault is Fault.NO_ACTION and word == "resource" and _delegates(first):
        more = (
            ". The account's own policies can allow only these actions, so an Allow in the caller's policy has no "
            "effect"
        )
    stranger = word == "trust" and not more and _names_another_caller(first, request)
    if stranger:
        more = f", and does not trust {arn_to_name(request.principal or '')}"
    if by_name and (further := _further(first, request, word)) is not None:
        lacks += f", and {'; '.join(map(condition_words, further.conditions))}"
    said = f"{statement_words(first)} {lacks}{more}"
    evidence = tuple(
        Evidence(
            _near_words(each),
            word,
            statement=each.statement,
            sid=each.sid,
            element=each.element,
            document=each.policy.document,
            conditions=each.conditions,
        )
        for each in nearest[:5]
    )
    sentence = f"The policy in the text does not allow {action}: {said}."
    if fault == Fault.CONDITION_UNKNOWN.value:
        where = joined([holding(each.operator, each.key, each.wanted) for each in first.conditions])
        sentence = f"The policy in the text allows {action} only where {where} ({statement_words(first)}){more}."
    if alike is not None:
        sentence = f"{sentence} Compare {alike.written} with {alike.asked}. {alike.advice}."
        fix = fix_of_names(alike, word)
        yield Finding(f"{word}.{fault}", said, sentence, evidence, fix=fix, resembles=alike.part == "name")
        return
    if fault == Fault.CONDITION_UNKNOWN.value and word == "trust" and action.lower() in UNSIGNED:
        wanted = " and ".join(_accepted(each) for each in first.conditions)
        sentence = (
            f"In the text, {statement_words(first)} of the trust policy accepts only tokens {wanted}. "
            "Compare them with the claims of the token."
        )
    fix = fix or fix_of(
        first,
        fault,
        action,
        word,
        request,
        keys,
        fits=_would_fit(first, request),
        may_fit=_may_fit(first, request),
        stranger=stranger,
        inner=inner,
    )
    yield Finding(f"{word}.{fault}", said, sentence, evidence, fix=fix)


def _assumes_itself(request: Request) -> bool:
    """Return whether the caller is a session of the role to be assumed."""
    who, role = request_caller(request.principal), Arn.parse(request.resource)
    same = who.kind is Kind.SESSION and role is not None and role.type == "role"
    return same and role is not None and (who.account, who.name) == (role.account, role.name)


def _without_the_second_call(request: Request) -> Finding:
    """Return the finding that a role must be named in its own trust policy to assume itself.

    IAM User Guide, "AWS JSON policy elements: Principal"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    name = request_caller(request.principal).name
    said = f"the caller already has the role {name}, and the role's trust policy does not name the role itself"
    change = (
        f'Add "AWS": "{arn_to_name(request.principal or "")}" to the trust policy\'s Principal, with the role\'s '
        "path, and allow the role to perform sts:AssumeRole on itself. Or remove the second AssumeRole, if the "
        "program has a setting for it: role_arn in the profile or provider, or the role of a cert-manager solver."
    )
    fix = Fix(
        "Let the role assume itself, or use the credentials that the caller has", Who.CALLER, Note("the role", change)
    )
    return Finding(f"trust.{Fault.PRINCIPAL_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)


def _is_lock(asked: str, named: Collection[str]) -> bool:
    """Return whether the object is a Terraform state's lock file, and the statement names the state itself.

    Terraform, "S3 backend", use_lockfile (https://developer.hashicorp.com/terraform/language/backend/s3).
    """
    return asked.endswith(".tflock") and any(asked.removesuffix(".tflock").endswith(each) for each in named)


def _untagged(near: NearMiss, keys: Keys) -> ConditionFailure | None:
    """Return the condition on a tag of the resource, if the text shows that the resource has no tags."""
    if near.fault not in (Fault.CONDITION_UNMET, Fault.UNRESOLVED_VARIABLE):
        return None
    return next(
        (
            each
            for each in near.conditions
            if ":resourcetag/" in each.key.lower()
            and (had := keys.get(each.key)) is not None
            and had.source is Source.TEXT
            and each.had == ()
        ),
        None,
    )


def _near_words(near: NearMiss) -> str:
    """Return what the statement lacks. A tag may exist even if the text does not show it."""
    if near.fault is Fault.CONDITION_UNKNOWN:
        return "; ".join(map(_condition_words, near.conditions))
    words = near_words(near)
    shown = ", whose value the text does not show" if "Tag/" in words else ", which has no value here"
    return words.replace(", which has no value here", shown)


def _with_what_fails(near: NearMiss) -> NearMiss:
    """Return the near miss with only those conditions that are known to fail; unchanged if there are none."""
    known = tuple(each for each in near.conditions if each.had is not None)
    if not known:
        return near
    fault = Fault.CONDITION_UNMET if near.fault is Fault.CONDITION_UNKNOWN else near.fault
    return replace(near, conditions=known, fault=fault)


def _all_of_another_partition(near: NearMiss, request: Request) -> bool:
    """Return whether the statement names the resource, but each of its ARNs is in a different partition."""
    partition = request.resource.split(":")[1] if request.resource.startswith("arn:") else ""
    apart = [each for each in near.wanted if re.match(r"arn:[a-z-]+:", each) and each.split(":")[1] != partition]
    if not partition or len(apart) != len(near.wanted):
        return False
    return any(
        resource_matcher(re.sub(r"^arn:[a-z-]+:", f"arn:{partition}:", _without_variables(each)))(request.resource)
        for each in apart
    )


_OF_TERRAFORM = regex(r"\$\{(?:var|local|data|module|aws_\w+|each)\b[^{}]*\}")
_OF_CLOUDFORMATION = regex(r"\$\{AWS::\w+\}")
"""Variables of templates, which are replaced before AWS gets the policy."""


def _without_variables(arn: str) -> str:
    """Return the ARN with a wildcard in place of each variable of a template."""
    return _OF_CLOUDFORMATION.sub("*", _OF_TERRAFORM.sub("*", arn))


def _partition_variable(near: NearMiss) -> str:
    """Return how Terraform names the partition, if the statement's ARN has a variable of Terraform; else "".

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition
    """
    if not any(map(_OF_TERRAFORM.search, near.wanted)):
        return ""
    return (
        " A module for several partitions writes arn:${data.aws_partition.current.partition}: (with data "
        '"aws_partition" "current" {}).'
    )


def _also_in(near: NearMiss, partition: str) -> str:
    """Return a sentence on the document's other statements with ARNs of another partition; "" if there are none."""
    statements = near.policy.document.statements
    wrong = [
        str(each.sid or number + 1)
        for number, each in enumerate(statements)
        if number != near.statement
        and any(re.match(rf"arn:(?!{partition}:)aws[a-z-]*:", one) for one in each.resource or ())
    ]
    return f" Write it in statement {listing(wrong)}, too." if wrong else ""


_OWN_DEVICE = ":mfa/${aws:username}"


def _of_another_name(near: NearMiss, request: Request, named: Collection[str]) -> tuple[str, Fix] | None:
    """Return a sentence that users may create only an MFA device with their own name, and the fix; None otherwise.

    A user chooses the device's name. IAM User Guide, "AWS: Allows MFA-authenticated IAM users to manage their own
    credentials", which allows every name
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html).
    """
    device = request.resource.partition(":mfa/")[2]
    user = request_caller(request.principal)
    if not device or user.kind is not Kind.USER or not any(each.endswith(_OWN_DEVICE) for each in named):
        return None
    arn = request.resource.replace(f":mfa/{device}", ":mfa/*")
    text = (
        f"Name the device {user.name}: no policy has to change. Or let users choose the name: write {arn} in place of "
        f"the ARN that ends in {_OWN_DEVICE} for iam:CreateVirtualMFADevice and iam:DeleteVirtualMFADevice. Keep "
        "user/${aws:username} for the other actions."
    )
    why = f"the device is called {device}, and ${{aws:username}} is {user.name}"
    return why, Fix(f"Name the device {user.name}, or allow any name", Who.CALLER, Note("the device", text))


def _condition_words(failure: ConditionFailure) -> str:
    if failure.had is None:
        return f"needs {wish(failure.operator, failure.key, failure.wanted)}"
    return f"{condition_words(failure)}{_only_case(failure)}"


def _only_case(failure: ConditionFailure) -> str:
    """Return a note if the values differ only in letter case or spaces; "" otherwise, or if case is ignored."""
    parts = operator(failure.operator)
    if not failure.had or parts is None or parts.base not in ("StringEquals", "StringLike"):
        return ""
    for same, words in (
        (str.lower, "letter case matters"),
        (_without_spaces, "with a space, they are two different values"),
    ):
        if all(same(each) in map(same, failure.wanted) for each in failure.had):
            return f": {words}"
    return ""


def _without_spaces(value: str) -> str:
    return re.sub(r"\s", "", value)


def _names_itself(near: NearMiss, named: Collection[str]) -> ConditionFailure | None:
    """Return the condition on aws:SourceArn whose only value is the statement's own resource.

    IAM User Guide, "The confused deputy problem": the key has the ARN of the resource for which the service calls
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
    """
    own = {re.sub(r"/\*$|\$\{|\}", "", each) for each in named}
    return next(
        (each for each in near.conditions if each.key.lower() == "aws:sourcearn" and set(each.wanted) <= own), None
    )


def _of_another_region(near: NearMiss, request: Request) -> ConditionFailure | None:
    """Return the condition on kms:ViaService that names only services in a different Region from the key's.

    AWS KMS Developer Guide, "AWS KMS condition keys", kms:ViaService: its value has the service and the Region
    (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html).
    """
    parts = request.resource.split(":")
    region = parts[3] if len(parts) > 3 and parts[2] == "kms" else ""
    for each in near.conditions:
        regions = set(filter(None, map(endpoint_region, each.wanted)))
        if region and each.key.lower() == "kms:viaservice" and regions and region not in regions:
            return each
    return None


def _regions(near: NearMiss) -> list[str]:
    """Return the Regions that the statement's ARNs name."""
    parts = (each.split(":") for each in near.wanted)
    return sorted({each[3] for each in parts if len(each) > 3 and A_REGION.fullmatch(each[3])})


_AREA = regex(rf":inference-profile/(?P<id>{PROFILE_AREA}(?P<model>[\w.:-]+))$")


def _of_another_area(near: NearMiss, request: Request) -> tuple[str, str] | None:
    """Return the statement's and the call's inference profile, if they are for one model in two geographies.

    Amazon Bedrock User Guide, "Prerequisites for inference profiles"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html).
    """
    asked = _AREA.search(request.resource)
    named = (found for each in near.wanted if (found := _AREA.search(each)))
    other = next((each for each in named if asked and each["model"] == asked["model"]), None)
    return None if asked is None or other is None or other["id"] == asked["id"] else (other["id"], asked["id"])


def _is_determined(condition: ConditionFailure, keys: Keys) -> bool:
    """Return whether the value's source says why the key has its value, or why the request does not contain the key."""
    return condition.key in keys and (not keys[condition.key].known or condition.had == ())


def _accepted(condition: ConditionFailure) -> str:
    """Return what a condition on a claim requires of a token: ``whose aud is sts.amazonaws.com``."""
    return f"whose {holding(condition.operator, condition.key.rpartition(':')[2], condition.wanted)}"


def _delegates(near: NearMiss) -> bool:
    """Whether a key policy's statement names the account, and so leaves the decision to the account's own policies.

    AWS KMS Developer Guide, "Default key policy"
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
    """
    named = near.policy.document.statements[near.statement].principal or ()
    return near.had.lower().startswith("kms:") and any(value.endswith(":root") for _, value in named)


def _role_alike(near: NearMiss, request: Request) -> Resemblance | None:
    """Return a principal in the statement that may be a misspelling of the caller's role or user."""
    session = request_caller(request.principal).kind is Kind.SESSION
    alike = resemblance(arn_to_name(request.principal or ""), near.wanted)
    # A session's ARN does not contain the path of its role.
    return None if session and alike is not None and alike.part == "path" else alike


def _would_fit(near: NearMiss, request: Request) -> bool:
    """Return whether the statement would allow the request if it named the action."""
    explained = _with_the_action(near, request)
    return explained is not None and explained.result is LayerResult.ALLOWED


def _may_fit(near: NearMiss, request: Request) -> bool:
    """Return whether the statement may allow the request if it named the action: only its conditions can prevent it."""
    explained = _with_the_action(near, request)
    faults = [each.fault for each in explained.near_misses] if explained is not None else [near.fault]
    return all(each is Fault.CONDITION_UNKNOWN for each in faults)


def _names_another_caller(near: NearMiss, request: Request) -> bool:
    """Return whether the statement, which does not name the action, does not name the caller either."""
    explained = _with_the_action(near, request) if request.principal != NOBODY else None
    return explained is not None and any(each.fault is Fault.PRINCIPAL_MISMATCH for each in explained.near_misses)


def _with_the_action(near: NearMiss, request: Request) -> LayerExplanation | None:
    """Return how the request would be evaluated if the statement named the action.

    Return None if the statement lacks something other than the action.
    """
    value = near.policy.document.value
    statement = value["Statement"][near.statement] if isinstance(value, dict) else {}
    if near.fault is not Fault.NO_ACTION or "Action" not in statement:
        return None
    layer = Layer.RESOURCE if {"Principal", "NotPrincipal"} & statement.keys() else Layer.IDENTITY
    document = document_of([{**statement, "Action": request.action}])
    return explain_layer(request, policies_of([document], layer), layer)


def _further(near: NearMiss, request: Request, word: str) -> NearMiss | None:
    """Return the condition that would fail next if the statement named the request's resource.

    Return None if no condition would fail.
    """
    value = near.policy.document.value
    statement = value["Statement"][near.statement] if isinstance(value, dict) else {}
    if word == "trust" or "Condition" not in statement:
        return None
    if request.resource != "*" and not request.resource.startswith("arn:"):
        return None  # a word instead of an ARN cannot be a statement's resource
    layer = Layer.RESOURCE if word == "resource" else Layer.IDENTITY
    document = document_of([{**statement, "Resource": request.resource}])
    missed = explain_layer(request, policies_of([document], layer), layer).near_misses
    conditions = missed[0].conditions if missed and missed[0].fault is Fault.CONDITION_UNMET else ()
    known = tuple(each for each in conditions if each.had is not None)
    return replace(missed[0], conditions=known) if known else None


def _of_a_service(near: NearMiss) -> list[str]:
    """Return the keys of the conditions that only a service principal's requests have.

    IAM User Guide, "AWS global condition context keys"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    return [each.key for each in near.conditions if each.key.lower() in OF_SERVICES and each.had is None]


def _takes_letter_by_letter(condition: ConditionFailure) -> bool:
    """Return whether only a value that contains * or ? itself can meet the condition.

    IAM User Guide, "String condition operators"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    parts = operator(condition.operator)
    if parts is None or parts.negated or parts.base not in ("StringEquals", "StringEqualsIgnoreCase"):
        return False
    texts = [re.sub(r"\$\{[^}]*\}", "", each) for each in condition.wanted]
    return bool(texts) and all("*" in each or "?" in each for each in texts)


def _without_inner(near: NearMiss, request: Request) -> tuple[str, str] | None:
    """Return the resource to add if a statement names only the outer one.

    The statement names a bucket and not its objects, a table and not its indexes, a log group and not its streams, or a
    secret without the end of its ARN.
    """
    bucket, table = re.match(r"arn:[\w-]+:s3:::[^/]+(?=/)", request.resource), _INDEX.match(request.resource)
    version = _VERSION.match(request.resource)
    group, secret = _STREAM.match(request.resource), _SECRET.match(request.resource)
    for own, pattern, ends, kind in (
        (bucket, OF_BUCKET, "/*", "bucket without its objects"),
        (table, OF_TABLE, "/index/*", "table without its indexes"),
        (group, None, ":*", "log group without its streams"),
        (version, None, ":*", "function without its versions and aliases"),
        (secret, None, "-??????", "secret without the dash and the six characters that end its ARN"),
    ):
        if own is None:
            continue
        named = next(
            (
                each
                for each in near.wanted
                if each == own[0] or own[0].endswith((f"/{each}", f":{each}")) or (pattern and pattern.fullmatch(each))
            ),
            None,
        )
        if named is not None:
            return f"{named}{ends}", kind
    return None


def _place(request: Request, word: str) -> str:
    known = word == "identity" and request.principal not in (None, NOBODY)
    return place_of(request.principal or "") if known else "the policy in the text"


def _malformed(near: NearMiss, request: Request) -> MalformedArn | None:
    actions = near.policy.document.statements[near.statement].action or ()
    alone = [each.lower() for each in actions] == [request.action.lower()]
    value = near.policy.document.value
    raw = value["Statement"][near.statement].get("Resource", []) if isinstance(value, dict) else []
    short = [each for each in ([raw] if isinstance(raw, str) else raw) if f"{each}:*" in near.wanted]
    return malformed_arn(request.action, [*short, *near.wanted], request.resource, alone=alone)


def _left_out_type(near: NearMiss, request: Request) -> str:
    """Return the type of the requested resource if the statement names several of the action's other types; else "".

    The type is returned only if the statement has no conditions and names this action alone. Service Authorization
    Reference: some actions are checked on one resource of each type that takes part in the call
    (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
    """
    known = known_action(request.action)
    types = known.resource_types if known is not None else ()
    asked = next((each for each in types if each.fits(request.resource)), None)
    statement = near.policy.document.statements[near.statement]
    if asked is None or [each.lower() for each in statement.action or ()] != [request.action.lower()]:
        return ""
    named = [next((each.name for each in types if each.fits(arn)), "") for arn in near.wanted]
    several = len(set(named)) > 1 and not {"", asked.name} & set(named)
    return asked.name if several and not statement.conditions else ""


def _of_its_keys(near: NearMiss, inner: str) -> str:
    """Return what the statement's condition on the partition key means for an index; "" if it has none.

    A query on an index uses the index's own partition key. Amazon DynamoDB Developer Guide, "Using IAM policy
    conditions for fine-grained access control"
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
    """
    blocks = near.policy.document.statements[near.statement].conditions
    if "/index/" not in inner or not any(each.key.lower() == "dynamodb:leadingkeys" for each in blocks):
        return ""
    return (
        ". Its condition on dynamodb:LeadingKeys then tests the index's partition key: a query on an index "
        "whose partition key is another attribute is still refused"
    )


_STREAM = regex(r"arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:]+(?=:)")
_SECRET = regex(r"arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:\S+(?=-(?:[A-Za-z0-9]{6}|\?{6})$)")
# AWS Lambda Developer Guide, "Fine-tuning the Resources and Conditions sections of policies"
# (https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html).
_VERSION = regex(r"arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[^:]+(?=:)")
_INDEX = regex(r"arn:[\w-]+:dynamodb:[^/]+/[^/]+(?=/index/)")


def _sent_instead(near: NearMiss, request: Request) -> list[str]:
    """Return the keys of the same family that the request has instead of the required one."""
    families = {each.key.lower().rpartition("/")[0] for each in near.conditions if "/" in each.key and each.had is None}
    return sorted(key for key in request.context if key.lower().rpartition("/")[0] in families)
