"""What AWS's services are called: in SDKs' texts, in sentences for people, and as service principals."""

from __future__ import annotations

import re

# SDK ids, endpoint names and class names (lower case, letters and digits only) whose IAM prefix is another word.
_PREFIXES = {
    "amp": "aps",
    "apigatewaymanagementapi": "execute-api",
    "apigatewayv2": "apigateway",
    "appconfigdata": "appconfig",
    "applicationautoscaling": "application-autoscaling",
    "applicationdiscoveryservice": "discovery",
    "appstream2": "appstream",
    "bedrockagent": "bedrock",
    "bedrockagentruntime": "bedrock",
    "bedrockagentcorecontrol": "bedrock-agentcore",
    "bedrockruntime": "bedrock",
    "certificatemanager": "acm",
    "cloudcontrol": "cloudformation",
    "cloudhsmv2": "cloudhsm",
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "cognitoidentity": "cognito-identity",
    "cognitoidentityprovider": "cognito-idp",
    "configservice": "config",
    "costandusagereportservice": "cur",
    "costexplorer": "ce",
    "databasemigrationservice": "dms",
    "directoryservice": "ds",
    "docdb": "rds",
    "dynamodbstreams": "dynamodb",
    "ecrpublic": "ecr-public",
    "efs": "elasticfilesystem",
    "elasticcontainerregistry": "ecr",
    "elasticcontainerservice": "ecs",
    "elasticcomputecloud": "ec2",
    "elasticloadbalancingv2": "elasticloadbalancing",
    "elasticsearchservice": "es",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "email": "ses",
    "emr": "elasticmapreduce",
    "eventbridge": "events",
    "eventbridgescheduler": "scheduler",
    "iamtoolbox": "iam",
    "identitymanagement": "iam",
    "identityandaccessmanagement": "iam",
    "iotdata": "iot",
    "iotdataplane": "iot",
    "keymanagement": "kms",
    "keymanagementservice": "kms",
    "keyspaces": "cassandra",
    "kinesisanalyticsv2": "kinesisanalytics",
    "lexmodelbuildingservice": "lex",
    "lexmodelsv2": "lex",
    "lexruntimeservice": "lex",
    "lexruntimev2": "lex",
    "location": "geo",
    "monitoring": "cloudwatch",
    "mwaa": "airflow",
    "neptune": "rds",
    "neptunedata": "neptune-db",
    "opensearch": "es",
    "opensearchservice": "es",
    "opensearchserverless": "aoss",
    "pinpoint": "mobiletargeting",
    "qconnect": "wisdom",
    "relationaldatabaseservice": "rds",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sagemakerruntime": "sagemaker",
    "securitytoken": "sts",
    "securitytokenservice": "sts",
    "serverlessapplicationrepository": "serverlessrepo",
    "sesv2": "ses",
    "sfn": "states",
    "simpleemail": "ses",
    "simpleemailservice": "ses",
    "simplenotification": "sns",
    "simplenotificationservice": "sns",
    "simplequeueservice": "sqs",
    "simplestorageservice": "s3",
    "simplesystemsmanagement": "ssm",
    "ssoadmin": "sso",
    "ssooidc": "sso-oauth",
    "stepfunctions": "states",
    "systemsmanager": "ssm",
    "tagging": "tag",
    "timestreamquery": "timestream",
    "timestreamwrite": "timestream",
    "waf": "waf",
}

