"""Credentials that are refused: who speaks decides what the words mean, and an account changes nothing about that."""

from __future__ import annotations

import re

import pytest

from diagnostics.diagnose import collect, collect_offline, read_text
from diagnostics.diagnosis import Confidence
from diagnostics.failure import Denial
from diagnostics.text.answer.credentials.credential_fault import CredentialFault
from diagnostics.text.answer.credentials.rejected_credentials import FAULTS
from iam.demo.open import open_demo
from iam.sources.reader.opened import OpenedAccount
from tests.support.texts.answers import answer_to


@pytest.fixture(scope="module")
def demo() -> OpenedAccount:
    reader = open_demo(as_user=None, region=None)
    return OpenedAccount(list(reader.accounts())[-1], reader)


def cli(code: str, operation: str, message: str) -> str:
    return f"An error occurred ({code}) when calling the {operation} operation: {message}"


INVALID_TOKEN = "The security token included in the request is invalid."
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
CASES = {
    "a buyer's registration token": (
        cli("ExpiredTokenException", "ResolveCustomer", "Registration token has expired."),
        "The buyer's registration token has expired (this is not about",
        "gets a new token",
        "aws sso login",
    ),
    "an identity provider that AWS does not reach": (
        cli("IDPCommunicationError", "AssumeRoleWithWebIdentity", "The identity provider could not be reached"),
        "AWS could not reach the identity provider",
        ".well-known/openid-configuration",
        "another issuer",
    ),
    "signature version 2": (
        'new AmazonS3Config { SignatureVersion = "2" }\nAmazonS3Exception : The request signature we calculated does '
        "not match the signature you provided. Check your key and signing method.",
        "old signature version 2",
        "default.s3.signature_version s3v4",
        "If the keys fail everywhere",
    ),
    "a container's token that is read once": (
        "botocore.exceptions.CredentialRetrievalError: Error when retrieving credentials from container-role: Received "
        'non 200 response 400 from container metadata: {"code":"ExpiredTokenException"}',
        "reads the token's file only once",
        "1.34.41",
        "aws sso login",
    ),
    "a container's token that is read once, after a move from IRSA": (
        "moved from IRSA to Pod Identity\nError when retrieving credentials from container-role: Error retrieving "
        "metadata: Received non 200 response 400 from container metadata: (ExpiredTokenException): it is expired",
        "reads the token's file only once",
        "1.34.41",
        "the program did not assume the role again",
    ),
    "a container of one hop": (
        "NoCredentialProviders: no valid providers in chain\n# docker on EC2, HttpTokens: required, "
        "HttpPutResponseHopLimit: 1",
        "does not reach a container",
        "--http-put-response-hop-limit 2",
        "s3:",
    ),
    "a chain without a provider for the instance": (
        "on an EC2 instance with a role\nUnable to load credentials from any of the providers in the chain "
        "AwsCredentialsProviderChain(credentialsProviders=[EnvironmentVariableCredentialsProvider(), "
        "ContainerCredentialsProvider()])",
        "has no provider for an instance's role",
        "if its type is iam-role",
        "an instance profile is attached",
    ),
    "a chain that is cut off": (
        "on an EC2 instance with a role\nUnable to load credentials from any of the providers in the chain "
        "AwsCredentialsProviderChain(credentialsProviders=[EnvironmentVariableCredentialsProvider(), ...",
        "an instance profile is attached",
        "describe-iam-instance-profile-associations",
        "has no provider for an instance's role",
    ),
    "a chain with a provider for the instance": (
        "on an EC2 instance with a role\nUnable to load credentials from any of the providers in the chain "
        "AwsCredentialsProviderChain(credentialsProviders=[EnvironmentVariableCredentialsProvider(), "
        "InstanceProfileCredentialsProvider()])",
        "an instance profile is attached",
        "describe-iam-instance-profile-associations",
        "has no provider for an instance's role",
    ),
    "a container of an instance whose options a command prints": (
        "$ docker run app\nUnable to locate credentials\n$ aws ec2 describe-instances --instance-ids i-0a1b2c3d "
        "--query 'Reservations[0].Instances[0].MetadataOptions.[HttpTokens,HttpPutResponseHopLimit]'\n"
        '[ "required", 1 ]',
        "hop limit is 1",
        "--http-put-response-hop-limit 2",
        "SDK is older",
    ),
    "a container whose metadata service does not answer": (
        "docker on EC2: no EC2 IMDS role found, operation error ec2imds: GetMetadata, canceled, context deadline "
        "exceeded",
        "got no answer from the instance's metadata service",
        "--http-put-response-hop-limit 2",
        "NAT gateway",
    ),
    "a job's container on a host that works": (
        "Jobs with `container:` fail: Unable to locate credentials. The CLI directly on the runner instance, without "
        "keys, works. Instance profile unchanged.",
        "The host gets credentials from its role",
        "--http-put-response-hop-limit 2",
        "instance profile that contains the role",
    ),
    "a container on a machine that works": (
        "In docker: NoCredentialProviders: no valid providers in chain\nIt works on the EC2 host with its role.",
        "The host gets credentials from its role",
        "--http-put-response-hop-limit 2",
        "instance profile that contains the role",
    ),
    "what works outside the container": (
        "Unable to locate credentials. Outside of the container the same command works; the instance has its profile.",
        "The host gets credentials from its role",
        "--http-put-response-hop-limit 2",
        "instance profile that contains the role",
    ),
    "docker run on EC2": (
        "Launch an EC2 server; aws s3 ls works there.\n$ docker run -it ubuntu bash\nUnable to locate credentials.",
        "in the container looks for credentials and gets none",
        "--http-put-response-hop-limit 2",
        "instance profile that contains the role",
    ),
    "a docker container where tokens are required": (
        "I set `IMDSv2Tokens` to `required`, and steps in docker containers fail: Unable to locate credentials.",
        "in the container looks for credentials and gets none",
        "--http-put-response-hop-limit 2",
        "supports only IMDSv1",
    ),
    "the SDK for Rust in docker": (
        "on the host EC2 it works, in docker not: the credential provider was not enabled: no providers in chain "
        "provided credentials",
        "The host gets credentials from its role",
        "--http-put-response-hop-limit 2",
        "aws sso login",
    ),
    "a task of ECS has its own way to credentials": (
        "ECS on an EC2 instance, docker run by the agent: Unable to locate credentials.",
        "credentials",
        "aws",
        "hop limit is 1",
    ),
    "a metadata service that is turned off for the program": (
        "Error: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, "
        'access disabled to EC2 IMDS via client option, or "AWS_EC2_METADATA_DISABLED" environment variable',
        "its settings forbid asking the instance",
        "AWS_EC2_METADATA_DISABLED",
        "hop limit",
    ),
    "a host that fails too": (
        "The container has no credentials, and on the host instance nothing is found. A user's keys work.\n"
        "Unable to locate credentials; the instance profile is there",
        "instance profile is attached",
        "describe-iam-instance-profile-associations",
        "The host gets",
    ),
    "a pod on a node of Karpenter's": (
        "The EBS CSI pod on a Karpenter node: get credentials: failed to refresh cached credentials, no EC2 IMDS role "
        "found, operation error ec2imds: GetMetadata, canceled, context deadline exceeded",
        "hop limit of Karpenter's nodes is 1",
        "httpPutResponseHopLimit",
        "s3:",
    ),
    "a pod on a node of an EC2NodeClass": (
        "kind: EC2NodeClass\n$ kubectl exec -it test -- aws sts get-caller-identity\nUnable to locate credentials.",
        "hop limit of Karpenter's nodes is 1",
        "httpPutResponseHopLimit",
        "instance profile that contains the role",
    ),
    "a pod on a node of Karpenter's with two hops": (
        "pod on a karpenter node, httpPutResponseHopLimit: 2: get credentials: failed to refresh cached credentials, "
        "no EC2 IMDS role found, operation error ec2imds: GetMetadata, canceled, context deadline exceeded",
        "requested the instance's credentials from the metadata service",
        "MetadataOptions",
        "Karpenter's nodes is 1",
    ),
    "a container with a profile": (
        "docker run -v ~/.aws/config:/root/.aws/config: no EC2 IMDS role found, operation error ec2imds: GetMetadata, "
        "canceled, context deadline exceeded",
        "found no credentials of its own",
        "aws configure list-profiles",
        "hop limit",
    ),
    "a pod on Amazon Linux 2023": (
        "EKS, AL2023_x86_64_STANDARD, EBS CSI: no EC2 IMDS role found, operation error ec2imds: GetMetadata",
        "hop limit of 1 by default",
        "kubectl get serviceaccount",
        "AWS_PROFILE",
    ),
    "a database's temporary password": (
        "redshift, engine made once: FATAL: IAM Authentication token has expired",
        "database's temporary password has expired",
        "DurationSeconds",
        "aws sso login",
    ),
    "IAM through CloudFormation": (
        'CREATE_FAILED | AWS::IAM::Role | R Resource handler returned message: "The security token included in the '
        'request is invalid (Service: Iam, Status Code: 403, Request ID: 1)" (HandlerErrorCode: AccessDenied)',
        "for a call to IAM",
        "aws sts get-caller-identity",
        "chronyc",
    ),
    "a key that was just made": (
        "aws iam create-access-key --user-name u\n" + cli("InvalidClientTokenId", "GetCallerIdentity", INVALID_TOKEN),
        "wait a few seconds",
        "until aws sts get-caller-identity",
        "deleted",
    ),
    "a program of IMDSv1": (
        "You haven't specified the aws route53 api key id and and api key secret yet.\n# metadata: HttpTokens=required",
        "supports only IMDSv1",
        "MetadataOptions.HttpTokens]'  # keep it required",
        "--http-tokens optional",
    ),
    "a pod of one hop": (
        "kops, controller on workers, no service account role: NoCredentialProviders: no valid providers in chain\n"
        "metadata: tokens required, hop limit 1",
        "does not reach a container",
        "--http-put-response-hop-limit 2",
        "supports only IMDSv1",
    ),
    "GitHub's action without a token": (
        "##[error]Credentials could not be loaded, please check your action inputs: Could not load credentials from "
        "any providers\nthe trust policy's Action is sts:AssumeRoleWithWebIdentity",
        "AWS was not called",
        "id-token: write",
        "did not accept",
    ),
    "Pod Identity and an old SDK for Java": (
        "SdkClientException: The full URI (http://169.254.170.23/v1/credentials) contained within environment variable "
        "AWS_CONTAINER_CREDENTIALS_FULL_URI has an invalid host.",
        "too old to accept the EKS Pod Identity agent",
        "kubectl get pod",
        "HTTPS",
    ),
    "a CodeArtifact token": (
        "ERROR: HTTP error 401 while getting https://aws:****@d-111122223333.d.codeartifact.eu-west-1.amazonaws.com/x",
        "CodeArtifact",
        "codeartifact login",
        "chronyc",
    ),
    "a login to ECR that it does not accept": (
        f"login attempt to https://{REGISTRY}/v2/ failed with status: 400 Bad Request",
        "did not accept the login",
        "get-login-password",
        "chronyc",
    ),
    "a session that may not call IAM": (
        f"Error: creating IAM Role (web): InvalidClientTokenId: {INVALID_TOKEN}",
        "a session that cannot call IAM (GetSessionToken without MFA",
        "aws sts get-caller-identity",
        "chronyc",
    ),
    # name: text, words of the verdict, words of the fix, words that must be in neither
    "a presigned URL": (
        "<Error><Code>AccessDenied</Code><Message>Request has expired</Message><X-Amz-Expires>900</X-Amz-Expires>"
        "<Expires>2026-11-29T01:00:00Z</Expires></Error>",
        "presigned URL has expired",
        "aws s3 presign",
        "chronyc",
    ),
    "a presigned URL of the older kind": (
        "AccessDenied: Request has expired, https://b.s3.amazonaws.com/k?AWSAccessKeyId=X&Expires=1764390000&Signature=s",
        "presigned URL has expired",
        "aws s3 presign",
        "sso login",
    ),
    "docker's login": (
        f"denied: Your authorization token has expired. Reauthenticate and try again. {REGISTRY}/web",
        "Docker is not logged in",
        f"get-login-password --region eu-west-1 | docker login --username AWS --password-stdin {REGISTRY}",
        "aws sso login",
    ),
    "placeholder keys for an emulator": (
        f"UnrecognizedClientException: {INVALID_TOKEN}\nnew DynamoDBClient({{credentials: {{accessKeyId: 'dummy', "
        "secretAccessKey: 'dummy'}}})\namazon/dynamodb-local  0.0.0.0:8001->8000/tcp",
        "the call went to AWS, not to DynamoDB local",
        "AWS_ENDPOINT_URL=http://localhost:8001",
        "aws sso login",
    ),
    "a profile for an emulator": (
        f"(InvalidClientTokenId) when calling the ListQueues operation: {INVALID_TOKEN}\n[profile localstack]\n"
        "aws_access_key_id = test\naws_secret_access_key = test",
        "the call went to AWS, not to LocalStack",
        "--endpoint-url http://localhost:4566",
        "aws sso login",
    ),
    "placeholder keys of a test": (
        f"(InvalidClientTokenId) when calling the CreateTopic operation: {INVALID_TOKEN}\nAWS_ACCESS_KEY_ID=testing",
        "testing in the text is a placeholder",
        "AWS_ENDPOINT_URL",
        "localhost",
    ),
    "a call that works with an emulator": (
        f"(InvalidClientTokenId) when calling the ListQueues operation: {INVALID_TOKEN}\nIt works with LocalStack.",
        "AWS does not accept the access key as it was sent",
        "aws sts get-caller-identity",
        "localhost",
    ),
    "docker with a credential helper": (
        f'{{"credsStore": "ecr-login"}}\n$ docker pull {REGISTRY}/web:2\nError response from daemon: Head '
        f'"https://{REGISTRY}/v2/web/manifests/2": no basic auth credentials',
        "Docker got no password from the ECR credential helper",
        f"echo {REGISTRY} | docker-credential-ecr-login get",
        "docker login --username",
    ),
    "a credential helper on a build agent": (
        f"agent 4: docker-credential-ecr-login in /usr/bin. denied: no basic auth credentials for {REGISTRY}/web",
        "Check that Docker calls the helper",
        "~/.docker/config.json",
        "docker login --username",
    ),
    "a credential helper of former times": (
        f"We removed amazon-ecr-credential-helper in May.\nfailed to push {REGISTRY}/web: no basic auth credentials",
        "Docker is not logged in",
        "docker login --username",
        "docker-credential-ecr-login get",
    ),
    "a node without a login": (
        f'Failed to pull image "{REGISTRY}/web:2": failed to authorize: no basic auth credentials (ImagePullBackOff)',
        "The node sent no login to ECR",
        "kubelet",
        "docker login --username",
    ),
    "docker without a login": (
        f"failed to push {REGISTRY}/web: no basic auth credentials",
        "Docker is not logged in",
        "docker login",
        "aws sso login",
    ),
    "a push to the public registry": (
        f"docker push public.ecr.aws/k8f2m1z7/tool:2\ndenied: Your authorization token has expired. {REGISTRY}",
        "is not valid for public.ecr.aws",
        "aws ecr-public get-login-password --region us-east-1",
        "aws sso login",
    ),
    "a pull from the public registry": (
        "podman pull public.ecr.aws/docker/library/busybox:1\nError: denied: Your authorization token has expired.",
        "is not valid for public.ecr.aws",
        "aws ecr-public get-login-password --region us-east-1",
        "aws sso login",
    ),
    "a push after a public base image": (
        f"FROM public.ecr.aws/docker/library/busybox:1\n$ docker push {REGISTRY}/web\nno basic auth credentials",
        "Docker is not logged in",
        "docker login",
        "ecr-public get-login-password",
    ),
    "a role that the service cannot use yet": (
        "CreateDeliveryStream, InvalidArgumentException: The security token included in the request is invalid. Ensure "
        "that the provided IAM role associated with firehose is not deleted.",
        "The service cannot use the role",
        "aws iam get-role",
        "aws sts get-caller-identity",
    ),
    "a package manager": (
        "npm ERR! 401 Unauthorized - GET https://shop-111122223333.d.codeartifact.eu-west-1.amazonaws.com/npm/r/x - "
        "authorization token has expired",
        "CodeArtifact",
        "aws codeartifact login",
        "docker",
    ),
    "an application's user": (
        '{"message":"The incoming token has expired"}',
        "user pool",
        "cognito-idp",
        "aws sso login",
    ),
    "an opt-in Region": (
        "aws sts get-caller-identity --region ap-east-1\n"
        + cli("InvalidClientTokenId", "GetCallerIdentity", INVALID_TOKEN),
        "ap-east-1 is disabled until",
        "get-region-opt-status --region-name ap-east-1",
        "aws configure\n",
    ),
    "an opt-in Region of EC2": (
        "me-south-1: "
        + cli("AuthFailure", "DescribeInstances", "AWS was not able to validate the provided access credentials"),
        "me-south-1 is disabled until",
        "enable-region --region-name me-south-1",
        "aws configure\n",
    ),
    "another partition": (
        f"sts.cn-north-1.amazonaws.com.cn {cli('InvalidClientTokenId', 'GetCallerIdentity', INVALID_TOKEN)}",
        "in a separate partition",
        "aws configure list",
        "enable-region",
    ),
    "a SAML signature": (
        cli("InvalidIdentityToken", "AssumeRoleWithSAML", "Response signature invalid"),
        "metadata",
        "update-saml-provider",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
    ),
    "a SAML response that is too old": (
        cli("ExpiredTokenException", "AssumeRoleWithSAML", "Token must be redeemed within 5 minutes of issuance"),
        "SAML response was too old",
        "date -u",
        "aws sso login",
    ),
    "an identity token": (
        cli(
            "ExpiredTokenException", "AssumeRoleWithWebIdentity", "Token expired: current date/time 1 must be before 0"
        ),
        "identity token in the call has expired",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "aws sso login",
    ),
    "a time zone": (
        cli(
            "SignatureDoesNotMatch",
            "ListUsers",
            "Signature not yet current: 20261129T060001Z is still later than 20261129T051500Z (20261129T050000Z + 15 "
            "min.)",
        ),
        "1 hour ahead of AWS's clock",
        "timedatectl",
        "chronyc",
    ),
    "a time zone to the west": (
        "<Code>RequestTimeTooSkewed</Code><RequestTime>20261129T000500Z</RequestTime>"
        "<ServerTime>2026-11-29T05:05:02Z</ServerTime>",
        "5 hours behind AWS's clock",
        "timedatectl",
        "chronyc",
    ),
    "a clock": (
        cli(
            "SignatureDoesNotMatch",
            "ListUsers",
            "Signature expired: 20261129T044200Z is now earlier than 20261129T045500Z (20261129T050000Z - 5 min.)",
        ),
        "18 min behind AWS's clock",
        "chronyc",
        "time zone",
    ),
    "EC2's request that expired": (
        cli("RequestExpired", "DescribeInstances", "Request has expired."),
        "Often the session has expired",
        "unset AWS_ACCESS_KEY_ID",
        "presign",
    ),
    "a session that ended during a run": (
        "aws sts assume-role --role-arn $R --duration-seconds 900\nThe first tests pass, later ones fail:\n"
        + cli("UnrecognizedClientException", "GetAuthorizationToken", INVALID_TOKEN),
        "the session has expired (the text asks for 900 seconds)",
        "MaxSessionDuration",
        "mistyped",
    ),
    "a job's session of OIDC": (
        "uses: aws-actions/configure-aws-credentials@v4\n"
        + cli("ExpiredToken", "PutObject", "The provided token has expired."),
        "session that the job obtained through OIDC has expired",
        "MaxSessionDuration",
        "sso login",
    ),
    "the variables of EKS Pod Identity": (
        "pod identity association is there, AWS_CONTAINER_CREDENTIALS_FULL_URI is set in the pod\nUnable to load "
        "credentials from any of the providers in the chain "
        "AwsCredentialsProviderChain(ContainerCredentialsProvider())",
        "the SDK is too old for Pod Identity",
        "the program's version",
        "aws configure",
    ),
    "KEDA's operator": (
        "keda-operator: operation error SQS: GetQueueAttributes, get credentials: failed to refresh cached "
        "credentials, "
        "no EC2 IMDS role found, operation error ec2imds: GetMetadata, dial tcp 169.254.169.254:80: i/o timeout",
        "KEDA's operator, not the workload's pod, reads the metric",
        "keda-operator",
        "hop limit",
    ),
    "a pod that is on no instance": (
        "bare-metal kubernetes, the pod's service account is annotated: failed to refresh cached credentials, no EC2 "
        "IMDS role found, operation error ec2imds: GetMetadata",
        "which does not exist here",
        "get serviceaccount",
        "hop limit",
    ),
    "the SDK for Java 1 without its module for STS": (
        "It cannot assume the role, and takes that of the node: WebIdentityTokenCredentialsProvider: To use assume "
        "role "
        "profiles the aws-java-sdk-sts module must be on the class path.",
        "lacks its module aws-java-sdk-sts",
        "com.amazonaws:aws-java-sdk-sts",
        "software.amazon.awssdk",
    ),
    "Fluent Bit without credentials": (
        "[error] [aws_credentials] Could not read shared credentials file /root/.aws/credentials\n[error] [signv4] "
        "Provider "
        "returned no credentials, service=logs",
        "No usable credentials were found",
        "aws configure list",
        "logs:PutLogEvents",
    ),
    "a pod with IRSA that does not renew": (
        "IRSA; for about an hour after the start of the pod uploads work, then S3 answers ExpiredToken until a restart",
        "the program did not assume the role again",
        "kubectl rollout restart",
        "aws sso login",
    ),
    "a pod with a web identity's file that does not renew": (
        "env AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/secrets/eks.amazonaws.com/serviceaccount/token\n"
        + cli("ExpiredTokenException", "PutRecord", "The security token included in the request is expired"),
        "the program did not assume the role again",
        "kubectl rollout restart",
        "aws sso login",
    ),
    "an annotated service account and an expired token": (
        "eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/app\napi error ExpiredToken: The provided token "
        "has expired.",
        "the program did not assume the role again",
        "kubectl rollout restart",
        "aws sso login",
    ),
    "an expired session": (
        cli("ExpiredToken", "ListBuckets", "The provided token has expired."),
        "temporary credentials have expired",
        "sso login",
        "presign",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_who_speaks_decides(name: str, demo: OpenedAccount) -> None:
    text, words, fix, never = CASES[name]
    failure = read_text(text)[0]
    alone, there = collect_offline(failure), collect(failure, demo)
    assert words in alone.verdict.summary
    said = (alone.verdict.cause, alone.verdict.confidence, alone.verdict.summary)
    assert said == (there.verdict.cause, there.verdict.confidence, there.verdict.summary)
    assert [(each.title, each.text) for each in alone.fixes] == [(each.title, each.text) for each in there.fixes]
    assert alone.verdict.cause == "credentials.invalid"
    assert fix in alone.fixes[0].text
    everything = " ".join((alone.verdict.summary, *(each.text for each in alone.fixes), *map(str, alone.first_look)))
    assert never not in everything


def test_a_lambda_function_whose_role_was_made_anew_has_no_wrong_credentials() -> None:
    text = (
        "Lambda was unable to decrypt the environment variables because KMS access was denied. KMS Exception: "
        "UnrecognizedClientException KMS Message: The security token included in the request is invalid."
    )
    answer = collect_offline(read_text(text)[0])
    assert answer.verdict.summary.startswith(
        "Set the function's execution role to another role, and then back to the current role."
    )
    assert "--role OTHER_ROLE_ARN" in answer.fixes[0].text


@pytest.mark.parametrize("region", ["ap-east-1", "cn-north-1"])
def test_a_region_that_may_be_off_is_never_certain(region: str, demo: OpenedAccount) -> None:
    failure = read_text(f"{region}: {cli('UnrecognizedClientException', 'ListFunctions', INVALID_TOKEN)}")[0]
    assert collect(failure, demo).verdict.confidence is Confidence.LIKELY


@pytest.mark.parametrize("row", [each for each in FAULTS if each.ground.sure], ids=lambda row: row.title[:40])
def test_a_list_of_reasons_is_never_certain(row: CredentialFault) -> None:
    assert not re.search(r", or |\bor (?:is|the|that|an?)\b|\beither\b|most likely", row.sentence)


@pytest.mark.parametrize(
    "message",
    [
        "User 111122223333 cannot act on behalf of 444455556666",
        "You do not have permission to access the specified resource.",
    ],
)
def test_what_ec2_calls_an_auth_failure_may_be_either(message: str, demo: OpenedAccount) -> None:
    failure = read_text(cli("AuthFailure", "CreateVpcPeeringConnection", message))[0]
    for found in (collect_offline(failure), collect(failure, demo)):
        assert (found.verdict.cause, found.verdict.confidence) == ("unreadable", Confidence.UNKNOWN)
        assert "is not allowed to use a resource in the call" in found.verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "AuthFailure.ServiceLinkedRoleCreationNotPermitted: The provided credentials do not have permission to create "
        "the service-linked role for EC2 Spot Instances.",
        "api error AuthFailure.ServiceLinkedRoleCreationNotPermitted: no permission to create the service-linked role",
        cli(
            "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
            "RequestSpotInstances",
            "The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances.",
        ),
    ],
)
def test_a_service_linked_role_that_may_not_be_made_is_a_question_of_permissions(text: str) -> None:
    failure = read_text(text)[0]
    assert isinstance(failure, Denial)
    assert failure.action == "iam:CreateServiceLinkedRole"
    assert collect_offline(failure).verdict.cause != "credentials.invalid"


