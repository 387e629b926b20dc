"""Find causes that a text proves without its policies, such as a role that already trusts the service."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from difflib import get_close_matches

from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.access_denied.request.command import commands_in
from diagnostics.access_denied.request.determined import passed_to
from diagnostics.failure import Denial
from diagnostics.failure_details import DecodedMessage
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.condition_remedies import remedy
from diagnostics.text.near_pairs.alike import edits
from diagnostics.who import Who
from iam.arn import Arn, account_of, identity_of, names_a_service
from iam.facts.cdk_grants import GRANTS, KINDS
from iam.facts.service_principals import short_principal
from iam.lazy_pattern import regex
from iam.passed_roles import KIN_SERVICES
from iam.policy.decision import Fault
from iam.policy.document import Document
from iam.policy.match import names_action, resource_matcher
from iam.policy.statements import ConditionBlock, Statement
from iam.services import A_REGION
from iam.words import listing


def _of_the_account(denial: Denial, service: str, trusts: Iterable[Statement]) -> Finding | None:
    """Return that every trust for the service requires another account than the role's; None otherwise.

    As a rule, a service assumes a role for resources of the role's own account (IAM User Guide, "The confused deputy
    problem": https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
    """
    own = account_of(denial.resource or "")
    wrong = []
    for each in trusts:
        if _named_as(service, each) is None:
            continue
        other = [
            (block.key, value)
            for block in each.conditions
            if block.key.lower() in ("aws:sourceaccount", "aws:sourcearn") and "Not" not in block.operator
            for value in block.values
            if (named := account_of(value) or (value if value.isdecimal() else None)) and named != own
        ]
        if not other:
            return None
        wrong.append(other[0])
    if own is None or not wrong:
        return None
    key, value = wrong[0]
    said = f"the trust policy names {service}, but only where {key} is {value}, and the role is in account {own}"
    note = Note("the trust policy in the text", f"Write the account {own} in {key}. Keep the condition.")
    return Finding(
        f"trust.{Fault.CONDITION_UNMET.value}",
        said,
        f"In the text, {said}. As a rule, a service assumes a role for resources of the role's own account.",
        fix=Fix(f"Let {key} name the role's account", Who.RESOURCE_OWNER, note),
    )


def _named_as(service: str, trust: Statement) -> str | None:
    """Return how a trust policy names the service's principal, also with China's suffix.

    None if it does not name it.
    """
    named = (value for kind, value in trust.principal or () if kind == "Service")
    return next((each for each in named if each in (service, f"{service}.cn")), None)


_PODS = "pods.eks.amazonaws.com"


def of_pod_identity(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return the finding that a trust policy for EKS Pod Identity allows sts:AssumeRole without sts:TagSession.

    None if there is no such trust policy.
    """
    trusts = [each for document in documents for each in document.statements if each.effect == "Allow"]
    asked = (denial.action or "").lower().startswith(("eks-auth:", "sts:assumerole", "sts:tagsession"))
    return _of_untagged_pods(trusts) if asked else None


def _of_untagged_pods(trusts: Iterable[Statement]) -> Finding | None:
    """That those of the Allow statements that name EKS Pod Identity lack sts:TagSession, which it needs.

    Amazon EKS User Guide, "Create IAM role with trust policy required by EKS Pod Identity"
    (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html).
    """
    of_pods = [each for each in trusts if _named_as(_PODS, each) is not None]
    allowed = {
        name for name in ("sts:AssumeRole", "sts:TagSession") for one in of_pods if names_action(one.action or (), name)
    }
    if allowed != {"sts:AssumeRole"}:
        return None
    said = f"the trust policy lets {_PODS} do sts:AssumeRole, but not sts:TagSession"
    note = Note("the trust policy in the text", 'Write "Action": ["sts:AssumeRole", "sts:TagSession"].')
    return Finding(
        f"trust.{Fault.NO_ACTION.value}",
        said,
        f"In the text, {said}: EKS Pod Identity needs both.",
        fix=Fix("Let the trust policy allow sts:TagSession, too", Who.RESOURCE_OWNER, note),
    )


_SETS_BOUNDARY = regex(
    r"(?<![\w-])(?P<name>permissions_?boundary(?:_arn)?)[\"']?[ \t]*[:=](?!=)[ \t]*[^\s,}]{3}", re.IGNORECASE
)
_MAKES = ("iam:createrole", "iam:createuser")


