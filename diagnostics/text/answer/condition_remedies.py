"""Changes to a call that avoid a Deny's condition, by condition key."""

from __future__ import annotations

from collections.abc import Sequence

from iam.words import listing

_WITH_MFA = "aws sts get-session-token --serial-number MFA-ARN --token-code CODE"
_SSE = "s3:x-amz-server-side-encryption"
_BOUNDARY = "--permissions-boundary; PermissionsBoundary in a template, permissions_boundary in Terraform"
_GUARDRAIL = "guardrailIdentifier and guardrailVersion; in Converse guardrailConfig"
_HOW = {
    "aws:sourcevpce": "make the call inside the endpoint's VPC, through that endpoint",
    "aws:sourcevpc": "make the call inside that VPC, through a VPC endpoint of the service",
    "aws:sourceip": (
        "call from that network, and not through a VPC endpoint, because requests through an endpoint lack this key"
    ),
    "aws:vpcsourceip": "call from that network, through a VPC endpoint",
    "aws:multifactorauthpresent": f"call with the credentials of a session with MFA ({_WITH_MFA}; with a security key "
    "from CloudShell in the console)",
    "aws:multifactorauthage": f"sign in with MFA again: {_WITH_MFA}",
    "aws:securetransport": "call over https",
    "aws:requestedregion": "call an allowed Region (--region)",
    "aws:currenttime": "compare the time of the call with that date: only the policy's owner can change the date",
    "aws:epochtime": "compare the time of the call with that date: only the policy's owner can change the date",
    "aws:principalorgid": "call with an identity of that organization",
    # IAM User Guide, "AWS global condition context keys": the path contains every unit above the account.
    "aws:principalorgpaths": "compare the path with the units above the caller's account (aws organizations "
    "list-parents --child-id ACCOUNT, then for each unit); a moved account has another path",
    "aws:principalarn": "call as that role or user",
    "aws:principalaccount": "call with credentials of that account",
    "aws:resourceaccount": "use a resource of that account",
    "aws:resourceorgid": "use a resource of that organization",
    "aws:sourcearn": "compare the value with the ARN of the rule, topic, bucket or API for which the service calls",
    "aws:sourceaccount": "compare the value with the account for which the service calls",
    "s3:prefix": "list with that prefix (aws s3 ls s3://BUCKET/PREFIX)",
    "kms:viaservice": "use the key through that service",
    _SSE: "name the encryption in the upload (aws s3 cp --sse; aws s3api --server-side-encryption; "
    "ServerSideEncryption in an SDK)",
    f"{_SSE}-aws-kms-key-id": "name the key in the upload (aws s3 cp --sse aws:kms --sse-kms-key-id KEY; SSEKMSKeyId "
    "in an SDK)",
    "s3:tlsversion": "call with a newer version of TLS (update the program, its OpenSSL or Java)",
    "s3:x-amz-acl": "name the ACL in the upload (--acl; ACL in an SDK)",
    "ec2:metadatahttptokens": "require IMDSv2 in the call (--metadata-options HttpTokens=required)",
    "ec2:metadatahttpputresponsehoplimit": "set the hop limit in the call (--metadata-options HttpPutResponseHopLimit)",
    "ec2:encrypted": "encrypt the volume (Encrypted=true)",
    "ec2:instancetype": "use an allowed instance type",
    "aws:userid": "call as the role or user with that ID",
    "ec2:createaction": "in the condition, list the call that creates the resource (RunInstances, CreateVolume …)",
    "iam:permissionsboundary": f"set the boundary of the new role or user ({_BOUNDARY})",
    "iam:passedtoservice": (
        "in the condition, name the service that gets the role (the operation decides which service that is)"
    ),
    "iam:awsservicename": "in the condition, also list the service whose role is created (the failed call's service, "
    "as SERVICE.amazonaws.com), or have an administrator create the role once",
    "bedrock:guardrailidentifier": f"send the guardrail with the call ({_GUARDRAIL})",
    "kms:grantisforawsresource": "let an AWS service create the grant, because your own calls never have this key",
    "lambda:vpcids": "put the function into a VPC (--vpc-config SubnetIds=…,SecurityGroupIds=…)",
    "lambda:subnetids": "put the function into an allowed subnet (--vpc-config)",
    "lambda:securitygroupids": "give the function an allowed security group (--vpc-config)",
    "rds:storageencrypted": "encrypt the storage (--storage-encrypted)",
    "elasticfilesystem:encrypted": "encrypt the file system (--encrypted)",
    "aws:calledvia": "make the call through that AWS service",
    "aws:viaawsservice": "make the call through an AWS service, or directly, as the statement requires",
    "aws:sourceorgid": "compare the value with the organization of the account for which the service calls",
    "dynamodb:leadingkeys": "let the program request only items whose partition key is one of these values (a variable "
    "such as ${cognito-identity.amazonaws.com:sub} is the caller's own ID). Keep the condition",
}
"""Advice on a condition key, as a clause. The keys are those on the pages of the Service Authorization Reference."""
KNOWN_HOW = frozenset(_HOW)
"""The keys in the table above, in lower case."""
_WITH_VALUE = {
    "aws:requestedregion": "call {} (--region {})",
    _SSE: "upload with --sse {} (aws s3api: --server-side-encryption; in an SDK: ServerSideEncryption)",
    f"{_SSE}-aws-kms-key-id": "upload with --sse aws:kms --sse-kms-key-id {} (in an SDK: SSEKMSKeyId)",
    "s3:x-amz-acl": "upload with --acl {} (in an SDK: ACL)",
    "iam:permissionsboundary": "add --permissions-boundary {} to the call (PermissionsBoundary in a template, "
    "permissions_boundary in Terraform)",
    "bedrock:guardrailidentifier": f"send the guardrail {{}} with the call ({_GUARDRAIL})",
    "sts:externalid": "send the external ID (--external-id {})",
    "aws:multifactorauthpresent": "send the MFA code (--serial-number MFA-ARN --token-code CODE)",
}
"""Advice on a condition key if only one value is accepted."""
KNOWN_VALUES = frozenset(_WITH_VALUE)
"""The keys of the second table, in lower case."""