# How services name themselves in sentences (same spelling rule), and their service principal's short name.
_PRINCIPALS = {
    "apigateway": "apigateway",
    "applicationautoscaling": "application-autoscaling",
    "appsync": "appsync",
    "autoscaling": "autoscaling",
    "backup": "backup",
    "batch": "batch",
    "bedrock": "bedrock",
    "bedrockagentcore": "bedrock-agentcore",
    "cloudformation": "cloudformation",
    "cloudtrail": "cloudtrail",
    "cloudwatch": "cloudwatch",
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "codebuild": "codebuild",
    "codedeploy": "codedeploy",
    "codepipeline": "codepipeline",
    "config": "config",
    "databasemigrationservice": "dms",
    "datapipeline": "datapipeline",
    "datasync": "datasync",
    "dlm": "dlm",
    "dms": "dms",
    "ec2": "ec2",
    "ecs": "ecs",
    "ecstasks": "ecs-tasks",
    "eks": "eks",
    "eksfargate": "eks-fargate-pods",
    "ekspodidentity": "pods.eks",
    "elasticbeanstalk": "elasticbeanstalk",
    "elasticmapreduce": "elasticmapreduce",
    "emr": "elasticmapreduce",
    "emrserverless": "emr-serverless",
    "eventbridge": "events",
    "eventbridgepipes": "pipes",
    "eventbridgescheduler": "scheduler",
    "events": "events",
    "firehose": "firehose",
    "flink": "kinesisanalytics",
    "fis": "fis",
    "forecast": "forecast",
    "glue": "glue",
    "gluecrawler": "glue",
    "greengrass": "greengrass",
    "imagebuilder": "imagebuilder",
    "iot": "iot",
    "kinesisanalytics": "kinesisanalytics",
    "kinesisdatafirehose": "firehose",
    "kinesisfirehose": "firehose",
    "lakeformation": "lakeformation",
    "lambda": "lambda",
    "lambdaedge": "edgelambda",
    "lex": "lexv2",
    "logs": "logs",
    "macie": "macie",
    "managedserviceforapacheflink": "kinesisanalytics",
    "mediaconvert": "mediaconvert",
    "mwaa": "airflow",
    "opensearch": "es",
    "personalize": "personalize",
    "pinpoint": "pinpoint",
    "pipes": "pipes",
    "proton": "proton",
    "quicksight": "quicksight",
    "rds": "rds",
    "redshift": "redshift",
    "redshiftserverless": "redshift-serverless",
    "rekognition": "rekognition",
    "rolesanywhere": "rolesanywhere",
    "iamrolesanywhere": "rolesanywhere",
    "s3": "s3",
    "s3batchoperations": "batchoperations.s3",
    "sagemaker": "sagemaker",
    "scheduler": "scheduler",
    "servicecatalog": "servicecatalog",
    "sns": "sns",
    "ssm": "ssm",
    "states": "states",
    "stepfunctions": "states",
    "storagegateway": "storagegateway",
    "systemsmanager": "ssm",
    "textract": "textract",
    "transcribe": "transcribe",
    "transfer": "transfer",
    "transferfamily": "transfer",
    "vpcflowlogs": "vpc-flow-logs",
}


def squeeze(name: str) -> str:
    """The name's letters and digits in lower case, without AWS's own marks around it."""
    word = re.sub(r"[^a-z0-9]", "", name.lower())
    for mark in ("softwareamazonawssdkservices", "amazon", "aws"):
        word = word.removeprefix(mark) or word
    for mark in ("serviceexception", "exception", "asyncclient", "client"):
        word = word.removesuffix(mark) or word
    return word


def iam_prefix(name: str) -> str | None:
    """The prefix of the service's actions (``states`` for ``SFN``), or None for a name nobody knows."""
    word = squeeze(name)
    if word in _PREFIXES:
        return _PREFIXES[word]
    unversioned = re.sub(r"v\d$", "", word)
    if unversioned in _PREFIXES:
        return _PREFIXES[unversioned]
    from diagnostics.messages.operations import known_prefix

    return known_prefix(word) or known_prefix(unversioned)


def principal_short_name(name: str) -> str | None:
    """The short name of the service principal of a service named in a sentence (``AWS EventBridge Scheduler``)."""
    if host := re.search(r"([a-z0-9.-]+)\.amazonaws\.com", name.lower()):
        return re.sub(r"\.[a-z]{2}(?:-[a-z]+)+-\d$", "", host[1])
    word = squeeze(name)
    return _PRINCIPALS.get(word) or _PRINCIPALS.get(word.removesuffix("service"))


def service_name_pattern() -> str:
    """A regular expression for the names above as sentences spell them (``Step Functions``, ``API Gateway``)."""
    words = sorted(_PRINCIPALS, key=len, reverse=True)
    return "|".join(r"[ @-]?".join(word) for word in words)
