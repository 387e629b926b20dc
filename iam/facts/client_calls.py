"""The calls that a client, library or controller makes by itself, in addition to its user's. Each has its page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class ClientCall:
    """A program's own calls. ``actions`` and ``resource`` match the denied request, ``signs`` the text around it.

    ``sentence`` says who makes the call, and lists everything that the program needs; ``{name}`` in it is the group of
    that name in ``resource``. ``page`` documents it. ``unasked``: nobody named this resource, so no call is wrong.
    """

    actions: re.Pattern[str]
    resource: re.Pattern[str]
    signs: re.Pattern[str]
    sentence: str
    page: str
    unasked: bool = False

    @property
    def own(self) -> re.Pattern[str] | None:
        """The pattern of resource names that the program derives from the user's; None if it derives none."""
        return self.resource if "(?P<name>" in self.resource.pattern else None


def _row(actions: str, resource: str, signs: str, sentence: str, page: str, *, unasked: bool = False) -> ClientCall:
    actions_, resource_, signs_ = (regex(each, re.IGNORECASE) for each in (actions, resource, signs))
    return ClientCall(actions_, resource_, signs_, sentence, page, unasked)


_DOCS = "https://docs.aws.amazon.com"

INFERENCE_PROFILE = (
    r"\binference-profile/|(?<![\w.-])(?:global|us|eu|apac|jp|au|ca|us-gov)"
    r"\.(?:(?:amazon|anthropic|cohere|deepseek|meta|mistral|twelvelabs)\.|[a-z0-9]+\.[a-z][\w.-]*-v\d)"
)
"""The ARN or the ID of an inference profile of Amazon Bedrock."""
_AREAS = regex(
    r"(?<![\w.-])(global|us|eu|apac|jp|au|ca|us-gov)\.(?:amazon|anthropic|cohere|deepseek|meta|mistral|twelvelabs)\."
)
_PUSH = (
    "A push of an image needs all of these together: ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, "
    "ecr:UploadLayerPart, ecr:CompleteLayerUpload, ecr:PutImage and ecr:BatchGetImage on the repository, and "
    'ecr:GetAuthorizationToken on "*".'
)
_THROUGH_A_PROFILE = (
    "A call through an inference profile needs bedrock:InvokeModel on the profile's ARN, and on the ARN of its "
    "foundation model in every Region to which the profile routes. To stream, it needs "
    "bedrock:InvokeModelWithResponseStream there. Converse uses the same actions. Tools that look up the profile also "
    "need bedrock:GetInferenceProfile on the profile."
)

