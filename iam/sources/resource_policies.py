"""What ARNs say about resource policies: which resources may have one, and which resource carries it."""

from __future__ import annotations

from iam.arn import Arn

# Services whose policies rolescope reads.
READABLE = frozenset(
    {
        "backup", "dynamodb", "ecr", "elasticfilesystem", "es", "events", "iam", "kinesis", "kms", "lambda", "s3",
        "secretsmanager", "sns", "sqs",
    }
)  # fmt: skip
# Services whose resources may carry a policy, though it is not read here
# (IAM User Guide, "AWS services that work with IAM", column "Resource-based policies").
_OTHERS = frozenset(
    {
        "acm-pca", "aoss", "apigateway", "appsync", "bedrock", "cloudtrail", "codeartifact", "codebuild", "execute-api",
        "firehose", "geo", "glacier", "glue", "imagebuilder", "iot", "kafka", "kinesisvideo", "lakeformation", "lex",
        "logs", "mediastore", "network-firewall", "organizations", "ram", "redshift", "redshift-serverless",
        "route53-recovery-control", "s3express", "s3-object-lambda", "s3-outposts", "s3tables", "sagemaker", "schemas",
        "serverlessrepo", "ses", "signer", "ssm", "ssm-contacts", "ssm-incidents", "verifiedpermissions", "vpc-lattice",
        "xray",
    }
)  # fmt: skip


def has_no_policy(parts: Arn) -> bool:
    """Whether resources of this kind never have a policy of their own."""
    if parts.service == "iam":
        return not parts.resource.startswith("role/")
    return parts.service not in READABLE | _OTHERS


def policy_holder(arn: str) -> str:
    """The resource whose policy decides for ``arn``: the bucket or access point of an object, the table of an index,
    and so on."""
    parts = Arn.parse(arn)
    if parts is None:
        return arn
    words = parts.resource.split("/")
    if parts.service == "s3":
        return str(parts.beside("/".join(words[: 2 if words[0] == "accesspoint" else 1])))
    if parts.service in ("dynamodb", "es", "kinesis"):
        # A table's stream and a stream's consumer have policies of their own.
        return str(parts.beside("/".join(words[: 4 if words[2:3] in (["stream"], ["consumer"]) else 2])))
    if parts.service == "sns":
        return str(parts.beside(parts.resource.partition(":")[0]))
    return arn
