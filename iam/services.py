"""Names of AWS services as they occur in SDK messages, in sentences, and in service principals."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from iam.facts.service_principals import short_principal
from iam.regions import A_REGION, REGION_NAME

# SDK IDs, endpoint names and class names (lower case, letters and digits only) that differ from the IAM prefix.
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
    "cloudcontrolapi": "cloudformation",
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
    "forecastquery": "forecast",
    "iamtoolbox": "iam",
    "identitymanagement": "iam",
    "identityandaccessmanagement": "iam",
    "iotdata": "iot",
    "iotdataplane": "iot",
    "keymanagement": "kms",
    "keymanagementservice": "kms",
    "keyspaces": "cassandra",
    "kinesisfirehose": "firehose",
    "kinesisanalyticsv2": "kinesisanalytics",
    "lexmodelbuildingservice": "lex",
    "lexmodelsv2": "lex",
    "lexruntimeservice": "lex",
    "lexruntimev2": "lex",
    "location": "geo",
    "lorawan": "iotwireless",
    "mailmanager": "ses",
    "meteringmarketplace": "aws-marketplace",
    "monitoring": "cloudwatch",
    "mwaa": "airflow",
    "neptune": "rds",
    "neptunedata": "neptune-db",
    "networkflowmonitorreports": "networkflowmonitor",
    "opensearch": "es",
    "opensearchservice": "es",
    "opensearchserverless": "aoss",
    "pinpoint": "mobiletargeting",
    "pinpointsmsvoicev2": "sms-voice",
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
    "transcribestreaming": "transcribe",
    "waf": "waf",
}

# Services' names as their own messages spell them (lower case, letters and digits only), with the principal's short
# name.
_PRINCIPALS = {
    "amplify": "amplify",
    "apigateway": "apigateway",
    "appconfig": "appconfig",
    "appflow": "appflow",
    "applicationautoscaling": "application-autoscaling",
    "apprunner": "build.apprunner",
    "appsync": "appsync",
    "aurora": "rds",
    "autoscaling": "autoscaling",
    "backup": "backup",
    "batch": "batch",
    "bedrock": "bedrock",
    "bedrockagentcore": "bedrock-agentcore",
    "budgets": "budgets",
    "chatbot": "chatbot",
    "chime": "chime",
    "cleanrooms": "cleanrooms",
    "cloudformation": "cloudformation",
    "cloudfront": "cloudfront",
    "cloudtrail": "cloudtrail",
    "cloudwatch": "cloudwatch",
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "codebuild": "codebuild",
    "codecatalyst": "codecatalyst",
    "codedeploy": "codedeploy",
    "codepipeline": "codepipeline",
    "cognito": "cognito-idp",
    "cognitouserpools": "cognito-idp",
    "comprehend": "comprehend",
    "config": "config",
    "databasemigrationservice": "dms",
    "databrew": "databrew",
    "dataexchange": "dataexchange",
    "datalifecyclemanager": "dlm",
    "datapipeline": "datapipeline",
    "datasync": "datasync",
    "datazone": "datazone",
    "dax": "dax",
    "directoryservice": "ds",
    "dlm": "dlm",
    "dms": "dms",
    "dynamodbaccelerator": "dax",
    "ec2": "ec2",
    "ec2fleet": "ec2fleet",
    "ecs": "ecs",
    "ecstasks": "ecs-tasks",
    "eks": "eks",
    "eksfargate": "eks-fargate-pods",
    "ekspodidentity": "pods.eks",
    "elasticbeanstalk": "elasticbeanstalk",
    "elasticmapreduce": "elasticmapreduce",
    "elastictranscoder": "elastictranscoder",
    "emr": "elasticmapreduce",
    "emrserverless": "emr-serverless",
    "enhancedmonitoring": "monitoring.rds",
    "entityresolution": "entityresolution",
    "eventbridge": "events",
    "eventbridgepipes": "pipes",
    "eventbridgescheduler": "scheduler",
    "events": "events",
    "faultinjectionservice": "fis",
    "firehose": "firehose",
    "fis": "fis",
    "flink": "kinesisanalytics",
    "forecast": "forecast",
    "fsx": "fsx",
    "glue": "glue",
    "gluecrawler": "glue",
    "gluedatabrew": "databrew",
    "greengrass": "greengrass",
    "guardduty": "guardduty",
    "healthlake": "healthlake",
    "healthomics": "omics",
    "iamrolesanywhere": "rolesanywhere",
    "imagebuilder": "imagebuilder",
    "incidentmanager": "ssm-incidents",
    "iot": "iot",
    "iotanalytics": "iotanalytics",
    "iotevents": "iotevents",
    "iotfleetwise": "iotfleetwise",
    "iotsitewise": "iotsitewise",
    "iottwinmaker": "iottwinmaker",
    "ivs": "ivs",
    "kafkaconnect": "kafkaconnect",
    "kendra": "kendra",
    "kinesisanalytics": "kinesisanalytics",
    "kinesisdataanalytics": "kinesisanalytics",
    "kinesisdatafirehose": "firehose",
    "kinesisfirehose": "firehose",
    "lakeformation": "lakeformation",
    "lambda": "lambda",
    "lambdaedge": "edgelambda",
    "lex": "lexv2",
    "logs": "logs",
    "macie": "macie",
    "managedgrafana": "grafana",
    "managedserviceforapacheflink": "kinesisanalytics",
    "managedworkflowsforapacheairflow": "airflow",
    "mediaconvert": "mediaconvert",
    "medialive": "medialive",
    "mediapackage": "mediapackage",
    "mediatailor": "mediatailor",
    "mskconnect": "kafkaconnect",
    "mwaa": "airflow",
    "neptune": "rds",
    "omics": "omics",
    "opensearch": "es",
    "opensearchingestion": "osis-pipelines",
    "personalize": "personalize",
    "pinpoint": "pinpoint",
    "pipes": "pipes",
    "proton": "proton",
    "qbusiness": "qbusiness",
    "quicksight": "quicksight",
    "rds": "rds",
    "rdsenhancedmonitoring": "monitoring.rds",
    "redshift": "redshift",
    "redshiftserverless": "redshift-serverless",
    "rekognition": "rekognition",
    "resourceexplorer": "resource-explorer-2",
    "robomaker": "robomaker",
    "rolesanywhere": "rolesanywhere",
    "s3": "s3",
    "s3batchoperations": "batchoperations.s3",
    "sagemaker": "sagemaker",
    "scheduler": "scheduler",
    "securitylake": "securitylake",
    "servicecatalog": "servicecatalog",
    "ses": "ses",
    "simpleemailservice": "ses",
    "sns": "sns",
    "spotfleet": "spotfleet",
    "sqs": "sqs",
    "ssm": "ssm",
    "ssmincidentmanager": "ssm-incidents",
    "states": "states",
    "stepfunctions": "states",
    "storagegateway": "storagegateway",
    "systemsmanager": "ssm",
    "textract": "textract",
    "timestream": "timestream",
    "transcribe": "transcribe",
    "transfer": "transfer",
    "transferfamily": "transfer",
    "translate": "translate",
    "verifiedaccess": "verified-access",
    "vpcflowlogs": "vpc-flow-logs",
    "vpclattice": "vpc-lattice",
    "workspaces": "workspaces",
}


# The common name of a service, by its principal's short name, if the two differ.
_NAMES = {
    "ec2": "EC2",
    "ecs-tasks": "ECS tasks",
    "ecs": "ECS",
    "lambda": "Lambda",
    "edgelambda": "Lambda@Edge",
    "states": "Step Functions",
    "events": "EventBridge",
    "scheduler": "EventBridge Scheduler",
    "pipes": "EventBridge Pipes",
    "pods.eks": "EKS Pod Identity",
    "eks": "EKS",
    "glue": "Glue",
    "sagemaker": "SageMaker",
    "codebuild": "CodeBuild",
    "codepipeline": "CodePipeline",
    "codedeploy": "CodeDeploy",
    "cloudformation": "CloudFormation",
    "apigateway": "API Gateway",
    "firehose": "Firehose",
    "rds": "RDS",
    "monitoring.rds": "RDS monitoring",
    "ssm": "Systems Manager",
    "backup": "Backup",
    "batch": "Batch",
    "config": "Config",
    "cloudtrail": "CloudTrail",
    "autoscaling": "EC2 Auto Scaling",
    "elasticmapreduce": "EMR",
    "s3": "S3",
    "logs": "CloudWatch Logs",
    "bedrock": "Bedrock",
    "transfer": "Transfer Family",
    "cognito-idp": "Cognito",
}


@lru_cache(maxsize=1024)
def of_every_region(principal: str) -> str:
    """Return the general form of a Regional service principal.

    It is ``states.amazonaws.com`` for ``states.eu-west-1.amazonaws.com``. If a service has both forms, either may
    assume a role:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
    """
    short = re.sub(rf"\.{REGION_NAME}$", "", short_principal(principal.lower()))
    return f"{short}.amazonaws.com"


def squeeze(name: str) -> str:
    """Return the letters and digits of a name in lower case, without affixes such as "Amazon", "AWS" or "Client"."""
    word = re.sub(r"[^a-z0-9]", "", name.lower())
    for mark in ("softwareamazonawssdkservices", "amazon", "aws"):
        word = word.removeprefix(mark) or word
    for mark in ("serviceexception", "exception", "asyncclient", "client"):
        word = word.removesuffix(mark) or word
    return word


def iam_prefix(name: str) -> str | None:
    """Return the prefix of a service's actions (``states`` for ``SFN``), or None if the name is unknown."""
    word = squeeze(name)
    if word in _PREFIXES:
        return _PREFIXES[word]
    known = _listed_prefixes()
    unversioned = re.sub(r"v\d$", "", word)
    return known.get(word) or _PREFIXES.get(unversioned) or known.get(unversioned)


