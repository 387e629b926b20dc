"""The API calls that change permissions, one row each.

A row says how CloudTrail records the call: the parameter that contains the entity, the document and its encoding, what
a success proves about the earlier state, what the record omits, and AWS's page about the call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from iam.history.change import Kind, Part, Proves


class Does(StrEnum):
    """The ways in which a call changes its document."""

    PUTS = "puts"
    REMOVES = "removes"
    ADDS_STATEMENT = "adds a statement"
    REMOVES_STATEMENT = "removes a statement"
    CREATES = "creates"
    DELETES = "deletes"
    SPECIAL = "special"
    """The call has its own function in `iam.history.computed_effects`."""


class Encoding(StrEnum):
    """The encodings of a document in a record."""

    JSON_TEXT = "string of JSON"
    OBJECT = "object"
    NONE = "no document"


@dataclass(frozen=True, slots=True)
class ChangeCall:
    """An API call that changes permissions.

    ``entity``, ``name`` and ``value`` are dotted paths into ``requestParameters``. A path may contain alternatives,
    separated by ``|``; the first that exists is used. If ``value`` is empty, the call only adds or removes the part.
    """

    source: str
    event: str
    kind: Kind
    entity: str
    does: Does
    part: Part | None = None
    name: str = ""
    value: str = ""
    proves: Proves = Proves.NOTHING
    encoding: Encoding = Encoding.NONE
    leaves_out: str = ""
    page: str = ""

    @property
    def parameters_optional(self) -> bool:
        """Whether the call needs no parameters, because the account has only one such document."""
        return (self.source, self.event) == ("glue.amazonaws.com", "DeleteResourcePolicy")


_DOCS = "https://docs.aws.amazon.com"
_API = {
    "iam": f"{_DOCS}/IAM/latest/APIReference/API_",
    "organizations": f"{_DOCS}/organizations/latest/APIReference/API_",
    "sso": f"{_DOCS}/singlesignon/latest/APIReference/API_",
    "s3": f"{_DOCS}/AmazonS3/latest/API/API_",
    "kms": f"{_DOCS}/kms/latest/APIReference/API_",
    "sqs": f"{_DOCS}/AWSSimpleQueueService/latest/APIReference/API_",
    "sns": f"{_DOCS}/sns/latest/api/API_",
    "lambda": f"{_DOCS}/lambda/latest/api/API_",
    "ecr": f"{_DOCS}/AmazonECR/latest/APIReference/API_",
    "secretsmanager": f"{_DOCS}/secretsmanager/latest/apireference/API_",
    "events": f"{_DOCS}/eventbridge/latest/APIReference/API_",
    "glue": f"{_DOCS}/glue/latest/webapi/API_",
    "ec2": f"{_DOCS}/AWSEC2/latest/APIReference/API_",
}


def _row(
    service: str,
    event: str,
    kind: Kind,
    entity: str,
    does: Does,
    part: Part | None = None,
    name: str = "",
    value: str = "",
    proves: Proves = Proves.NOTHING,
    encoding: Encoding = Encoding.NONE,
    leaves_out: str = "",
) -> ChangeCall:
    operation = event.rstrip("0123456789").removesuffix("v") if service == "lambda" else event
    operation = operation.rstrip("0123456789")
    page = f"{_API[service]}{operation}.html"
    source = f"{service}.amazonaws.com"
    return ChangeCall(source, event, kind, entity, does, part, name, value, proves, encoding, leaves_out, page)


_HOLDER_KINDS = (("Role", Kind.ROLE), ("User", Kind.USER), ("Group", Kind.GROUP))


def _iam() -> Iterator[ChangeCall]:
    for word, kind in _HOLDER_KINDS:
        low = f"{word.lower()}Name"
        yield _row("iam", f"Create{word}", kind, low, Does.SPECIAL, encoding=Encoding.JSON_TEXT)
        yield _row("iam", f"Delete{word}", kind, low, Does.DELETES, proves=Proves.EXISTED)
        yield _row(
            "iam", f"Put{word}Policy", kind, low, Does.PUTS, Part.INLINE, "policyName", value="policyDocument",
            encoding=Encoding.JSON_TEXT, leaves_out="the policy that it replaces",
        )  # fmt: skip
        yield _row(
            "iam", f"Delete{word}Policy", kind, low, Does.REMOVES, Part.INLINE, "policyName", proves=Proves.EXISTED,
            leaves_out="the policy that it deletes",
        )  # fmt: skip
        yield _row("iam", f"Attach{word}Policy", kind, low, Does.PUTS, Part.ATTACHED, "policyArn")
        yield _row(
            "iam", f"Detach{word}Policy", kind, low, Does.REMOVES, Part.ATTACHED, "policyArn", proves=Proves.THIS
        )
        if word == "Group":
            yield _row("iam", "UpdateGroup", kind, low, Does.SPECIAL, leaves_out="its documents")
            continue
        before = "the boundary before"
        part = Part.BOUNDARY
        yield _row(
            "iam", f"Put{word}PermissionsBoundary", kind, low, Does.PUTS, part, value="permissionsBoundary",
            leaves_out=before,
        )  # fmt: skip
        yield _row("iam", f"Delete{word}PermissionsBoundary", kind, low, Does.REMOVES, part, leaves_out=before)
        yield _row("iam", f"Tag{word}", kind, low, Does.SPECIAL, Part.TAG, leaves_out="the values before")
        yield _row("iam", f"Untag{word}", kind, low, Does.SPECIAL, Part.TAG, leaves_out="the values before")
    yield _row("iam", "UpdateUser", Kind.USER, "userName", Does.SPECIAL, leaves_out="its documents")
    yield _row("iam", "AddUserToGroup", Kind.USER, "userName", Does.PUTS, Part.MEMBER, "groupName")
    yield _row("iam", "RemoveUserFromGroup", Kind.USER, "userName", Does.REMOVES, Part.MEMBER, "groupName")
    yield _row(
        "iam", "UpdateAssumeRolePolicy", Kind.ROLE, "roleName", Does.PUTS, Part.TRUST, value="policyDocument",
        proves=Proves.EXISTED, encoding=Encoding.JSON_TEXT, leaves_out="the trust policy that it replaces",
    )  # fmt: skip
    yield _row("iam", "CreateServiceLinkedRole", Kind.ROLE, "", Does.SPECIAL, leaves_out="the attached policy")
    yield _row(
        "iam", "DeleteServiceLinkedRole", Kind.ROLE, "roleName", Does.SPECIAL, leaves_out=("the policies that it had")
    )
    policy = Kind.POLICY
    yield _row("iam", "CreatePolicy", policy, "", Does.SPECIAL, encoding=Encoding.JSON_TEXT)
    yield _row(
        "iam", "DeletePolicy", policy, "policyArn", Does.DELETES, proves=Proves.EXISTED, leaves_out="its document"
    )
    yield _row(
        "iam", "CreatePolicyVersion", policy, "policyArn", Does.SPECIAL, encoding=Encoding.JSON_TEXT,
        leaves_out="the version that was the default",
    )  # fmt: skip
    yield _row(
        "iam", "DeletePolicyVersion", policy, "policyArn", Does.REMOVES, Part.VERSION, "versionId",
        proves=Proves.EXISTED, leaves_out="the version's document",
    )  # fmt: skip
    yield _row(
        "iam", "SetDefaultPolicyVersion", policy, "policyArn", Does.PUTS, Part.DEFAULT, value="versionId",
        leaves_out="the version that was the default",
    )  # fmt: skip


def _organizations() -> Iterator[ChangeCall]:
    org = "organizations"
    policy, target = Kind.ORGANIZATION_POLICY, Kind.TARGET
    yield _row(org, "CreatePolicy", policy, "", Does.SPECIAL, encoding=Encoding.JSON_TEXT)
    yield _row(
        org, "UpdatePolicy", policy, "policyId", Does.SPECIAL, encoding=Encoding.JSON_TEXT,
        leaves_out="the content before",
    )  # fmt: skip
    yield _row(org, "DeletePolicy", policy, "policyId", Does.DELETES, proves=Proves.EXISTED, leaves_out="its content")
    scp = Part.ATTACHED
    yield _row(org, "AttachPolicy", target, "targetId", Does.PUTS, scp, "policyId", proves=Proves.ABSENT)
    yield _row(org, "DetachPolicy", target, "targetId", Does.REMOVES, scp, "policyId", proves=Proves.THIS)
    yield _row(org, "EnablePolicyType", target, "rootId", Does.SPECIAL, leaves_out="what it attached")
    yield _row(org, "DisablePolicyType", target, "rootId", Does.SPECIAL, leaves_out="what it detached")
    yield _row(
        org, "MoveAccount", target, "accountId", Does.PUTS, Part.UNIT, value="destinationParentId", proves=Proves.THIS
    )


def _identity_center() -> Iterator[ChangeCall]:
    kind, entity = Kind.PERMISSION_SET, "permissionSetArn"
    yield _row("sso", "CreatePermissionSet", kind, "", Does.SPECIAL)
    yield _row("sso", "DeletePermissionSet", kind, entity, Does.DELETES, proves=Proves.EXISTED)
    yield _row(
        "sso", "PutInlinePolicyToPermissionSet", kind, entity, Does.PUTS, Part.INLINE, value="inlinePolicy",
        encoding=Encoding.JSON_TEXT, leaves_out="the policy that it replaces",
    )  # fmt: skip
    yield _row(
        "sso", "DeleteInlinePolicyFromPermissionSet", kind, entity, Does.REMOVES, Part.INLINE,
        leaves_out="the policy that it deletes",
    )  # fmt: skip
    part, managed = Part.ATTACHED, "managedPolicyArn"
    yield _row(
        "sso", "AttachManagedPolicyToPermissionSet", kind, entity, Does.PUTS, part, managed, proves=Proves.ABSENT
    )
    yield _row("sso", "DetachManagedPolicyFromPermissionSet", kind, entity, Does.REMOVES, part, managed)
    named = "customerManagedPolicyReference.name"
    yield _row("sso", "AttachCustomerManagedPolicyReferenceToPermissionSet", kind, entity, Does.PUTS, part, named)
    yield _row("sso", "DetachCustomerManagedPolicyReferenceFromPermissionSet", kind, entity, Does.REMOVES, part, named)
    boundary = "permissionsBoundary.managedPolicyArn|permissionsBoundary.customerManagedPolicyReference.name"
    yield _row("sso", "PutPermissionsBoundaryToPermissionSet", kind, entity, Does.PUTS, Part.BOUNDARY, value=boundary)
    yield _row("sso", "DeletePermissionsBoundaryFromPermissionSet", kind, entity, Does.REMOVES, Part.BOUNDARY)


_REPLACED = "the policy that it replaces"
_DELETED = "the policy that it deletes"


def _resources() -> Iterator[ChangeCall]:
    """Yield the calls for resource policies.

    Deleting a bucket's policy succeeds even if there is none; the pages of ECR and Glue list an error for that
    (RepositoryPolicyNotFoundException, EntityNotFoundException).
    """
    kind, policy = Kind.RESOURCE, Part.POLICY
    text, thing = Encoding.JSON_TEXT, Encoding.OBJECT
    put, remove = Does.PUTS, Does.REMOVES
    yield _row(
        "s3", "PutBucketPolicy", kind, "bucketName", put, policy, value="bucketPolicy", encoding=thing,
        leaves_out=_REPLACED,
    )  # fmt: skip
    yield _row("s3", "DeleteBucketPolicy", kind, "bucketName", remove, policy, leaves_out=_DELETED)
    yield _row("s3", "CreateBucket", kind, "bucketName", Does.CREATES)
    yield _row("s3", "DeleteBucket", kind, "bucketName", Does.DELETES, proves=Proves.EXISTED, leaves_out=_DELETED)
    yield _row("kms", "CreateKey", kind, "", Does.SPECIAL, encoding=text)
    yield _row(
        "kms", "PutKeyPolicy", kind, "keyId", put, policy, value="policy", proves=Proves.EXISTED, encoding=text,
        leaves_out=_REPLACED,
    )  # fmt: skip
    queue = "queueUrl"
    yield _row("sqs", "CreateQueue", kind, "queueName", Does.SPECIAL, encoding=text)
    yield _row("sqs", "SetQueueAttributes", kind, queue, Does.SPECIAL, policy, encoding=text, leaves_out=_REPLACED)
    yield _row("sqs", "AddPermission", kind, queue, Does.ADDS_STATEMENT, policy, "label", leaves_out=_REPLACED)
    yield _row("sqs", "RemovePermission", kind, queue, Does.REMOVES_STATEMENT, policy, "label", leaves_out=_DELETED)
    yield _row("sqs", "DeleteQueue", kind, queue, Does.DELETES, proves=Proves.EXISTED, leaves_out=_DELETED)
    topic = "topicArn"
    yield _row("sns", "CreateTopic", kind, "name", Does.SPECIAL, leaves_out="the default policy")
    yield _row("sns", "SetTopicAttributes", kind, topic, Does.SPECIAL, policy, encoding=text, leaves_out=_REPLACED)
    yield _row("sns", "AddPermission", kind, topic, Does.ADDS_STATEMENT, policy, "label", leaves_out=_REPLACED)
    yield _row("sns", "RemovePermission", kind, topic, Does.REMOVES_STATEMENT, policy, "label", leaves_out=_DELETED)
    yield _row("sns", "DeleteTopic", kind, topic, Does.DELETES, leaves_out=_DELETED)
    for version in ("20150331", "20150331v2"):
        function, sid = "functionName", "statementId"
        yield _row("lambda", f"AddPermission{version}", kind, function, Does.ADDS_STATEMENT, policy, sid)
        yield _row(
            "lambda", f"RemovePermission{version}", kind, function, Does.REMOVES_STATEMENT, policy, sid,
            leaves_out="the statement",
        )  # fmt: skip
    yield _row("lambda", "DeleteFunction20150331", kind, "functionName", Does.DELETES, leaves_out=_DELETED)
    yield _row(
        "ecr", "SetRepositoryPolicy", kind, "repositoryName", put, policy, value="policyText", encoding=text,
        leaves_out=_REPLACED,
    )  # fmt: skip
    yield _row("ecr", "DeleteRepositoryPolicy", kind, "repositoryName", remove, policy, proves=Proves.EXISTED)
    yield _row("ecr", "DeleteRepository", kind, "repositoryName", Does.DELETES, proves=Proves.EXISTED)
    yield _row(
        "secretsmanager", "PutResourcePolicy", kind, "secretId", put, policy, value="resourcePolicy", encoding=text,
        leaves_out=_REPLACED,
    )  # fmt: skip
    yield _row("secretsmanager", "DeleteResourcePolicy", kind, "secretId", remove, policy, leaves_out=_DELETED)
    bus = "eventBusName"
    yield _row("events", "PutPermission", kind, bus, Does.SPECIAL, policy, "statementId", encoding=text)
    yield _row("events", "RemovePermission", kind, bus, Does.SPECIAL, policy, "statementId", leaves_out="the statement")
    yield _row("events", "DeleteEventBus", kind, "name", Does.DELETES, leaves_out=_DELETED)
    yield _row(
        "glue", "PutResourcePolicy", kind, "resourceArn", put, policy, value="policyInJson", encoding=text,
        leaves_out=_REPLACED,
    )  # fmt: skip
    yield _row("glue", "DeleteResourcePolicy", kind, "resourceArn", remove, policy, proves=Proves.EXISTED)
    endpoint = Kind.ENDPOINT
    yield _row("ec2", "CreateVpcEndpoint", endpoint, "", Does.SPECIAL, encoding=text, leaves_out="the default policy")
    yield _row(
        "ec2", "ModifyVpcEndpoint", endpoint, "vpcEndpointId", Does.SPECIAL, policy, encoding=text,
        leaves_out=_REPLACED,
    )  # fmt: skip
    yield _row("ec2", "DeleteVpcEndpoints", endpoint, "", Does.SPECIAL, leaves_out=_DELETED)


CHANGE_CALLS: Mapping[tuple[str, str], ChangeCall] = MappingProxyType(
    {
        (row.source, row.event): row
        for rows in (_iam(), _organizations(), _identity_center(), _resources())
        for row in rows
    }
)
"""The calls by event source and event name."""

CHANGE_EVENTS = frozenset(event for _, event in CHANGE_CALLS)
