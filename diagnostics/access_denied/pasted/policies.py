"""The policy documents in a paste, compared with the request that the paste says was refused.

The text does not show whether such a document is in force, so what it lacks is only the likely cause.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, TypeVar

from diagnostics.access_denied.near_misses import (
    condition_words,
    farthest_first,
    misspelt_action,
    named_operation,
    near_words,
    statement_words,
)
from diagnostics.access_denied.pasted.denies import denied, with_a_boundary
from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.access_denied.pasted.fixes import NOBODY, allowing, fix_of, fix_of_names, place_of
from diagnostics.access_denied.pasted.managed import of_managed_policies
from diagnostics.access_denied.pasted.settled import (
    of_a_bucket_key,
    of_a_certificate,
    of_a_copy,
    of_a_file_system,
    of_a_function_url,
    of_a_managed_key,
    of_a_revision,
    of_an_audience,
    of_decoded,
    of_services_trust,
)
from diagnostics.access_denied.pasted.sides import both_lacking, other_side_lacking, own_side_lacking
from diagnostics.access_denied.pasted.subjects import of_subjects, quoted_conditions
from diagnostics.access_denied.request.command import command_resource
from diagnostics.access_denied.request.determined import determined_keys
from diagnostics.access_denied.request.subject import with_known
from diagnostics.access_denied.request.values import DEFAULTS, keys_around
from diagnostics.access_denied.similar_names import Resemblance, resemblance, role_shown
from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import Evidence, Step, Verdict
from diagnostics.failure import Denial
from diagnostics.fix import OWNERS, Fix, Note, Who
from diagnostics.messages.own_words import with_own_policies, without_quotes
from diagnostics.stated.denial import actions_in_prose
from diagnostics.templates.policies import WrittenPolicy, holders_in, text_of, written_policies
from diagnostics.templates.shorthand import shorthand_policies
from diagnostics.words import UNSIGNED, is_trust_action, word_of
from iam.arn import account_of, identity_of, names_a_service
from iam.claims import AskedValues, Confidence, Ground, Keys, Sourced, at_most_likely, confidence, only
from iam.policy.compiled import wildcard_only
from iam.policy.decision import ConditionFailure, Fault, Layer, LayerResult, NearMiss
from iam.policy.document import Document, PolicyError
from iam.policy.explain import DenyingStatement, LayerExplanation, MetCondition, explain_layer
from iam.policy.match import names_action
from iam.policy.operators import operator
from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import Statement
from iam.policy.words import holding
from iam.service_reference import action as known_action
from iam.service_reference import services, spelled
from iam.services import iam_prefix
from iam.words import listing

T = TypeVar("T")

MOST_CHARACTERS = 40_000
"""Of a text that are searched for documents: the largest policy has 20,480 (IAM quotas, role trust and managed)."""

_UNIQUE_ID = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{6,}")
"""Of a user or a role (IAM User Guide, "IAM identifiers", unique identifiers:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html)."""


@dataclass(frozen=True, slots=True)
class _Asked(AskedValues):
    """The condition keys that the text gives, as the engine takes them."""

    keys: Keys


@dataclass(frozen=True, slots=True)
class _OnResource(AskedValues):
    """The resource of a command, as the engine takes it."""

    on: Sourced[str] | None


def finding_of(denial: Denial) -> Finding | None:
    """What the policy documents of the text say of its refused request; None where it has none that can be judged."""
    if denial.action is None and denial.missing_action is None:
        named = actions_in_prose(denial)
        denial = replace(denial, action=named[0]) if len(named) == 1 else _of_an_address(denial)
    if denial.decoded is not None and (decoded := of_decoded(denial, denial.decoded)) is not None:
        return decoded
    for rule in (
        of_a_managed_key,
        of_a_function_url,
        of_a_file_system,
        of_an_audience,
        of_a_bucket_key,
        of_a_revision,
        of_a_certificate,
    ):
        if (settled := rule(denial)) is not None:
            return settled
    action = denial.missing_action or denial.action
    if denial.claims_trust:
        action = "sts:AssumeRole"
    if action is None or ":" not in action:
        return None
    reason, _, stated = (denial.stated_reason or "").partition(":")
    text = with_own_policies(denial.pasted or denial.text[:MOST_CHARACTERS])
    values, written = _read(text)
    documents = tuple(_documents(text, values, written, denial, action))
    if denial.claims_trust:
        return of_services_trust(denial, [one.document for one in documents])
    found = tuple(one for one in documents if one.speaks)
    allowed = [each.action or () for one in found for each in one.document.statements if each.effect == "Allow"]
    if all(one.whole for one in found) and (copied := of_a_copy(denial, allowed)) is not None:
        return copied
    findings: list[Finding] = []
    if (shown := role_shown(denial)) is not None:
        return shown
    trust = is_trust_action(action)
    if (subjects := _of_subjects(documents, text, action)) is not None:
        return subjects
    word = stated if stated not in ("", "unknown", "resource", "trust") else "identity"
    name = identity_of(denial.principal or "")[2]
    others, foreign = _of_the_caller(found, denial, word, name, text)
    if others and not (trust and stated == "trust") and (denial.principal is not None or not trust):
        findings += _judged(
            denial, action, others, Layer.IDENTITY, word, values, whole=all(one.whole for one in others)
        )
    if foreign and denial.principal is not None and not any(one.code is None for one in findings):
        findings = [*_of_another(denial, action, foreign, name, values), *findings]
    if (
        not foreign
        and (not trust or stated == "identity")
        and reason != "explicit"
        and not any(one.code is None for one in findings)
    ):
        whose, _ = _of_the_caller(documents, denial, word, name, text)
        findings = [*_of_wrong_prefix(whose, action, word), *findings]
        elsewhere = word == "identity" and (_DEPLOYS.search(text) or (not stated and _OTHER_POLICIES.search(text)))
        if not findings and stated != "resource" and not elsewhere and not _WRITES_POLICIES.search(action):
            findings += _of_other_services(whose, _named(denial), action, word)
        if not findings and word == "identity":
            findings += of_managed_policies(_named(denial), text, action)
    if trust and not findings and not foreign and not stated:
        findings += (one for one in of_managed_policies(_named(denial), text, action) if one.code is None)
    mine = tuple(findings)
    word = word_of(Layer.RESOURCE, trust=trust)
    for one in found:
        guard = one.label in ("vpce", "rcp") and one.label == stated
        if guard and one.names_principals:
            findings += _judged(denial, action, [one], Layer.RESOURCE, stated, values, whole=one.whole)
        elif one.names_principals and one.label in ("", word):
            asked, asked_action = _of_the_key(one.document, denial, action)
            decides = one.whole and _must_allow(asked, asked_action, stated)
            findings += _judged(asked, asked_action, [one], Layer.RESOURCE, word, values, whole=decides)
    theirs = findings[len(mine) :]
    if (both := _of_both_sides(denial, action, mine, theirs, found)) is not None:
        return both
    if not stated and not any(one.code is not None for one in findings):
        findings += _of_guardrails(documents, denial, action, name)
    first = _deciding(findings, explicit=reason == "explicit", stated=stated)
    if first is not None and reason != "explicit" and (more := _second_gap(text, documents)):
        first = replace(first, sentence=f"{first.sentence} {more}")
    if first is not None and first.code is None and reason == "explicit":
        said = f"it has no Deny for {action}"
        return Finding(
            None, said, f"The policy in the text has none for {action}: look for it in the others that apply."
        )
    if first is None or first.code is not None:
        return first
    if not action.lower().startswith("kms:") and _KEY_REFUSED.search(denial.text):
        return None  # the action itself is allowed, as AWS says: what is refused is the key
    return replace(first, leads=not others or stated in ("", "unknown", "identity"))


_KEY_REFUSED = re.compile(r"Access to KMS is not allowed|KMS access was denied|refers to a customer master key")


def _of_both_sides(
    denial: Denial, action: str, mine: Sequence[Finding], theirs: Sequence[Finding], pasted: Sequence[_Pasted]
) -> Finding | None:
    """What is said where the caller's own policies and the resource's must both allow the request, and the text shows
    one of them, or both. None where one suffices, or neither is shown.

    IAM User Guide, "Cross-account policy evaluation logic"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
    """
    reason, _, stated = (denial.stated_reason or "").partition(":")
    home, owner = account_of(denial.principal or ""), account_of(denial.resource or "")
    apart = home is not None and owner is not None and home != owner
    if owner is None and any(_names_account(one, home) for one in pasted):
        apart = stated == "identity"  # a bucket's ARN names no account: its policy names the caller's
    if reason == "explicit" or denial.principal is None or names_a_service(denial.principal):
        return None
    delegated = is_trust_action(action) and any(map(_leaves_it_to_the_account, pasted))
    if action.lower().startswith("kms:") and home == owner and _grants_account(pasted, action, home):
        delegated = True  # KMS names the key's side for what the key policy leaves to the account's own policies
    if not apart and not delegated:
        return None
    ours, resources = _allows(mine), _allows(theirs)
    if not resources and _grants_account(pasted, action, home):
        resources = True
    if ours is False and resources is False and stated in ("", "unknown"):
        return _without_tags(both_lacking(mine[0], theirs[0]), denial, action)
    decides = (
        ("", "unknown", "identity", "resource") if action.lower().startswith("kms:") else ("", "unknown", "identity")
    )
    if resources and ours is None and stated in decides:
        return own_side_lacking(_named(denial), action, home or "", owner, trust=is_trust_action(action))
    if resources is False and ours is None and apart and stated in ("", "unknown", "resource"):
        own = own_side_lacking(_named(denial), action, home or "", owner, trust=True)
        return _without_tags(both_lacking(None, theirs[0], own), denial, action)
    if ours and resources is None and apart and stated in ("", "unknown", "resource", "trust"):
        return other_side_lacking(_named(denial), action, owner or "", trust=is_trust_action(action))
    return None


def _without_tags(finding: Finding, denial: Denial, action: str) -> Finding:
    """The finding; where GitHub's action tags the session, with the input that leaves the tags out.

    https://github.com/aws-actions/configure-aws-credentials (its README, "Session tagging")
    """
    if action.lower() != "sts:tagsession" or "configure-aws-credentials" not in denial.text:
        return finding
    how = "Set its input role-skip-session-tagging: true. No policy has to change then."
    note = Note("the step of the workflow", how)
    return replace(finding, further=(*finding.further, Fix("Or leave the session tags out", Who.CALLER, note)))


def _grants_account(pasted: Sequence[_Pasted], action: str, home: str | None) -> bool:
    """Whether a resource's policy of the text allows the action to the caller's account as a whole."""
    accounts = (home, f"arn:aws:iam::{home}:root", f"arn:aws-us-gov:iam::{home}:root", f"arn:aws-cn:iam::{home}:root")
    return any(
        each.effect == "Allow"
        and names_action(each.action or (), action)
        and not each.conditions
        and any(value in accounts for _, value in each.principal or ())
        for one in pasted
        for each in one.document.statements
    )


def _allows(findings: Sequence[Finding]) -> bool | None:
    """Whether one side allows the request; None where the text has no policy of it."""
    return any(one.code is None for one in findings) if findings else None


def _named(denial: Denial) -> Denial:
    return replace(denial, resource=_resource(denial))


def _names_account(one: _Pasted, account: str | None) -> bool:
    pairs = [pair for each in one.document.statements for pair in each.principal or ()]
    return account is not None and any(account in value for _, value in pairs)


def _leaves_it_to_the_account(one: _Pasted) -> bool:
    """Whether a document trusts accounts only, and so leaves it to the caller's own policies."""
    values = [value for each in one.document.statements for _, value in each.principal or ()]
    return bool(values) and all(value.endswith(":root") or re.fullmatch(r"\d{12}", value) for value in values)


