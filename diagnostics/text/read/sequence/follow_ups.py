"""Find failures that follow from an earlier one: a clean-up, or a call that programs make after another call failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from diagnostics.failure import Denial, Failure, OtherFailure, Trouble
from diagnostics.text.known_messages.not_refusals.kubeconfig import KUBECONFIG
from diagnostics.text.known_messages.not_refusals.terraform import STATE_LOCK
from diagnostics.text.read.sequence.fallbacks import finds_no_credentials, session_not_made
from iam.arn import Arn, identity_of
from iam.lazy_pattern import regex

_MAKES = regex(
    r"(?P<service>[\w-]+):(?:Create|Put|Run|Attach|Register|Start|Add|Update|Modify|Request|Upload"
    r"|Associate)(?P<thing>\w+)",
    re.IGNORECASE,
)
_CLEANS = regex(
    r"(?P<service>[\w-]+):(?:Delete|Detach|Remove|Terminate|Deregister|Release|Revoke|Disassociate|Abort|Stop|Cancel)"
    r"(?P<thing>\w+)",
    re.IGNORECASE,
)
_ROLLS_BACK = regex(r"roll(?:ing|ed)?[ _-]?back|clean(?:ing)?[ _-]?up", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _FollowUp:
    """An action that programs call after another action failed. ``page`` is the documentation page for this."""

    action: re.Pattern[str]
    after: re.Pattern[str]
    page: str


def _follow_up(action: str, after: str, page: str) -> _FollowUp:
    return _FollowUp(regex(action, re.IGNORECASE), regex(after, re.IGNORECASE), page)


_FOLLOW_UPS = (
    _follow_up(
        "ssm:terminatesession",
        "ssm:(?:start|resume)session",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-troubleshooting.html",
    ),
    _follow_up(
        "s3:abortmultipartupload",
        r"s3:putobject|s3:createmultipartupload|kms:.*",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html",
    ),
    _follow_up(
        "logs:(?:createlogstream|putlogevents)",
        "logs:createloggroup",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    ),
    _follow_up(
        "cloudformation:(?:describestacks|describestackevents|gettemplate|deletechangeset)",
        r"cloudformation:(?:create|update|delete|execute)\w+",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html",
    ),
)


class Causes:
    """The failures so far, to find which of them caused the next one."""

    def __init__(self) -> None:
        self.before: dict[str, list[Denial]] = {}
        self.last: Failure | None = None
        self.first: list[Failure] = []
        self.session = ""

    def of(self, failure: Failure) -> str:
        """Return the action of the earlier failure that caused this one; "" if none is known.

        Call it for each failure, in the order of the text.
        """
        last, self.last = self.last, failure
        first = next(filter(None, (_leads_to(each, failure) for each in self.first)), "")
        if _may_lead(failure):
            self.first.append(failure)
        if first:
            return first
        if isinstance(failure, OtherFailure):
            self.session = session_not_made(failure, last, self.session)
            return (
                self.session
                or _cluster_not_read(failure, last)
                or _registry_without_token(failure, last)
                or self._lock_not_released(failure)
            )
        if isinstance(failure, Denial) and (said := _policy_not_attached(failure, last)):
            return said
        if not isinstance(failure, Denial) or not failure.action:
            return ""
        cause = self._follows(failure, failure.action)
        self.before.setdefault(failure.action.lower(), []).append(failure)
        return cause

    def _follows(self, failure: Denial, action: str) -> str:
        for row in _FOLLOW_UPS:
            if row.action.fullmatch(action):
                return self._earlier(failure, [each for each in self.before if row.after.fullmatch(each)])
        cleans = _CLEANS.fullmatch(action)
        if cleans is None or not _ROLLS_BACK.search(failure.text):
            return ""
        made = [each for each in self.before if (found := _MAKES.fullmatch(each)) and _of_one(found, cleans)]
        return self._earlier(failure, made)

    def _lock_not_released(self, failure: OtherFailure) -> str:
        """Return the denied call that would have released Terraform's state lock, if a later run finds the lock held.

        https://developer.hashicorp.com/terraform/language/backend/s3 ("Permissions Required").
        """
        if failure.detail != STATE_LOCK:
            return ""
        released = (
            each for action in ("dynamodb:deleteitem", "s3:deleteobject") for each in self.before.get(action, ())
        )
        return next(
            (each.action or "" for each in released if "state lock" in each.text or _LOCK.search(each.text)), ""
        )

    def _earlier(self, failure: Denial, actions: list[str]) -> str:
        found = (each for action in actions for each in reversed(self.before[action]) if _agree(each, failure))
        cause = next(found, None)
        return (cause.action or "") if cause is not None else ""


# AWS CDK CLI, aws-auth/sdk-provider.ts: it goes on with the credentials that may not assume the bootstrap role
# (https://github.com/aws/aws-cdk-cli).
_WITH_OWN_CREDENTIALS = regex(r"\bcould not be used to assume '[^'\n]+', but are for the right account")
_BOOTSTRAP = "cdk-"
"""The beginning of the names of roles from the CDK's bootstrap stack."""
_TAKEN = "BucketAlreadyExists"
_LOCK = regex(r"\.tflock\b|\bstate lock\b|\block info\b")