@pytest.mark.parametrize(
    "text",
    [
        "Signature not yet current: 20260405T030512Z is still later than 20260405T025009Z (20260405T024509Z + 5 min.)",
        "RequestTimeTooSkewed <RequestTime>20260405T031000Z</RequestTime> <ServerTime>20260405T024509Z</ServerTime>",
        "InvalidSignatureException: Signature not yet current",
    ],
)
def test_a_request_ahead_of_the_time_did_not_wait(text: str) -> None:
    (failure,) = read_text(text)
    diagnosis = collect_offline(failure)
    said = " ".join((diagnosis.verdict.summary, *(look.cause for look in diagnosis.first_look)))
    assert "fast" in said
    assert "after it was signed" not in said


def test_a_request_behind_the_time_may_have_waited() -> None:
    (failure,) = read_text(
        "Signature expired: 20260405T024512Z is now earlier than 20260405T030009Z (20260405T031509Z - 15 min.)"
    )
    assert "long after it was signed" in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("InvalidClientTokenId: The security token included in the request is invalid.\n$ env | grep AWS\n"
         "AWS_ACCESS_KEY_ID=ASIAEXAMPLE\nAWS_SECRET_ACCESS_KEY=****", "shows no session token"),
        ("An error occurred (UnauthorizedException) when calling the GetRoleCredentials operation: Session token not "
         "found or invalid", "run aws sso login with this profile"),
        ("argocd: ComparisonError: helm pull oci://222233334444.dkr.ecr.eu-west-1.amazonaws.com/c failed: denied: Your "
         "authorization token has expired. Reauthenticate and try again.", "The stored ECR token"),
        ("$ aws sts assume-role --role-arn arn:aws:iam::222233334444:role/b --role-session-name s\n...\nAn error "
         "occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired.",
         "ends after one hour unless"),
        ('A Profile was specified along with the environment variables "AWS_ACCESS_KEY_ID" and "AWS_SECRET_ACCESS_KEY".'
         " The Profile is now used instead of the environment variable credentials.\n\nAWS Error: failed to refresh "
         "cached credentials, no EC2 IMDS role found", "If you unset the profile, Terraform uses the keys"),
        ("MetadataRetrievalError: Error retrieving metadata: Unable to retrieve token for use in IMDSv2 call and IMDSv1"
         " has been disabled", "raise the instance's hop limit to 2"),
        ("CredentialsProviderError: Profile admin requires multi-factor authentication, but no MFA code callback was "
         "provided.", "this program does not ask for a code"),
        ("CredentialsProviderError: Detected a cycle attempting to resolve credentials for profile prod. Profiles "
         "visited: prod, base", "The profiles form a circle,"),
        ("URL: PUT https://vault:8200/v1/auth/aws/login\nCode: 400. Errors:\n\n* error making upstream request: "
         "received error code 403 from STS: <Error><Code>SignatureDoesNotMatch</Code><Message>Credential should be "
         "scoped to a valid region. </Message></Error>", "both must name the same Region"),
    ],
)  # fmt: skip
def test_credentials_are_explained_by_what_the_text_shows(text: str, said: str) -> None:
    (failure,) = read_text(text)
    assert said in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("git: credentials not found for https://git.shop.example/x", "unreadable"),
        ("error: credentials not found for s3.eu-west-1.amazonaws.com", "credentials.invalid"),
    ],
)
def test_credentials_of_another_program_are_not_aws(text: str, cause: str) -> None:
    assert collect_offline(read_text(text)[0]).verdict.cause == cause