def of_a_boundary_left_out(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return that the text sets a boundary for new roles, but a Deny applied to one role; None if it does not say so.

    IAM User Guide, "Permissions boundaries for IAM entities", delegating responsibility to others
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate).
    """
    reason, _, layer = (denial.stated_reason or "").partition(":")
    found = _SETS_BOUNDARY.search(denial.pasted or denial.text)
    made = Arn.parse(denial.resource or "")
    if (denial.action or "").lower() not in _MAKES or made is None:
        return None
    denies = [each for document in documents for each in document.statements if each.effect == "Deny"]
    if reason == "explicit" and found is None and not denies and _demands_a_boundary(denial.pasted or denial.text):
        return _without_the_demanded(made, layer)
    if reason != "explicit" or found is None or not all(map(_asks_for_a_boundary, denies)):
        return None
    why = "the Deny in the text refuses" if denies else "such a Deny often refuses"
    said = (
        f"the text sets {found['name']}, and {why} a {made.type} that is created without the required boundary: the "
        f"setting does not reach {made.name}, or names another boundary"
    )
    note = Note(
        f"what creates {made.name}",
        f"Pass {found['name']} on to the module or resource that creates {made.name}, and compare its ARN with the one "
        "that is required. No Allow helps. Leave the caller's own boundary as it is.",
    )
    fix = Fix(f"Create {made.name} with the required boundary", Who.CALLER, note)
    return Finding(f"{layer}.explicit-deny", said, f"{said[0].upper()}{said[1:]}.", fix=fix)


_SENTENCES = regex(r"[^\n.;?]+\??")
_DEMANDED = tuple(
    regex(words, re.IGNORECASE)
    for words in (
        r"\bboundar(?:y|ies)\b",
        r"\b(?:roles?|users?)\b",
        r"\b(?:demands?|requires?|must|ha(?:s|ve) to|mandatory|enforces?|(?<!not )(?<!n't )(?:required|enforced))\b",
    )
)


def _demands_a_boundary(text: str) -> bool:
    """Return whether one sentence of the text says that roles or users must have a permissions boundary."""
    said = (found[0] for found in _SENTENCES.finditer(text))
    return any(not each.endswith("?") and all(words.search(each) for words in _DEMANDED) for each in said)


def _without_the_demanded(made: Arn, layer: str) -> Finding:
    """Return that a role or user is most likely created without the boundary that the text demands of all of them."""
    name = made.name or made.type
    said = f"the text demands a permissions boundary of new {made.type}s, and most likely {name} is created without it"
    note = Note(
        f"what creates {name}",
        "Set the boundary there (permissions_boundary, PermissionsBoundary). A module without such an input needs a "
        "version that has one. No Allow helps, and the Deny stays.",
    )
    fix = Fix(f"Create {name} with the required boundary", Who.CALLER, note)
    sentence = f"{said[0].upper()}{said[1:]}: a Deny then refuses it."
    return Finding(f"{layer}.explicit-deny", said, sentence, fix=fix)


def _asks_for_a_boundary(statement: Statement) -> bool:
    return any(each.key.lower() == "iam:permissionsboundary" for each in statement.conditions)


_ON_BEHALF = {
    "Athena": regex(r"when writing output to url: s3|\bathena\b[^\n]{0,200}\b(?:s3|S3)\b", re.IGNORECASE),
    "CloudFormation": regex(
        r"Resource handler returned message|\bUsing the stack's caller\b|\b(?:CREATE|UPDATE|DELETE)_FAILED\b"
    ),
}
"""Services that make calls with the permissions of their caller, and what they print when such a call fails."""
_BY_ADDRESS = ("aws:sourceip", "aws:vpcsourceip")
_THROUGH = (
    "aws:viaawsservice",
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:principalisawsservice",
)


def of_a_deny_by_address(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return that a Deny on the caller's address also matches calls that a service makes for the caller.

    None otherwise.

    IAM User Guide, "AWS: Denies access to AWS based on the source IP"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html).
    """
    denies = [each for document in documents for each in document.statements if each.effect == "Deny"]
    text = denial.pasted or denial.text
    first = next((each for each in denies if _only_by_address(each)), None)
    service = next((name for name, words in _ON_BEHALF.items() if words.search(text)), "")
    reason, _, layer = (denial.stated_reason or "explicit").partition(":")
    if first is None or reason != "explicit":
        return None
    block = next(each for each in first.conditions if each.key.lower() in _BY_ADDRESS)
    if not service:
        through = _ENDPOINT.search(text) if block.key.lower() == "aws:sourceip" and len(first.conditions) == 1 else None
        named = re.search(r"\bvpce-[0-9a-f]{8,17}\b", text)
        return _through_an_endpoint(block, layer or "identity", named[0] if named else "vpce-ID") if through else None
    said = (
        f"the Deny refuses calls that do not come from {listing(list(block.values), 'or')}, and {service} makes the "
        "call for you, from an AWS address"
    )
    sentence = (
        f"In the text, {said}. Let the Deny leave out such calls: add "
        '"Bool": {"aws:ViaAWSService": "false"} to its Condition.'
    )
    note = Note(
        "the policy in the text",
        'Add "Bool": {"aws:ViaAWSService": "false"} to the Condition of the Deny: it then matches direct calls only.',
    )
    fix = Fix("Let the Deny leave out calls that services make", Who.ACCOUNT_ADMIN, note)
    return Finding("identity.explicit-deny", said, sentence, fix=fix)


_ENDPOINT = regex(
    r"(?<!no )(?<!without )\b(?:S3|DynamoDB|gateway|interface|VPC) (?:gateway |VPC )?endpoint\b"
    r"(?![^\n.]{0,30}\b(?:removed|deleted|planned)|[^\n.]{0,60}\?)"
    r"|\bvpce-[0-9a-f]{8,17}\b(?!\")",
    re.IGNORECASE,
)


def _through_an_endpoint(block: ConditionBlock, layer: str, endpoint: str) -> Finding:
    """IAM User Guide, "AWS global condition context keys": aws:SourceIp is not in a request through a VPC endpoint.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    said = (
        f"the Deny refuses calls that do not come from {listing(list(block.values), 'or')}, and a request through a "
        "VPC endpoint has no aws:SourceIp"
    )
    note = Note(
        "the policy in the text",
        f'Add "StringNotEquals": {{"aws:SourceVpce": "{endpoint}"}} to the same Condition: it then matches what comes '
        "neither from the address nor through the endpoint. Private addresses belong in aws:VpcSourceIp.",
    )
    fix = Fix("Let the Deny leave out requests through the endpoint", Who.RESOURCE_OWNER, note)
    sentence = f"In the text, {said}: it matches whatever address the caller has."
    return Finding(f"{layer}.explicit-deny", said, sentence, fix=fix)


def _only_by_address(statement: Statement) -> bool:
    keys = {each.key.lower() for each in statement.conditions}
    by_address = any(
        each.key.lower() in _BY_ADDRESS and each.operator.startswith("NotIpAddress") for each in statement.conditions
    )
    return by_address and not keys.intersection(_THROUGH)


_NEW_KEY = regex(
    r"\b(?:(?:switch|migrat|turn|enabl|encrypt|mov)\w*|changed (?:the|it|its|our|to))\b[^.\n\"]{0,60}"
    r"\b(?:SSE-KMS|KMS key|KMS|customer[- ]managed key|CMK)\b[^.,\n\"]{0,40}",
    re.IGNORECASE,
)
_OF_OBJECTS = {"s3:getobject": "kms:Decrypt", "s3:putobject": "kms:GenerateDataKey"}


def of_a_new_key(denial: Denial, allows: Iterable[tuple[str, ...]]) -> Finding | None:
    """Return that a bucket now uses a KMS key, if the text's policy allows the call on the bucket's objects; else None.

    Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)", Permissions
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html).
    """
    action = denial.action or ""
    need = _OF_OBJECTS.get(action.lower())
    found = _NEW_KEY.search(denial.pasted or denial.text)
    if need is None or found is None or denial.stated_reason or denial.missing_action:
        return None
    if not any(names_action(each, action) for each in allows):
        return None
    caller = account_of(denial.principal or "")
    who = f"account {caller}" if caller else "the caller"
    said = f"the policy allows {action}, and the text says “{' '.join(found[0].split())}”: the key is what is new"
    sentence = (
        f"In the text, {said}. The caller also needs {need} on that key, in its own policies and in the key's policy."
    )
    note = Note(
        "the policies of the caller, and the policy of the key",
        f"Allow the caller {need} on the key's ARN, and let the key's policy allow it to {who}. Across accounts it "
        "must be a customer managed key. Objects from before the change keep their encryption.",
    )
    fix = Fix(f"Allow {need} on the bucket's key, on both sides", Who.RESOURCE_OWNER, note)
    return Finding("identity.no-action", said, sentence, fix=fix)


_GRANT = regex(
    r"(?<![\w.])(?P<on>[\w.]{1,60})\.(?P<method>grant(?:[A-Z]\w{2,30}|(?:_[a-z]{2,12}){1,4}))\((?P<to>[\w.]{0,60})"
)
_UNLISTED_GRANT = regex(r"\.grants?[.(]")
"""A grant whose actions the program lists itself, or one that uses a construct's newer `grants`."""


