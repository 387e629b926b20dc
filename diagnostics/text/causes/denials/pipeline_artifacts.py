"""The cause of a pipeline's action that cannot use the artifact bucket: its role is of another account.

CodePipeline User Guide, "Create a pipeline that uses resources from another account"
(https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html); AWS CDK API Reference,
aws-cdk-lib.pipelines, "Cross-account deployments"
(https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.pipelines-readme.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex

_OF_S3 = r"Access Denied \(Service: (?:Amazon )?S3\b|Amazon S3:AccessDenied"
_OF_A_PIPELINE = r"\bCodePipeline\b|\bcross-account pipeline\b|\bartifact ?(?:bucket|store)\b|\bpipeline\w*artifacts?"
_ROLE = regex(r"arn:[\w-]+:iam::(?P<account>\d{12}):role/(?:[\w+=,.@-]+/)*(?P<name>[\w+=,.@-]*[\w+=@-])")
_KEY = regex(r"arn:[\w-]+:kms:[\w-]+:(?P<account>\d{12}):key/[\w-]+")
_BUCKET = regex(r"(?<![\w.-])(?P<name>[a-z0-9][a-z0-9.-]*artifact[a-z0-9.-]*[a-z0-9])(?![\w.-])")
_IMPORTED = r"\bfrom(?:Bucket|Key)\w+|\bimported\b|\bmy own\b[^.\n]{0,20}\b(?:key|bucket)\b"


def of_another_account(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if S3 refuses a pipeline, and the text's only role is of another account than the key."""
    text = signs.denial.pasted or signs.denial.text
    if signs.denial.principal or not (said := signs.quote(_OF_S3)) or not (pipeline := signs.quote(_OF_A_PIPELINE)):
        return
    roles = {each[0]: each["account"] for each in _ROLE.finditer(text)}
    keys = {each[0]: each["account"] for each in _KEY.finditer(text)}
    if len(roles) != 1 or len(keys) > 1:
        return
    ((role, account),) = roles.items()
    key, home = next(iter(keys.items()), ("", ""))
    if home == account or not (key or "-deploy-role-" in role):
        return
    bucket = _BUCKET.search(text)
    named = f"the artifact bucket {bucket['name']}" if bucket else "the artifact bucket"
    imported = (
        " A bucket or key that is imported into the app gets no statement from the CDK: add the statements by hand."
        if signs.says(_IMPORTED)
        else ""
    )
    yield FirstLook(
        f"Most likely {role} may not use {named} or its key{f' {key}' if key else ''}, which are of the pipeline's "
        f"account: for a role of another account ({account}), the bucket policy must allow s3:GetObject*, "
        f"s3:GetBucket* "
        "and s3:List*, and the key policy kms:Decrypt and kms:DescribeKey. The key must be a customer managed "
        f"one.{imported}",
        contains(said, pipeline),
        f"aws s3api get-bucket-policy --bucket {bucket['name'] if bucket else 'BUCKET'} --query Policy",
        Who.RESOURCE_OWNER,
    )