def test_a_stored_token_is_ecrs_only_where_the_text_names_ecr() -> None:
    (failure,) = read_text("the flux chart, docker daemon: no basic auth credentials")
    assert "The stored ECR token" not in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "gpg: signing failed: signature expired",
        "The certificate is not yet current: clock skew on host db1 is 3 s",
        "ERROR: IncompleteSignature: GPG signature of package incomplete",
        "Error: Request has expired (Azure SAS token) AuthenticationFailed",
        "ExpiredToken: The access token expired (SharePoint Graph API)",
    ],
)
def test_what_another_system_says_of_its_own_credentials_is_not_certain(text: str) -> None:
    for failure in read_text(text):
        assert collect_offline(failure).verdict.confidence is not Confidence.CERTAIN


IMDS = "curl -w '%{http_code}' http://169.254.169.254/latest/meta-data/iam/security-credentials/\n401"
PORTAL = (
    "[default]\naws_access_key_id = ASIAEXAMPLE4RTHW2QK\naws_secret_access_key = ****\n"
    f"{cli('InvalidAccessKeyId', 'ListObjectsV2', 'The AWS Access Key Id you provided does not exist in our records.')}"
)
RECOGNIZED_BY_ITS_SPEAKER = [
    # text, what the answer says, what it does not
    (cli("InvalidClientTokenId", "CreateInvalidation", INVALID_TOKEN) + "\nrole arn:aws:iam::111122223333:role/docs",
     "access key as it was sent", "cannot call IAM"),
    (cli("InvalidClientTokenId", "GetUserPool", INVALID_TOKEN), "access key as it was sent", "cannot call IAM"),
    (cli("InvalidClientTokenId", "GetUser", INVALID_TOKEN), "cannot call IAM", "chronyc"),
    (IMDS, "X-aws-ec2-metadata-token", "aws configure"),
    ('Get "https://harbor.example/v2/": no basic auth credentials', "", "ECR"),
    ("go run main.go: no EC2 IMDS role found, operation error ec2imds: GetMetadata, request canceled", "Outside EC2",
     "service account"),
    ("pod web: no EC2 IMDS role found, operation error ec2imds: GetMetadata, request canceled", "service account",
     "Outside EC2"),
    ("we also use ap-east-1\n$ aws dynamodb list-tables --region eu-west-1\n"
     + cli("UnrecognizedClientException", "ListTables", INVALID_TOKEN), "access key as it was sent", "ap-east-1 is"),
    ("the China team asks, region us-east-1\n" + cli("InvalidClientTokenId", "ListTables", INVALID_TOKEN),
     "access key as it was sent", "cn-north-1"),
    ("cdk, NoCredentials: no credentials have been configured\nThe SSO session is named “My Team”.",
     "No usable credentials", "Sign in again"),
    (PORTAL, "begins with ASIA", "deleted"),
    ('{"message":"Missing Authentication Token"}', "stage, path and method", "aws configure"),
    (cli("InvalidIdentityToken", "AssumeRoleWithWebIdentity", "Missing a required claim: aud."), "CI_JOB_TOKEN is no",
     "from another issuer"),
    (cli("InvalidIdentityToken", "AssumeRoleWithWebIdentity", "Couldn't retrieve verification key from your identity"),
     "could not fetch the issuer's keys", "no claim aud"),
    ("EKS Pod Identity: NoCredentialProviders: no valid providers in chain. Deprecated.", "only from v1.47.11 on",
     "instance profile"),
    ("EC2 instance: NoCredentialProviders: no valid providers in chain. Deprecated.", "instance profile", "1.47.11"),
    ("sts.New(cfg).AssumeRole: 403 MissingAuthenticationToken: Request is missing Authentication Token",
     "has no credentials", "stage, path"),
    ('authorizationType AWS_IAM\n{"message":"Missing Authentication Token"}', "Sign the request with", "stage, path"),
    ('authorizationType NONE\n{"message":"Missing Authentication Token"}', "stage, path and method",
     "Sign the request with"),
    ("Error: Credentials could not be loaded, please check your action inputs: Could not load credentials from any "
     "providers", "id-token: write", "aws configure"),
    ("Bedrock extension, bearer token from my employer: Could not load credentials from any providers",
     "AWS_BEARER_TOKEN_BEDROCK", "aws configure"),
    ("<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>\nmade by lambda links "
     "with ExpiresIn=604800", "session that signed the presigned URL has ended", "aws sso login"),
    ("presigned link fails: <Code>ExpiredToken</Code> The provided token has expired.",
     "session that signed the presigned URL has ended", "aws sso login"),
    ("the presigned URL works\n" + cli("ExpiredToken", "PutObject", "The provided token has expired."), "aws sso login",
     "presigned"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "unsaid"), RECOGNIZED_BY_ITS_SPEAKER)
