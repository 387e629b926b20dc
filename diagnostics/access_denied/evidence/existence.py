"""Check whether the resource of a denied request exists in this account, and which existing one has the closest name.

A missing resource is not the cause if no Allow applies: AWS then denies the request before it checks whether the
resource exists, so the layer that denied the request remains the cause. Only a complete list of the resources in the
request's Region shows that a resource does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.request.resources import is_cut_off
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.words import is_trust_action
from iam.arn import Arn
from iam.facts.resource_parts import BEFORE_THE_NAME
from iam.policy.decision import Fault
from iam.policy.match import folded, has_wildcard, resource_matcher
from iam.sources.reader.opened import OpenedAccount
from iam.sources.resource_policies import NO_SUCH_BUCKET, policy_holder
from iam.words import listing

# The services whose ARNs are compared, with the beginning of the resource part in their listed ARNs.
_COMPARED = ("s3", "kms", "sqs", "sns", "lambda", "secretsmanager", "dynamodb", "ecr")
_KINDS = {service: BEFORE_THE_NAME[service] for service in _COMPARED}
_IAM_KINDS = ("role/", "user/", "policy/")
# A call that creates a resource names one that does not exist yet, and so does the tagging that belongs to the call.
_MAKES = (
    "create", "tag", "put", "import", "restore", "publishlayerversion", "replicate", "register", "batchimport",
)  # fmt: skip
_MAKES_NOTHING = frozenset(
    {
        "s3:putobject", "s3:putobjectacl", "s3:putobjecttagging", "s3:putbucketpolicy", "kms:creategrant",
        "dynamodb:putitem", "iam:putrolepolicy", "iam:putuserpolicy", "iam:putrolepermissionsboundary",
        "iam:putuserpermissionsboundary", "iam:createpolicyversion", "iam:createaccesskey", "iam:createloginprofile",
        "secretsmanager:putsecretvalue", "secretsmanager:putresourcepolicy", "kms:putkeypolicy", "ecr:putimage",
        "lambda:putfunctionconcurrency", "lambda:createeventsourcemapping", "lambda:createalias",
    }
)  # fmt: skip
"""Actions that work on an existing resource although their names begin like those in `_MAKES`."""
_LIKE_ENOUGH = 0.72


@dataclass(frozen=True, slots=True)
class Missing:
    """A resource that does not exist here.

    ``arn`` is what does not exist (the bucket of an object), ``resource`` what was requested. ``nearest`` is the
    existing resource that was probably meant, None if none is similar. ``known`` are existing resources of the same
    type, which ``call``, a read call, returned. ``partition_wide``: the resource exists in no account of the partition.
    ``existed``: the resource existed when the text was written, because AWS named its settings or a statement of its
    policy.
    """

    arn: str
    resource: str
    nearest: str | None
    known: tuple[str, ...]
    call: str
    partition_wide: bool = False
    existed: bool = False

    @property
    def place(self) -> str:
        """A phrase that says where the resource does not exist, such as ``in this account in eu-west-1``."""
        parts = Arn.parse(self.arn)
        if self.partition_wide:
            return "in any account"
        return f"in this account in {parts.region}" if parts and parts.region else "in this account"

    @property
    def absent(self) -> str:
        """The end of a sentence saying that the resource does not exist: ``does not exist in this account``."""
        return f"{'no longer exists' if self.existed else 'does not exist'} {self.place}"

    @property
    def sentence(self) -> str:
        """A sentence that the resource does not exist here. It names the existing one with the closest name."""
        near = f" The closest existing one is {self.nearest}." if self.nearest else ""
        return f"{self.shown} {self.absent}.{near}"

    @property
    def shown(self) -> str:
        """The ARN as the text has it, without ``-??????``.

        That is the pattern for the suffix that Secrets Manager adds to a name.
        """
        return self.arn.removesuffix("-??????")

    def moved(self) -> str | None:
        """Return the requested resource with ``nearest`` in place of the missing part; None without ``nearest``."""
        return None if self.nearest is None else self.nearest + self.resource[len(self.arn) :]


def missing_resource(case: Case) -> Missing | None:
    """Return the resource that the request names and the account lacks.

    None if the resource exists, or if that is unknown. May block.
    """
    request = case.request
    parts = Arn.parse(request.resource)
    if parts is None or not case.resource_known or is_trust_action(request.action) or is_cut_off(request.resource):
        return None
    if case.policies.resource is not None or _makes(request.action):
        return None
    return _missing(request.resource, parts, case)


def missing_at(resource: str, case: Case) -> Missing | None:
    """Check, like `missing_resource`, a different resource that the request might name."""
    parts = Arn.parse(resource)
    return None if parts is None or _makes(case.request.action) else _missing(resource, parts, case)


def _makes(action: str) -> bool:
    low = action.lower()
    return low not in _MAKES_NOTHING and low.partition(":")[2].startswith(_MAKES)


def _missing(resource: str, parts: Arn, case: Case) -> Missing | None:
    opened = case.owner_side
    account = opened.account
    if parts.partition != account.partition or (parts.account and parts.account != account.id):
        return None
    if parts.service == "iam":
        return _missing_entity(resource, parts, opened)
    if parts.service not in _KINDS or not parts.resource.startswith(_KINDS[parts.service]):
        return None
    if parts.resource.startswith("accesspoint/"):
        return None
    arn = _named(parts)
    if has_wildcard(arn) and parts.service != "secretsmanager":
        return None
    if parts.service == "s3":
        reading = opened.reader.resource_policy(resource)  # the same read as for the layers
        if reading.why != NO_SUCH_BUCKET:
            return None
        call = reading.call
    else:
        listed = opened.reader.listed_resources(parts.service, parts.region)
        if listed.value is None or listed.note or any(fnmatchcase(one, arn) for one in listed.value):
            return None
        call = listed.call
    everywhere = opened.reader.listed_resources(parts.service, "").value or ()
    kind = _KINDS[parts.service]
    known = tuple(one for one in everywhere if (other := Arn.parse(one)) and other.resource.startswith(kind))
    existed = case.denial.stated_reason in ("explicit:resource", "s3-block-public-access")
    if parts.service == "s3" and case.caller.account_id and not case.caller.here:
        if existed:
            return None  # the text is about another account, and its author may have changed the bucket's name
        known = ()  # the text does not mean a bucket of this account
    return Missing(arn, resource, _nearest(arn, known, case), known, call, parts.service == "s3", existed)


def _named(parts: Arn) -> str:
    """Return the listed resource that an ARN belongs to: a function without its qualifier, the table of an index."""
    if parts.service == "lambda":
        return str(parts.beside(":".join(parts.resource.split(":")[:2])))
    if parts.service == "dynamodb":
        return str(parts.beside("/".join(parts.resource.split("/")[:2])))
    return policy_holder(str(parts))


def _missing_entity(resource: str, parts: Arn, opened: OpenedAccount) -> Missing | None:
    kind = next((each for each in _IAM_KINDS if parts.resource.startswith(each)), None)
    if kind is None or has_wildcard(resource) or parts.account != opened.account.id:
        return None
    if kind != "role/" and opened.reader.kind == "snapshot":
        return None  # a file may omit some users and policies, because the call that it was made with accepts a filter
    name, account, reader = parts.resource.rpartition("/")[2], opened.account, opened.reader
    if kind == "role/":
        known: tuple[str, ...] = tuple(account.role_arns)
        reading = reader.role(name)
    elif kind == "user/":
        known = tuple(user.arn for user in account.users or ())
        reading = reader.user(name)  # type: ignore[assignment]
    else:
        known = tuple(policy.arn for policy in account.policies or ())
        reading = reader.managed_policy(resource)  # type: ignore[assignment]
    if reading.unreadable or resource in known or (reading.value is not None and reading.value.arn == resource):
        return None
    same = next((one for one in known if one.rpartition("/")[2].lower() == name.lower()), None)
    return Missing(resource, resource, same or _alike(resource, known), known, reading.call)


def _nearest(arn: str, known: tuple[str, ...], case: Case) -> str | None:
    """Return the existing resource that was probably meant, or None.

    That is a resource with the same name elsewhere, one that the caller's closest statement names, or the one with the
    most similar name.
    """
    name = arn.rpartition(":")[2]
    same = [one for one in known if one.rpartition(":")[2] == name]
    if same:
        return same[0]
    alike = _alike(arn, known)
    if alike is not None:
        return alike
    named = [
        resource_matcher(pattern)
        for miss in case.cautious.near_misses
        if miss.fault is Fault.RESOURCE_MISMATCH
        for pattern in miss.wanted
        if not has_wildcard(pattern)
    ]
    found = [one for one in known if any(matches(folded(one)) for matches in named)]
    return found[0] if len(found) == 1 else None


def _alike(arn: str, known: tuple[str, ...]) -> str | None:
    """Return the ARN with the name most similar to the missing one's.

    Return None if none is similar enough, or several are.
    """
    name = arn.rpartition(":")[2].lower()
    if arn.split(":")[2] == "kms":
        return None  # names of keys are random IDs
    scored = sorted(((_likeness(name, one.rpartition(":")[2].lower()), one) for one in known), reverse=True)
    if not scored or scored[0][0] < _LIKE_ENOUGH:
        return None
    return scored[0][1]


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def existence_step(missing: Missing) -> Iterator[Step]:
    """Yield the step that says which resource was looked for and not found."""
    evidence = Evidence(text=missing.sentence, arn=missing.shown, call=missing.call or None)
    said = f"{missing.shown} {missing.absent}"
    if missing.nearest:
        said += f"; nearest: {missing.nearest}"
    elif missing.known:
        said += f"; there are {listing(missing.known, limit=3)}"
    yield Step("existence", "Whether the resource exists", Status.FAIL, said, (evidence,))