def _of_subjects(documents: Sequence[_Pasted], text: str, action: str) -> Finding | None:
    """That a trust policy of the text accepts another subject than the token has, or none at all."""
    trusts = [one for one in documents if any(_trusts_tokens(each) for each in one.document.statements)]
    if not trusts:
        return of_subjects(text, *quoted_conditions(text), action)
    statements = [pair for one in trusts for pair in enumerate(one.written)]
    return of_subjects(text, statements, [one.span for one in trusts], action)


def _trusts_tokens(statement: Statement) -> bool:
    named = statement.action or ()
    return statement.effect == "Allow" and names_action(named, "sts:AssumeRoleWithWebIdentity")


@dataclass(frozen=True, slots=True)
class _Gap:
    """A second resource that a call needs.

    ``call`` is what the text shows of the call, ``has`` what its policy names in Resource, ``lacks`` what it then has
    to name too; ``page`` is AWS's.
    """

    call: re.Pattern[str]
    has: re.Pattern[str]
    lacks: re.Pattern[str]
    sentence: str
    page: str


_GAPS = (
    _Gap(
        re.compile(r":foundation-model/(?P<id>(?:global|us|eu|apac|jp|au|ca|us-gov)\.[\w.-]+(?::\d+)?)"),
        re.compile(r":foundation-model/(?:global|us|eu|apac|jp|au|ca|us-gov)\."),
        re.compile(r"^\*$"),
        "No model has the ID {id}: it is an inference profile. The policy must name inference-profile/{id}, and the "
        "models by their own ID, without the prefix.",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
    ),
    _Gap(
        re.compile(r"\b(?P<id>(?:global|us|eu|apac|jp|au|ca|us-gov)\.(?:anthropic|amazon|meta|mistral|deepseek|cohere|writer)"
                   r"\.[\w.-]+(?::\d+)?)"),
        re.compile(r":foundation-model/"),
        re.compile(r":(?:application-)?inference-profile/|^\*$"),
        "The model {id} is an inference profile: the policy must also name inference-profile/{id}, besides the models.",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
    ),
    _Gap(
        re.compile(r"\b(?P<id>snap-[0-9a-f]{6,}|VolumeSnapshot|snapshotHandle)\b"),
        re.compile(r":volume/"),
        re.compile(r":snapshot/|^\*$|\*/\*$"),
        "A volume from a snapshot is authorized on the snapshot too: the policy must also name snapshot/*.",
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-creating-volume.html",
    ),
)  # fmt: skip


def _second_gap(text: str, pasted: Sequence[_Pasted]) -> str:
    """The sentence on a second resource that the call needs, and that the documents do not name; "" where none is."""
    allowed = [each for one in pasted for each in one.document.statements if each.effect == "Allow"]
    named = [resource for each in allowed for resource in each.resource or ()]
    for gap in _GAPS:
        called = gap.call.search(text)
        if called and any(map(gap.has.search, named)) and not any(map(gap.lacks.search, named)):
            return gap.sentence.replace("{id}", called["id"])
    return ""


_REFUSED_ADDRESS = re.compile(
    r"(?P<before>[^\n\"]{1,80}\"?)(?<=[\s'\"(])"
    r"s3[an]?://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(?P<key>[^\s'\"<>),;]*[^\s'\"<>),;.:])"
    r"(?P<to_write>\W{1,3}for writ)?",
    re.IGNORECASE,
)
"""What programs of data say of the object that S3 refused."""
_VERB = re.compile(r"\b(?:(?P<writes>writ|put|upload|sav)|read|get|load|open|fetch|download)", re.IGNORECASE)
_PARTITION = re.compile(r"\barn:(aws[a-z-]*):")
_SAYS_REFUSED = re.compile(r"access ?denied|forbidden|\b403\b", re.IGNORECASE)


def _of_an_address(denial: Denial) -> Denial:
    """The denial with the action and the object, where one line says what was refused of an s3:// address. The verb
    next to the address says what was tried; an address names no partition, so that of the text's ARNs is taken.
    """
    text = denial.text[:MOST_CHARACTERS]
    found = [
        (one, verbs[-1])
        for line in text.splitlines()
        if _SAYS_REFUSED.search(line)
        and (one := _REFUSED_ADDRESS.search(line))
        and (verbs := list(_VERB.finditer(one["before"])))
    ]
    partitions = set(_PARTITION.findall(denial.principal or f"{text}\n{denial.pasted or ''}")) or {"aws"}
    if len({one["bucket"] for one, _ in found}) != 1 or len(partitions) != 1:
        return denial
    one, verb = found[0]
    action = "s3:PutObject" if verb["writes"] or one["to_write"] else "s3:GetObject"
    resource = f"arn:{partitions.pop()}:s3:::{one['bucket']}/{one['key']}"
    return replace(denial, action=action, resource=denial.resource or resource)


_CALLER = re.compile(r"\bUser: (arn:[\w-]+:(?:iam|sts)::\S{1,200}) is not authorized")


def _of_the_caller(
    found: Sequence[_Pasted], denial: Denial, word: str, name: str, text: str
) -> tuple[list[_Pasted], list[_Pasted]]:
    """The documents that may be the caller's in the layer ``word``, and those that the text attaches to another role.

    Where the text has several callers and does not say whose a document is, it is nobody's.
    """
    explicit = (denial.stated_reason or "").startswith("explicit:")
    others = [one for one in found if not one.names_principals and one.label in ("", word)]
    if word != "identity" and not explicit:
        others = [one for one in others if one.label == word]
    if _DEPLOYS.search(text):  # the caller deploys: a policy that is deployed is another's
        makes_caller = word != "identity" and name and re.search(_MADE_ROLE.format(re.escape(name)), text)
        others = [one for one in others if not one.made or makes_caller]
    if len({identity_of(arn) for arn in _CALLER.findall(without_quotes(text))}) > 1:
        others = [one for one in others if name in one.holders]
    foreign = [one for one in others if one.holders and name not in one.holders] if word == "identity" else []
    return [one for one in others if one not in foreign], foreign


