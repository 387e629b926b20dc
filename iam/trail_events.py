"""The actions that CloudTrail logs as data events. A trail contains data events only if it is configured to log them.

From the CloudTrail User Guide, "Logging data events", and the services' own pages on logging with CloudTrail. If these
do not list every operation, the pattern is too wide rather than too narrow. A matching action is not reported as unused
merely because a trail without data events does not contain it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_EVERYTHING = (
    "aoss aps cassandra chime cloudfront-keyvaluestore codewhisperer cognito-sync connect-campaigns dax dbqms dsql ebs "
    "ec2messages execute-api geo healthlake iotsitewise iotwireless kafka-cluster kinesisvideo managedblockchain "
    "managedblockchain-query medical-imaging mobiletargeting neptune-db neptune-graph payment-cryptography "
    "pca-connector-scep q qapps qbusiness rds-data rds-db rum s3-object-lambda s3-outposts s3express s3tables "
    "s3vectors sdb sms-voice social-messaging ssmmessages ssm-guiconnect thinclient timestream transcribe "
    "vpc-lattice-svcs wisdom workmailmessageflow xray"
)

DATA_EVENTS: Mapping[str, str] = {
    **dict.fromkeys(_EVERYTHING.split(), ".*"),
    "appconfig": "GetLatestConfiguration|StartConfigurationSession|GetConfiguration",
    "appsync": "GraphQL|Event\\w+|SourceGraphQL",
    "bedrock": "Invoke\\w*|Retrieve\\w*|ApplyGuardrail|Render\\w*|Optimize\\w*|\\w*Session\\w*",
    "bedrock-agentcore": "Invoke\\w*|.*(?:Memory|Event|Session|Token|Browser|Code)\\w*",
    "cloudwatch": "PutMetricData|GetMetric\\w*|ListMetrics|Link",
    "cognito-identity": "GetCredentialsForIdentity|GetId|GetOpenIdToken\\w*|UnlinkIdentity",
    "dynamodb": ".*Item.*|Query|Scan|PartiQL\\w+|GetRecords|GetShardIterator|DescribeStream|ListStreams",
    "elasticache": "Connect",
    "elasticfilesystem": "Client\\w+",
    "es": "ESHttp\\w+|ESCrossClusterGet",
    "events": "PutEvents|InvokeApiDestination|RetrieveConnectionCredentials",
    "firehose": "Put\\w+",
    "frauddetector": "GetEventPrediction\\w*|SendEvent",
    "iot": "Connect|Publish|Subscribe|Receive|Retain\\w+|\\w*(?:ThingShadow|RetainedMessage)\\w*|StartNext\\w+",
    "kendra": "Query|Retrieve|GetQuerySuggestions|BatchPutDocument|BatchDeleteDocument|SubmitFeedback",
    "kinesis": "PutRecords?|GetRecords|GetShardIterator|SubscribeToShard|ListShards|Describe\\w+",
    "lambda": "Invoke\\w*",
    "lex": "Recognize\\w+|Post\\w+|\\w*Session|StartConversation",
    "logs": "Put\\w*Events|GetLog\\w+|FilterLogEvents|StartLiveTail|StopLiveTail|Unmask|\\w*Query\\w*",
    "memorydb": "Connect",
    "sagemaker": "Invoke\\w+|\\w*Record|\\w*Metrics|CallWith\\w+",
    "servicediscovery": "DiscoverInstances\\w*",
    "ses": "Send\\w+",
    "signer": "SignPayload|GetRevocationStatus",
    "sns": "Publish",
    "sqs": ".*Message.*|GetQueue\\w+|ListQueue\\w*|ListDeadLetter\\w+",
    "s3": "(?!\\w*BucketObjectLock)\\w*Object\\w*|\\w*Multipart\\w*|ListBucket(?:Versions)?|BypassGovernanceRetention",
    "states": "\\w*ActivityTask|SendTask\\w+|InvokeHTTPEndpoint|RevealSecrets",
    "swf": "Count\\w+|Poll\\w+|Record\\w+|Respond\\w+|Signal\\w+|Get\\w+",
    "verifiedpermissions": "\\w*IsAuthorized\\w*",
}

EXCLUDABLE = frozenset({"kms", "rds-data"})
"""Services whose management events a trail may leave out (``ExcludeManagementEventSources``)."""

NOT_RECORDED = frozenset({"iam:passrole"})
"""Actions without an API call of their own, which IAM's last accessed information does not include.

See IAM User Guide, "Things to know about last accessed information".
"""


def is_data_action(action: str) -> bool:
    """Whether an action (``s3:GetObject``) may be logged as a data event."""
    service, _, name = action.partition(":")
    pattern = DATA_EVENTS.get(service.lower())
    return pattern is not None and _compiled(pattern).fullmatch(name) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