_WITH_ANOTHER = {
    "aws:sourcevpce": "make the call without that endpoint",
    "aws:sourcevpc": "make the call from outside that VPC, or without its endpoint",
    "aws:sourceip": "call from another network",
    "aws:vpcsourceip": "call from another network",
    "aws:principalorgid": "call with an identity outside that organization",
    "aws:principalarn": "call as another role or user",
    "aws:principalaccount": "call with credentials of another account",
    "aws:resourceaccount": "use a resource of another account",
    "aws:resourceorgid": "use a resource outside that organization",
    "aws:userid": "call as another role or user",
    "kms:viaservice": "use the key directly, or through another service",
    "s3:prefix": "list with another prefix",
    "s3:x-amz-acl": "send another ACL, or none",
}
"""Advice on a condition key if a Deny lists the denied values."""


_SAFE = {"aws:securetransport": "over HTTPS, which AWS's tools use", "aws:multifactorauthpresent": "with MFA"}
"""Keys for which true is the safe value, with the calls that are denied if a Deny tests for true.

IAM User Guide, "AWS global condition context keys"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
"""
_TO_BE_FALSE = {
    "ec2:associatepublicipaddress": "launch without a public address: in a subnet that does not assign one "
    "automatically (MapPublicIpOnLaunch), or with --no-associate-public-ip-address (some programs do "
    "not send a setting of false)",
}
"""Advice on a condition key if a Deny refuses the requests for which the key is true.

Amazon VPC User Guide, "Modify the IP addressing attributes of your subnet"
(https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html).
"""
_EITHER_WAY = ("aws:viaawsservice", "aws:principalisawsservice")


def inverted(operator: str, key: str, values: Sequence[str]) -> str:
    """Return a sentence on a Deny that refuses the safe calls instead of the unsafe ones; "" for other conditions."""
    refused = _SAFE.get(key.lower())
    if refused is None or not operator.startswith("Bool") or [each.lower() for each in values] != ["true"]:
        return ""
    return (
        f"The Deny is inverted: the statement refuses every call {refused}, and does not match the other calls. "
        f'The policy\'s owner must write "false" for {key}.'
    )


def remedy(
    key: str, passing: Sequence[str] = (), *, present: bool = False, other: bool = False, denies_true: bool = False
) -> str:
    """Return what to do about a key that a Deny tests, as a clause; ``passing`` are the values that are not denied.

    ``present``: any value is accepted, but a request without the key is denied. ``other``: every value is accepted
    except those that the statement lists. ``denies_true``: the statement denies requests for which the key is true.
    """
    low = key.lower()
    if denies_true and low not in _EITHER_WAY:
        return _TO_BE_FALSE.get(low, f"make a request for which {key} is false")
    if other and low in _WITH_ANOTHER:
        return _WITH_ANOTHER[low]
    if how := specific_remedy(key, passing):
        return how
    if present:
        return f"make a request that has {key}"
    if passing:
        return f"make a request with {key} {listing(list(passing), 'or')}"
    return f"make a request with another {key}"


def specific_remedy(key: str, passing: Sequence[str] = ()) -> str:
    """Return what to do about this key, as a clause; "" if there is no advice specific to the key."""
    low, name = key.lower(), key.partition("/")[2]
    if low.startswith("aws:requesttag/"):
        value = f"={passing[0]}" if len(passing) == 1 and not set("*?$") & set(passing[0]) else ""
        return (
            f"set the tag {name}{value} in the call itself (--tags, --tag-specifications): a tag that a program "
            "adds after the call has no effect on the call (CloudTrail's event shows the tags that the call sends)"
        )
    if low.startswith("aws:principaltag/"):
        value = f", which must be {listing(list(passing), 'or')}" if passing else ""
        return f"look at the tag {name} of the role, user or session{value}"
    if ":resourcetag/" in low:
        must = f": it must be {listing(list(passing), 'or')}" if passing else ""
        return f"look at the tag {name} of the resource{must} (a tag that was just set may count only after a moment)"
    if low == "aws:tagkeys" and not passing:
        return "leave out the tags that the statement names"
    if len(passing) == 1 and low in _WITH_VALUE and not set("*?$") & set(passing[0]):
        needs_key = low.startswith(_SSE) and passing[0].startswith(("aws:kms", "arn:"))
        more = "; the caller then needs kms:GenerateDataKey on the key" if needs_key else ""
        return _WITH_VALUE[low].replace("{}", passing[0]) + more
    return _HOW.get(low, "")