def _may_lead(failure: Failure) -> bool:
    """Return whether `_leads_to` can find that later failures follow from this one."""
    if isinstance(failure, Denial):
        return failure.action == "sts:AssumeRole" and _WITH_OWN_CREDENTIALS.search(failure.text) is not None
    return isinstance(failure, OtherFailure) and failure.code == _TAKEN


def _leads_to(first: Failure, failure: Failure) -> str:
    """Return the call that failed first, if that is the only reason for the later failure; "" otherwise.

    For example, a bucket that turned out to be somebody else's denies the next request (Amazon S3 API Reference, "Error
    responses"), or the CDK calls with different credentials from the intended ones.
    """
    if not isinstance(failure, Denial):
        return ""
    if isinstance(first, OtherFailure) and first.code == _TAKEN and first.name:
        of_it = (failure.action or "").startswith("s3:") and failure.code != first.code
        return "s3:CreateBucket" if of_it and re.search(rf"\b{re.escape(first.name)}\b", failure.text) else ""
    if isinstance(first, Denial) and _WITH_OWN_CREDENTIALS.search(first.text) and failure.principal:
        role, caller = Arn.parse(first.resource or ""), Arn.parse(failure.principal)
        same = role is not None and caller is not None and role.account == caller.account
        of_bootstrap = identity_of(failure.principal)[2].startswith(_BOOTSTRAP)
        return "sts:AssumeRole" if same and not of_bootstrap and first.action == "sts:AssumeRole" else ""
    return ""


_ATTACHING = regex(
    r"\b(?:AttachRolePolicy|PutRolePolicy)\b"
    r"|\battaching IAM Policy\b[^\n]{0,200}\bto IAM Role \((?P<role>[^)\n]+)\)"
)
_LACKING_ROLE = regex(r"\brole\b[^.\n]{0,60}\b(?:does not have|lacks?|doesn['’]t have)\b", re.IGNORECASE)


def _policy_not_attached(failure: Denial, last: Failure | None) -> str:
    """Return the call that attaches a policy to a role, if it failed just before that role lacked permissions."""
    if not isinstance(last, OtherFailure) or not _LACKING_ROLE.search(failure.text):
        return ""
    found = list(_ATTACHING.finditer(last.text))
    named = next((each["role"] for each in found if each["role"]), "")
    return "iam:AttachRolePolicy" if found and (not named or named in failure.text) else ""


# AWS CLI Command Reference, "eks update-kubeconfig": it reads the cluster with eks:DescribeCluster
# (https://docs.aws.amazon.com/cli/latest/reference/eks/update-kubeconfig.html).
_READS_CLUSTER = "DescribeCluster"


def _cluster_not_read(failure: OtherFailure, last: Failure | None) -> str:
    """Return the failed call that reads the cluster for the kubeconfig, if the kubeconfig is then missing; else ""."""
    if last is None or failure.trouble is not Trouble.NOT_IAM or failure.detail != KUBECONFIG:
        return ""
    if isinstance(last, Denial) and last.action == f"eks:{_READS_CLUSTER}":
        return last.action
    return _READS_CLUSTER if last.operation == _READS_CLUSTER else ""