_OTHER_POLICIES = re.compile(
    r":policy/|managed_?policy_?arns?|policy_arn\b|^[ \t]*-[ \t]+\w{1,60}Policy:", re.IGNORECASE | re.MULTILINE
)
"""What names a policy whose statements the text does not have: by its ARN, or a policy template of SAM."""
_MADE_ROLE = r"\b(?:RoleName|roleName)[\"']?\s*:\s*[\"']?{}\b"
"""A template's own role with this name."""


def _of_wrong_prefix(pasted: Sequence[_Pasted], action: str, word: str) -> Iterator[Finding]:
    """The statement that names the action with a prefix that IAM does not have (``monitoring:`` of CloudWatch)."""
    service = action.partition(":")[0]
    for one in pasted:
        for number, statement in enumerate(one.document.statements):
            for named in statement.action or () if statement.effect == "Allow" else ():
                prefix, _, rest = named.partition(":")
                if prefix.lower() in services() or iam_prefix(prefix) != service.lower():
                    continue
                if names_action((f"{service}:{rest}",), action):
                    which = statement.sid or number + 1
                    said = f"statement {which} names {named}, a prefix that IAM does not have: write {service}:{rest}"
                    yield Finding(f"{word}.no-action", said, f"In the text, {said}.")
                    return


def _of_guardrails(pasted: Sequence[_Pasted], denial: Denial, action: str, caller: str) -> Iterator[Finding]:
    """The Deny of an SCP, RCP, boundary or session policy in the text, where AWS does not say what refused."""
    for one in pasted:
        if one.label not in LAYERS_IN_WORDS:
            continue
        for number, (written, statement) in enumerate(zip(one.written, one.document.statements, strict=True)):
            if statement.effect != "Deny" or not names_action(statement.action or (), action):
                continue
            exempt = [
                value
                for kind, block in (written.get("Condition") or {}).items()
                if (parts := operator(kind)) is not None and parts.negated and isinstance(block, dict)
                for key, values in block.items()
                if key.lower() == "aws:principalarn"
                for value in _plain(values)
            ]
            layer, which = LAYERS_IN_WORDS[one.label], statement.sid or number + 1
            said = f"statement {which} of the {layer} denies {action}"
            who = caller or "the caller"
            if exempt:
                said += f", except for {listing(exempt[:3])}"
            sentence = f"In the text, {said}. No Allow helps{f' unless {who} is one of these' if exempt else ''}."
            evidence = Evidence(said, one.label, statement=number, sid=statement.sid, document=one.document)
            owner = OWNERS.get(one.label, Who.ACCOUNT_ADMIN)
            fix = None
            if exempt:
                text = f"Add its ARN to the condition's values. {who} is then free of the whole statement."
                note = Note(f"the {layer} in the text", text)
                fix = Fix(f"Exempt {who} from the Deny, if it may do this", owner, note)
            yield Finding(f"{one.label}.explicit-deny", said, sentence, (evidence,), fix=fix)
            return


def _of_other_services(pasted: Sequence[_Pasted], denial: Denial, action: str, word: str) -> Iterator[Finding]:
    """That the documents allow actions of other services only, where each could be read to its end."""
    if not all(one.whole and not one.part and not one.speaks for one in pasted):
        return
    allows = [each for one in pasted for each in one.document.statements if each.effect == "Allow"]
    named = dict.fromkeys(name.partition(":")[0] for each in allows for name in each.action or ())
    if not named or any(each.action is None for each in allows):
        return
    said = f"names {only(listing(list(named)), complete=True)}, and no action of {action.partition(':')[0].lower()}"
    layer = LAYERS_IN_WORDS.get(word, "policy")
    limits = f" Only what this policy allows can be granted: it must contain {action}."
    more_of_it = limits if word in LAYERS_IN_WORDS else ""
    change = f"Add a statement that allows {spelled(action)} on what the call uses."
    if (denial.resource or "").startswith("arn:") or wildcard_only(action):
        on = "*" if wildcard_only(action) else denial.resource or ""
        statement = allowing(action, on, determined_keys(denial, action, on, ()))
        change = f"Add the statement {json.dumps(statement)}."
    own = word == "identity" and denial.principal is not None
    note = Note(place_of(denial.principal or "") if own else f"the {layer} in the text", change)
    fix = Fix(f"Allow {spelled(action)}", OWNERS.get(word, Who.ACCOUNT_ADMIN), note)
    yield Finding(f"{word}.no-action", f"it {said}", f"The {layer} in the text {said}.{more_of_it}", fix=fix)


_DEPLOYS = re.compile(
    r"\bError: (?:creating|reading|updating|deleting|putting|attaching|modifying|waiting|tagging)\b"
    r"|\bwith aws_\w+\.[\w-]+,"
    r"|(?:CREATE|UPDATE|DELETE)_FAILED|Resource handler returned|failed to deploy|\bROLLBACK_|creating urn:pulumi"
)
"""What Terraform, CloudFormation, CDK and Pulumi print where a deployment fails."""


def _must_allow(denial: Denial, action: str, stated: str) -> bool:
    """Whether the resource's own policy has to allow the request: AWS says that it does not, it is a trust or a key
    policy, or the caller is another account's. In one account the caller's own policies suffice.
    """
    home, owner = account_of(denial.principal or ""), account_of(denial.resource or "")
    apart = home is not None and owner is not None and home != owner
    return stated in ("resource", "trust") or is_trust_action(action) or action.lower().startswith("kms:") or apart