@cache
def _listed_prefixes() -> dict[str, str]:
    """Return IAM's service prefixes by their letters and digits."""
    from iam.service_reference import services

    return {re.sub(r"[^a-z0-9]", "", key): key for key in services()}


def endpoint_service(name: str) -> str | None:
    """Return the prefix of the actions that use a VPC endpoint for the service ``name``, or None if unknown.

    It is ``kinesis`` for ``com.amazonaws.eu-central-1.kinesis-streams``. The name ends with the service, often followed
    by a suffix for a part or a variant of it. The longest part that is the name of a service is used; parts from the
    beginning are tried first (Amazon VPC User Guide, "AWS services that integrate with AWS PrivateLink").
    """
    if "vpce-svc-" in name:
        return None
    parts = [part for part in name.split(".") if not A_REGION.fullmatch(part)]
    while parts and parts[0] in ("cn", "com", "eu", "aws", "api", "amazonaws"):
        parts = parts[1:]
    words = [word for part in parts for word in part.split("-") if word != "fips"]
    beginnings = [words[:end] for end in range(len(words), 0, -1)]
    endings = [words[start:] for start in range(1, len(words))]
    return next((prefix for some in (*beginnings, *endings) if (prefix := iam_prefix("".join(some)))), None)


def endpoint_region(name: str) -> str | None:
    """Return the Region in an endpoint's name (``sqs.eu-west-1.amazonaws.com``), or None."""
    return next((part for part in name.split(".") if A_REGION.fullmatch(part)), None)


def service_name(principal: str) -> str | None:
    """Return the common name of the service with this principal (``ECS tasks``), or None."""
    return _NAMES.get(short_principal(principal))


def principal_short_name(name: str) -> str | None:
    """Return the short principal for a service name as in a sentence (``AWS EventBridge Scheduler``), or None."""
    if host := re.search(r"([a-z0-9.-]+)\.amazonaws\.com", name.lower()):
        return re.sub(rf"\.{REGION_NAME}$", "", host[1])
    word = squeeze(name)
    return _PRINCIPALS.get(word) or _PRINCIPALS.get(word.removesuffix("service"))


def service_name_pattern() -> str:
    """Return a regular expression that matches the services' names as sentences write them (``Step Functions``)."""
    words = sorted(_PRINCIPALS, key=len, reverse=True)
    return "|".join(r"[ @-]?".join(word) for word in words)