def test_who_speaks_decides_what_is_said(text: str, said: str, unsaid: str) -> None:
    answer = answer_to(text)
    assert said in answer
    assert unsaid not in answer


ROLE_URL = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"
NO_TOKEN = f"$ curl -s -o /dev/null -w '%{{http_code}}' {ROLE_URL}\n401"
WITH_TOKEN = f'$ curl -H "X-aws-ec2-metadata-token: $TOKEN" {ROLE_URL}'


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (f"$ aws s3 ls\nUnable to locate credentials\n{NO_TOKEN}\n{WITH_TOKEN}\n404", "Attach an instance profile"),
        (f"$ ./app\nNoCredentialProviders: no valid providers in chain\n{WITH_TOKEN}\n <title>404 - Not Found</title>",
         "Attach an instance profile"),
        (f"$ aws s3 ls\nUnable to locate credentials\n{WITH_TOKEN}\napp-role", "No usable credentials"),
        (f"$ aws s3 ls\nUnable to locate credentials\n{WITH_TOKEN}\napp-role\n$ curl https://example.com/x\n404",
         "No usable credentials"),
    ],
)  # fmt: skip
def test_the_answer_of_the_metadata_service_shows_whether_a_profile_is_attached(text: str, first: str) -> None:
    (failure,) = read_text(text)
    assert collect_offline(failure).verdict.summary.startswith(first)


