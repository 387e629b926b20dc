"""The operation that is not the action: what one call asks for besides the action of its name, and on what.

Source: Service Authorization Reference, each service's actions, resource types and dependent actions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.first_look.denials.guardrails import key_policy
from diagnostics.first_look.denials.signs import Signs
from diagnostics.first_look.look import reading
from diagnostics.fix import Who
from diagnostics.messages.operations import action_for

_UPLOADS = {"s3:putobject", "s3:createmultipartupload", "s3:uploadpart"}
_BESIDE_UPLOADS = {
    "s3:putobjecttagging": "tags on the object",
    "s3:putobjectacl": "an ACL (--acl, or a library's default)",
    "s3:putobjectretention": "object lock's retention",
    "s3:putobjectlegalhold": "object lock's legal hold",
}
_RUN_INSTANCES = {
    "subnet": "subnet",
    "security-group": "security group",
    "image": "image",
    "key-pair": "key pair",
    "network-interface": "network interface",
    "volume": "volume",
    "instance": "instance",
    "launch-template": "launch template",
    "snapshot": "snapshot",
    "placement-group": "placement group",
}
# Actions that take no resource: a statement that names one allows nothing.
_NO_RESOURCE = re.compile(
    r"ecr:getauthorizationtoken|s3:listallmybuckets|sts:getcalleridentity|ssm:describeparameters|iam:list(?:roles|users|"
    r"policies|accountaliases)|ec2:describe|elasticloadbalancing:describe|autoscaling:describe|cloudwatch:(?:get|list)metric|"
    r"cloudwatch:putmetricdata|ecr-public:getauthorizationtoken|route53:listhostedzones|acm:listcertificates|"
    r"secretsmanager:listsecrets|kms:(?:listkeys|listaliases|createkey)|ce:|pricing:|organizations:list|rds:describedbengine"
)


def told_other_action(signs: Signs) -> Iterator[FirstLook]:
    """The text names an action that is not the operation's own."""
    operation, action = signs.denial.operation, signs.denial.action
    if not operation or not action or signs.action == "iam:passrole" or signs.action in _BESIDE_UPLOADS:
        return
    own = action_for(operation, signs.service)
    if own is None or own.lower() == signs.action or signs.action.partition(":")[2] not in signs.denial.text.lower():
        return
    yield FirstLook(
        f"The call {operation} asks for {action}, too: allowing {own} alone is not enough.",
        f"the operation is {operation}, and the action that was refused is {action}",
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
    )