_KEY = re.compile(r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+")


def _of_the_key(document: Document, denial: Denial, action: str) -> tuple[Denial, str]:
    """The request on the KMS key, for a key policy beside the refusal of a service that uses the key."""
    named = [each.lower() for one in document.statements for each in one.action or ()]
    key = _KEY.search(denial.text)
    of_key = bool(named) and all(each.startswith("kms:") for each in named) and not action.lower().startswith("kms:")
    return (replace(denial, resource=key[0]), "kms:Decrypt") if of_key and key else (denial, action)


def _deciding(findings: list[Finding], *, explicit: bool, stated: str) -> Finding | None:
    """The finding that the refusal speaks of: a Deny where it says so, else what lacks, else what would allow. What
    refuses in another layer than AWS names is not why.
    """
    named = [one for one in findings if one.code is None or stated in ("", "unknown", one.code.partition(".")[0])]

    def rank(one: Finding) -> tuple[bool, bool]:
        return (one.code or "").endswith(".explicit-deny") is not explicit, one.code is None

    return min(named, key=rank, default=None)


def with_pasted_policies(denial: Denial, parts: Iterator[T], *, offline: bool) -> Iterator[T | Step | Verdict | Fix]:
    """The parts of a diagnosis with a step on the text's own policies behind the first; ``offline``, where no policy of
    the account is read, they are what the verdict speaks of.
    """
    finding = finding_of(denial)
    told = False
    for part in parts:
        if finding is not None and offline and isinstance(part, Verdict):
            verdict = verdict_with(finding, part)
            yield verdict
            if verdict is not part:
                yield from finding.fixes
            continue
        yield part
        if finding is not None and not told and isinstance(part, Step):
            told = True
            yield finding.step


def verdict_with(finding: Finding, verdict: Verdict) -> Verdict:
    """The verdict of the text with what its document says: the statement at fault takes the place of "only the
    policies show"; what AWS stated stays as it is.
    """
    if finding.settles:
        return _saying(verdict, finding.sentence, "unreadable", confidence(Ground.NOTHING))
    if finding.code is None and not finding.leads:
        return verdict
    if finding.code is None:
        summary = f"{finding.sentence} {verdict.summary}"
        return _saying(verdict, summary, verdict.cause, at_most_likely(verdict.confidence))
    if verdict.cause.endswith(".explicit-deny") or finding.absent:
        return _saying(verdict, f"{verdict.summary} {finding.sentence}", verdict.cause, verdict.confidence)
    if verdict.confidence is Confidence.CERTAIN:
        return verdict
    return _saying(verdict, finding.sentence, finding.code, confidence(Ground.PARTLY))


def _saying(verdict: Verdict, summary: str, cause: str, sure: Confidence) -> Verdict:
    return replace(verdict, cause=cause, confidence=sure, summary=summary, sentences=(Sentence(summary),))


# What the text contains.


_NAMES = "Sid|Effect|Action|NotAction|Resource|NotResource|Principal|NotPrincipal|Condition"
_MEMBER = re.compile(rf'"({_NAMES})"\s*:\s*')
_OPERATOR = r"(?:For(?:All|Any)Values:)?(?:String|Numeric|Date|Bool|Ip|Arn|NotIp|Null|Binary)\w*"
_PART = re.compile(rf'"({_NAMES}|{_OPERATOR})"\s*:\s*')
_START = {"{": re.compile(r"\{"), '"': re.compile(rf'"(?:{_NAMES}|{_OPERATOR})"\s*:')}
_BETWEEN = re.compile(r"[\s,]*")
_PLACEHOLDER = re.compile(
    r"\$\{(?:self|opt|env|ssm|cf|param|sls|custom|git|file)\b(?:[^{}]|\{[^{}]{0,100}\}){0,200}\}"
    r"|\$\{aws:(?:accountId|region)\}|\$\{[^}:]*\}\*?|\$\{[A-Z]\w*::\w+\}|\{\{[^}]*\}\}|<[^>]*>|\.\.\.|…"
)
"""Of a template, or of what somebody left out: any text may stand there. ``${aws:username}`` is a policy variable."""
_LABELS = (
    ("boundary", re.compile(r"boundary", re.IGNORECASE)),
    ("scp", re.compile(r"\bSCP\b|service control|aws_organizations_policy", re.IGNORECASE)),
    ("rcp", re.compile(r"\bRCP\b|resource control", re.IGNORECASE)),
    ("session", re.compile(r"session policy|inline session|\bassume_role\(|AssumeRoleCommand\(", re.IGNORECASE)),
    ("vpce", re.compile(r"endpoint policy|aws_vpc_endpoint", re.IGNORECASE)),
)
"""What the words before a document call it."""
_LABEL_WITHIN = 80
_REASON = re.compile(r"allows the \S+ action|explicit deny in an? [\w-]+(?: control| endpoint)?(?: policy)?")
"""IAM's own words, which name the layer that refused and no document."""
_WRITES_POLICIES = re.compile(
    r":(?:put\w*policy|create\w*policy|create\w*version|createrole|updateassume|set\w*(?:policy|attributes)|createkey|"
    r"addpermission|putpermission)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Pasted:
    """A document of the text. ``label`` is the layer that the words before it name, "" where they name none; ``whole``
    is False where a statement could not be read to its end, so that what the document lacks is not known.

    In ``document`` every placeholder has the text that fits the request best; ``written`` are the statements as the
    text has them, ``sure`` is the document of those without placeholders. ``holders`` are the roles that it is attached
    to, as far as the text shows; ``made``: a template or program makes it for what it deploys. ``speaks``: it speaks of
    the request's service. ``part``: statements without the document around them, which may be cut off. ``proposed``:
    the words before it say so. ``span`` is where it begins and ends in the text. ``listed``: a person wrote down its
    actions.
    """

    document: Document
    sure: Document
    written: tuple[dict[str, Any], ...]
    label: str
    whole: bool
    holders: frozenset[str] = frozenset()
    made: bool = False
    speaks: bool = True
    part: bool = False
    proposed: bool = False
    span: tuple[int, int] = (0, 0)
    listed: bool = False

    @property
    def names_principals(self) -> bool:
        return any(each.principal is not None or each.not_principal is not None for each in self.document.statements)


def _read(text: str) -> tuple[tuple[tuple[int, int, Any], ...], tuple[WrittenPolicy, ...]]:
    """The JSON values of the text with their places, and the policies in other languages.

    Members of a statement without their braces are a value, too.
    """
    objects = _side_by_side(text, list(_json_values(text, "{")))
    spans = [(start, end) for start, end, _ in objects]
    written = tuple(written_policies(text, spans))
    spans += [(each.start, each.end) for each in written]
    listed = tuple(shorthand_policies(text, spans))
    written += listed
    spans += [(each.start, each.end) for each in listed]
    members = [each for each in _json_values(text, '"') if not any(start <= each[0] < end for start, end in spans)]
    return (*objects, *members), written


class _Parts(dict[str, Any]):
    """Statements that stand side by side without the document around them."""


def _side_by_side(text: str, objects: list[tuple[int, int, Any]]) -> list[tuple[int, int, Any]]:
    """The objects with statements that only a comma or spaces part as one value, so that they are counted together."""
    found: list[tuple[int, int, Any]] = []
    for start, end, value in objects:
        last = found[-1] if found else None
        if last and _is_statement(value) and _BETWEEN.fullmatch(text, last[1], start):
            if isinstance(last[2], _Parts):
                last[2]["Statement"].append(value)
                found[-1] = (last[0], end, last[2])
                continue
            if _is_statement(last[2]):
                found[-1] = (last[0], end, _Parts(Statement=[last[2], value]))
                continue
        found.append((start, end, value))
    return found


def _is_statement(value: Any) -> bool:
    return isinstance(value, dict) and "Effect" in value and "Statement" not in value


def _json_values(text: str, begins: str) -> Iterator[tuple[int, int, Any]]:
    """Every JSON object of the text, or every run of a statement's members, with where it begins and ends."""
    decoder, at = json.JSONDecoder(), 0
    read = decoder.raw_decode if begins == "{" else partial(_members, decoder)
    while found := _START[begins].search(text, at):
        try:
            value, at = read(text, found.start())
        except (ValueError, RecursionError):
            at = found.end()
        else:
            yield found.start(), at, value


def _members(decoder: json.JSONDecoder, text: str, at: int) -> tuple[dict[str, Any], int]:
    """The members of a statement or of a block of conditions from here on, and where they end."""
    found: dict[str, Any] = {}
    while member := _PART.match(text, at):
        found[member[1]], at = decoder.raw_decode(text, member.end())
        if between := _BETWEEN.match(text, at):
            at = between.end()
    return found, at


_ADDED = re.compile(r"\b(?:source|override)_(?:policy_documents?|json)\b")
"""Arguments of Terraform's aws_iam_policy_document that add statements from elsewhere."""


def _documents(
    text: str,
    values: tuple[tuple[int, int, Any], ...],
    written: tuple[WrittenPolicy, ...],
    denial: Denial,
    action: str,
) -> Iterator[_Pasted]:
    """The policy documents of the text, without those that it only proposes where it has the present one, too."""
    found = tuple(_all_documents(text, values, written, denial, action))
    present = [one for one in found if not one.proposed]
    yield from present or found


def _all_documents(
    text: str,
    values: tuple[tuple[int, int, Any], ...],
    written: tuple[WrittenPolicy, ...],
    denial: Denial,
    action: str,
) -> Iterator[_Pasted]:
    holders = holders_in(text) if written or "<<" in text else ()
    terraform = "aws_iam_" in text
    added = _ADDED.search(text) is not None
    found = [
        (start, end, each, True, False, not (name or _is_document(value)), False, name)
        for start, end, value in values
        for name, part in _named_parts(value)
        for each in _statements(part, denial, action)
    ]
    found += [
        (
            each.start,
            each.end,
            list(each.statements),
            each.whole,
            not (terraform or each.listed),
            False,
            each.listed,
            "",
        )
        for each in written
    ]
    for start, end, statements, read, made, part, listed_so, name in found:
        said = _REASON.split(text[max(0, start - _LABEL_WITHIN) : start])[-1]
        before = name or said.rpartition("\n\n")[2] + _lines_around(text, start)
        label = next((layer for layer, words in _LABELS if words.search(before)), "")
        proposed = _is_proposed(text[max(0, start - _PROPOSED_WITHIN) : start])
        listed = statements if isinstance(statements, list) else [statements]
        fitting = [(each, best) for each in listed if (best := _fitting(each, denial, action)) is not None]
        document = _document([best for _, best in fitting])
        try:
            speaks = any(_speaks_of(each, action, denial) for each in document.statements)
        except PolicyError:
            continue
        if not document.statements:
            continue
        sure = _document([each for each, _ in fitting if not _open_elements(each)])
        of = next((names for begin, stop, names in holders if begin <= start < stop), None)
        known = frozenset() if of is None or None in of else frozenset(filter(None, of))
        if listed_so:
            known = _named_before(text, start)
        elif not known and (owner := _OF_OWNER.search(text[max(0, start - _LABEL_WITHIN) : start])):
            known = frozenset({owner["name"]})
        whole = read and len(fitting) == len(listed) and not added
        written_as = tuple(each for each, _ in fitting)
        made = made or of is not None
        yield _Pasted(
            document, sure, written_as, label, whole, known, made, speaks, part, proposed, (start, end), listed_so
        )


_HAS = re.compile(
    r"(?:^|[\s#(])(?:(?:user|role|group) )?(?P<name>[\w+=@-][\w+=,.@-]{1,60})(?:'s)?(?: (?:user|role|group))?"
    r"(?: (?:identity |role |user |inline )?polic(?:y|ies))?(?:: ?| has | have | allows | may )(?:Allow\w* )?$",
    re.IGNORECASE,
)
"""Words before a list of actions that name its owner: ``jenkins user has``, ``hub policy:``."""


_OF_OWNER = re.compile(
    r"polic(?:y|ies) of (?:the )?(?:role|user) [\"'`]?(?P<name>[\w+=,.@-]*[\w+=@])[^\n{}]{0,40}\s*$", re.IGNORECASE
)
"""Words before a document that name its owner."""


def _named_before(text: str, start: int) -> frozenset[str]:
    """The user or role that a list of actions is said to be of, where the text has it as a user or role elsewhere."""
    found = _HAS.search(text[text.rfind("\n", 0, start) + 1 : start])
    if found is None:
        return frozenset()
    name = found["name"]
    entity = re.search(
        rf"(?:user|role)/(?:[\w+=,.@-]+/)*{re.escape(name)}(?![\w-])|serName\W+{re.escape(name)}\b", text
    )
    return frozenset({name}) if entity is not None else frozenset()


_PROPOSED = re.compile(
    r"\b(?:try (?:this|with)|should be|change (?:it|this) to|replace (?:\w+ )?with|propos\w+|suggest\w*|"
    r"(?:you )?(?:need|have) to add|add this|instead|accepted answer|corrected|fixed (?:policy|version))\b",
    re.IGNORECASE,
)
"""What the words before a document that is not in force yet call it."""
_TRIED = re.compile(r"\b(?:tried|still|added|changed|replaced|updated|now)\b", re.IGNORECASE)
"""What they call one that is in force although somebody proposed it."""
_PROPOSED_WITHIN = 160


def _is_proposed(before: str) -> bool:
    words = before.rpartition("}")[2]
    return _PROPOSED.search(words) is not None and _TRIED.search(words) is None


def _lines_around(text: str, start: int) -> str:
    """The lines of a template or program that contain what begins at ``start``: each is indented less than the next."""
    lines = text[max(0, start - 2_000) : start].split("\n")
    column = len(lines[-1]) - len(lines[-1].lstrip())
    around: list[str] = []
    for line in reversed(lines[:-1]):
        indent = len(line) - len(line.lstrip())
        if indent < column and line.rstrip().endswith((":", "{", "(", "[")):
            column = indent
            around.append(_REASON.split(line)[-1][:200])
    return "\n" + "\n".join(around)


def _named_parts(value: Any) -> Iterator[tuple[str, Any]]:
    """The values of an object that calls each of its policies by name, with that name; else the value alone."""
    named = isinstance(value, dict) and bool(value) and all(_NAMES_A_POLICY.search(str(name)) for name in value)
    if not named or not all(isinstance(had, dict | list) for had in value.values()):
        yield "", value
        return
    yield from ((str(name), had) for name, had in value.items())


_NAMES_A_POLICY = re.compile(r"polic|boundar|\bSCP\b|\bRCP\b|\bidentity\b|\btrust\b|\bsession\b", re.IGNORECASE)


def _is_document(value: Any) -> bool:
    """Whether a JSON value has a policy document, and not only statements of one."""
    return isinstance(value, dict) and not isinstance(value, _Parts) and "Statement" in json.dumps(value)


def _document(statements: list[dict[str, Any]]) -> Document:
    return Document.from_value({"Version": "2012-10-17", "Statement": statements})


def _speaks_of(statement: Statement, action: str, denial: Denial) -> bool:
    if statement.not_action is not None:
        return True
    named = statement.action or ()
    if _WRITES_POLICIES.search(action):  # the document may be the one that was to be written
        return names_action(named, action)
    services = {each.partition(":")[0].lower() for each in named}
    of_key = "kms" in services and _KEY.search(denial.text) is not None and "KMS" in denial.text
    return action.partition(":")[0].lower() in services or bool(services & {"*", ""}) or of_key


_ELEMENTS = ("Action", "NotAction", "Resource", "NotResource", "Condition", "Principal", "NotPrincipal")


def _open_elements(statement: dict[str, Any]) -> list[str]:
    """The elements with a placeholder, whose value is not known."""
    written = ((name, json.dumps(statement[name], ensure_ascii=False)) for name in _ELEMENTS if name in statement)
    return [name for name, text in written if _PLACEHOLDER.search(text)]


def _fitting(pasted: Any, denial: Denial, action: str) -> dict[str, Any] | None:
    """The statement with what fits the request in the place of every placeholder; None where that cannot be judged.

    A Deny is judged only where its placeholders are in its resources and conditions; those of conditions stay.
    """
    if not isinstance(pasted, dict):
        return None
    of_resources = ("Resource", "NotResource")
    statement: dict[str, Any] = {
        str(name): _plain(had) if name in of_resources else had for name, had in pasted.items()
    }
    unknown = _open_elements(statement)
    if statement.get("Effect") == "Deny":
        if set(unknown) - {"Resource", "Condition"}:
            return None
        unknown = [name for name in unknown if name == "Resource"]
    for name in unknown:
        had = statement.pop(name)
        listed = [each for each in (had if isinstance(had, list) else [had]) if isinstance(each, str)]
        known = [each for each in listed if not _PLACEHOLDER.search(each)]
        match name:
            case "Resource":
                statement[name] = [_fitted(each, denial.resource or "*") for each in listed]
            case "Action":
                statement[name] = [*known, action]
            case "NotAction" | "NotResource":
                statement[name] = known or ["-"]  # nothing that is known is left out
            case "Condition":
                statement[name] = _known_conditions(had)
            case "Principal":
                statement[name] = {"AWS": denial.principal} if denial.principal else "*"
            case _:
                return None
    return statement


def _known_conditions(block: Any) -> dict[str, Any]:
    """The conditions without placeholders."""
    found: dict[str, Any] = {}
    for name, keys in block.items() if isinstance(block, dict) else ():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            if not _PLACEHOLDER.search(json.dumps([key, values], ensure_ascii=False)):
                found.setdefault(name, {})[key] = values
    return found


def _plain(value: Any) -> list[str]:
    """Resources as texts, with placeholders for a template's functions."""
    return [text_of(each) or "${computed}" for each in (value if isinstance(value, list) else [value])]


# What the names of references say: a bucket's ARN is none of an object, a table's none of an index.
_OF_BUCKET = re.compile(
    r"\$\{[^}]{0,200}?(?:aws_s3_bucket\.|bucket_?arn|bucket\w{0,60}\.arn)[^}]{0,200}\}", re.IGNORECASE
)
_OF_TABLE = re.compile(
    r"\$\{[^}]{0,200}?(?:aws_dynamodb_table\.|table_?arn|table\w{0,60}\.arn)[^}]{0,200}\}", re.IGNORECASE
)


def _fitted(pattern: str, resource: str) -> str:
    """The resource of a statement with the text that fits the request best in the place of every placeholder.

    A placeholder that is the name of a bucket or of a table has no slash.
    """
    if not _PLACEHOLDER.search(pattern):
        return pattern
    for reference, whole in ((_OF_BUCKET, r"arn:[\w-]+:s3:::[^/]+"), (_OF_TABLE, r"arn:[\w-]+:dynamodb:[^/]+/[^/]+")):
        known, own = reference.match(pattern), re.match(whole, resource)
        if known is not None and own is not None:
            return own[0] + _PLACEHOLDER.sub("*", pattern[known.end() :])
    parts, asked = _PLACEHOLDER.sub("\0", pattern).split(":", 5), resource.split(":", 5)
    if len(parts) < 6 or len(asked) < 6:
        wide = _PLACEHOLDER.sub("*", pattern)
        fits_all = resource.startswith("arn:") and fnmatchcase(resource, wide.replace("[", "[[]"))
        return resource if fits_all else wide
    name, slash, rest = parts[5].partition("/")
    fits = re.fullmatch(r"[^/]*".join(map(re.escape, name.split("\0"))), asked[5].partition("/")[0])
    parts[5] = (asked[5].partition("/")[0] if fits else name) + slash + rest
    return ":".join(parts).replace("\0", "*")


def _statements(value: Any, denial: Denial, action: str) -> Iterator[Any]:
    """The statements of each document within the value: a policy, a statement alone, or a block of conditions alone."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        for *_, inner in _json_values(value[:MOST_CHARACTERS], "{"):
            yield from _statements(inner, denial, action)
    elif isinstance(value, list):
        for each in value:
            yield from _statements(each, denial, action)
    elif isinstance(value, dict) and "eventSource" not in value:  # a record of another call
        if "Statement" in value:
            yield value["Statement"]
        elif value and all(isinstance(had, dict) and operator(name) for name, had in value.items()):
            yield [_completed({"Condition": value}, denial, action)]
        elif value.keys() == {"Resource"} or value.keys() == {"NotResource"}:
            return  # many documents have such a member: Step Functions' names the API that a state calls
        elif value and all(_MEMBER.match(f'"{name}":') for name in value) and value.keys() - {"Sid", "Effect"}:
            yield [_completed(value, denial, action)]
        else:
            for each in value.values():
                yield from _statements(each, denial, action)


def _completed(members: dict[str, Any], denial: Denial, action: str) -> dict[str, Any]:
    """The statement of which the text has these members: all else of it is taken to fit the request."""
    refuses = (denial.stated_reason or "").startswith("explicit:")
    statement: dict[str, Any] = {"Effect": "Deny" if refuses else "Allow", **members}
    if not members.keys() & {"Action", "NotAction"}:
        statement["Action"] = action
    if not is_trust_action(action):
        return statement if members.keys() & {"Resource", "NotResource"} else {**statement, "Resource": "*"}
    if members.keys() & {"Resource", "NotResource"}:
        return statement  # a trust policy has none: it is the caller's own
    if not members.keys() & {"Principal", "NotPrincipal"}:
        keys = [key for block in members.get("Condition", {}).values() for key in block]
        host = next((key.rpartition(":")[0] for key in keys if key.endswith((":sub", ":aud"))), None)
        account = account_of(denial.resource or "") or "000000000000"
        provider = {"Federated": f"arn:aws:iam::{account}:oidc-provider/{host}"}
        statement["Principal"] = "*" if host is None else provider
    return statement


# What they say of the request.


def _judged(
    denial: Denial,
    action: str,
    pasted: Sequence[_Pasted],
    layer: Layer,
    word: str,
    values: tuple[tuple[int, int, Any], ...],
    *,
    whole: bool,
) -> Iterator[Finding]:
    """What they do with the request; ``whole``: what they do not allow is refused."""
    policies = _policies([one.document for one in pasted], layer)
    presumed = False
    caller = denial.principal or (_provider(policies.resource, denial) if layer is Layer.RESOURCE else None)
    if (
        caller is None
        and not any(map(_asks_for_caller, pasted))
        and (layer is Layer.IDENTITY or all(map(_is_for_everyone, pasted)))
    ):
        caller = NOBODY
    if caller is None and layer is Layer.RESOURCE and word == "resource":
        caller = _only_principal(pasted)  # whose policy somebody shows beside the refusal of a caller without a name
        presumed = caller is not None
    if caller is None:
        return
    alone = wildcard_only(action)
    part = "*" in (denial.resource or "") and not alone  # a pattern, of which a statement may cover a part
    explicit = (denial.stated_reason or "").startswith("explicit")
    on = _resource(denial) or _shown_resource(denial, action) or _only_resource(pasted, action, deny=explicit) or "*"
    asked = dict.fromkeys(block.key for one in pasted for each in one.document.statements for block in each.conditions)
    keys = with_known(keys_around(denial), determined_keys(denial, action, on, asked))
    context = {**_role_of_session(caller, policies), **_Asked(keys).context, **_claims(values)}
    request = Request(caller, action, "*" if alone else on, context=context)
    try:
        explained = explain_layer(request, policies, layer)
        sure = explain_layer(request, _policies([one.sure for one in pasted], layer), layer)
    except PolicyError:
        return
    if presumed and explained.result is LayerResult.ALLOWED:
        return
    # Where AWS says that nothing allows it, no Deny matched.
    if explained.denials and not (denial.stated_reason or "").startswith("implicit:"):
        known = {*DEFAULTS, *(key.lower() for key in context)}
        others = _other_denies(pasted, explained.denials, action, known)
        yield denied(explained.denials, request, word, keys, others)
    elif explicit and (perhaps := _denied_perhaps(pasted, request, layer, context)):
        yield denied(perhaps, request, word, keys)
    elif explicit and (always := with_a_boundary(_numbered(pasted), denial, action, word)) is not None:
        yield always
    elif part and explained.result is LayerResult.ALLOWED:
        return
    elif explained.result is LayerResult.ALLOWED and denial.resource is None and not alone and word != "trust":
        yield from _on_some_resource(pasted, action, word)
    elif sure.result is LayerResult.ALLOWED:
        said = f"it would allow {action}: check whether it is in force, and what else refuses"
        yield Finding(None, said, f"The policy in the text would allow {action}. Check whether it is in force.")
    elif explained.result is LayerResult.ALLOWED:
        yield from _perhaps(pasted, action, request)
    elif (
        (whole and (denial.resource is not None or alone or word == "trust" or _for_any(pasted, action)))
        or ((whole or _is_listed(pasted, denial, word)) and not _is_named(pasted, action))
        or presumed
    ):
        lacking = _lacking(_as_written(explained, pasted), action, word, request, keys)
        wanted = Fault.CONDITION_UNMET.value if presumed else ""
        yield from (
            one
            for one in lacking
            if (one.code or "").endswith(wanted) and not (part and (one.code or "").endswith("resource-mismatch"))
        )


def _resource(denial: Denial) -> str | None:
    """The resource of the request; the ARN of a role or user that IAM's message names without one."""
    named, account = _ENTITY.fullmatch(denial.resource or ""), account_of(denial.principal or "")
    if named is None or account is None:
        return denial.resource
    partition = (denial.principal or "").split(":")[1]
    return f"arn:{partition}:iam::{account}:{named[1]}/{named[2]}"


_ENTITY = re.compile(r"(role|user|group|policy) ([\w+=,.@-]+)")


def _for_any(pasted: Sequence[_Pasted], action: str) -> bool:
    """Whether every Allow of the action is on every resource, so that it does not matter which one the call is on."""
    named = [
        each.resource
        for one in pasted
        for each in one.document.statements
        if each.effect == "Allow" and names_action(each.action or (), action)
    ]
    return bool(named) and all("*" in (resources or ()) for resources in named)


def _is_listed(pasted: Sequence[_Pasted], denial: Denial, word: str) -> bool:
    """Whether all documents are lists in words, and AWS says that no policy of the layer allows the request.

    Such a list may be incomplete, but what it leaves out does not allow the request either.
    """
    return denial.stated_reason == f"implicit:{word}" and all(one.listed for one in pasted)


def _denied_perhaps(
    pasted: Sequence[_Pasted], request: Request, layer: Layer, known: Collection[str]
) -> list[DenyingStatement]:
    """The first Deny that matches the request if a condition holds whose value the text does not show."""
    low = {*DEFAULTS, *(key.lower() for key in known)}
    for one in pasted:
        for number, each in enumerate(one.document.statements):
            unknown = [block for block in each.conditions if block.key.lower() not in low]
            if each.effect != "Deny" or not unknown:
                continue
            bare = {name: had for name, had in _statement_of(one.document, number).items() if name != "Condition"}
            matched = explain_layer(request, _policies([_document([bare])], layer), layer).denials
            if matched:
                conditions = tuple(MetCondition(block.operator, block.key, block.values, None) for block in unknown)
                document = NamedPolicy(one.document)
                return [replace(matched[0], conditions=conditions, statement=number, policy=document)]
    return []


def _statement_of(document: Document, number: int) -> dict[str, Any]:
    value = document.value
    return value["Statement"][number] if isinstance(value, dict) else {}


def _numbered(pasted: Sequence[_Pasted]) -> Iterator[tuple[int, Statement]]:
    for one in pasted:
        yield from enumerate(one.document.statements)


def _other_denies(
    pasted: Sequence[_Pasted], denials: Sequence[DenyingStatement], action: str, known: Collection[str]
) -> list[str]:
    """A sentence on each further Deny of the action whose condition the text does not decide; at most two.

    ``known`` are the keys whose values are known, in lower case letters.
    """
    found = []
    for one in pasted:
        told = {each.statement for each in denials if each.policy.document is one.document}
        for number, each in enumerate(one.document.statements):
            if each.effect != "Deny" or number in told or not each.conditions:
                continue
            if any(block.key.lower() in known for block in each.conditions):
                continue  # it does not hold for the request's value
            if names_action(each.action or ("*",), action):
                where = listing([holding(block.operator, block.key, block.values) for block in each.conditions])
                found.append(f"Statement {each.sid or number + 1} also denies it where {where}.")
    return found[:2]


def _only_resource(pasted: Sequence[_Pasted], action: str, *, deny: bool) -> str:
    """The resource that the statements name for the action, where all name the same; of a bucket and its objects the
    one that the action is on. "" where they do not, and for Allow statements of a request whose resource matters.
    """
    effect = "Deny" if deny else "Allow"
    named = {
        each.resource
        for one in pasted
        for each in one.document.statements
        if each.effect == effect and names_action(each.action or ("*",), action)
    }
    resources = next(iter(named)) if len(named) == 1 else None
    if not resources or (not deny and not action.lower().startswith("s3express:")):
        return ""
    known = known_action(action)
    kinds = known.resource_types if known is not None else ()
    fitting = [each for each in resources if any(kind.fits(each) for kind in kinds)]
    inner = [each for each in fitting if each.endswith("/*")] or fitting
    return resources[0] if len(resources) == 1 else inner[0] if inner else ""


def _shown_resource(denial: Denial, action: str) -> str | None:
    """The bucket or object of the command in the text."""
    partition = next(iter(_PARTITION.findall(denial.text)), "aws")
    shown = _OnResource(command_resource(denial.text, action, denial.operation, partition))
    return shown.resource


def _is_for_everyone(one: _Pasted) -> bool:
    """Whether a document asks for no principal."""
    values = {value for each in one.document.statements for _, value in each.principal or (("", ""),)}
    return values == {"*"}


def _only_principal(pasted: Sequence[_Pasted]) -> str | None:
    """The only role or user that the documents name; None where they name several, or another kind of principal."""
    values = {value for one in pasted for each in one.document.statements for _, value in each.principal or ()}
    only_one = values.pop() if len(values) == 1 else ""
    return only_one if re.fullmatch(r"arn:[\w-]+:iam::\d{12}:(?:role|user)/[^*?]+", only_one) else None


def _asks_for_caller(one: _Pasted) -> bool:
    return re.search(r"aws:(?:principal|user(?:id|name))", one.document.text, re.IGNORECASE) is not None


def _is_named(pasted: Sequence[_Pasted], action: str) -> bool:
    """Whether an Allow statement covers the action on some resource."""
    allows = [each for one in pasted for each in one.document.statements if each.effect == "Allow"]
    return any(
        names_action(each.action, action)
        if each.action is not None
        else not names_action(each.not_action or (), action)
        for each in allows
    )


def _policies(documents: Sequence[Document], layer: Layer) -> Policies:
    named = tuple(NamedPolicy(each) for each in documents)
    return Policies(identity=named) if layer is Layer.IDENTITY else Policies(resource=named[0])


_SHOWN = 6
"""Resources of a statement that are told in a sentence: one that is left out looks as if it were not named."""
_BUCKET = re.compile(r"arn:[\w-]+:s3:::[^/*?${}<>]+")


def _on_some_resource(pasted: Sequence[_Pasted], action: str, word: str) -> Iterator[Finding]:
    """The statement that allows the action on its resources, where the text does not say what the call was on."""
    allows = [
        (statement.sid or number + 1, _plain(written.get("Resource", "*")))
        for one in pasted
        for number, (written, statement) in enumerate(zip(one.written, one.document.statements, strict=True))
        if statement.effect == "Allow" and names_action(statement.action or ("*",), action)
    ]
    if not allows or any("*" in resources for _, resources in allows):
        said = f"it would allow {action}: check whether it is in force, and what else refuses"
        yield Finding(None, said, f"The policy in the text would allow {action}. Check whether it is in force.")
        return
    which, resources = allows[0]
    shown = resources if len(resources) <= _SHOWN else [*resources[: _SHOWN - 1], f"{len(resources) - _SHOWN + 1} more"]
    names = f"statement {which} names {action} on {listing(shown)}"
    known = known_action(action)
    kinds = {each.name for each in known.resource_types} if known is not None else set[str]()
    if (
        "object" in kinds
        and "bucket" not in kinds
        and all(_BUCKET.fullmatch(each) for _, some in allows for each in some)
    ):
        said = f"{names}, the bucket without its objects: add {resources[0]}/*"
        yield Finding(f"{word}.resource-mismatch", said, f"In the policy of the text, {said}.")
        return
    said = f"{names}: check that the call was for this resource"
    yield Finding(None, said, f"In the policy of the text, {said}.")


def _perhaps(pasted: Sequence[_Pasted], action: str, request: Request) -> Iterator[Finding]:
    """The statement that allows the request if what a deployment computes fits it."""
    for one in pasted:
        for number, (statement, filled) in enumerate(zip(one.written, one.document.statements, strict=True)):
            unknown = _open_elements({**statement, "Resource": _plain(statement.get("Resource", "*"))})
            if statement.get("Effect") != "Allow" or not unknown or not names_action(filled.action or ("*",), action):
                continue
            name = next((each for each in ("Condition", "Principal", "Resource") if each in unknown), unknown[0])
            shown = _shown(_plain(statement[name]) if name == "Resource" else statement[name])
            covers = f"it covers {request.resource}" if name == "Resource" else "it fits the request"
            verb = "may name" if "Action" in unknown else "names"
            said = f"statement {filled.sid or number + 1} {verb} {action}; its {name} is {shown}: check that {covers}"
            sentence = (
                f"The policy in the text {verb} {action}: check that its {name} {shown} fits, and that the policy is"
            )
            yield Finding(None, said, f"{sentence} in force.")
            return


def _shown(value: Any) -> str:
    """The texts of an element that have placeholders; of conditions with their keys."""
    if isinstance(value, dict):
        blocks = [(str(key), had) for block in value.values() if isinstance(block, dict) for key, had in block.items()]
        pairs = blocks or [(str(kind), had) for kind, had in value.items()]
        texts = [f"{key} {each}" for key, had in pairs for each in _plain(had)]
    else:
        texts = _plain(value)
    return listing([each for each in texts if _PLACEHOLDER.search(each)][:3])


def _as_written(explained: LayerExplanation, pasted: Sequence[_Pasted]) -> LayerExplanation:
    """The near misses with the resources as the text has them, in the place of those that fit the request best."""
    originals: dict[str, str] = {}
    for one in pasted:
        for statement, filled in zip(one.written, one.document.statements, strict=True):
            if "Resource" in statement:
                originals.update(zip(filled.resource or (), _plain(statement["Resource"]), strict=False))
    misses = tuple(
        replace(near, wanted=tuple(originals.get(each, each) for each in near.wanted), part=None, sentence="")
        if any(originals.get(each, each) != each for each in near.wanted)
        else near
        for near in explained.near_misses
    )
    return replace(explained, near_misses=misses)


def _of_another(
    denial: Denial, action: str, pasted: Sequence[_Pasted], caller: str, values: tuple[tuple[int, int, Any], ...]
) -> Iterator[Finding]:
    """That a policy which may allow the request is attached to another role than the caller's."""
    judged = _judged(denial, action, pasted, Layer.IDENTITY, "identity", values, whole=False)
    if not any(one.code is None for one in judged):
        return
    holders = listing(tuple(sorted({name for one in pasted for name in one.holders})))
    said = f"the policy that names {action} is attached to {holders}, not to {caller}"
    names = {re.escape(name) for one in pasted for name in one.holders}
    users = any(re.search(rf"user/{name}\b|serName\W+{name}\b", denial.text) for name in names)
    session = users and ":assumed-role/" in (denial.principal or "")
    only_its = " A session has the permissions of its role, not those of who assumed it." if session else ""
    sentence = f"In the text, {said}: attach it to {caller}, or use {holders}.{only_its}"
    yield Finding("identity.no-action", said, sentence)


def _lacking(explained: LayerExplanation, action: str, word: str, request: Request, keys: Keys) -> Iterator[Finding]:
    nearest = farthest_first(explained.near_misses)
    if not nearest:
        return
    first = nearest[0]
    fault, more, lacks, inner = first.fault.value, "", near_words(first), ""
    fix: Fix | None = None
    alike = resemblance(request.resource, first.wanted) if first.fault is Fault.RESOURCE_MISMATCH else None
    if first.fault is Fault.CONDITION_UNKNOWN or first.fault is Fault.CONDITION_UNMET:
        lacks = "; ".join(map(condition_words, first.conditions))
        if literal := next(filter(_takes_letter_by_letter, first.conditions), None):
            fault = Fault.CONDITION_UNMET.value
            lacks = f"compares {literal.key} with {listing(literal.wanted)} by {literal.operator}"
            more = ", which takes * and ? literally: StringLike would treat them as wildcards"
        elif any(each.key.lower() == "aws:securetransport" and each.wanted == ("false",) for each in first.conditions):
            # IAM User Guide, "AWS global condition context keys", aws:SecureTransport
            # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
            more = "; calls over HTTPS, which AWS's tools use by default, have true: an Allow needs true there"
        elif word == "identity" and (of_service := _of_a_service(first)):
            fault = Fault.CONDITION_UNMET.value
            lacks = f"requires {listing(of_service)}"
            more = (
                ", which only requests from AWS services have. The caller's own requests lack it, "
                "so the statement never matches: remove the condition here (it belongs in trust and resource policies)"
            )
        elif sent := _sent_instead(first, request):
            fault, more = Fault.CONDITION_UNMET.value, f"; the request sends {listing(sent)} in its place"
            missing = tuple(replace(each, had=()) for each in first.conditions)
            lacks = "; ".join(map(condition_words, missing))
            first = replace(first, conditions=missing)
        elif why := next((keys[each.key].read_from for each in first.conditions if _is_determined(each, keys)), ""):
            more = f": {why}"
    elif first.fault is Fault.PRINCIPAL_MISMATCH and any(map(_UNIQUE_ID.fullmatch, first.wanted)):
        fault, lacks = "orphan-principal", f"names {listing(first.wanted)}"
        more = ", the ID of a deleted user or role: if it was created again, it has another ID, so write its ARN again"
    elif first.fault is Fault.RESOURCE_MISMATCH and request.resource == "*":
        more = ": the action supports no resources, so only a statement with Resource * allows it"
    elif first.fault is Fault.RESOURCE_MISMATCH and (found := _without_inner(first, request)):
        inner = found[0]
        more = f": that is the {found[1]}, so add {inner}"
    elif first.fault is Fault.PRINCIPAL_MISMATCH and (role := _role_alike(first, request)):
        fix = fix_of_names(role, word)
        more = f". Compare {role.written} with {role.asked}: {role.advice[0].lower()}{role.advice[1:]}"
    elif first.part == "partition":
        partition = first.had.split(":")[1]
        more = f": write arn:{partition}:"
        note = Note("the policy in the text", f"ARNs of another partition match nothing in {partition}.")
        fix = Fix(f"Write arn:{partition}: in {statement_words(first)}", OWNERS.get(word, Who.ACCOUNT_ADMIN), note)
    elif operation := named_operation(first):
        more = f": {operation} is the name of a call and no IAM action, so it allows nothing"
    elif misspelt := misspelt_action(first):
        more = f": {misspelt} is misspelt and no IAM action, so it allows nothing"
    elif first.fault is Fault.NO_ACTION and word == "resource" and _delegates(first):
        more = (
            ". It lets the account's own policies allow only these, so an Allow in the caller's policy does not count"
        )
    if first.fault is Fault.RESOURCE_MISMATCH and (further := _further(first, request, word)) is not None:
        lacks += f", and {'; '.join(map(condition_words, further.conditions))}"
    said = f"{statement_words(first)} {lacks}{more}"
    evidence = tuple(
        Evidence(
            near_words(each),
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
    if alike is not None:
        sentence = f"{sentence} Compare {alike.written} with {alike.asked}. {alike.advice}."
        yield Finding(f"{word}.{fault}", said, sentence, evidence, fix=fix_of_names(alike, word))
        return
    if fault == Fault.CONDITION_UNKNOWN.value and word == "trust" and action.lower() in UNSIGNED:
        wanted = " and ".join(_accepted(each) for each in first.conditions)
        sentence = (
            f"In the text, {statement_words(first)} of the trust policy accepts only tokens {wanted}. "
            "No value of the token was found in the text."
        )
    fix = fix or fix_of(first, fault, action, word, request, keys, fits=_would_fit(first, request, word), inner=inner)
    yield Finding(f"{word}.{fault}", said, sentence, evidence, fix=fix)


def _is_determined(condition: ConditionFailure, keys: Keys) -> bool:
    """Whether the source says why the key has its value, or why the request does not have it."""
    return condition.key in keys and (not keys[condition.key].known or condition.had == ())


def _accepted(condition: ConditionFailure) -> str:
    """What a condition on a claim asks of a token: ``whose aud is sts.amazonaws.com``."""
    return f"whose {holding(condition.operator, condition.key.rpartition(':')[2], condition.wanted)}"


def _delegates(near: NearMiss) -> bool:
    """Whether the statement of a key's policy names the account, and so leaves it to the account's own policies.

    AWS KMS Developer Guide, "Default key policy"
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
    """
    named = near.policy.document.statements[near.statement].principal or ()
    return near.had.lower().startswith("kms:") and any(value.endswith(":root") for _, value in named)


def _role_alike(near: NearMiss, request: Request) -> Resemblance | None:
    """A principal of the statement that may have been meant to be the caller's role or user."""
    who = request_caller(request.principal)
    session = who.kind is Kind.SESSION
    own = f"arn:{who.partition}:iam::{who.account}:role/{who.name}" if session else request.principal or ""
    alike = resemblance(own, near.wanted)
    # A session's ARN does not show the path of its role.
    return None if session and alike is not None and alike.part == "path" else alike


def _would_fit(near: NearMiss, request: Request, word: str) -> bool:
    """Whether the statement would allow the request if it named the action."""
    value = near.policy.document.value
    statement = value["Statement"][near.statement] if isinstance(value, dict) else {}
    if near.fault is not Fault.NO_ACTION or "Action" not in statement:
        return False
    layer = Layer.RESOURCE if word in ("resource", "trust") else Layer.IDENTITY
    document = _document([{**statement, "Action": request.action}])
    return explain_layer(request, _policies([document], layer), layer).result is LayerResult.ALLOWED


def _further(near: NearMiss, request: Request, word: str) -> NearMiss | None:
    """The condition that the statement would fail next, if it named the request's resource; None without one."""
    value = near.policy.document.value
    statement = value["Statement"][near.statement] if isinstance(value, dict) else {}
    if word == "trust" or "Condition" not in statement:
        return None
    layer = Layer.RESOURCE if word == "resource" else Layer.IDENTITY
    document = _document([{**statement, "Resource": request.resource}])
    missed = explain_layer(request, _policies([document], layer), layer).near_misses
    conditions = missed[0].conditions if missed and missed[0].fault is Fault.CONDITION_UNMET else ()
    known = tuple(each for each in conditions if each.had is not None)
    return replace(missed[0], conditions=known) if known else None


_BY_SERVICES = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths")


def _of_a_service(near: NearMiss) -> list[str]:
    """The keys of the conditions that only a service principal's requests have (IAM User Guide, "AWS global condition
    context keys": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    return [each.key for each in near.conditions if each.key.lower() in _BY_SERVICES and each.had is None]


def _takes_letter_by_letter(condition: ConditionFailure) -> bool:
    """Whether a condition can only be met by a value that has * or ? itself (IAM User Guide, "String condition
    operators": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    parts = operator(condition.operator)
    if parts is None or parts.negated or parts.base not in ("StringEquals", "StringEqualsIgnoreCase"):
        return False
    texts = [re.sub(r"\$\{[^}]*\}", "", each) for each in condition.wanted]
    return bool(texts) and all("*" in each or "?" in each for each in texts)


def _without_inner(near: NearMiss, request: Request) -> tuple[str, str] | None:
    """The resource to add where a statement names a bucket and not its objects, a table and not its indexes, a log
    group and not its streams, or a secret without the end of its ARN.
    """
    bucket, table = re.match(r"arn:[\w-]+:s3:::[^/]+(?=/)", request.resource), _INDEX.match(request.resource)
    group, secret = _STREAM.match(request.resource), _SECRET.match(request.resource)
    for own, pattern, ends, kind in (
        (bucket, _OF_BUCKET, "/*", "bucket without its objects"),
        (table, _OF_TABLE, "/index/*", "table without its indexes"),
        (group, None, ":*", "log group without its streams"),
        (secret, None, "-??????", "secret without the dash and the six characters that end its ARN"),
    ):
        if own is None:
            continue
        named = next((each for each in near.wanted if each == own[0] or (pattern and pattern.fullmatch(each))), None)
        if named is not None:
            return f"{named}{ends}", kind
    return None


_STREAM = re.compile(r"arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:]+(?=:)")
_SECRET = re.compile(r"arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:\S+(?=-[A-Za-z0-9]{6}$)")
_INDEX = re.compile(r"arn:[\w-]+:dynamodb:[^/]+/[^/]+(?=/index/)")


def _sent_instead(near: NearMiss, request: Request) -> list[str]:
    """The keys of the same family that the request has in the place of the one that is asked for."""
    families = {each.key.lower().rpartition("/")[0] for each in near.conditions if "/" in each.key and each.had is None}
    return sorted(key for key in request.context if key.lower().rpartition("/")[0] in families)


_SESSION = re.compile(r"arn:(?P<partition>[\w-]+):sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/")


_ROLE_WITH_PATH = re.compile(r":role/[^\"]*/")


def _role_of_session(caller: str, policies: Policies) -> dict[str, tuple[str, ...]]:
    """The ARN of a session's role, which the session's ARN gives without the path; unknown where a path matters."""
    found = _SESSION.match(caller)
    documents = [one.document for one in (*policies.identity, policies.resource) if one is not None]
    if found is None or any(_ROLE_WITH_PATH.search(document.text) for document in documents):
        return {}
    path = "aws-reserved/sso.amazonaws.com/" if found["role"].startswith("AWSReservedSSO_") else ""
    return {"aws:PrincipalArn": (f"arn:{found['partition']}:iam::{found['account']}:role/{path}{found['role']}",)}


def _claims(values: tuple[tuple[int, int, Any], ...]) -> dict[str, tuple[str, ...]]:
    """The condition keys of a token whose claims the text shows decoded."""
    found: dict[str, tuple[str, ...]] = {}
    for *_, value in values:
        if isinstance(value, dict) and isinstance(issuer := value.get("iss"), str) and "sub" in value:
            host = issuer.removeprefix("https://")
            for claim in ("sub", "aud", "amr"):
                if claim in value:
                    had = value[claim]
                    found[f"{host}:{claim}"] = tuple(map(str, had)) if isinstance(had, list) else (str(had),)
    return found


def _provider(policy: NamedPolicy | None, denial: Denial) -> str | None:
    """The identity provider that a trust policy names: web identity and SAML calls have no other caller."""
    if policy is None or not (denial.action or "").lower().startswith("sts:assumerolewith"):
        return None
    pairs = (pair for statement in policy.document.statements for pair in statement.principal or ())
    return next((value for kind, value in pairs if kind == "Federated"), None)
