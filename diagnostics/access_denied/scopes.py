"""Find the ARN pattern that covers a denied resource and the resources of the calls that follow.

Many resources have names that the service or the program generates: an object of a run, a revision, a dated copy. A
statement that names only the denied resource leaves the next one denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from iam.arn import Arn
from iam.facts.generated_names import before_timestamp, without_suffix
from iam.lazy_pattern import regex
from iam.policy.match import resource_matcher


@dataclass(frozen=True, slots=True)
class Scope:
    """A pattern for the Resource of a statement. ``covers`` says in words what else it allows."""

    pattern: str
    covers: str


_ONE_ROLE = ("iam:passrole", "sts:assumerole", "sts:tagsession")
"""Actions on one role at a time. A pattern would also allow them on other roles."""
_LOGINS = ("dbuser:", "dbgroup:", "user:", "user/")
"""Users and groups of databases and caches. A pattern would let the caller sign in as another user, such as an admin.

   Amazon Redshift Management Guide, "Create an IAM role with permissions to call GetClusterCredentials"
(https://docs.aws.amazon.com/redshift/latest/mgmt/generating-iam-credentials-role-permissions.html); Amazon RDS User
Guide, "Creating and using an IAM policy for IAM database access"
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html); Amazon ElastiCache User
Guide, "Authenticating with IAM" (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html).
"""
_KEPT = ("iam", "kms", "ec2", "sts", "organizations", "bedrock")
"""Services whose IDs name permanent resources, not resources that each call creates."""
_DATED = (
    r"(?:19|20)\d{2}[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])(?!\d{1,3}(?!\d))"
    r"|(?<!\d)1[5-9]\d{8}(?:\d{3})?(?!\d)"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_GENERATED = regex(_DATED, re.IGNORECASE)
"""A date, a time as a number, or a UUID in a name."""
_OF_OBJECT = regex(
    _DATED + r"|(?<![A-Za-z0-9])(?=[a-z]*\d)(?=\d*[a-f])[0-9a-f]{8,}(?![A-Za-z0-9])|(?:year|month|day|dt|date)=\w+"
    r"|(?<![A-Za-z])part-\d+",
    re.IGNORECASE,
)
"""The other generated parts of an object key: a hash, a partition or a part number."""
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class _Kind:
    """A resource whose last part is generated. Group 1 of ``resource`` is the part that stays the same."""

    service: str
    resource: re.Pattern[str]
    rest: str
    covers: str


# The formats of the ARNs: Service Authorization Reference, "Resource types" of each service
# (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
_KINDS = (
    _Kind("logs", regex(r"(log-group:[^:]+:)log-stream:.*"), "*", "every stream of this log group"),
    _Kind("dynamodb", regex(r"(table/[^/]+/index/).+"), "*", "every index of this table"),
    _Kind("dynamodb", regex(r"(table/[^/]+/stream/).+"), "*", "every stream of this table"),
    _Kind("ecs", regex(r"(task-definition/[^:]+)(?::\d+)?"), ":*", "every revision of this task definition"),
    _Kind("ecs", regex(r"(task/[^/]+/)[0-9a-f]{32}"), "*", "every task of this cluster"),
    _Kind("batch", regex(r"(job-definition/[^:]+):\d+"), ":*", "every revision of this job definition"),
    _Kind("states", regex(r"((?:execution|express):[^:]+:).+"), "*", "every execution of this state machine"),
    _Kind("route53", regex(r"(change/).+"), "*", "every change"),
    _Kind("cloudformation", regex(r"(stack/[^/]+/)[0-9a-f-]{36}"), "*", "every stack of this name"),
    _Kind("cloudformation", regex(r"(changeSet/[^/]+/)[0-9a-f-]{36}"), "*", "every change set of this name"),
)


def scope(action: str, asked: str, written: Iterable[str] = ()) -> Scope | None:
    """Return a pattern for the Resource of a statement that allows the action; None if the resource itself will do.

    ``written`` are the patterns that a statement in the policy already has: they show which names are intended.
    """
    ours = Arn.parse(asked)
    if ours is None or action.lower() in _ONE_ROLE or re.search(r"[*?]", asked) or ours.resource.startswith(_LOGINS):
        return None
    if (prefix := before_timestamp(asked)) and ours.service == "iam":
        return Scope(f"{prefix}*", "the names that Terraform makes of this prefix (name_prefix) with a time")
    for pattern in written:
        theirs = Arn.parse(pattern)
        if theirs is not None and theirs.service == ours.service and (found := _as_written(asked, ours, theirs)):
            return found
    return _of_kind(asked, ours)


def covering(asked: str, written: Iterable[str]) -> Scope | None:
    """Return the pattern of a statement that already covers the resource, to use as the scope of another action."""
    found = next((each for each in written if each != asked and each != "*" and resource_matcher(each)(asked)), None)
    return Scope(found, "what the statement names already") if found is not None and ":" in found else None


def _as_written(asked: str, ours: Arn, theirs: Arn) -> Scope | None:
    """Return a scope for the requested resource that is as wide as the existing pattern."""
    front = asked[: len(asked) - len(ours.resource)]
    if without_suffix(ours.resource) == theirs.resource:
        return Scope(f"{front}{theirs.resource}-*", "the names that a tool makes of this one with a random suffix")
    if ours.service == "s3":
        return _of_objects(front, ours.resource, theirs.resource)
    kind, name = _parts(ours.resource)
    other, pattern = _parts(theirs.resource)
    literal = re.split(r"[*?]", pattern)[0]
    if not kind or kind == other or literal == pattern or len(literal) < _SHORTEST:
        return None
    if not fnmatchcase(name, pattern.replace("[", "[[]")):
        return None
    return Scope(f"{front}{kind}{pattern}", f"the same names as {other}{pattern}")


def _parts(resource: str) -> tuple[str, str]:
    """Split a resource into its type with the separator and the rest: ``db:orders`` into ``db:`` and ``orders``."""
    found = re.match(r"[\w-]+[:/]", resource)
    return (found[0], resource[found.end() :]) if found else ("", resource)


def _of_objects(front: str, asked: str, pattern: str) -> Scope | None:
    """Return the scope for an object.

    The scope is the object's folder, if the policy names another folder, or else every object in the bucket.
    """
    bucket, _, key = asked.partition("/")
    named, _, folder = pattern.partition("/")
    if bucket != named or not key:
        return None
    if not folder:
        return Scope(f"{front}{bucket}/*", "every object of the bucket")
    if not folder.endswith("/*") or "*" in folder[:-1]:
        return None
    folders, last = key.split("/")[:-1], folder[:-2].rpartition("/")[2]
    if not folders:
        return None
    kept = folders[: folders.index(last) + 1] if last in folders else folders
    return _folder(front, bucket, "/".join(kept))


def _folder(front: str, bucket: str, folder: str) -> Scope:
    return Scope(f"{front}{bucket}/{folder}/*", f"every object under {folder}/")


def _of_kind(asked: str, ours: Arn) -> Scope | None:
    if ours.account == "aws":
        return None  # AWS generates this name and does not change it
    front = asked[: len(asked) - len(ours.resource)]
    for kind in _KINDS:
        if kind.service == ours.service and (found := kind.resource.fullmatch(ours.resource)):
            return Scope(f"{front}{found[1]}{kind.rest}", kind.covers)
    if ours.service in _KEPT:
        return None
    if ours.service == "s3":
        bucket, _, key = ours.resource.partition("/")
        if not key or not (generated := _OF_OBJECT.search(key)) or ours.account:
            return None
        stays = key[: generated.start()].rpartition("/")[0]
        return _folder(front, bucket, stays) if stays else Scope(f"{front}{bucket}/*", "every object of the bucket")
    start, name = _parts(ours.resource)
    generated = _GENERATED.search(name)
    if generated is None or generated.start() < _SHORTEST:
        return None
    stays = name[: generated.start()]
    return Scope(f"{front}{start}{stays}*", f"every name that begins with {stays}")