LATE = "Signature expired: 20231201T095742Z is now earlier than 20231201T0957{}Z (20231201T1002{}Z - 5 min.)"
WRONG = "SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided."


@pytest.mark.parametrize(
    ("text", "said", "never"),
    [
        (f"api error InvalidSignatureException: {LATE.format('45', '45')}\nThe clock of the runner is right.",
         "its age is 3 s over the limit of 5 minutes", "chronyc"),
        (f"api error InvalidSignatureException: {LATE.format('50', '50')}\nNTP is in sync on the node.",
         "its age is 8 s over the limit of 5 minutes", "chronyc"),
        (f"api error InvalidSignatureException: {LATE.format('45', '45')}", "Correct the clock", "over the limit of"),
        (f"api error InvalidSignatureException: {LATE.format('45', '45')}\nThe clock is not right.",
         "Correct the clock", "over the limit of"),
        (f"InvalidSignatureException: {LATE.format('59', '59').replace('T095742', 'T095500')}\nThe clock is right.",
         "8 min behind", "over the limit of"),
        (f"Most requests work, a few users get\n{WRONG}", "The keys are right", "enter them again"),
        (f"now and then:\n{WRONG}", "The keys are right", "enter them again"),
        (f"all uploads fail:\n{WRONG}", "The signature does not match the request", "The keys are right"),
    ],
)  # fmt: skip
def test_what_the_text_excludes_is_not_the_cause(text: str, said: str, never: str) -> None:
    answer = collect_offline(read_text(text)[0])
    assert said in answer.verdict.summary
    assert never not in " ".join((answer.verdict.summary, *(each.text for each in answer.fixes)))