def of_a_grant(denial: Denial) -> Finding | None:
    """Return that the grants of a CDK program in the text do not contain the denied action; None if one may."""
    text, action = denial.pasted or denial.text, denial.action or ""
    service = action.partition(":")[0].lower()
    methods = GRANTS.get(service)
    reason, _, layer = (denial.stated_reason or "").partition(":")
    if methods is None or reason == "explicit" or layer not in ("", "identity") or "PolicyStatement" in text:
        return None
    calls = [(each, _camel(each["method"])) for each in _GRANT.finditer(text)]
    own = [(each, name) for each, name in calls if name in methods and _is_on(each["on"], name, service, denial)]
    if not own or any(names_action(methods[name], action) for _, name in calls if name in methods):
        return None
    if _UNLISTED_GRANT.search(text):
        return None
    fitting = [name for name, had in methods.items() if names_action(had, action)]
    enough = min(fitting, key=lambda name: (f"{service}:*" in methods[name], len(methods[name])), default="")
    if not enough:
        return None
    call, method = own[0]
    snake = "_" in call["method"]
    wanted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enough).lower() if snake else enough
    written = f"{call['on']}.{call['method']}({call['to']})"
    said = f"the program calls {written}, which allows {listing(list(methods[method][:4]))}, and not {action}"
    if len(methods[method]) > len(methods[method][:4]):
        said = f"the program calls {written}, which does not allow {action}"
    note = Note("the CDK program", f"Also call {call['on']}.{wanted}({call['to']}), which allows {action}.")
    fix = Fix(f"Grant {action} with {wanted}", Who.CALLER, note)
    return Finding("identity.no-action", said, f"In the text, {said}. Use {wanted}.", fix=fix)


def _camel(method: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), method)


def _is_on(name: str, method: str, service: str, denial: Denial) -> bool:
    """Return whether a grant is on a construct of the service.

    Constructs of other services may have the same method.
    """
    if sum(method in methods for methods in GRANTS.values()) == 1:
        return True
    word = name.rpartition(".")[2].lower()
    return KINDS[service] in word or (len(word) >= _LONG_NAME and word in (denial.resource or "").lower())


_LONG_NAME = 4
_ENDS_LIKE_AN_ARN = regex(r"arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:(?P<name>\S*[^\s/-]-[a-z]{6})")


def of_a_secrets_name(denial: Denial) -> Finding | None:
    """Return that the secret's own name ends with a hyphen and six letters, so that its ARN only looks complete.

    None if it does not. Secrets Manager API reference, "CreateSecret", Name: such names should not be used
    (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html).
    """
    found = _ENDS_LIKE_AN_ARN.fullmatch(denial.resource or "")
    text = denial.pasted or denial.text
    if found is None or not (denial.action or "").lower().startswith("secretsmanager:"):
        return None
    name = found["name"]
    if not re.search(
        rf"(?:[\"'`]|--secret-id[ =]|secret[ _]?name\W{{1,4}}){re.escape(name)}(?![\w/-])", text, re.IGNORECASE
    ):
        return None
    said = f"the secret's name {name} ends with a hyphen and six characters, like the suffix of a complete ARN"
    sentence = (
        f"{said[0].upper()}{said[1:]}: Secrets Manager takes the refused ARN for complete, and a grant on "
        f"{name}-?????? does not cover it."
    )
    note = Note(
        "the program or template",
        "Name the secret by its complete ARN, with the random suffix (in CDK fromSecretCompleteArn, not "
        "fromSecretNameV2), or give it a name that does not end so. The action is not what is missing.",
    )
    fix = Fix("Use the secret's complete ARN", Who.CALLER, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, sentence, fix=fix)


# AWS KMS Developer Guide, "AWS managed keys": their aliases begin with aws/.
_ALIAS = regex(
    r"(?:\balias/aws/(?P<service>[a-z0-9-]+)"
    r"|(?<![\w/.:@-])aws/(?P<plain>s3|ebs|rds|sqs|sns|ssm|secretsmanager|dynamodb|kinesis|lambda|backup|glue|fsx"
    r"|elasticfilesystem|redshift|es|kafka|logs|codecommit|acm))(?![\w/.:-]\w)"
)
_NOT_NOW = regex(
    r"(?:\b(?:moved|switched|changed|migrated) (?:off|away|from)|\b(?:no longer|not|never|instead of|rather than"
    r"|previously|formerly|used to be|isn['’]t)\b)[^\n.;]{0,30}$",
    re.IGNORECASE,
)
_OWN_KEY = regex(
    r"\bKms(?:Master)?KeyI[dD][\"']?[ \t]*[:=][ \t]*[\"']?(?!(?:alias/)?aws/|null\b|None\b|\W{0,2}absent)[\w:/-]{3,}"
)
_NO_KEY = regex(
    r"\bKms(?:Master)?KeyId[\"']?[ \t]*[:=][ \t]*[\"']?(?:null|None)\b"
    r"|\bKms(?:Master)?KeyId\b[^\n]{0,60}\n[^\n]{0,300}(?:,|\t|\[)[ \t]*(?:null|None)[ \t]*[\]\n]"
)
_DEFAULT_KEY = regex(
    r"You can't access a secret from a different AWS account if you encrypt the secret with the default KMS"
)
_OF_KEY = regex(r"\bKMS|\bkms:|\bencryption key\b|Unable to validate the following destination", re.IGNORECASE)


_TASKS = {"ecs": "ecs-tasks"}
"""The service principal that assumes what ECS calls task roles."""
_SURE = ("lambda", "ecs-tasks", "scheduler")
"""Services whose messages say themselves which part of the service calls."""


