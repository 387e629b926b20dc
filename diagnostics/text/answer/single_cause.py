"""Answer a denial for which the facts in the text leave only one cause: state the cause, and what to change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from diagnostics.claims.kinds import StatedFact
from diagnostics.diagnosis import PASTED, Status, Step, Verdict
from diagnostics.failure import Denial, Failure
from diagnostics.fix import Fix, Note, ShellCommand
from diagnostics.text.answer.already_granted import of_somebody_else
from diagnostics.text.read.author.stated_facts import Facts, attached_policy, facts_of
from diagnostics.text.read.forms.http_refusals import prefix_of_buckets, refused_objects
from diagnostics.text.read.identities.unsigned_calls import unsigned_call
from diagnostics.text.read.messages.beside_message import allowed_by, prose_in
from diagnostics.text.read.resources.impossible_resources import Flaw, unfilled, unusable_name
from diagnostics.who import Who
from iam.arn import Arn, account_of, name_of
from iam.claims import Ground, confidence
from iam.facts.aws_buckets import content_of, layers_of
from iam.lazy_pattern import regex
from iam.ownership import permission_set_of
from iam.regions import REGION_NAME
from iam.words import listing

if TYPE_CHECKING:
    from diagnostics.text.read.messages.service_sentences import FoundSentence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict that facts in the text prove, with its fix and the words that state the facts.

    ``nearer``: the verdict is more specific than the result of evaluating a policy in the text.
    """

    verdict: Verdict
    fix: Fix
    words: str
    nearer: bool = False

    @property
    def step(self) -> Step:
        """The step on these facts. No common causes are shown after it."""
        return Step(PASTED, "What the text decides", Status.FAIL, self.words)


def decided(denial: Denial) -> Decision | None:
    """Return the decision that the facts of the text prove; None if the facts leave more than one cause."""
    from diagnostics.text.answer.second_outputs import SECOND_OUTPUTS  # imports this module

    facts = facts_of(denial)
    if (denial.stated_reason or "").startswith("explicit"):
        return _from_its_vpc(denial, facts) or _matches_a_sign_in(denial, facts)
    by_facts = next((found for rule in _RULES if (found := rule(denial, facts)) is not None), None)
    return by_facts or next((found for rule in SECOND_OUTPUTS if (found := rule(denial)) is not None), None)


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


def decide(cause: str, words: str, sentence: str, title: str, who: Who, target: str, text: str) -> Decision:
    verdict = Verdict(cause, confidence(Ground.LIKENESS), sentence)
    return Decision(verdict, Fix(title, who, Note(target, text)), words)


_Rule = Callable[[Denial, Facts], Decision | None]
_ASSUME = "sts:assumerole"
_EXTERNAL_ID = regex(r"\bexternal[-_ ]?id\b", re.IGNORECASE)