def s3_uploads(signs: Signs) -> Iterator[FirstLook]:
    bucket = signs.target.resource.partition("/")[0] if signs.target else None
    encryption = reading("s3api", "get-bucket-encryption", ("bucket", bucket))
    if beside := _BESIDE_UPLOADS.get(signs.action):
        yield FirstLook(
            f"The upload brings {beside}, which is an action of its own: allow {signs.denial.action}, or leave "
            f"it away.",
            f"the action is {signs.denial.action}, not s3:PutObject",
            signs.caller_read or encryption,
            Who.ACCOUNT_ADMIN,
        )
    if signs.action not in _UPLOADS or signs.layer:
        return
    if signs.denial.operation == "CopyObject":
        yield FirstLook(
            "A copy has two sides: s3:GetObject (and s3:GetObjectTagging where it has tags) on the source, and "
            "s3:PutObject on the target; KMS keys of both sides, too.",
            "the operation is CopyObject",
            encryption,
            Who.ACCOUNT_ADMIN,
        )
        return
    if not (signs.denial.principal and signs.denial.resource):
        yield FirstLook(
            "The upload brings tags or an ACL: s3:PutObjectTagging and s3:PutObjectAcl are actions of their own, and "
            "S3 names the operation alone.",
            f"the text names the operation {signs.denial.operation or 'PutObject'} and no action",
            reading("s3api", "get-bucket-ownership-controls", ("bucket", bucket)),
            Who.CALLER,
        )
        yield FirstLook(
            "The policy allows the bucket's ARN where the objects' is wanted (arn:aws:s3:::BUCKET/*), or "
            "another prefix.",
            "an upload is an action on an object",
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
        yield FirstLook(
            "The bucket encrypts with a KMS key: the caller needs kms:GenerateDataKey (kms:Decrypt for several parts), "
            "and the key's policy must agree.",
            "the text names no reason",
            encryption,
            Who.ACCOUNT_ADMIN,
        )
        yield FirstLook(
            "The bucket's policy denies it, or the bucket is another account's.",
            "the text names no reason",
            reading("s3api", "get-bucket-policy", ("bucket", bucket), query="Policy"),
            Who.RESOURCE_OWNER,
        )


def s3_public(signs: Signs) -> Iterator[FirstLook]:
    """S3 User Guide, "Blocking public access": on by default for buckets made since April 2023."""
    settings = ("s3:putbucketpolicy", "s3:putbucketacl", "s3:putobjectacl")
    if signs.layer or signs.denial.principal or signs.action not in settings:
        return
    bucket = signs.target.resource.partition("/")[0] if signs.target else None
    yield FirstLook(
        "Block Public Access refuses a public policy or ACL, whatever IAM allows; and where the bucket's ownership is "
        "enforced there are no ACLs at all.",
        f"the action is {signs.denial.action}, and neither caller nor reason is stated",
        reading("s3api", "get-public-access-block", ("bucket", bucket)),
        Who.ACCOUNT_ADMIN,
    )


def s3_reads(signs: Signs) -> Iterator[FirstLook]:
    bucket = signs.target.resource.partition("/")[0] if signs.target else None
    if signs.layer == "resource":
        return
    operation = signs.denial.operation
    said = f"the operation is {operation}" if operation else f"the action is {signs.denial.action}"
    if signs.action in ("s3:listbucket", "s3:getbucketlocation", "s3:listbucketmultipartuploads"):
        head = signs.denial.operation == "HeadBucket"
        yield FirstLook(
            f"{'HeadBucket and every listing ask' if head else 'Listing asks'} for s3:ListBucket on the bucket itself "
            "(arn:aws:s3:::BUCKET, without /*)."
            if signs.action == "s3:listbucket"
            else f"{signs.denial.action} is an action on the bucket itself (arn:aws:s3:::BUCKET, without /*).",
            said,
            signs.caller_read or reading("s3api", "get-bucket-policy", ("bucket", bucket), query="Policy"),
            Who.ACCOUNT_ADMIN,
        )
        if head:
            yield FirstLook(
                "The bucket's name is another account's, or the request was made for another region.",
                "HeadBucket answers 403 for a bucket of anyone's",
                reading("s3api", "list-buckets", query="Buckets[].Name"),
                Who.CALLER,
            )
    if signs.action == "s3:getobject" and (encrypted := signs.quote(r"ciphertext refers to a customer master key")):
        yield FirstLook(
            "The key that the object is encrypted with is gone, or its policy lets nobody of this account decrypt.",
            f"“{encrypted}”",
            reading("s3api", "get-bucket-encryption", ("bucket", bucket)),
            Who.RESOURCE_OWNER,
        )
    elif signs.action == "s3:getobject":
        if not signs.denial.stated_reason:
            yield FirstLook(
                "The object is not there: without s3:ListBucket on the bucket S3 answers 403 and not 404.",
                f"{said}, and no reason is stated",
                signs.caller_read,
                Who.CALLER,
            )
            yield FirstLook(
                "The object is encrypted with a KMS key that the caller may not use (kms:Decrypt).",
                "the text names no reason",
                reading("s3api", "get-bucket-encryption", ("bucket", bucket)),
                Who.ACCOUNT_ADMIN,
            )
        yield FirstLook(
            "The policy allows the bucket's ARN where the objects' is wanted (arn:aws:s3:::BUCKET/*).",
            "reading is an action on an object",
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )


def run_instances(signs: Signs) -> Iterator[FirstLook]:
    if signs.denial.encoded_message and not signs.denial.decoded:
        yield FirstLook(
            "The reason stands in the encoded message: decoded, it names the action, the resource and the caller.",
            "the text has an encoded authorization failure message",
            reading("sts", "decode-authorization-message", ("encoded-message", signs.denial.encoded_message)),
            Who.YOU,
        )
    launching = signs.action == "ec2:runinstances" or signs.denial.operation == "RunInstances"
    if signs.action == "ec2:createtags":
        existing = signs.target is not None and re.search(r"-[0-9a-f]{6,}$", signs.target.resource) is not None
        yield FirstLook(
            "A resource that is there already is tagged: the policy allows ec2:CreateTags only at the creation, or "
            "only where the resource carries a certain tag."
            if existing
            else "What is created carries tags from the first moment, and that needs ec2:CreateTags on each kind of "
            "resource (a condition on ec2:CreateAction can bind it to the creation).",
            f"the action is ec2:CreateTags, on {signs.denial.resource or 'a resource that the text does not name'}",
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
    elif launching and signs.action == "ec2:runinstances":
        kind = _RUN_INSTANCES.get(signs.target.type) if signs.target else None
        yield FirstLook(
            f"ec2:RunInstances is asked once for each resource that takes part, and it is the {kind} that no statement "
            "covers (its ARN, or a condition on it)."
            if kind
            else "ec2:RunInstances is asked once for each resource that takes part: instance, volume, network "
            "interface, subnet, security group, image and key pair; one of them is not covered.",
            f"the resource is {signs.denial.resource}" if kind else "the action is ec2:RunInstances",
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
        if not kind:
            yield FirstLook(
                "The launch brings tags (ec2:CreateTags) or an instance profile (iam:PassRole on its role).",
                "launches ask for both beside ec2:RunInstances",
                None,
                Who.ACCOUNT_ADMIN,
            )


def passing(signs: Signs) -> Iterator[FirstLook]:
    if signs.action == "iam:passrole" or (signs.denial.missing_action or "").lower() == "iam:passrole":
        yield FirstLook(
            "The call hands a role to a service, and the caller may not pass that role: allow iam:PassRole on the "
            "role's ARN (and mind iam:PassedToService).",
            f"the action is iam:PassRole{f', in {signs.denial.operation}' if signs.denial.operation else ''}",
            reading("iam", "get-role", ("role-name", signs.target_role), query="Role.Arn") or signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
        if signs.target_role.startswith("AWSServiceRoleFor"):
            yield FirstLook(
                "A service-linked role is passed to no service: leave it away, the service takes it by itself.",
                f"the role is {signs.target_role}",
                None,
                Who.CALLER,
            )
    if signs.action == "iam:createservicelinkedrole":
        yield FirstLook(
            "The service is used for the first time in this account and wants its service-linked role made: someone "
            "who may do that once is enough.",
            "the action is iam:CreateServiceLinkedRole",
            reading("iam", "list-roles", ("path-prefix", "/aws-service-role/"), query="Roles[].RoleName"),
            Who.ACCOUNT_ADMIN,
        )
    if signs.action in ("sts:tagsession", "sts:setsourceidentity"):
        yield FirstLook(
            f"The call brings session tags or a source identity: the role's trust policy must allow "
            f"{signs.denial.action} beside sts:AssumeRole (GitHub's action sends tags unless told not to).",
            f"the action is {signs.denial.action}",
            signs.trust_read,
            Who.RESOURCE_OWNER,
        )
        yield FirstLook(
            "The tags come from EKS Pod Identity, whose session tags go along to every further role. Or the trust "
            "policy asks for an external ID that the call did not bring, and STS names the tags.",
            "the call is one of a session on a further role",
            signs.trust_read,
            Who.RESOURCE_OWNER,
        )


def parts_of_resources(signs: Signs) -> Iterator[FirstLook]:
    """Resources with a part that policies forget: an index, a version, a stream, an execution."""
    if signs.target is None or signs.layer not in ("", "identity"):
        return
    resource, read, who = signs.target.resource, signs.caller_read, Who.ACCOUNT_ADMIN
    because = f"the resource is {signs.denial.resource}"
    match signs.target.service:
        case "dynamodb" if "/index/" in resource:
            yield FirstLook("An index is a resource of its own: allow table/NAME/index/*, too.", because, read, who)
        case "dynamodb" if "/stream/" in resource:
            yield FirstLook("A stream is a resource of its own: allow table/NAME/stream/*, too.", because, read, who)
        case "logs":
            yield FirstLook(
                "Log streams are resources of their own: the policy needs log-group:NAME:* (with :*), besides "
                "the group.",
                because,
                read,
                who,
            )
        case "states" if signs.action in ("states:stopexecution", "states:describeexecution"):
            yield FirstLook(
                "This action is one on executions (execution:MACHINE:*), not on the state machine.", because, read, who
            )
        case "secretsmanager":
            yield FirstLook(
                "A secret's ARN ends in six random letters: the policy names it without them (NAME-?????? covers it), "
                "or another secret.",
                because,
                reading("secretsmanager", "describe-secret", ("secret-id", str(signs.target)), region=signs.region),
                who,
            )
        case "ssm" if "parameter" in resource:
            yield FirstLook(
                "The parameter's path in the policy differs: parameter/PATH has one slash, and reading by path asks "
                "for ssm:GetParametersByPath on the folder.",
                because,
                read,
                who,
            )
        case "lambda" if resource.count(":") > 1:
            yield FirstLook(
                "A version, alias or layer version is a resource of its own: allow the ARN with what follows the last "
                "colon.",
                because,
                read,
                who,
            )
        case "cloudformation" if "transform/" in resource:
            yield FirstLook(
                "The template uses a transform (SAM's or a macro): allow it as a resource.", because, read, who
            )


def keys(signs: Signs) -> Iterator[FirstLook]:
    if said := signs.quote(r"Access to KMS is not allowed"):
        yield FirstLook(
            "What is read is encrypted with a KMS key, and the caller may not use it: allow kms:Decrypt, in the "
            "caller's policies and in the key's.",
            f"“{said}”",
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
    if signs.service != "kms":
        return
    if signs.says(r"no\s+resource-based\s+policies\s+allow"):
        yield from key_policy(signs, "the text names the key's policies")
    yield FirstLook(
        "Another service's call stands behind this: what it reads or writes is encrypted, and the key was forgotten.",
        f"the action is {signs.denial.action}" + (f", in {signs.denial.operation}" if signs.denial.operation else ""),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
    )
    if signs.layer != "resource":
        yield from key_policy(signs, "keys have policies of their own")


def without_resource(signs: Signs) -> Iterator[FirstLook]:
    if signs.layer in ("", "identity") and _NO_RESOURCE.match(signs.action):
        yield FirstLook(
            f'{signs.denial.action} takes no resource: only a statement with Resource "*" allows it.',
            f"the action is {signs.denial.action}",
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
