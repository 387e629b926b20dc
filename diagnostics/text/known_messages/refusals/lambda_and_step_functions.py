"""Sentences about the event sources, code and code signing of AWS Lambda, and of AWS Step Functions."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    LISTS_FUNCTIONS,
    ServiceSentence,
    UsualCause,
    of_codes,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_LAMBDA = f"{_DOCS}/lambda/latest/dg"
_KAFKA = f"{_LAMBDA}/with-kafka-troubleshoot.html"
_STATES = f"{_DOCS}/step-functions/latest"
_MAPPING = (
    "aws lambda list-event-source-mappings --query 'EventSourceMappings[].[UUID,FunctionArn,LastProcessingResult]'"
)


def _of_kafka(said: str, pattern: str, refused: str, reason: str, summary: str, *causes: UsualCause) -> ServiceSentence:
    """Return the row for a result that Lambda shows for a Kafka event source mapping."""
    return row(said, pattern, refused, reason, summary, *causes, page=_KAFKA)


FUNCTIONS: tuple[ServiceSentence, ...] = (
    # AWS Lambda Developer Guide, "Troubleshooting Kafka event source mapping errors".
    _of_kafka(
        "cluster failed to authorize lambda",
        r"Cluster failed to authorize Lambda",
        "the user or role with which Lambda reads from Kafka",
        "the cluster does not allow the group or the topic",
        "The Kafka cluster does not let Lambda use the topic or the consumer group: with IAM, the function's execution "
        "role lacks kafka-cluster actions; with SASL/SCRAM or mTLS, the user lacks ACLs.",
        UsualCause("IAM access control: allow the execution role kafka-cluster:Connect, DescribeGroup, AlterGroup, "
                   "DescribeTopic, ReadData and DescribeClusterDynamicConfiguration, on the ARNs of cluster, topic and "
                   "group. The group's name is the UUID of the event source mapping, unless the mapping sets a "
                   "different one.",
                   _MAPPING,
                   needs=("kafka-cluster:Connect", "kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup",
                          "kafka-cluster:DescribeTopic", "kafka-cluster:ReadData",
                          "kafka-cluster:DescribeClusterDynamicConfiguration")),
        UsualCause("SASL/SCRAM or mTLS: give the user of the secret the Kafka ACLs DescribeConfigs on the cluster, and "
                   "Describe and Read on the group and on the topic. IAM policies have no effect there.", None,
                   Who.RESOURCE_OWNER),
        UsualCause("After a change, wait several minutes before you judge whether it worked.", None, Who.CALLER),
    ),
    _of_kafka(
        "sasl authentication failed",
        r"(?:PROBLEM|LastProcessingResult|[Ll]ast processing result|event source mapping)[^\n]{0,200}?"
        r"SASL authentication failed",
        "the user or role with which Lambda signs in to Kafka",
        "the sign-in to the cluster failed",
        "Lambda could not sign in to the Kafka cluster: with SASL/SCRAM, the secret's user name or password is wrong; "
        "with IAM, the function's execution role lacks kafka-cluster:Connect.",
        UsualCause("SASL/SCRAM or PLAIN: correct username and password in the secret of the event source "
                   "mapping.", None,
                   Who.RESOURCE_OWNER),
        UsualCause("IAM access control: allow the execution role kafka-cluster:Connect on the cluster's "
                   "ARN.", _MAPPING),
        UsualCause("If the error comes and goes, the cluster has reached its limit of TCP connections; Lambda tries "
                   "again.", None,
                   Who.RESOURCE_OWNER),
    ),
    _of_kafka(
        "server failed to authenticate lambda",
        r"Server failed to authenticate Lambda",
        "Lambda's client certificate",
        "the brokers do not accept Lambda's client certificate",
        "The Kafka brokers do not accept Lambda's client certificate: none is configured, the brokers do not use "
        "mTLS, or they do not trust the certificate. No IAM policy is the cause.",
        UsualCause("Set the secret with the client certificate (CLIENT_CERTIFICATE_TLS_AUTH) in the event source "
                   "mapping; use the brokers' mTLS port; and make the brokers trust the CA that issued the "
                   "certificate.", _MAPPING,
                   Who.RESOURCE_OWNER),
    ),
    _of_kafka(
        "provided certificate or private key is invalid",
        r"Provided certificate or private key is invalid(?=[\s\S]*?\b(?:Lambda|Kafka|MSK|event source)\b)"
        r"|(?:\bLambda\b|\bKafka\b|\bMSK\b|PROBLEM: |[Ll]ast processing result)[\s\S]{0,400}?"
        r"Provided certificate or private key is invalid",
        "the secret of the event source mapping",
        "the certificate or private key in the secret is not usable",
        "Lambda cannot use the certificate or private key in the secret: both must be PEM, and an encrypted key must "
        "use PBES1. No permission is missing.",
        UsualCause("Write certificate and privateKey (and privateKeyPassword) as PEM into the secret.", None,
                   Who.RESOURCE_OWNER),
    ),
    row(
        "ensure the role can perform the 'secretsmanager:getsecretvalue'",
        r"Cannot access secret manager value (?P<resource>arn:\S*[\w-])\.? Please ensure the role can perform the "
        r"'secretsmanager:GetSecretValue'",
        "the function's execution role",
        "the function's execution role is not allowed to read the secret",
        "The function's execution role is not allowed to read the secret of the event source: allow that role "
        "secretsmanager:GetSecretValue on {resource}.",
        UsualCause("Add the action to the execution role's policy, and kms:Decrypt if a customer managed key encrypts "
                   "the secret. Whoever creates the mapping does not need this permission.",
                   LISTS_FUNCTIONS),
        page=f"{_LAMBDA}/with-mq.html",
        actions=("secretsmanager:GetSecretValue",),
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
    of_codes(
        "CodeVerificationFailed",
        "Lambda's code signing",
        "the code is not signed as the function's code signing configuration requires",
        "The function's code signing configuration blocks this code: it is not signed by an allowed signing profile, "
        "or the signature has expired or was revoked. No IAM permission is missing.",
        "Sign the package (and each layer) with AWS Signer and a signing profile that the configuration allows, and "
        "deploy the signed object. An administrator can also set the configuration's policy to Warn instead of "
        "Enforce.",
        f"{_LAMBDA}/configuration-codesigning.html",
        check="aws lambda get-function-code-signing-config --function-name FUNCTION",
        who=Who.RESOURCE_OWNER,
        refuses=False,
    ),
    of_codes(
        "InvalidCodeSignatureException",
        "Lambda's code signing",
        "the code was changed after it was signed",
        "The package was changed after it was signed: sign it again, and deploy exactly the signed object. Lambda "
        "blocks a changed package even if the policy is Warn.",
        "Do not unpack, rename or add files after signing. No IAM permission is missing.",
        f"{_LAMBDA}/configuration-codesigning.html",
        who=Who.CALLER,
        refuses=False,
    ),
    row(
        "publicpolicyexception",
        r"\bPublicPolicyException\b(?![^\x1e]{0,400}\bsecret\b)",
        "Lambda",
        "the statement would make the function public, which is blocked",
        "The statement would give everybody access to the function, and public access is blocked here: name the "
        "principal, or limit the statement with a condition.",
        UsualCause(
            "Name the account, role or service (with aws:SourceArn or aws:SourceAccount) instead of *. No permission "
            "of the caller is missing.",
            None,
            Who.CALLER,
        ),
        page=f"{_DOCS}/lambda/latest/api/API_AddPermission.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "the revisionid provided does not match",
        r"RevisionId provided does not match the latest RevisionId",
        "the caller, with an old RevisionId",
        "somebody changed the function or its policy in between",
        "Somebody changed the function or its policy since the RevisionId was read: read the RevisionId again, and "
        "repeat the call. No permission is missing.",
        UsualCause("For AddPermission and RemovePermission the ID comes from aws lambda get-policy, for other calls "
                   "from get-function or get-alias.", "aws lambda get-policy --function-name FUNCTION --query "
                                                      "RevisionId",
                   Who.CALLER),
        page=f"{_DOCS}/lambda/latest/api/API_AddPermission.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    # AWS Step Functions API Reference, "StartExecution", and Developer Guide, "Data at rest encryption".
    row(
        "kmsaccessdeniedexception: either your kms key policy",
        r"Either your KMS key policy or API caller does not have the required permissions",
        "the caller, or the state machine's role, at the KMS key",
        "the state machine's KMS key does not allow the caller",
        "The state machine is encrypted with a KMS key, and the caller is not allowed to use the key: allow the "
        "caller kms:Decrypt and kms:GenerateDataKey, in the caller's policies and in the key policy.",
        UsualCause("Calls through Step Functions can be limited with the condition kms:ViaService = "
                   "states.REGION.amazonaws.com and the encryption context aws:states:stateMachineArn. The state "
                   "machine's own role needs both actions, "
                   "too.", "aws stepfunctions describe-state-machine --state-machine-arn ARN --query "
                   "encryptionConfiguration"),
        page=f"{_STATES}/dg/encryption-at-rest.html",
        actions=("kms:Decrypt", "kms:GenerateDataKey"),
    ),
    # AWS Step Functions Developer Guide, "IAM policies for calling AWS Lambda".
    row(
        "lambda.accessdeniedexception",
        r"\bLambda\.AccessDeniedException\b(?![\s\S]{0,400}?not authorized to perform)",
        "the state machine's role",
        "the state machine's role is not allowed to invoke the function",
        "The state machine's execution role most likely lacks lambda:InvokeFunction on the task's function. Whoever "
        "started the execution does not need this permission.",
        UsualCause("Allow that role lambda:InvokeFunction on the function's ARN as the task names it: a version or an "
                   "alias has its own ARN (FUNCTION:VERSION, FUNCTION:ALIAS), so list both FUNCTION and FUNCTION:*. "
                   "If the function is in another account, its own policy must allow the role, too.",
                   "aws stepfunctions describe-state-machine --state-machine-arn ARN --query roleArn",
                   needs=("lambda:InvokeFunction",)),
        page=f"{_STATES}/dg/lambda-iam.html",
        actions=("lambda:InvokeFunction",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "states.permissions",
        r"\berror(?:Code)?\W{1,8}States\.Permissions\b",
        "the state machine's role",
        "the state machine's role lacks permissions for the task",
        "The state machine's own role lacks permissions for this task; whoever started the execution does not need "
        "them. The cause next to the error names what was refused.",
        UsualCause("Read the failed task's event: its cause names the action. Allow the state machine's role "
                   "that action. For .sync tasks, also allow it the events: actions on the managed EventBridge rule.",
                   "aws stepfunctions describe-state-machine --state-machine-arn ARN --query roleArn"),
        page=f"{_STATES}/dg/concepts-error-handling.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("when calling the sendtask", "sendtasksuccess", "sendtaskfailure", "sendtaskheartbeat"),
        r"\b(?:InvalidToken|TaskTimedOut|TaskDoesNotExist)\b"
        r"(?=[^\n]{0,300}?\bSendTask(?:Success|Failure|Heartbeat)\b)"
        r"|\bSendTask(?:Success|Failure|Heartbeat)\b[^\n]{0,200}?\b(?:InvalidToken|TaskTimedOut|TaskDoesNotExist)\b",
        "the task token",
        "the task token is no longer valid",
        "Step Functions does not accept the task token: it expired, its task is closed already, or it was changed. "
        "Credentials and permissions are not the cause.",
        UsualCause("Send exactly the token of $$.Task.Token, to the account and Region of the state machine, once, "
                   "before the task's timeout or heartbeat ends. A token that was cut off or decoded in transit is not "
                   "valid.", None,
                   Who.CALLER),
        page=f"{_STATES}/apireference/API_SendTaskSuccess.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    of_codes(
        "FailedResourceAccessException",
        "Application Auto Scaling, with the role of the scalable target",
        "the role of the scalable target is not allowed to read the alarms",
        "Application Auto Scaling could not read the policy's alarms: the role of the scalable target lacks "
        "cloudwatch:DescribeAlarms.",
        "Use the service-linked role (leave out --role-arn), or allow the role cloudwatch:DescribeAlarms, "
        "cloudwatch:PutMetricAlarm and cloudwatch:DeleteAlarms.",
        f"{_DOCS}/autoscaling/application/APIReference/API_PutScalingPolicy.html",
        check="aws application-autoscaling describe-scalable-targets --service-namespace NAMESPACE --query "
        "'ScalableTargets[].RoleARN'",
        actions=("cloudwatch:DescribeAlarms",),
    ),
    # AWS Lambda API Reference, "UpdateFunctionCode": the code's object is read with the caller's credentials.
    row(
        "your access has been denied by s3",
        r"Your access has been denied by S3, please make sure your request credentials have permission to "
        r"(?P<call>Get\w+) for (?P<path>[\w./+=@-]+?)\.(?=\s|$)",
        "the caller",
        "S3 does not let the caller perform {call} on {path}",
        "Lambda accepted the call, but could not read the code {path} in S3. Lambda reads the code with the caller's "
        "permissions (s3:{call}), not with the function's role.",
        # Customizations for AWS Control Tower's own assets: a Region's bucket has only what was published for it.
        UsualCause("Check the Regions that the solution's release supports, and deploy it in one of these, or with a "
                   "later release. The bucket belongs to the solution's publisher.",
                   None, Who.CALLER,
                   shown_by=r"\A(?=[\s\S]*\b(?:solution|CfCT|landing zone|quick ?start|accelerator|same template)\b)"
                   r"[\s\S]*?permission to Get\w+ for (?P<bucket>[\w.-]+?-(?P<where>[a-z]{2}-(?:gov-)?[a-z]+-\d))/"
                   r"(?P<folder>[\w.-]+/v\d+(?:\.\d+)+)/",
                   decides="Most likely {folder} is not published for {where}: {bucket} looks like the bucket of the "
                   "solution's publisher, and S3 also refuses access to a missing object. No permission of yours "
                   "changes that."),
        # CodePipeline User Guide, "Create a pipeline that uses resources from another account"
        # (https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html); AWS
        # CloudFormation User Guide, "Service role": the stack's calls are made with it.
        UsualCause("The code is an artifact of a pipeline. CloudFormation reads it with the role of the stack (the "
                   "deploy action's RoleArn, in the CDK deploymentRole or cdk-…-cfn-exec-role), not with the action's "
                   "role. Allow that role s3:GetObject on {path} and kms:Decrypt on the artifact bucket's key; if "
                   "that role is in another account, the bucket policy and the key policy must name the role, too.",
                   "aws cloudformation describe-stacks --stack-name STACK --query Stacks[].RoleARN",
                   shown_by=r"permission to Get\w+ for (?=[^\s/]*artifact|codepipeline-|[\w.-]+/[^\s/]{1,40}/"
                   r"(?:Build|Source|Synth|Artifact|App)\w*/\w{7}\b)|\bCfnParametersCode\b", needs_evidence=True),
        UsualCause("Check first that {path} exists: without s3:ListBucket on the bucket, S3 answers 403 instead of "
                   "404. If other objects of the bucket work, compare this object with them (KMS key, tags, owner).",
                   None, Who.CALLER),
        UsualCause("Allow the caller to perform s3:{call} on {path}, and kms:Decrypt if a KMS key encrypts it. The "
                   "policy of another account's bucket must allow the caller, too."),
        page="https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html",
        actions=("s3:GetObject",),
    ),
)  # fmt: skip