# Amazon ECR User Guide, "Private registry authentication", Amazon ECR Public User Guide, "Registry authentication", and
# CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens": the calls that get a registry's token.
_GETS_A_TOKEN = regex(r"(?:ecr|ecr-public|codeartifact):GetAuthorizationToken|sts:GetServiceBearerToken", re.IGNORECASE)
_OF_A_REGISTRY = regex(r"no basic auth credentials|docker login|\.dkr\.ecr\.|public\.ecr\.aws|\.d\.codeartifact\.")


def _registry_without_token(failure: OtherFailure, last: Failure | None) -> str:
    """Return the refused call for a registry's token if that registry then says that nobody is logged in."""
    if failure.trouble is not Trouble.CREDENTIALS or not isinstance(last, Denial):
        return ""
    refused = _GETS_A_TOKEN.fullmatch(last.action or "")
    return last.action or "" if refused and _OF_A_REGISTRY.search(failure.text) else ""


def follows_from_a_refused_read(failure: Failure, others: Iterable[Failure]) -> str:
    """Return the denied call that reads a resource which then cannot be created because it exists; "" if there is none.

    A script or tool that checks whether a resource exists mistakes a denial for its absence.
    """
    if isinstance(failure, Denial) or not (failure.code or "").endswith(_EXIST) or not failure.operation:
        return ""
    made = _VERB.sub("", failure.operation, count=1)
    for other in others:
        if not isinstance(other, Denial) or not (found := _READS.fullmatch(other.action or "")):
            continue
        arn = Arn.parse(other.resource or "")
        named = re.split("[/:]", arn.resource, maxsplit=1)[-1] if arn is not None else ""
        of_one = found["thing"].rstrip("s").removesuffix("ie") in made or found["thing"].startswith(made)
        if named and of_one and re.search(rf"(?<![\w/-]){re.escape(named)}(?![\w/-])", failure.text):
            return other.action or ""
    return ""


def after_the_cause(failure: Failure) -> str:
    """Return the remaining steps for a failure after its cause is removed; "" if none are known."""
    if finds_no_credentials(failure):
        return "Make the script stop when that call fails (set -e in a shell). The script needs no other keys."
    if not isinstance(failure, OtherFailure) or failure.detail != STATE_LOCK:
        return ""
    return f"Then, if no run is active, release the lock: terraform force-unlock {failure.name or 'LOCK-ID'}."


def causes_first(found: Sequence[Failure]) -> list[Failure]:
    """Return the failures, each after the failure that caused it; otherwise in their order."""
    actions = [each.action if isinstance(each, Denial) else None for each in found]
    early = [
        each
        for at, each in enumerate(found)
        if each.sequel and each.sequel.caused_by in actions[at + 1 :] and each.sequel.caused_by not in actions[:at]
    ]
    return [*(each for each in found if each not in early), *early]


_EXIST = (
    "AlreadyExistsException",
    "AlreadyExists",
    "AlreadyExistsFault",
    "AlreadyOwnedByYou",
    "ResourceExistsException",
    "ResourceInUseException",
)
_VERB = regex(r"[A-Z][a-z]+")
_READS = regex(r"[\w-]+:(?:Describe|Get|Head|List)(?P<thing>\w+)")


def _of_one(one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether two actions of a service are about the same kind of thing."""
    return (one["service"].lower(), one["thing"].lower()) == (other["service"].lower(), other["thing"].lower())


def _agree(one: Denial, other: Denial) -> bool:
    """Whether both may have the same caller and the same resource, as far as the text names them."""
    if one.principal and other.principal and identity_of(one.principal) != identity_of(other.principal):
        return False
    ours, theirs = Arn.parse(one.resource or ""), Arn.parse(other.resource or "")
    if ours is None or theirs is None:
        return True
    if ours.account != theirs.account and ours.account and theirs.account:
        return False
    if ours.region != theirs.region and ours.region and theirs.region:
        return False
    if (ours.service, _kind(ours)) != (theirs.service, _kind(theirs)):
        return True
    first, second = sorted((ours.resource.rstrip(":*/"), theirs.resource.rstrip(":*/")), key=len)
    return second == first or second.startswith((f"{first}:", f"{first}/"))


def _kind(arn: Arn) -> str:
    """Return the type before the name in an ARN; "" if the resource is only a name (a topic, a bucket with a key)."""
    kind, *names = re.split(r"[:/]", arn.resource)
    return kind if names and arn.service != "s3" else ""