def of_services_trust(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return what the text's trust policy says about the service that cannot assume the role; None if there is none.

    A new role, or a change to its trust policy, takes some seconds to reach every service (IAM User Guide, "Changes
    that I make are not always immediately visible":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    """
    name = _TASKS.get(denial.service or "", denial.service)
    service = passed_to(denial) or f"{name}.amazonaws.com"
    kin = {denial.service, *KIN_SERVICES.get(denial.service or "", ())}
    trusts = [
        each
        for document in documents
        for each in document.statements
        if each.effect == "Allow" and names_action(each.action or (), "sts:AssumeRole") and each.principal
    ]
    if not denial.service or not trusts:
        return None
    if any(each.conditions for each in trusts):
        return _of_the_account(denial, service, trusts)
    named = [value for each in trusts for kind, value in each.principal or () if kind == "Service"]
    if (trusted := next(filter(None, (_named_as(service, each) for each in trusts)), None)) is not None:
        if service == _PODS and (untagged := _of_untagged_pods(trusts)) is not None:
            return untagged
        said = f"the trust policy names {trusted}, as it must"
        sentence = (
            f"Wait some seconds and try again: the trust policy in the text names {trusted}, and a new role or trust "
            "policy takes some seconds to reach every service. No policy has to change. If it still fails after a "
            "minute, compare the role's current trust policy with the text."
        )
        fix = Fix("Wait some seconds, and try again", Who.CALLER, Note("the call", "A script waits, or tries again."))
        return Finding(None, said, sentence, settles=True, fix=fix)
    if not named or (denial.service not in _SURE and kin.intersection(map(short_principal, named))):
        return None  # another part of the same service: which of them calls is not known
    said = f"the trust policy names {listing(named)}, not {service}"
    note = Note("the trust policy in the text", f'Write "Principal": {{"Service": "{service}"}}.')
    return Finding(
        f"trust.{Fault.PRINCIPAL_MISMATCH.value}",
        said,
        f"In the text, {said}.",
        fix=Fix(f"Let the role's trust policy name {service}", Who.RESOURCE_OWNER, note),
    )


def of_a_managed_key(denial: Denial) -> Finding | None:
    """Return that the data's key is an AWS managed key, which no other account or service can use; None if it is not.

    AWS KMS Developer Guide, "AWS KMS keys", AWS managed keys
    (https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key).
    """
    text = denial.pasted or denial.text
    if not _OF_KEY.search(text):
        return None
    named = (each for each in _ALIAS.finditer(text) if not _NOT_NOW.search(text[: each.start()]))
    alias, none = None if _OWN_KEY.search(text) else next(named, None), _NO_KEY.search(text)
    none = _DEFAULT_KEY.search(text) or none
    service = (alias["service"] or alias["plain"]) if alias else _service_of(denial) if none else ""
    user = _calling_service(denial, text)
    if not service or not (user or _is_apart(denial, text)):
        return None
    name = f"aws/{service}"
    shown = "the default KMS key" if _DEFAULT_KEY.search(text) else f"no KmsKeyId, so the key is {name}"
    said = f"the text shows {alias[0] if alias else shown}, an AWS managed key"
    sentence = (
        f"The key is {name}, an AWS managed key: other accounts and other services cannot use it, and nobody can "
        "change its policy. What the caller's policies and the resource's policy allow is not the cause."
    )
    who = user or identity_of(denial.principal or "")[2] or "the caller"
    change = (
        f"{_HOW.get(service, 'Encrypt with a customer managed key')}. Its key policy must let {who} use it: "
        "kms:Decrypt, and kms:GenerateDataKey for what writes."
    )
    owner = account_of(denial.resource or "")
    if owner and owner != account_of(denial.principal or ""):
        change = f"In account {owner}: {change}"
    fix = Fix("Encrypt with a customer managed key", Who.RESOURCE_OWNER, Note("the encrypted resource", change))
    return Finding("resource.no-action", said, sentence, fix=fix)


_HOW = {
    "secretsmanager": "aws secretsmanager update-secret --secret-id NAME --kms-key-id KEY",
    "sqs": "Choose a customer managed key for the queue (or SSE-SQS, which needs no key policy)",
}


_LAYERS = regex(r"\bprod-[a-z0-9-]{5,30}-starport-layer-bucket\b")


def of_ecr_layers(denial: Denial, endpoint_policies: Iterable[Document]) -> Finding | None:
    """Return that the text's endpoint policy leaves out the bucket in which ECR keeps image layers; None otherwise.

    Amazon ECR User Guide, "Amazon ECR interface VPC endpoints (AWS PrivateLink)", minimum Amazon S3 bucket permissions
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html).
    """
    found = _LAYERS.search(denial.pasted or denial.text)
    policies = list(endpoint_policies)
    if found is None or not policies:
        return None
    partition = next((each[1] for each in re.findall(r"\b(arn:)(aws[\w-]*):", denial.text)), "aws")
    layer = f"arn:{partition}:s3:::{found[0]}"
    allows = [
        each
        for document in policies
        for each in document.statements
        if each.effect == "Allow" and names_action(each.action or (), "s3:GetObject")
    ]
    if any(resource_matcher(name)(f"{layer}/layer") for each in allows for name in each.resource or ()):
        return None
    said = f"the endpoint policy does not allow {found[0]}, the bucket of AWS in which ECR keeps image layers"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{layer}/*"}
    note = Note(
        "the endpoint policy in the text",
        f"Add the statement {json.dumps(statement)}. The role's ECR permissions and the buckets of your own are not "
        f"the "
        "cause.",
    )
    fix = Fix("Let the endpoint policy allow ECR's layers", Who.RESOURCE_OWNER, note)
    return Finding(f"vpce.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)


_LISTED_SECRETS = regex(
    r"\blist-secrets\b[^\n]*(?:Name|name)[^\n]*\n(?P<names>(?:[ \t]*[\[\]\"][^\n]*\n?|[ \t]*[\w/.+=@-]+[ "
    r"\t]*(?:\n|$)){1,60})"
)
_SECRET_WITHOUT_SUFFIX = regex(r":secret:(?P<name>[\w/+=.@-]+)$")


def of_an_unlisted_secret(denial: Denial) -> Finding | None:
    """Return that the refused secret is not among those that the text lists; None otherwise.

    The ARN of a secret that exists ends with a hyphen and six characters (AWS Secrets Manager User Guide, "What's in a
    Secrets Manager secret?": https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html).
    """
    asked, text = _SECRET_WITHOUT_SUFFIX.search(denial.resource or ""), denial.pasted or denial.text
    listed = _LISTED_SECRETS.search(text)
    if asked is None or listed is None or not (denial.action or "").lower().startswith("secretsmanager:"):
        return None
    names = re.findall(r"[\w/+=.@-]{2,}", listed["names"])
    if not names or any(each == asked["name"] or asked["name"].startswith(f"{each}-") for each in names):
        return None
    said = f"the secret {asked['name']} is not among those that the text lists ({listing(names, limit=4)})"
    near = get_close_matches(asked["name"], names, n=1)
    meant = f" If {near[0]} is meant, name it, and allow :secret:{near[0]}-??????." if near else ""
    note = Note(
        "the program's setting",
        f"Correct the secret's name, or create the secret.{meant} Allowing a secret that does not exist only changes "
        "the error to ResourceNotFoundException.",
    )
    fix = Fix("Name a secret that exists", Who.CALLER, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)


_KEY_OPTION = ("kms-key-id", "kms-key", "target-kms-key-id")


def of_a_keys_region(denial: Denial) -> Finding | None:
    """Return that the failed command names a KMS key of another Region than the one that it calls; None otherwise.

    Amazon RDS API Reference, "CopyDBSnapshot", KmsKeyId: keys are specific to the Region in which they were created
    (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CopyDBSnapshot.html).
    """
    for command in commands_in(denial.pasted or denial.text):
        options = dict(command.options)
        called = next(iter(options.get("region", ())), "")
        key = next((Arn.parse(each) for name in _KEY_OPTION for each in options.get(name, ())[:1]), None)
        if not (command.failed and called and key is not None and key.service == "kms") or command.service == "s3":
            continue
        if key.region in ("", called) or not A_REGION.fullmatch(called):
            continue
        said = f"the key is in {key.region}, and the call is for {called}: a KMS key can be used in its own Region only"
        note = Note(
            "the command",
            f"Name a key of {called} (a customer managed key there, or the replica of a multi-Region key by its ARN in "
            f"{called}). That the key is enabled in {key.region} is no contradiction. No policy has to change for "
            f"that.",
        )
        fix = Fix(f"Name a KMS key of {called}", Who.CALLER, note)
        return Finding(None, said, f"In the text, {said}.", settles=True, fix=fix)
    return None


_OF_URL = regex(r"Function URL authorization issues", re.IGNORECASE)
_URL_GRANT = regex(r"lambda:InvokeFunctionUrl(?![\w])")
_CALL_GRANT = regex(r"lambda:InvokeFunction(?!\w)")
_BY_CLOUDFRONT = regex(r"cloudfront\.amazonaws\.com|x-cache: Error from cloudfront", re.IGNORECASE)


def of_a_function_url(denial: Denial) -> Finding | None:
    """Return that the text grants only one of the two actions that a function's URL needs; None otherwise.

    AWS Lambda Developer Guide, "Control access to Lambda function URLs"
    (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).
    """
    text = denial.pasted or denial.text
    if not _OF_URL.search(text) or not _URL_GRANT.search(text) or _CALL_GRANT.search(text):
        return None
    who = "cloudfront.amazonaws.com" if _BY_CLOUDFRONT.search(text) else "the same principal"
    source = ", with the distribution's ARN as aws:SourceArn" if "cloudfront" in who else ""
    said = "the policy allows lambda:InvokeFunctionUrl and not lambda:InvokeFunction"
    sentence = f"In the text, {said}: function URLs created since October 2025 need both."
    source = source or ", with the condition lambda:InvokedViaFunctionUrl = true (--invoked-via-function-url)"
    change = f"Add a permission for lambda:InvokeFunction to {who}{source}. Keep the one for lambda:InvokeFunctionUrl."
    note = Note("the function's resource-based policy", change)
    fix = Fix("Allow lambda:InvokeFunction too", Who.RESOURCE_OWNER, note)
    return Finding("resource.no-action", said, sentence, fix=fix)


_MOUNT_REFUSED = regex(r"access denied by server while mounting", re.IGNORECASE)
_CLIENT = regex(r"elasticfilesystem:Client(?:Write|RootAccess)(?!\w)", re.IGNORECASE)
_MOUNTS = regex(r"elasticfilesystem:(?:Client(?:Mount|\*)|\*)|ClientMount", re.IGNORECASE)


def of_a_file_system(denial: Denial) -> Finding | None:
    """Return that a file system's policy in the text allows clients to write but not to mount; None otherwise.

    Amazon EFS User Guide, "Using IAM to control access to file systems"
    (https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html).
    """
    text = denial.pasted or denial.text
    named = dict.fromkeys(found[0] for found in _CLIENT.finditer(text))
    if not _MOUNT_REFUSED.search(text) or not named or _MOUNTS.search(text) or '"Principal"' not in text:
        return None
    said = f"the file system policy allows {listing(list(named))}, and not elasticfilesystem:ClientMount"
    sentence = f"In the text, {said}: no client may mount. Without any policy, every client in the network may."
    change = (
        "Add elasticfilesystem:ClientMount to the actions of its Allow. Or delete the policy (aws efs "
        "delete-file-system-policy), if nobody intended one: a tool may have created it by default."
    )
    note = Note("the file system policy in the text", change)
    return Finding(
        "resource.no-action",
        said,
        sentence,
        fix=Fix("Allow elasticfilesystem:ClientMount in the file system policy", Who.RESOURCE_OWNER, note),
    )


_BUCKET_KEY = regex(
    r"\bBucketKeyEnabled\b[\"']?\s*[:=]\s*[\"']?true\b|\bbucket_key_enabled\s*=\s*true\b", re.IGNORECASE
)
_OBJECTS_CONTEXT = regex(
    r"kms:EncryptionContext:aws:s3:arn[\"']?\s*[:=]\s*(?:\[\s*)?(?:-\s*)?(?:!Sub\s+|\{\s*\"Fn::Sub\"\s*:\s*)?[\"']?"
    r"(?P<arn>arn:[^\s\"',\]}]*?:s3:::(?:\$\{[^}]*\}|[^\s\"'/,$])+)(?P<key>/(?:\$\{[^}]*\}|[^\s\"',\]}])*)",
    re.IGNORECASE,
)


_NO_BUCKET_KEY = regex(
    r"\bBucketKeyEnabled\b[\"']?\s*[:=]\s*[\"']?false\b|\bbucket_key_enabled\s*=\s*false\b", re.IGNORECASE
)
_BUCKETS_CONTEXT = regex(
    r"kms:EncryptionContext:aws:s3:arn[\"']?\s*[:=]\s*\[?\s*[\"']"
    r"(?P<arn>arn:[^\s\"',\]}/]*?:s3:::[^\s\"'/,*$]+)[\"']",
    re.IGNORECASE,
)
_CONTEXT = "kms:EncryptionContext:aws:s3:arn"


def of_a_bucket_key(denial: Denial) -> Finding | None:
    """Return that a statement on a key requires another encryption context than S3 sends for the bucket.

    None otherwise.

    Amazon S3 User Guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys": the context is the bucket's ARN if
    the bucket uses an S3 Bucket Key, otherwise the object's ARN
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html).
    """
    text = denial.pasted or denial.text
    if not (denial.missing_action or denial.action or "").lower().startswith("kms:"):
        return None
    if (found := _OBJECTS_CONTEXT.search(text)) is not None and _BUCKET_KEY.search(text):
        return _of_the_context(
            denial,
            asks=f"an object's ARN ({found['arn']}{found['key']})",
            why="The bucket uses an S3 Bucket Key, so that S3 sends the bucket's own ARN",
            names="the bucket's ARN",
            change=f"Write {found['arn']} for {_CONTEXT}, without the object.",
        )
    if (found := _BUCKETS_CONTEXT.search(text)) is not None and _NO_BUCKET_KEY.search(text):
        return _of_the_context(
            denial,
            asks=f"the bucket's ARN ({found['arn']})",
            why="Without an S3 Bucket Key, S3 sends the ARN of the object",
            names="the objects' ARNs",
            change=f"Write {found['arn']}/* with StringLike for {_CONTEXT}.",
        )
    return None


def _of_the_context(denial: Denial, *, asks: str, why: str, names: str, change: str) -> Finding:
    """Return the finding of `of_a_bucket_key`: what the condition requires, and what S3 sends instead."""
    said = f"the condition on {_CONTEXT} asks for {asks}"
    note = Note(
        "the policy in the text, and each other policy with this condition", f"{change} Keep the other conditions."
    )
    layer = (denial.stated_reason or "").partition(":")[2] or "identity"
    return Finding(
        f"{layer}.{Fault.CONDITION_UNMET.value}",
        said,
        f"In the text, {said}. {why}: the condition is never met.",
        fix=Fix(f"Let the condition name {names}", Who.ACCOUNT_ADMIN, note),
    )


_RUNS_A_TASK = ("ecs:runtask", "ecs:starttask")
_RESOURCES = regex(r"[\"']?\bResources?\b[\"']?\s*[:=]\s*(?:\[[^\]]{0,8000}\]|[^\n,}]{1,400}[\n,}]?)")
_WRITTEN_TASK = regex(
    r"arn:[\w-]+:ecs:[\w*-]*:[\d*]*:task-definition/(?P<family>[\w-]+)(?P<rest>:[\w*?]+|\*)?(?=[\"'\s,\]]|$)"
)


def of_a_revision(denial: Denial) -> Finding | None:
    """Return that a statement names a task definition without a revision, which ECS requires; None otherwise.

    Amazon ECS Developer Guide, "Identity-based policy examples", Run Amazon ECS tasks
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html).
    """
    text = denial.pasted or denial.text
    action = denial.missing_action or denial.action or ""
    asked = Arn.parse(denial.resource or "")
    if action.lower() not in _RUNS_A_TASK or asked is None or not asked.resource.startswith("task-definition/"):
        return None
    family = asked.id.partition(":")[0]
    written = [found[0] for found in _RESOURCES.finditer(text)]
    named = [found for each in written for found in _WRITTEN_TASK.finditer(each) if found["family"] == family]
    if not named or any(found["rest"] for found in named):
        return None
    arn = named[0][0]
    said = f"the policy names {arn}, without a revision"
    sentence = (
        f"In the text, {said}. ECS asks for {action} on the task definition with its revision, whatever the message "
        f"shows: write {arn}:*."
    )
    note = Note("the policy in the text", f"Write {arn}:* instead of {arn}. It covers every revision.")
    fix = Fix(f"Let the policy name {arn}:*", Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, sentence, fix=fix)


_UNMAPPED = regex(
    r"attributes failed to be mapped into session tags\. Issuer: \[(?P<issuer>[^\]]*)\]; "
    r"Subject: \[(?P<subject>[^\]]*)\]; SAN: \[(?P<san>[^\]]*)\]"
)
_FIELDS = {"issuer": "x509Issuer", "subject": "x509Subject", "san": "x509SAN"}
_SUBJECT = regex(r"^[ \t]*subject[ \t]*=[ \t]*(?P<parts>[^\n]{1,400})", re.IGNORECASE | re.MULTILINE)
_NO_TAG = regex(r"[^\w\s.:/=+\-@]")


def of_a_certificate(denial: Denial) -> Finding | None:
    """Return the certificate attributes that IAM Roles Anywhere could not turn into session tags.

    None if there are none.

    IAM Roles Anywhere User Guide, "Attribute mapping"
    (https://docs.aws.amazon.com/rolesanywhere/latest/userguide/attribute-mapping.html); the characters allowed in a
    tag's value: STS API reference, "Tag" (https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html).
    """
    text = denial.pasted or denial.text
    found = _UNMAPPED.search(text)
    failed = [(name, part) for name in _FIELDS for part in found[name].split()] if found else []
    if not failed:
        return None
    which = listing([f"{name.title() if name != 'san' else 'SAN'} {part}" for name, part in failed])
    shown = ""
    if (subject := _SUBJECT.search(text)) and any(name == "subject" for name, _ in failed):
        names = [part for name, part in failed if name == "subject"]
        values = dict(re.findall(r"(?:^|,[ \t]*)(\w+)[ \t]*=[ \t]*([^,]+)", subject["parts"]))
        bad = {name: sorted(set(_NO_TAG.findall(values.get(name, "")))) for name in names}
        shown = "".join(
            f" The {name} “{values[name].strip()}” has {listing(letters)}." for name, letters in bad.items() if letters
        )
    said = f"the certificate's {which} could not be made a session tag"
    sentence = (
        f"{said[0].upper()}{said[1:]}: a tag's value can contain only letters, digits, spaces and _ . : / = + - @, and "
        f"at most 256 characters.{shown} No policy is the cause, and neither is the trust anchor."
    )
    name, part = failed[0]
    change = (
        "Issue a certificate without the other characters there. Or remove the mapping: aws rolesanywhere "
        f"delete-attribute-mapping --profile-id PROFILE --certificate-field {_FIELDS[name]} --specifiers {part}. "
        f"Conditions on aws:PrincipalTag/{_FIELDS[name]}/{part} then match nothing."
    )
    fix = Fix("Change the certificate, or the profile's mapping", Who.RESOURCE_OWNER, Note("the certificate", change))
    return Finding(None, said, sentence, settles=True, fix=fix)


_COPIES = ("s3:getobject", "s3:putobject")
_TAGGING = ("s3:GetObjectTagging", "s3:PutObjectTagging")


def of_a_copy(denial: Denial, allows: Iterable[tuple[str, ...]]) -> Finding | None:
    """Return that the text's policies allow both sides of a copy but not the object's tags; None otherwise.

    Amazon S3 API reference, "CopyObject", Permissions
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
    """
    named = list(allows)
    if denial.operation != "CopyObject" or denial.stated_reason or denial.missing_action:
        return None
    if not all(any(names_action(each, action) for each in named) for action in _COPIES):
        return None
    lacks = [action for action in _TAGGING if not any(names_action(each, action) for each in named)]
    if not lacks:
        return None
    said = f"the policy allows both sides of a copy, but not {listing(lacks)}"
    sentence = (
        f"In the text, {said}: CopyObject copies the object's tags, too. If the objects have no tags, look at the KMS "
        "keys of both sides, and at the source bucket's policy."
    )
    change = "Allow s3:GetObjectTagging on the source's objects, and s3:PutObjectTagging on the target's."
    fix = Fix(f"Allow {listing(lacks)}", Who.ACCOUNT_ADMIN, Note("the policy in the text", change))
    return Finding("identity.no-action", said, sentence, fix=fix)


_COPIED_IN_PARTS = regex(r"\bcopy failed: s3://|\baws s3 (?:cp|mv|sync)\b[^\n]*\bs3://[^\n]*\bs3://")


def of_the_tags_of_parts(denial: Denial) -> Finding | None:
    """Return that the AWS CLI reads and writes the tags of objects that it copies in parts; None for other calls.

    AWS CLI reference, "s3 cp", --copy-props (https://docs.aws.amazon.com/cli/latest/reference/s3/cp.html).
    """
    tagging = next((each for each in _TAGGING if each.lower() == (denial.action or "").lower()), None)
    bucket = (denial.resource or "").partition("/")[0]
    denied = (denial.stated_reason or "implicit:identity") == "implicit:identity"
    if tagging is None or not denied or not bucket.startswith("arn:"):
        return None
    if not _COPIED_IN_PARTS.search(denial.pasted or denial.text):
        return None
    said = "the AWS CLI copies large objects in parts, and then copies their tags by separate calls"
    sentence = (
        f"The caller lacks {tagging}: {said}. Small objects are copied by one call, which needs it only where "
        "there are tags. This is no throttling."
    )
    statement = json.dumps({"Effect": "Allow", "Action": tagging, "Resource": f"{bucket}/*"})
    other = (
        "s3:PutObjectTagging on the target's objects"
        if tagging == _TAGGING[0]
        else "s3:GetObjectTagging on the source's"
    )
    note = Note(
        "the caller's policies",
        f"Add the statement {statement}, and allow {other}, too, if they have tags. Or leave the tags out: "
        f"--copy-props "
        "metadata-directive.",
    )
    fix = Fix(f"Allow {tagging} on {bucket}/*", Who.ACCOUNT_ADMIN, note)
    return Finding("identity.no-action", said, sentence, fix=fix)


_SANDBOX = regex(
    r"\bProductionAccessEnabled\b\W{1,6}(?:false|False)\b|\bProductionAccessEnabled,[^\n]*\n\s*\[\s*false\b|\bSES "
    r"sandbox\b"
)


def of_the_sandbox(denial: Denial) -> Finding | None:
    """Return that the account is in the SES sandbox, where recipients are identities, too; None otherwise.

    Amazon SES developer guide, "Request production access"
    (https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html).
    """
    action, resource = denial.action or "", denial.resource or ""
    if not action.lower().startswith("ses:send") or ":identity/" not in resource or "@" not in resource:
        return None
    if not _SANDBOX.search(denial.pasted or denial.text):
        return None
    address = resource.partition(":identity/")[2]
    said = f"the account is in the SES sandbox, where only verified identities may receive mail, {address} among them"
    note = Note(
        "the account, and the policies of the caller",
        "Request production access for this Region to send to others. Until then allow the caller "
        f"{action} on {resource}, too, beside the sender's identity: each further recipient fails in the same way.",
    )
    fix = Fix("Request production access, or allow the recipient's identity too", Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)


_DELIVERS_TO = regex(
    r"\"(?:destination|BucketARN)\"\s*:\s*\"arn:[\w-]+:s3:::(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\""
)
_OBJECTS_OF = regex(r"arn:[\w-]+:s3:::(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/")


def of_a_delivery(denial: Denial) -> Finding | None:
    """Return that a Firehose stream delivers to another bucket than the text's policy names; None otherwise.

    Amazon Data Firehose developer guide, "Grant Firehose access to an Amazon S3 destination"
    (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html).
    """
    text = denial.pasted or denial.text
    to = {each["bucket"] for each in _DELIVERS_TO.finditer(text)}
    named = {each["bucket"] for each in _OBJECTS_OF.finditer(text)}
    if "S3.AccessDenied" not in text or len(to) != 1 or not named or to & named:
        return None
    bucket = to.pop()
    said = f"the stream delivers to {bucket}, and the policy names {listing(sorted(named))}"
    note = Note(
        "the policy of the stream's role",
        f"Write the ARN of {bucket}, without and with /*, in its Resource. The producer's policies are not the cause.",
    )
    fix = Fix(f"Name {bucket} in the policy of the stream's role", Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)


_LISTED = regex(
    r"ClientIDList(?:\[\d*\])?\]?[^\[\]]{0,200}\[(?:\s*[\"'][^\"'\n]{0,200}[\"'],\s*\[)?(?P<ids>[^\[\]]{3,400})\]"
)
# A console's or a person's line on the provider.
_LISTED_IN_WORDS = regex(
    r"\b(?:identity )?providers?\b[^\n]{0,120}\b(?:audiences?|client ?ids?)[\"']?[ \t]*[:=]"
    r"[ \t]*(?P<ids>[^\s;\n][^\n;]{2,200})",
    re.IGNORECASE,
)
_AUDIENCE = regex(r"\baud(?:ience)?[\"']?[ \t]*[:=][ \t]*[\"']?(?P<aud>[^\s\"',}\]]{4,200})")


def of_an_audience(denial: Denial) -> Finding | None:
    """Return the token's audience, if the identity provider in the text does not list it; else None."""
    text = denial.pasted or denial.text
    listed = _LISTED.search(text) or _LISTED_IN_WORDS.search(text)
    if "token audience" not in text or listed is None:
        return None
    ids = [each.strip(" \t\n\"'") for each in listed["ids"].split(",")]
    shown = {found["aud"] for found in _AUDIENCE.finditer(text[: listed.start()] + text[listed.end() :])}
    if len(shown) != 1 or (had := shown.pop()) in ids:
        return None
    said = f"the token's audience is {had}, and the identity provider lists {listing(ids)}"
    change = f"Request a token with the audience {ids[0]}, or add {had} to the provider's client IDs."
    if re.search(rf":aud\"?\s*:\s*\[?\s*\"{re.escape(had)}\"", text):
        change = (
            f"Add {had} to the provider's client IDs (aws iam add-client-id-to-open-id-connect-provider): the trust "
            f"policy asks for it already. Or request a token with the audience {ids[0]}, and write that into the trust "
            "policy, too."
        )
    fix = Fix("Make the token's audience one that the provider lists", Who.CALLER, Note("the token", change))
    return Finding(None, said, f"In the text, {said}.", leads=True, fix=fix)


_SHOULD_BE_DENIED = regex(
    r"get-?caller-?identity\b[^\n?]{0,60}\b(?:must|should|has to|needs to|supposed to)\b(?![^\n]{0,6}\b(?:not|never)\b)"
    r"[^\n]{0,12}\b(?:be |get )(?:denied|blocked|refused)\b",
    re.IGNORECASE,
)


def of_a_call_without_permission(denial: Denial) -> Finding | None:
    """Return that no policy can deny sts:GetCallerIdentity, if the text expects that; None otherwise.

    AWS STS API Reference, "GetCallerIdentity"
    (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
    """
    if not _SHOULD_BE_DENIED.search(denial.pasted or denial.text):
        return None
    said = "no policy can deny sts:GetCallerIdentity, not even a Deny on everything or an SCP: it needs no permission"
    note = Note("the test", "Test calls that are authorized, such as s3 ls and iam list-users. Change no policy.")
    fix = Fix("Leave sts:GetCallerIdentity out of the test", Who.CALLER, note)
    sentence = f"{said[0].upper()}{said[1:]}. That it answers says nothing against the policy."
    return Finding(None, said, sentence, settles=True, fix=fix)


_SAML_ENDPOINTS = {
    "aws": "https://signin.aws.amazon.com/saml",
    "aws-us-gov": "https://signin.amazonaws-us-gov.com/saml",
    "aws-cn": "https://signin.amazonaws.cn/saml",
}


def of_a_saml_endpoint(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return that a trust policy asks for the sign-in endpoint of another partition as SAML:aud; None otherwise.

    IAM User Guide, "Configure SAML assertions for the authentication response"; AWS GovCloud (US) User Guide, "AWS IAM
    in AWS GovCloud (US)" (https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-iam.html).
    """
    if (denial.action or "").lower() != "sts:assumerolewithsaml":
        return None
    for document in documents:
        for each in document.statements:
            federated = [value for kind, value in each.principal or () if kind == "Federated"]
            providers = [value.split(":")[1] for value in federated if ":" in value]
            asked = [value for block in each.conditions if block.key.lower() == "saml:aud" for value in block.values]
            right = _SAML_ENDPOINTS.get(providers[0]) if len(set(providers)) == 1 else None
            others = [value for partition, value in _SAML_ENDPOINTS.items() if value != right]
            if right is None or not asked or not all(value in others for value in asked):
                continue
            said = f"the trust policy asks for SAML:aud {listing(asked)}, and the provider is in {providers[0]}"
            note = Note(
                "the trust policy in the text",
                f"Write {right} for SAML:aud. The identity provider must send its assertion there, too (recipient).",
            )
            fix = Fix(f"Let SAML:aud be {right}", Who.RESOURCE_OWNER, note)
            return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)
    return None


_PHASE = regex(r":run_phase:(?P<phase>plan|apply)[\"']")
_PHASE_FAILS = regex(
    r"\b(?P<phase>plan|apply)\b(?:\s+(?:is|=|:|run))?\W{1,4}(?:red\b|fail|error|denied|refused|breaks)", re.IGNORECASE
)


def of_a_run_phase(denial: Denial) -> Finding | None:
    """Return that a trust policy accepts the tokens of HCP Terraform's other phase; None if the text does not show it.

    HCP Terraform documentation, "Dynamic credentials", workload identity tokens: sub ends with run_phase
    (https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens).
    """
    text = denial.pasted or denial.text
    accepted = {each["phase"] for each in _PHASE.finditer(text)}
    failing = {each["phase"].lower() for each in _PHASE_FAILS.finditer(text)}
    if (denial.action or "").lower() != "sts:assumerolewithwebidentity" or len(accepted) != 1 or len(failing) != 1:
        return None
    phase, other = accepted.pop(), failing.pop()
    if phase == other:
        return None
    said = f"the trust policy accepts run_phase:{phase} as subject, and the token of the {other} has run_phase:{other}"
    note = Note(
        "the trust policy in the text",
        f"Let sub accept both (two values, or StringLike with run_phase:*), or give the {other} a role of its own "
        f"(TFC_AWS_{other.upper()}_ROLE_ARN) that trusts run_phase:{other}. The role's permissions are not the cause.",
    )
    fix = Fix(f"Let a role trust run_phase:{other}", Who.RESOURCE_OWNER, note)
    return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)


_ATTACHED_ROLES = regex(r"\"IamRoleArn\"\s*:\s*\"(?P<arn>arn:[\w-]+:iam::\d{12}:role/[^\"]+)\"")


def of_a_role_of_redshift(denial: Denial) -> Finding | None:
    """Return that the text's cluster does not have the role that a COPY or UNLOAD names; None otherwise.

    Amazon Redshift Management Guide, "Authorizing COPY, UNLOAD ... operations using IAM roles": the role is associated
    with the cluster (https://docs.aws.amazon.com/redshift/latest/mgmt/copy-unload-iam-role.html).
    """
    text, role = denial.pasted or denial.text, denial.resource or ""
    attached = list(dict.fromkeys(_ATTACHED_ROLES.findall(text)))
    if denial.service != "redshift" or ":role/" not in role or not attached or role in attached:
        return None
    said = f"the cluster has {listing(attached)}, and not {role}"
    note = Note(
        "the cluster",
        f"aws redshift modify-cluster-iam-roles --cluster-identifier CLUSTER --add-iam-roles {role} (the caller needs "
        "iam:PassRole on it), and wait for in-sync. Or name a role that the cluster has. Nothing is granted to the "
        "database user in IAM.",
    )
    fix = Fix(f"Associate {role} with the cluster", Who.RESOURCE_OWNER, note)
    return Finding(None, said, f"In the text, {said}.", settles=True, fix=fix)


_TRAIL_PREFIX = regex(r"/AWSLogs/(?P<account>\d{12})/")
_ACCOUNTS = regex(r"(?<![\d/])(?P<account>\d{12})(?!\d)")


def of_a_trails_account(denial: Denial) -> Finding | None:
    """Return that the bucket's policy names an account that resembles the trail's; None otherwise.

    AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"
    (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html).
    """
    text = denial.pasted or denial.text
    if "InsufficientS3BucketPolicy" not in text and "Incorrect S3 bucket policy" not in text:
        return None
    named = {each["account"] for each in _TRAIL_PREFIX.finditer(text)}
    own = {each["account"] for each in _ACCOUNTS.finditer(text)} - named
    near = [(one, other) for one in named for other in own if sorted(one) == sorted(other) or edits(one, other, 1) == 1]
    if len(named) != 1 or len(near) != 1:
        return None
    written, meant = near[0]
    said = f"the bucket policy lets CloudTrail write to AWSLogs/{written}/, and the account is {meant}"
    note = Note(
        "the bucket policy",
        f"Write AWSLogs/{meant}/* in its Resource, and correct the account in its conditions. The caller lacks "
        f"nothing.",
    )
    fix = Fix(f"Name account {meant} in the bucket policy", Who.RESOURCE_OWNER, note)
    return Finding(f"resource.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)


def of_decoded(denial: Denial, decoded: DecodedMessage) -> Finding | None:
    """Return the Deny in AWS's decoded message, with its conditions and the request's values; None without a Deny."""
    denies = [each for each in decoded.statements if each.effect in (None, "Deny", "DENY") and each.conditions]
    if not decoded.explicit or not denies:
        return None
    first, values = denies[0], dict(decoded.context)
    low = {key.lower(): had for key, had in values.items()}
    which = f"statement {first.sid}" if first.sid else "a statement"
    parts = []
    for key, wanted in first.conditions:
        had = low.get(key.lower())
        parts.append(
            f"{key} {listing(list(wanted), 'or')}" + (f" (the request has {listing(list(had))})" if had else "")
        )
    said = f"{which} denies {denial.action or 'the request'}; its condition is on {listing(parts)}"
    keys = [key for key, _ in first.conditions]
    hows = listing([remedy(key) for key in keys], "or")
    text = f"{hows[0].upper()}{hows[1:]}, or ask the owner of the policy that has {which} for an exception."
    layer = (denial.stated_reason or "").partition(":")[2]
    code = f"{layer}.explicit-deny" if layer in LAYERS_IN_WORDS or layer in ("identity", "resource") else "unreadable"
    fix = Fix(f"Make a request that {which} does not deny", Who.CALLER, Note("the request", text))
    return Finding(code, said, f"The decoded message says that {said}. No Allow can help.", fix=fix)


_CALLING_SERVICE = regex(
    r"[\"']Service[\"']\s*:\s*[\"']((?:s3|sns|events|cloudwatch|scheduler|delivery\.logs)\.amazonaws\.com)[\"']"
)


def _calling_service(denial: Denial, text: str) -> str:
    """The service that uses the key by itself, as far as the text shows; empty if none does."""
    if names_a_service(denial.principal or ""):
        return denial.principal or ""
    if "CloudWatch Alarms does not have authorization" in text:
        return "cloudwatch.amazonaws.com"
    found = _CALLING_SERVICE.search(text)
    return found[1] if found else ""


def _service_of(denial: Denial) -> str:
    target = Arn.parse(denial.resource or "")
    action = (denial.action or "").partition(":")[0].lower()
    return target.service if target is not None and target.service != "kms" else action


def _is_apart(denial: Denial, text: str) -> bool:
    """Return whether the key belongs to another account than the caller, as far as the text shows."""
    home, owner = account_of(denial.principal or ""), account_of(denial.resource or "")
    return (home is not None and owner is not None and home != owner) or bool(_ACROSS.search(text))


_ACROSS = regex(
    r"\b(?:cross|other|another|second|different|their|owner's)[- ]?(?:acct|accounts?)\b"
    r"|\bshared? (?:snapshot|image|ami)\b|\bfrom account \d{12}\b",
    re.IGNORECASE,
)