def verdict(text: str) -> str:
    (failure,) = read_text(text)
    return collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    "said",
    [
        "The same keys work outside of the sandbox.",
        "With the same credentials it works from my laptop.",
        "On the old host the same key pair works.",
    ],
)
def test_keys_that_work_in_another_place_are_not_wrong(said: str) -> None:
    assert verdict(f"{WRONG}\n{said}").startswith("Most likely something in this place changes the signed request")


@pytest.mark.parametrize(
    "said",
    [
        "The same keys don't work on my laptop either.",
        "Do the same keys work elsewhere?",
        "Other keys work on my laptop.",
    ],
)
def test_keys_that_are_not_known_to_work_elsewhere_may_be_wrong(said: str) -> None:
    assert "work in another place" not in verdict(f"{WRONG}\n{said}")


NO_INPUTS = (
    "Error: Credentials could not be loaded, please check your action inputs: Could not load credentials from any "
    "providers"
)


@pytest.mark.parametrize(
    "said",
    ["only the pull requests opened by Dependabot are red", "github.actor: dependabot[bot]", "all dependabot PRs fail"],
)
def test_a_run_of_dependabot_has_no_actions_secrets(said: str) -> None:
    assert verdict(f"{said}\n{NO_INPUTS}").startswith("A workflow that Dependabot starts gets no Actions secrets")