CLIENT_CALLS = (
    # The same in the client's source, AWSCatalogMetastoreClient: it verifies that the database exists, or creates it
    # (https://github.com/awslabs/aws-glue-data-catalog-client-for-apache-hive-metastore).
    _row(
        r"glue:(?:get|create)database$",
        r":database/default$",
        r"\bspark|\bhive|\bpyspark|GlueJobRunnerSession|MetaException",
        "Most likely the query is not the cause. When Spark's or Hive's client of the Glue Data Catalog starts, it "
        "looks up the database named default, whichever database the query uses, and creates it if it does not exist. "
        "Allow glue:GetDatabase on the catalog and on database/default. If that database does not exist, create it "
        "(it may stay empty), or also allow glue:CreateDatabase.",
        f"{_DOCS}/glue/latest/dg/data-quality-trouble.html",
        unasked=True,
    ),
    # Section "Configure AWS Glue access to your catalog and database for each AWS Region": its example names
    # database/default.
    _row(
        r"glue:getdatabases?$",
        r":database/default$",
        r"\bathena\b|AmazonAthena",
        "Most likely neither the query nor the program's settings are the cause: Athena itself needs glue:GetDatabase "
        "on the catalog and on the database named default of each Region, whichever database a query uses. Allow it "
        "there.",
        f"{_DOCS}/athena/latest/ug/fine-grained-access-to-glue-resources.html",
        unasked=True,
    ),
    _row(
        r"secretsmanager:getsecretvalue$|ssm:getparameters?$",
        r"airflow/(?:connections|variables|config)/",
        r"",
        "Airflow's secrets backend first looks up each connection, variable and setting under this prefix, even one "
        "that need not exist. A refused lookup is logged as an error, and Airflow continues with the environment and "
        "its database. To end the error, allow the action on the prefix (airflow/connections/*), or narrow the "
        "lookups with connections_lookup_pattern and variables_lookup_pattern in the backend's kwargs.",
        "https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/secrets-backends/"
        "aws-secrets-manager.html",
        unasked=True,
    ),
    _row(
        r"dynamodb:",
        r":table/(?P<name>[\w.-]+)-(?:WorkerMetricStats|CoordinatorState)$",
        r"",
        "The Kinesis Client Library (KCL) 3.x keeps two tables beside its lease table: {name}-WorkerMetricStats and "
        "{name}-CoordinatorState. Allow dynamodb:CreateTable, DescribeTable, Scan, GetItem, PutItem, UpdateItem and "
        "DeleteItem on both; on the lease table it also needs dynamodb:UpdateTable, and dynamodb:Query on its "
        "index/*. KCL 2.x does not need the two tables. From 3.5, a single-table format keeps all data in the lease "
        "table.",
        f"{_DOCS}/streams/latest/dev/kcl-iam-permissions.html",
        unasked=True,
    ),
    _row(
        r"ses:send(?:raw|bulk|templated)*email$",
        r":identity/[^@\s]+@(?P<domain>[\w.-]+)$",
        r"\bto\b[^\n]{0,80}@|\brecipients?\b|\breceivers?\b|\bdestinations?\b|\bToAddresses\b|\bRCPT\b",
        "Most likely this identity is a recipient: SES checks the action on a recipient's identity, too, if this "
        "account has verified it, or is in the sandbox. To cover all recipients, allow identity/* with a condition on "
        "ses:FromAddress, which keeps the sender.",
        f"{_DOCS}/ses/latest/dg/control-user-access.html",
        unasked=True,
    ),
    _row(
        r"kafka-cluster:connect$",
        r"",
        r"",
        "To read, a Kafka client also needs kafka-cluster:DescribeTopic and ReadData on its topics, and "
        "DescribeGroup and AlterGroup on its groups. To write, it needs DescribeTopic and WriteData on its topics. "
        "Connect applies to the cluster's ARN; topics and groups have their own ARNs (:topic/CLUSTER/UUID/NAME, "
        ":group/CLUSTER/UUID/NAME).",
        f"{_DOCS}/msk/latest/developerguide/iam-access-control-use-cases.html",
    ),
    _row(
        r"eks:(?:create|describe|update|delete)accessentry$",
        r"",
        r"\bACK\b|eks\.services\.k8s\.aws|aws_eks_access_entry|AWS::EKS::AccessEntry|\bCrossplane\b",
        "A tool that manages access entries also describes, updates and deletes them, and associates access "
        "policies: allow eks:CreateAccessEntry on the cluster, and eks:DescribeAccessEntry, UpdateAccessEntry, "
        "DeleteAccessEntry, ListAssociatedAccessPolicies, AssociateAccessPolicy and DisassociateAccessPolicy on "
        "arn:aws:eks:REGION:ACCOUNT:access-entry/CLUSTER/*.",
        f"{_DOCS}/service-authorization/latest/reference/list_amazonelastickubernetesservice.html",
    ),
    _row(
        r"ecr:(?:initiatelayerupload|uploadlayerpart|completelayerupload|putimage)$",
        r"",
        r"",
        _PUSH,
        f"{_DOCS}/AmazonECR/latest/userguide/image-push-iam.html",
    ),
    _row(
        r"ecr:batch(?:checklayeravailability|getimage)$",
        r"",
        r"\bpush|/blobs/uploads/",
        _PUSH,
        f"{_DOCS}/AmazonECR/latest/userguide/image-push-iam.html",
    ),
    _row(
        r"bedrock:(?:invokemodel|converse|getinferenceprofile$)",
        r":(?:application-)?inference-profile/",
        r"",
        _THROUGH_A_PROFILE,
        f"{_DOCS}/bedrock/latest/userguide/inference-profiles-prereq.html",
    ),
    _row(
        r"bedrock:(?:invokemodel|converse)",
        r"::foundation-model/",
        INFERENCE_PROFILE,
        _THROUGH_A_PROFILE,
        f"{_DOCS}/bedrock/latest/userguide/inference-profiles-prereq.html",
    ),
)


def is_unasked(action: str, resource: str) -> bool:
    """Return whether a program makes such a call for its own purposes, for a resource that nobody named."""
    return any(
        row.unasked and row.actions.match(action) and row.resource.search(resource) is not None for row in CLIENT_CALLS
    )


def client_call(action: str, resource: str, text: str) -> str:
    """Return the sentence about the program that makes the denied call by itself; "" if no row matches."""
    for row in CLIENT_CALLS:
        if row.sentence == _THROUGH_A_PROFILE and len(set(_AREAS.findall(f"{resource}\n{text}"))) > 1:
            continue  # the text has profiles of several areas: most likely the wrong one was called
        of_resource = row.resource.search(resource)
        if row.actions.match(action) and of_resource and row.signs.search(text):
            names = of_resource.groupdict()
            return row.sentence.replace("{name}", names["name"]) if names.get("name") else row.sentence
    return ""