def _waits(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the call was made too soon after a policy with the action was attached.

    IAM User Guide, "Changes that I make are not always immediately visible"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    """
    fact, action = facts.get(StatedFact.JUST_ATTACHED), denial.missing_action or denial.action or "?"
    if fact is None or not re.search(rf"\bAllow\b[^\n]{{0,200}}\b{re.escape(action)}(?!\w)", denial.text):
        return None
    return decide(
        "identity.no-action",
        f"{fact.words}, {fact.name} seconds before the refusal",
        f"The policy with {action} was attached {fact.name} seconds before the call, and a change in IAM takes some "
        "time to take effect: make the call again after a minute. The policy stays as it is.",
        "Try again after a minute",
        Who.CALLER,
        "the call",
        "If the call still fails after that, check that the policy is attached to this caller, and that the policy's "
        "default version allows the action.",
    )


_MARKED = r"[\w+=,.@-]*(?:[\d_@+=-]|[a-z][A-Z])[\w+=,.@-]*"


_PLACEHOLDER = regex(r"[$]?[{<]{1,2}([A-Za-z_]\w*)[}>]{1,2}")
"""A value that the author left open, as in {cluster_name}: the message may have it as CLUSTER_NAME."""


def _called_otherwise(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the call names a different resource from the author's own, whose name the text gives."""
    asked = name_of(denial.resource or "")
    if not re.fullmatch(_MARKED, asked):
        return None
    found = re.search(
        rf"\b(?:called|named|is|are|have|use)\s+[\"'`]?(?P<own>{_MARKED}[\w@+=-])[\"'`]?\s*[,(;–-]*\s*(?:and\s+)?"
        rf"(?:not|instead of|rather than)\s+(?:the\s+)?(?:default\s+|usual\s+|standard\s+)?[\"'`]?{re.escape(asked)}"
        r"(?![\w+=@-])",
        _PLACEHOLDER.sub(lambda each: str(each[1]).upper(), denial.text),
    )
    if found is None or found["own"] == asked:
        return None
    own = found["own"]
    found_out = decide(
        "identity.resource-mismatch",
        f"the call names {asked}, and the text says that the right name is {own}",
        f"The call names {asked}, and the text says that yours is {own}: a setting still names {asked}. Do not "
        f"allow {denial.missing_action or denial.action} on {asked} for it.",
        f"Find the setting that names {asked}, and write {own} there",
        Who.CALLER,
        asked,
        f"The policy's Resource must name {own}, too.",
    )
    return replace(found_out, nearer=True)


def _names_no_resource(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the call was given a wrong value: no policy can name the resource in the message."""
    resource, principal = denial.resource or "", denial.principal or ""
    found = unusable_name(resource)
    if found is None or not found.sure or unfilled(principal) is not None:
        return None
    if found.flaw is Flaw.NESTED:
        sentence = (
            "The call got an ARN where it expects a name: the resource in the message contains a second ARN. Pass the "
            f"name {found.name}, and change no policy for this."
        )
        title, text = f"Pass the plain name as {found.parameter}", f"Write {found.name} in place of {found.part}."
    else:
        of_cdk = " In the CDK, give the stack its env (account and Region)." if _OF_CDK.match(found.part) else ""
        sentence = (
            f"The resource's name was not filled in: it still has “{found.part}”, so no policy can allow it. Correct "
            f"the call, and change no policy for this.{of_cdk}"
        )
        title, text = f"Give {found.part} its value where the call is made", _UNFILLED_NOTE
    decision = decide(
        "identity.resource-mismatch", f"the resource is {resource}", sentence, title, Who.CALLER, resource, text
    )
    return replace(decision, nearer=True)


_OF_CDK = regex(r"\$\{(?:AWS::|Token)")
_UNFILLED_NOTE = "Find the setting, output or variable that the program reads for it, and set it."


def _matches_a_sign_in(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a Deny in the text matches a call without a signature.

    The condition keys of a principal are absent in such a call.
    """
    found = unsigned_call(denial)
    if found is None:
        return None
    are = "are" if len(found.keys) > 1 else "is"
    absent = f"so {listing(found.keys)} {are} absent, and its condition is true then."
    if found.by_token:
        why = f"a sign-in with a token has no AWS principal, {absent} Neither the trust policy nor a permission set is"
        instead = (
            "Restrict sign-ins with a token in a statement of their own, by keys of the identity provider (SAML or "
            "OIDC)."
        )
    else:
        why = f"an anonymous call has no AWS principal, {absent} No identity can pass it, and no other policy is"
        instead = "Leave public operations out of a Deny that tests who calls, or exempt the accounts that offer them."
    decision = decide(
        "rcp.explicit-deny" if found.of_organization else "trust.explicit-deny",
        found.words,
        f"The Deny in the text matches {found.call}: {why} the cause.",
        f"Take {found.call} out of this statement",
        Who.ORG_ADMIN if found.of_organization else Who.RESOURCE_OWNER,
        "the policy in the text",
        instead,
    )
    return replace(decision, nearer=True)


def _across_partitions(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a role cannot be assumed because it is in a different partition from the caller.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_cross_partition.html
    """
    caller, role = Arn.parse_principal(denial.principal or ""), Arn.parse_entity(denial.resource or "", "role")
    if (denial.action or "").lower() != _ASSUME or caller is None or role is None:
        return None
    if caller.partition == role.partition:
        return None
    if caller.account == role.account:  # an account belongs to one partition
        meant = f"arn:{caller.partition}:iam::{role.account}:{str(role).partition(f'{role.account}:')[2]}"
        return decide(
            "not-iam",
            f"the caller is {caller}, and the role {role}",
            f"The role's ARN is written with the partition {role.partition}, but its account {role.account} is the "
            f"caller's, in {caller.partition}: most likely no such role exists. Neither a policy nor the trust policy "
            "has to change.",
            f"Make the program use the role ARN {meant}",
            Who.CALLER,
            str(role),
            f"Write arn:{caller.partition}: where the ARN is set. If the program builds the ARN itself, the "
            "partition is fixed in its code: update or correct the program.",
        )
    return decide(
        "trust.principal-mismatch",
        f"the caller is {caller}, and the role {role}",
        f"The caller is in the partition {caller.partition} and the role's ARN is in {role.partition}: AssumeRole does "
        f"not work across partitions. Correct the ARN (arn:{caller.partition}:) if account {role.account} is in "
        f"{caller.partition}; otherwise call with credentials of {role.partition}.",
        f"Write arn:{caller.partition}: in the role's ARN, or call with credentials of {role.partition}",
        Who.CALLER,
        str(caller),
        f"Each account belongs to one partition. If {role.account} is in {caller.partition}, policies and trust need "
        f"arn:{caller.partition}:, too. Otherwise use a user, role or identity provider of account {role.account}, "
        f"and a Region of {role.partition}. No policy changes this.",
    )


def _trusts_a_deleted(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the trust policy names a deleted user or role, which is shown as a unique ID.

    IAM User Guide, "AWS JSON policy elements: Principal"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    fact = facts.get(StatedFact.DELETED_TRUSTED)
    if fact is None or StatedFact.TRUSTED in facts or StatedFact.ACCOUNT_TRUSTED in facts:
        return None
    kind = "user" if fact.name.startswith("AIDA") else "role"
    caller = _arn_of(denial)
    decision = decide(
        "trust.orphan-principal",
        f"“{fact.words}”",
        f"The role's trust policy names {fact.name}: that is the ID of a {kind} that was deleted. A {kind} created "
        "later under the same name has another ID, so the role does not trust it.",
        f"Write {caller} in the trust policy in place of {fact.name}",
        Who.RESOURCE_OWNER,
        denial.resource or "the role",
        f"Ask the role's owner to set the principal to {caller} again: IAM then stores the current ID.",
    )
    return replace(decision, nearer=True)


def _trusts_another(denial: Denial, facts: Facts) -> Decision | None:
    fact = facts.get(StatedFact.NOT_TRUSTED)
    if fact is None:
        return None
    caller, role, named = _arn_of(denial), name_of(denial.resource or ""), name_of(fact.name)
    own, reserved = name_of(caller), permission_set_of(name_of(caller))
    holder = f"the permission set {reserved}" if reserved else own
    apart = account_of(caller) != account_of(denial.resource or "") and StatedFact.MAY_ASSUME not in facts
    both = f" The policies of {holder} must allow sts:AssumeRole on {denial.resource}, too." if apart else ""
    if reserved and permission_set_of(named) == reserved and account_of(fact.name) == account_of(caller):
        says = f"Both roles belong to the permission set {reserved}."
        title = f"Write {own} in the trust policy in place of {named}"
        text = f"Ask the role's owner to set the principal to {fact.name.removesuffix(named)}{own}.{both}"
    else:
        path = " with its path" if reserved else ""
        says = f"This call did not go through {named}."
        title = f"Add {own} to the trust policy, if it should have access"
        text = (
            f"Ask the role's owner to add {caller}{path} to the principals.{both} Or make the call with credentials "
            f"of {named}, if that was meant."
        )
    decision = decide(
        "trust.principal-mismatch",
        f"“{fact.words}”",
        f"In the text, the trust policy of {role} names {named}, but not the caller {own}. {says}",
        title,
        Who.RESOURCE_OWNER,
        denial.resource or "the role",
        text,
    )
    return replace(decision, nearer="{" not in fact.words)


def _lacks_assume(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the caller's own policies must allow assuming the role, because its trust policy does.

    A trust policy that names an account leaves the choice of principals to that account's policies. Across accounts,
    both sides must allow the call. IAM User Guide, "AWS JSON policy elements: Principal"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts) and
    "Cross-account policy evaluation logic"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
    """
    caller, role = Arn.parse_principal(denial.principal or ""), Arn.parse_entity(denial.resource or "", "role")
    if caller is None or role is None or StatedFact.MAY_ASSUME in facts:
        return None
    fact = facts.get(StatedFact.ACCOUNT_TRUSTED)
    direct = facts.get(StatedFact.TRUSTED) if caller.account != role.account else None
    if (stated_of := fact or direct) is None:
        return None
    reserved = permission_set_of(name_of(_arn_of(denial)))
    who = f"the permission set {reserved}" if reserved else name_of(_arn_of(denial))
    where = ", in IAM Identity Center" if reserved else ""
    admits = f"the entire account {caller.account}" if stated_of is fact else "this caller"
    return decide(
        "identity.no-action",
        f"“{stated_of.words}”",
        f"The trust policy of {role.name} names {admits}, as the text says. So the caller's own policies lack this "
        f"permission: allow {who} to perform sts:AssumeRole on {role}{where}.",
        f"Allow {who} to perform sts:AssumeRole on this role",
        Who.ACCOUNT_ADMIN,
        _arn_of(denial),
        f"Add a statement: Allow sts:AssumeRole on {role}. The trust policy stays as it is.",
    )


_OTHERS_WORK = regex(
    r"\b(?:most|all|some|many|(?:all )?(?:the )?other|\d+) (?:of the )?(?:other )?accounts? (?:do |does )?"
    r"(?:work|succeed|are fine|is fine)s?\b|\bworks? (?:fine )?(?:for|in|with) (?:most|all|some|many"
    r"|(?:all )?(?:the )?other)"
    r" (?:of the )?(?:other )?accounts?\b",
    re.IGNORECASE,
)
"""Words that say that the same call succeeds in other accounts."""


def _is_allowed(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the trust policy is the remaining cause.

    The text says that the caller's policies allow assuming this role.
    """
    may, role = facts.get(StatedFact.MAY_ASSUME), Arn.parse_entity(denial.resource or "", "role")
    if may is None or role is None or _EXTERNAL_ID.search(denial.text):
        return None
    trusting = facts.get(StatedFact.TRUSTED) or facts.get(StatedFact.ACCOUNT_TRUSTED)
    read = f"aws iam get-role --role-name {role.name} --query Role.AssumeRolePolicyDocument"
    if trusting is None and (others := _OTHERS_WORK.search(denial.text)):
        left = (
            f"Other accounts work (“{others[0]}”), so most likely account {role.account} has no role {role.name}, or "
            "its trust policy differs: STS gives the same answer for a missing role. Create it there, or leave the "
            "account out."
        )
    elif trusting is None:
        left = (
            f"Read the trust policy of {role.name} next: it must name {_arn_of(denial)} or its account. STS gives the "
            "same answer for a role that does not exist."
        )
    else:
        left = (
            "The remaining causes: a condition in the trust policy, a permissions boundary, a session policy or an SCP."
        )
    both = "Both sides allow it" if trusting is not None else "The caller's policies allow sts:AssumeRole on this role"
    return Decision(
        Verdict("unreadable", confidence(Ground.NOTHING), f"{both}, as the text says. {left}"),
        Fix(
            f"Read the trust policy of {role.name}",
            Who.RESOURCE_OWNER,
            ShellCommand(str(role), f"{read}  # in account {role.account}"),
        ),
        f"“{may.words}”" + (f", “{trusting.words}”" if trusting is not None else ""),
    )


_PULLS = regex(
    r"CannotPull(?:ECR)?Container|ErrImagePull|ImagePullBackOff|pull access denied|[Ff]ailed to (?:pull|resolve)"
)
# Amazon EKS User Guide, "Amazon EKS node IAM role": the kubelet pulls images with the node's role
# (https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html).
_OF_A_POD = regex(r"\bIRSA\b|\b[Pp]od[ _-]?[Ii]dentity\b|\b[Ss]ervice ?[Aa]ccount\b|\bpod(?:'s)? role\b|\bsa\b")
_PULLS_ITSELF = regex(r"\b(?:[Nn]ode|[Ee]xecution|[Ii]nstance|[Pp]ull)")
_FORBIDDEN = regex(r"\b403\b|denied|[Ff]orbidden")


def _line_of(words: str, text: str) -> str:
    """The line of the text that contains the words, or the words themselves."""
    return next((line for line in text.splitlines() if words in " ".join(line.split())), words)


_REFUSED_LAYER = regex(
    rf"\.dkr\.ecr(?:-fips)?\.(?P<region>{REGION_NAME})\.amazonaws\.com(?:\.cn)?"
    r"/v2/\S{1,200}?/blobs/\S{1,120}?:? 403\b"
)
"""A refused layer, which ECR's address redirects to S3."""
_S3_ENDPOINT = regex(r"\bs3\b[^\n]{0,30}\bendpoint|\bgateway endpoint|\bendpoint polic", re.IGNORECASE)
_ALLOWS_ALL = regex(r"[\"']?Resource[\"']?\s*[:=]\s*\[?\s*[\"']?\*")


def _from_awss_bucket(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the network's S3 endpoint does not allow a bucket of AWS (`iam.facts.aws_buckets`).

    Return None if a policy in the text allows every resource.
    """
    text = denial.pasted or denial.text
    buckets = dict.fromkeys((bucket for bucket, _ in refused_objects(text)), "S3 refuses {}")
    if (layer := _REFUSED_LAYER.search(text)) and _S3_ENDPOINT.search(text):
        buckets.setdefault(layers_of(layer["region"]), "The refused layer is in {}")
    bucket, content = next(((each, content_of(each)) for each in buckets if content_of(each)), ("", ""))
    if not bucket or _ALLOWS_ALL.search(text):
        return None
    arn = f"{prefix_of_buckets(text)}{bucket}/*"
    return decide(
        "vpce.no-action",
        bucket,
        f"{buckets[bucket].format(bucket)}, AWS's own bucket with {content}: most likely the policy of the S3 endpoint "
        "in the VPC does not allow it. In that case no role and no policy of a repository has to change.",
        f"Let the S3 endpoint's policy allow {bucket}",
        Who.RESOURCE_OWNER,
        "the policy of the VPC's S3 endpoint",
        f"Allow s3:GetObject on {arn} for every principal. See the policy with: aws ec2 describe-vpc-endpoints --query "
        "'VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]'. If it allows the bucket, check for a proxy.",
    )


def _registry_of_another(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a pull of an image from another account's repository lacks an Allow.

    The repository's policy and the puller's policies must both allow the pull: Amazon ECR User Guide, "Private
    repository policies" (https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html).
    """
    fact, may = facts.get(StatedFact.FOREIGN_REGISTRY), facts.get(StatedFact.MAY_PULL)
    if denial.principal or not (_PULLS.search(denial.text) and _FORBIDDEN.search(denial.text)):
        return None
    if fact is None and may is None:
        return None
    if fact is None and may is not None:
        return Decision(
            Verdict(
                "unreadable",
                confidence(Ground.NOTHING),
                "ECR does not say why. The text has a role with ECR's read actions. Check whether this role pulls: in "
                "EKS the node's (on Fargate the pod execution role) and never a pod's own, in ECS the execution role. "
                "Then check the repository's policy, its Region, and the policy of a VPC endpoint.",
            ),
            Fix(
                "See which role pulled, and what the repository's policy says",
                Who.RESOURCE_OWNER,
                ShellCommand("the ECR repository", "aws ecr get-repository-policy --repository-name REPOSITORY"),
            ),
            f"“{may.words}”",
        )
    assert fact is not None
    whose = f"account {fact.name}" if fact.name else "another account"
    own = " The role that pulls needs ECR's read actions as well."
    line = _line_of(may.words, denial.text) if may is not None else ""
    if _OF_A_POD.search(line):
        own = (
            " The pod's own role is not used here: the node's role pulls the image, and needs ECR's read actions as "
            "well."
        )
    elif _PULLS_ITSELF.search(line):
        own = " The role that pulls has ECR's read actions, as the text says, so it needs no further permission."
    pulled = f", and it is pulled from account {fact.own}" if fact.own else ""
    none = _NO_POLICY.search(denial.text) is not None
    lacks = "the text shows that it has no policy at all" if none else "most likely does not, or the image is gone"
    verdict = Verdict(
        "resource.no-action",
        confidence(Ground.STATED if none else Ground.LIKENESS),
        f"The image is in the registry of {whose}{pulled}: its repository's policy must let your account pull it, and "
        f"{lacks}.{own}",
    )
    title = f"Let the repository's policy allow {f'account {fact.own}' if fact.own else 'your account'} to pull"
    needs = "it must allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer"
    found = _IMAGE.search(denial.text)
    repository = found["repository"] if found is not None else "REPOSITORY"
    registry = f" --registry-id {fact.name}" if fact.name else ""
    verb, option = ("set", " --policy-text file://policy.json") if none else ("get", "")
    allowed = f"{needs} to Principal {fact.own or 'ACCOUNT'}" if none else needs
    command = (
        f"aws ecr {verb}-repository-policy{registry} --repository-name {repository}{option}  # in {whose}: {allowed}"
    )
    change = ShellCommand(f"the ECR repository in {whose}", command)
    words = f"“{may.words}”" if may is not None and not fact.own else fact.words
    return Decision(verdict, Fix(title, Who.RESOURCE_OWNER, change), words)


_NO_POLICY = regex(r"\bRepositoryPolicyNotFound(?:Exception)?\b|\bRepository policy does not exist\b")
"""Amazon ECR API Reference, "GetRepositoryPolicy", RepositoryPolicyNotFoundException
(https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRepositoryPolicy.html)."""
_IMAGE = regex(r"\d{12}\.dkr[.-]ecr[\w-]*\.[\w.-]+/(?!v2/)(?P<repository>[a-z0-9][a-z0-9._/-]*[a-z0-9])(?=[:@\"'\s,)])")


def _has_the_policy(denial: Denial, facts: Facts) -> Decision | None:
    """Handle an action that is denied although the text says that the role has the managed policy that allows it.

    The cause is then a Deny or another kind of policy: IAM User Guide, "Troubleshoot access denied error messages"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
    """
    prose = prose_in(denial.text) if not denial.principal else None
    if prose is None or prose.row.cause != "identity.no-action" or any(each.decides for each in prose.row.causes):
        return None
    fact = attached_policy(" ".join(each.sentence for each in prose.row.causes), denial.text)
    if fact is None:
        return _has_the_actions(prose, denial)
    return Decision(
        Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"The text says that {fact.name} is attached, which is what {prose.row.refused} needs. Check whether that "
            "role is the one in use, and whether the policy was attached a moment ago. If neither explains the "
            "failure, a Deny refuses the call: in an SCP, a permissions boundary, or a policy of the role.",
        ),
        Fix(
            "See which role is used, and what its boundary and the SCPs deny",
            Who.ACCOUNT_ADMIN,
            ShellCommand(
                "the role",
                "aws iam get-role --role-name ROLE --query Role.PermissionsBoundary\n"
                "aws iam list-attached-role-policies --role-name ROLE",
            ),
        ),
        f"“{fact.words}”",
    )


def _has_the_actions(prose: FoundSentence, denial: Denial) -> Decision | None:
    """Return the decision for a role that, as a service says, lacks permissions which a policy in the text contains.

    IAM User Guide, "Troubleshoot IAM": changes that are not immediately visible
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html).
    """
    named = [each for each in prose.row.actions if each.partition(":")[2] in prose.words]
    held = [allowed_by(each, denial.text) for each in named or prose.row.actions]
    if not prose.in_table or not held or not all(held):
        return None
    if any("*" in each and of_somebody_else(each, denial) for each in held):
        return None
    had = f"The text shows a policy that has {listing(list(dict.fromkeys(held)))}, so do not add it"
    place = f"a policy of {prose.row.refused}, and that its Resource names what the call uses"
    late = "that it was attached before the call, a few seconds earlier"
    if _AT_ONCE.search(denial.text):
        summary = f"{had}: most likely it was not attached yet. Check also that it is {place}."
        note = Note("the template", "Let what failed depend on the role's policy (depends_on), and deploy it again.")
        fix = Fix("Attach the policy before it is needed", Who.CALLER, note)
    else:
        summary = f"{had}: check that it is {place}. Check also {late}."
        look = "aws iam list-attached-role-policies --role-name ROLE\naws iam list-role-policies --role-name ROLE"
        fix = Fix("See which policies the role has", Who.ACCOUNT_ADMIN, ShellCommand("the role", look))
    return Decision(Verdict("unreadable", confidence(Ground.NOTHING), summary), fix, f"“{held[0]}”")


_AT_ONCE = regex(
    r"\b(?:single|same|one) (?:apply|deploy(?:ment)?|run|stack|template)\b|\bfrom scratch\b",
    re.IGNORECASE,
)
"""Words of a text in which a role's policy and what needs it are created at once."""


_BY_LAMBDA = regex(r"execution role does not have permissions to call (?P<operation>\w+) on EC2")
_BY_NETWORK = regex(
    r"(?:\"Sid\"\s*:\s*\"(?P<sid>[\w-]+)\"[^{}]{0,40})?\"Effect\"\s*:\s*\"Deny\"[\s\S]{0,800}?"
    r"\b(?P<key>aws:Source(?:Vpce?|Ip)|aws:VpcSourceIp)\b"
)


def _from_lambdas_network(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a Deny on the network refuses Lambda's own call to create a network interface.

    Lambda makes this call with the function's execution role: Lambda Developer Guide, "Giving Lambda functions access
    to resources in an Amazon VPC" (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html).
    """
    text = denial.pasted or denial.text
    call, deny = _BY_LAMBDA.search(text), _BY_NETWORK.search(text)
    if call is None or deny is None:
        return None
    which = f"statement {deny['sid']}" if deny["sid"] else "the Deny"
    is_scp = _SCP.search(text) is not None
    action = f"ec2:{call['operation']}"
    decision = decide(
        "scp.explicit-deny" if is_scp else "identity.explicit-deny",
        f"{which} denies by {deny['key']}",
        f"Lambda calls {action} with the execution role from its own network, so {which} in the text denies it by "
        f"{deny['key']}. The role's policies are not the cause, and nobody can make this call in the VPC.",
        f"Exempt {action} of this role from {which}",
        Who.ORG_ADMIN if is_scp else Who.ACCOUNT_ADMIN,
        "the SCP in the text" if is_scp else "the policy in the text",
        f"Add {action} to its NotAction, or an ArnNotLike condition on aws:PrincipalArn for the execution role. The "
        "other calls for network interfaces (Describe…, Delete…) need the same.",
    )
    return replace(decision, nearer=True)


_SCP = regex(r"\bSCP\b|service control polic", re.IGNORECASE)
_MAKES = frozenset(("iam:createrole", "iam:createuser", "iam:attachrolepolicy", "iam:putrolepolicy"))
_HAS_BOUNDARY = regex(r"\bpermissions_boundary\s*=\s*\S|\"?\bPermissionsBoundary\"?\s*:\s*\S")
_PREFIXED = ("arn:", "iam:")


def _needs_a_boundary(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a new role or user must have the permissions boundary that the text says is required.

    IAM User Guide, "Permissions boundaries for IAM entities", "Delegating responsibility to others"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
    """
    fact = facts.get(StatedFact.BOUNDARY_REQUIRED)
    if fact is None or (denial.missing_action or denial.action or "").lower() not in _MAKES:
        return None
    if (denial.stated_reason or "implicit:identity") != "implicit:identity" or _HAS_BOUNDARY.search(denial.text):
        return None
    boundary = fact.name if fact.name.startswith(_PREFIXED) else "the required boundary"
    new = denial.resource or "the new role"
    return decide(
        "identity.condition-unmet",
        f"“{fact.words}”",
        f"Most likely {name_of(new)} is created without the permissions boundary that the text says is required: the "
        "caller may create only roles that have it.",
        f"Give {name_of(new)} the permissions boundary, and every role that the tool itself creates",
        Who.CALLER,
        new,
        f"Set {boundary} for the entire app or stack and not for single roles: in CDK "
        "iam.PermissionsBoundary.of(stack).apply(…), in Terraform permissions_boundary, in CloudFormation "
        "PermissionsBoundary.",
    )


def _from_its_vpc(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that an access point accepts only requests from its VPC, and this one came from elsewhere.

    Amazon S3 User Guide, "Creating access points restricted to a virtual private cloud"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html).
    """
    fact = facts.get(StatedFact.VPC_ORIGIN)
    layer = (denial.stated_reason or "").partition(":")[2]
    if fact is None or ":accesspoint/" not in (denial.resource or "") or layer not in ("resource", "", "unknown"):
        return None
    return decide(
        "resource.explicit-deny",
        f"“{fact.words}”",
        "The access point takes requests from its own VPC alone and refuses all others, without a written Deny. So "
        "this request came through a VPC endpoint of another VPC, or over the internet.",
        "Send the request through an S3 endpoint of the access point's VPC",
        Who.RESOURCE_OWNER,
        denial.resource or "the access point",
        "Compare VpcConfiguration.VpcId (aws s3control get-access-point) with the VPC of the endpoint to which the "
        "DNS name of S3 resolves. For a forwarded or shared endpoint, this is the VPC that contains the endpoint. Or "
        "create an access point for that VPC.",
    )


def _names_an_alias(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a statement names the alias of a KMS key, and so does not apply to the key itself.

    AWS KMS Developer Guide, "Using aliases to control access to KMS keys"
    (https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html).
    """
    fact, action = facts.get(StatedFact.ALIAS_NAMED), (denial.missing_action or denial.action or "").lower()
    if fact is None or not action.startswith("kms:") or action.endswith("alias") or "alias" in (denial.resource or ""):
        return None
    emulated = " An emulator may differ; give the call --key-id there." if _EMULATOR.search(denial.text) else ""
    return decide(
        "identity.resource-mismatch",
        f"“{fact.words}”",
        f"The statement names the alias {fact.name.rpartition(':')[2]}, and {denial.missing_action or denial.action} "
        f"is decided on the key's own ARN, so it does not match.{emulated}",
        "Name the key's ARN (key/ID), or the condition kms:ResourceAliases",
        Who.ACCOUNT_ADMIN,
        "the policy in the text",
        "Set Resource to arn:…:key/ID. Or allow key/* with the condition StringEquals kms:RequestAlias, or "
        "ForAnyValue:StringEquals kms:ResourceAliases, and the alias as its value.",
    )


_EMULATOR = regex(r"\bemulat\w+|\blocalstack\b|\bmoto\b|\b000000000000\b", re.IGNORECASE)


def _arn_of(denial: Denial) -> str:
    """Return the caller's ARN as a trust policy names it; for a session, the ARN of its role without a path."""
    caller = Arn.parse_principal(denial.principal or "")
    if caller is None:
        return denial.principal or "the caller"
    if caller.type != "assumed-role":
        return str(caller)
    return f"arn:{caller.partition}:iam::{caller.account}:role/{caller.session_role}"


_RULES: tuple[_Rule, ...] = (
    _waits,
    _names_no_resource,
    _called_otherwise,
    _matches_a_sign_in,
    _across_partitions,
    _trusts_a_deleted,
    _trusts_another,
    _lacks_assume,
    _is_allowed,
    _from_awss_bucket,
    _registry_of_another,
    _from_lambdas_network,
    _has_the_policy,
    _needs_a_boundary,
    _from_its_vpc,
    _names_an_alias,
)