@pytest.mark.parametrize("said", ["dependabot updated the action last week", "dependabot PRs pass, main fails"])
def test_a_run_that_dependabot_did_not_start_has_secrets(said: str) -> None:
    assert "Dependabot" not in verdict(f"{said}\n{NO_INPUTS}")


NOT_A_KEY = "An error occurred (InvalidClientTokenId) when calling the ListTopics operation: " + INVALID_TOKEN
OVER = "An error occurred (ExpiredTokenException) when calling the StartQueryExecution operation: The token expired."
SCOPE = "InvalidSignatureException: Credential should be scoped to a valid region."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The config profile () could not be found", "The name of the profile is empty"),
        ("failed to get shared config profile, ", "The name of the profile is empty"),
        ("The config profile (ci) could not be found", "The profile is not in the AWS configuration"),
        ("The config profile (ci) could not be found\n$ echo $AWS_PROFILE\nci\n", "The variable AWS_PROFILE names"),
        ("The config profile (ci) could not be found\nAWS_PROFILE=ci\n", "The variable AWS_PROFILE names"),
        ("Unable to locate credentials\nAWS_ACCESS_KEY_ID=minio\nAWS_SECRET_ACCESS_KEY=\n", "KEY is empty, so"),
        ("The config profile (ci) could not be found\nAWS_PROFILE=other\n", "The profile is not in the AWS"),
        (f"@aws-sdk/client-cloudfront-keyvaluestore\n{SCOPE}", "signed with SigV4a"),
        (f"GET https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a\n{SCOPE}", "signed with SigV4a"),
        (f"GET https://sqs.eu-west-1.amazonaws.com/\n{SCOPE}", "Region in the signature differs from"),
        (f"Now and then the test fails with this:\n{NOT_A_KEY}", "The call fails only now and then"),
        (f"It fails sometimes, right after the key was made.\n{NOT_A_KEY}", "The call fails only now and then"),
        (f"It fails every time.\n{NOT_A_KEY}", "AWS does not accept the access key"),
        (f"Does it fail sometimes?\n{NOT_A_KEY}", "AWS does not accept the access key"),
        (
            f"The adapter says that it renews its session. Some jobs fail, others succeed.\n{OVER}",
            "clients that it created",
        ),
        (f"The session is refreshed each half hour; other threads work.\n{OVER}", "clients that it created"),
        (f"The program renews its session.\n{OVER}", "have expired"),
    ],
)
def test_the_words_beside_a_refused_key_decide(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary


EXPIRED = "The security token included in the request is expired."
KEPT = "Reload or restart the program: most likely it still uses its expired temporary credentials"
OVERRIDDEN = "The sign-in was renewed, but most likely the program does not use it"
ENDED = "The temporary credentials have expired: permissions are not the cause."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"DBeaver: {EXPIRED}\nI logged in again with aws sso login, it still fails.", KEPT),
        (f"VS Code AWS Toolkit: {EXPIRED}\nre-ran aws sso login, no change, restarting VS Code helps", KEPT),
        (f"notebook: {cli('ExpiredToken', 'GetObject', EXPIRED)}\nsigned in again, the kernel keeps failing", KEPT),
        (f"$ terraform plan\napi error ExpiredToken: {EXPIRED}\nsigned in again, still the same", OVERRIDDEN),
        (f"$ aws s3 ls\n{cli('ExpiredToken', 'ListBuckets', EXPIRED)}\nrefreshed the session, no effect", OVERRIDDEN),
        (f"DBeaver: {EXPIRED}\nWhat do I have to do?", ENDED),
        (f"VS Code AWS Toolkit: {EXPIRED}\nDo I have to log in again?", ENDED),
    ],
)  # fmt: skip
def test_a_renewed_sign_in_is_not_the_advice_again(text: str, said: str) -> None:
    assert collect_offline(read_text(text)[0]).verdict.summary.startswith(said)


