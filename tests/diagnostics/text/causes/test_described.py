"""Setups that fail without an error of AWS: the second side is named, and never from one topic word."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

NEEDS = (
    ('"retention_in_days": 30 in amazon-cloudwatch-agent.json, but the group stays at "Never expire"',
     "lacks logs:PutRetentionPolicy"),
    ("fluentd cloudwatch_logs output, retention_in_days 7 is ignored, logs do arrive", "lacks logs:PutRetentionPolicy"),
    ("EventBridge rule to an SQS queue, which is encrypted with our own KMS key. Nothing arrives.",
     "must allow events.amazonaws.com to use kms:GenerateDataKey and kms:Decrypt"),
    ("Die DLQ der EventBridge-Regel bleibt leer, die Queue ist mit einem CMK verschlüsselt.", "events.amazonaws.com"),
    ("EventBridge rule to an SNS topic that is encrypted with a CMK: nothing arrives.",
     "must allow events.amazonaws.com to use kms:GenerateDataKey* and kms:Decrypt, without a condition on"),
    ("S3 event notification to a topic, the topic uses a customer managed key. No messages since.",
     "must allow s3.amazonaws.com to use"),
    ("The CloudWatch alarm fires but no mail comes. The SNS topic is encrypted (CMK).",
     "must allow cloudwatch.amazonaws.com to use"),
    ("SNS subscription to SQS: messages never arrive. Queue encrypted with a customer managed key.",
     "must allow sns.amazonaws.com to use"),
    ("aws_scheduler_schedule with kms_key_arn, target role_arn is fine. It never runs.",
     "execution role also needs kms:Decrypt"),
    ("CSI: volume vol-1 does not exist, the PVC is restored from a snapshot encrypted with a CMK",
     "kms:CreateGrant"),
    ("ASG with an encrypted AMI (customer managed key): instances terminate right after launch.",
     "by default AWSServiceRoleForAutoScaling"),
    ("ALB access logs do not show up. The bucket is SSE-KMS.", "only to such a bucket."),
    ("our trail stopped to deliver to the bucket after its encryption with a CMK", "cloudtrail.amazonaws.com"),
    ("AWS Config delivers nothing to the bucket encrypted with a customer managed key", "config.amazonaws.com"),
    ("VPC flow logs to an S3 bucket with SSE-KMS are undeliverable", "delivery.logs.amazonaws.com"),
    ("The aoss collection returns 403 to our role, which has es:ESHttp*.", "aoss:APIAccessAll"),
    ("OpenSearch Serverless dashboard: no access, although I have AdministratorAccess.",
     "principal in a data access policy"),
    ("OpenSearch Serverless answers 403. Our role is not in the data access policy yet, it has aoss:*.",
     "principal in a data access policy"),
    ("The aoss collection answers 403 to our job. The data access policy lists its role, IAM has aoss:APIAccessAll.",
     "find out how the program signs"),
    ("provider \"opensearch\" {\n  url = local.endpoint\n}\n403 Forbidden from the OpenSearch Serverless "
     "collection; my role is already in its data access policy.", "set aws_region to the collection's Region"),
    ("add-permission --action lambda:InvokeFunctionUrl --principal '*'; curl: 403",
     "also allow the same principal to perform lambda:InvokeFunction"),
    ("GuardDuty runtime monitoring: ECS task stops before start, its sidecar is not pulled. The execution role pulls "
     "only our repository.", "pulls GuardDuty's agent image"),
    ("MLFLOW_TRACKING_URI=arn:aws:sagemaker:eu-west-1:111122223333:mlflow-app/app-1\nerror code 403 != 200\n"
     "the role's policy is the one of the tracking servers", "runs needs sagemaker:CallMlflowAppApi on"),
    ("Function URL with AuthType AWS_IAM answers 403.\nTask role policy:\n\"Action\": [\"lambda:GetFunction\"]",
     "the role's statement in the text lacks that action"),
    ("Replication between the two buckets still fails. Both buckets use a customer managed key.",
     "also needs the KMS keys"),
    ("const fs = new efs.FileSystem(this, 'Fs', { vpc });\nThe tasks cannot mount it.",
     "Allow elasticfilesystem:ClientMount in the file system's policy"),
    ("SNS to Lambda: published, but the function is never invoked. I have lambda:InvokeFunction.",
     "does not allow sns.amazonaws.com to invoke the function"),
    ("CloudFront with OAC answers 403 since the bucket uses SSE-KMS with our "
     "key.", "must allow cloudfront.amazonaws.com to use"),
    ("The Lambda function runs, but there is no log group /aws/lambda/report.", "attach AWSLambdaBasicExecutionRole"),
    ("The Lambda function times out since I attached it to the VPC (private subnets).", "needs a NAT gateway"),
    ("Lambda in our VPC: SendMessage hangs, then Task timed out. The role has sqs:SendMessage.", "needs a NAT gateway"),
    ("In TestBotAlias the Lambda is not called; its resource policy names the published alias. It does not work.",
     "bot-alias/BOT-ID/TSTALIASID"),
)  # fmt: skip
NEAR = (
    "Lambda has AWSLambdaBasicExecutionRole, but there is no log group, nothing is written",
    "Lambda: no logs of the API Gateway stage, retention does not work",
    "terraform aws_cloudwatch_log_group: retention_in_days = 30 is not applied",
    "fluent-bit, log_retention_days is ignored, the role has logs:PutRetentionPolicy",
    "CloudTrail shows no denial. Our app writes to S3 with SSE-KMS and the log is empty",
    "EventBridge rule triggers a Lambda that fails: KeyError 'id'. The database has a customer managed key",
    "kube-scheduler cannot place the pod, our own key is in a secret",
    "Should I use a customer managed key for the SQS queue behind EventBridge?",
    "the topic partition is encrypted in Kafka, the consumer hangs",
    "the function url returns 403 since yesterday, AWS_IAM auth",
    "ALB returns 403, the WAF's access logs show a block. The bucket of the website is public",
    "GuardDuty found a finding in our ECS task, the execution role's credentials leaked",
    "OpenSearch Serverless index mapping error: a field is missing, the role is fine",
    "The MLflow tracking server answers 403; ARN arn:aws:sagemaker:eu-west-1:111122223333:mlflow-tracking-server/a",
    "Function URL with AuthType AWS_IAM answers 403.\nTask role policy:\n"
    '"Action": ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"]',
    "The database replication fails, its bucket of backups is encrypted with KMS and kms:Encrypt is allowed",
    "new efs.FileSystem(this, 'Fs', { vpc, allowAnonymousAccess: true }): the mount fails",
    "SNS to Lambda: aws lambda add-permission is done, but the function is never invoked",
    "CloudFront with OAC answers 403, the bucket policy names another distribution",
    "Lambda in our VPC fails: the call to the database times out",
    "TestBotAlias answers in the wrong language and does not stop; the Lambda is called",
    "EventBridge to SQS queue with CMK, key policy has kms:GenerateDataKey for events. Nothing arrives.",
)


@pytest.mark.parametrize(("text", "said"), NEEDS)
def test_the_second_side_is_said_first(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize("text", NEAR)
def test_topic_words_alone_tell_no_setup(text: str) -> None:
    diagnosis = collect_offline(read_text(text)[0])
    said = f"{diagnosis.verdict.summary} {' '.join(look.cause for look in diagnosis.first_look)}"
    assert not any(said_of in said for _, said_of in NEEDS)
