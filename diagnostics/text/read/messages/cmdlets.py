"""Find the operation that a cmdlet of the AWS Tools for PowerShell calls (``Get-EC2Vpc``: DescribeVpcs).

AWS Tools for PowerShell, "Cmdlet reference" (https://docs.aws.amazon.com/powershell/latest/reference/): a cmdlet is a
verb, the service's prefix and a noun. Cmdlets that do not follow the rule have a row of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from iam.lazy_pattern import regex
from iam.service_reference import action_names

_PREFIXES = {
    "EC2": "ec2",
    "S3": "s3",
    "IAM": "iam",
    "SSM": "ssm",
    "SEC": "secretsmanager",
    "LM": "lambda",
    "CFN": "cloudformation",
    "DDB": "dynamodb",
    "SQS": "sqs",
    "SNS": "sns",
    "STS": "sts",
    "ECR": "ecr",
    "ECS": "ecs",
    "EKS": "eks",
    "KMS": "kms",
    "CW": "cloudwatch",
    "CWL": "logs",
    "RDS": "rds",
    "R53": "route53",
    "ELB2": "elasticloadbalancing",
    "AS": "autoscaling",
    "ORG": "organizations",
    "CB": "codebuild",
    "CP": "codepipeline",
    "SFN": "states",
    "BAK": "backup",
    "CF": "cloudfront",
    "GLUE": "glue",
}
_VERBS = {
    "Get": ("Describe", "Get", "List"),
    "New": ("Create", "Run"),
    "Remove": ("Delete", "Terminate"),
    "Set": ("Put", "Set", "Update"),
    "Update": ("Update",),
    "Write": ("Put",),
    "Read": ("Get",),
    "Add": ("Add", "Attach", "Put"),
    "Register": ("Register", "Attach"),
    "Unregister": ("Deregister", "Detach"),
    "Edit": ("Modify",),
    "Restart": ("Reboot",),
    "Find": ("Search",),
    "Dismount": ("Detach",),
    "Copy": ("Copy",),
    "Send": ("Send",),
    "Receive": ("Receive",),
    "Publish": ("Publish",),
    "Start": ("Start",),
    "Stop": ("Stop",),
    "Invoke": ("Invoke",),
    "Enable": ("Enable",),
    "Disable": ("Disable",),
    "Use": ("Assume",),
    "Grant": ("Authorize",),
    "List": ("List",),
    "Revoke": ("Revoke",),
}
_OWN = {
    "Get-S3Bucket": "ListBuckets",
    "Get-S3Object": "ListObjects",
    "Get-S3ObjectV2": "ListObjectsV2",
    "Read-S3Object": "GetObject",
    "Write-S3Object": "PutObject",
    "Copy-S3Object": "CopyObject",
    "Get-S3ACL": "GetObjectAcl",
    "New-S3Bucket": "CreateBucket",
    "Get-SECSecretValue": "GetSecretValue",
    "Get-SECSecret": "DescribeSecret",
    "Get-SSMParameter": "GetParameter",
    "Get-SSMParameterValue": "GetParameters",
    "Get-SSMParametersByPath": "GetParametersByPath",
    "Get-IAMRole": "GetRole",
    "Get-IAMUser": "GetUser",
    "Get-IAMRoleList": "ListRoles",
    "Get-IAMUserList": "ListUsers",
    "Register-IAMRolePolicy": "AttachRolePolicy",
    "Use-STSRole": "AssumeRole",
    "Get-STSCallerIdentity": "GetCallerIdentity",
    "Get-DDBTable": "DescribeTable",
    "Get-CFNStack": "DescribeStacks",
    "Get-ECRAuthorizationToken": "GetAuthorizationToken",
    "Get-ECRLoginCommand": "GetAuthorizationToken",
    "Get-LMFunctionList": "ListFunctions",
    "Get-LMFunction": "GetFunction",
    "Invoke-LMFunction": "Invoke",
    "Invoke-KMSDecrypt": "Decrypt",
    "Invoke-KMSEncrypt": "Encrypt",
    "New-EC2Instance": "RunInstances",
    "Send-SQSMessage": "SendMessage",
    "Send-SSMCommand": "SendCommand",
}
_ANY_PREFIX = "|".join(sorted(_PREFIXES, key=len, reverse=True))
_CMDLET = regex(rf"(?P<verb>[A-Z][a-z]+)-(?P<prefix>{_ANY_PREFIX})(?P<noun>[A-Z]\w*)")
CMDLET = rf"[A-Z][a-z]+-(?:{_ANY_PREFIX})[A-Z]\w*"
"""A pattern of a cmdlet's name."""


def operation_of_cmdlet(cmdlet: str) -> str | None:
    """Return the operation of the cmdlet; None if it is unknown."""
    found = _CMDLET.fullmatch(cmdlet)
    if cmdlet in _OWN or found is None:
        return _OWN.get(cmdlet)
    known = action_names(_PREFIXES.get(found["prefix"], ""))
    return next(
        (known[each.lower()] for each in _candidates(found["verb"], found["noun"]) if each.lower() in known), None
    )


def service_of_cmdlet(cmdlet: str) -> str | None:
    """Return the IAM prefix of the cmdlet's service; None if it is unknown."""
    found = _CMDLET.fullmatch(cmdlet)
    return _PREFIXES[found["prefix"]] if found else None


def _candidates(verb: str, noun: str) -> Iterator[str]:
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    if noun.endswith("List"):
        yield from _candidates("List", noun.removesuffix("List"))
    for word in _VERBS.get(verb, ()):
        nouns = (many, noun) if word in ("Describe", "List") else (noun, many)
        yield from (f"{word}{each}" for each in nouns)