OFF = "STS is not activated in this region for account:111122223333. Your account administrator can activate STS."


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ("eu-west-3", "STS is turned off in eu-west-3"),
        ("us-west-1", "STS is turned off in us-west-1"),
        ("ap-northeast-2", "STS is turned off in ap-northeast-2"),
        ("eu-south-1", "STS is not enabled in this Region"),
        ("", "STS is not enabled in this Region"),
    ],
)
def test_sts_may_be_off_in_a_region_that_is_always_on(region: str, said: str) -> None:
    text = f"AWS_REGION={region}\n{cli('RegionDisabledException', 'AssumeRole', OFF)}"
    diagnosis = collect_offline(read_text(text)[0])
    assert diagnosis.verdict.summary.startswith(said)
    assert any("enable-region" in str(fix.change) for fix in diagnosis.fixes) == ("turned off" not in said)


NO_KEYS = (
    "PHP Fatal error:  Uncaught Aws\\Exception\\CredentialsException: Error retrieving credentials from the instance "
    "profile metadata service. (cURL error 28: Connection timed out after 1001 milliseconds)\n"
)


@pytest.mark.parametrize(
    ("beside", "cached"),
    [
        ("deploy.sh runs php artisan config:cache\n", True),
        ("the image was built with `php artisan optimize`, .env has AWS_ACCESS_KEY_ID\n", True),
        ("php artisan optimize:clear\n", False),
        ("php-fpm on Debian\n", False),
    ],
)
def test_a_cached_configuration_of_laravel_hides_the_keys(beside: str, cached: bool) -> None:
    (failure,) = read_text(NO_KEYS + beside)
    assert ("config:cache" in collect_offline(failure).verdict.summary) is cached


@pytest.mark.parametrize("between", ["\\n", "\n", " "])
def test_a_key_id_with_a_line_break_is_no_missing_signature(between: str) -> None:
    text = (
        "An error occurred (IncompleteSignature) when calling the GetCallerIdentity operation: "
        f"'AKIAEXAMPLEKEYID0001{between}/20261118/us-east-1/sts/aws4_request' not a valid key=value pair (missing "
        "equal-sign) in Authorization header"
    )
    said = collect_offline(read_text(text)[0]).verdict.summary
    assert "a space or a line break" in said


@pytest.mark.parametrize(
    ("exporter", "sender"),
    [("prometheusremotewrite", "The collector sends"), ("remote_write", "Add sigv4")],
)
def test_whoever_sends_samples_without_a_signature_is_named(exporter: str, sender: str) -> None:
    text = (
        f"{exporter} https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write: HTTP status "
        f"403 "
        'Forbidden: {"message":"Missing Authentication Token"}'
    )
    assert answer_to(text).startswith(sender)


PUSH = "checking push permission: POST https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/a: 401 Unauthorized\n"


@pytest.mark.parametrize(
    ("said", "kaniko"),
    [
        ("/kaniko/executor --destination x", True),
        ("gcr.io/kaniko-project/executor:v1.23", True),
        ('/kaniko/.docker/config.json {"credsStore": "ecr-login"}', False),
        ("docker push", False),
    ],
)
def test_kaniko_without_a_helper_sends_no_login(said: str, kaniko: bool) -> None:
    assert ("kaniko sent ECR no login" in answer_to(f"{PUSH}{said}")) is kaniko


@pytest.mark.parametrize(("token", "missing"), [("\n  aws_token='***'", False), ("", True)])
def test_a_masked_token_is_a_token(token: str, missing: bool) -> None:
    text = (
        f"COPY INTO x FROM 's3://a/' credentials=(\n  aws_key_id='ASIA2EXAMPLE7QHN42OC'\n aws_secret_key='***'{token})"
        "\n"
        "<Error><Code>InvalidAccessKeyId</Code><Message>The AWS Access Key Id you provided does not exist in our "
        "records.</Message><AWSAccessKeyId>ASIA2EXAMPLE7QHN42OC</AWSAccessKeyId></Error>"
    )
    assert ("shows no session token" in collect_offline(read_text(text)[0]).verdict.summary) is missing
