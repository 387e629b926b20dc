"""Texts with the words of a failure that they do not have: another program's, another service's, or a mention."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial, OtherFailure, Trouble
from diagnostics.text.causes.find_causes import first_look
from diagnostics.text.read.messages.service_sentences import sentence_in

IMDS = (
    "operation error S3: ListBuckets, get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS "
    "role found, operation error ec2imds: GetMetadata, failed to get rate limit token, retry quota exceeded, 0 "
    "available, 5 requested"
)
TROUBLES = [
    (IMDS, Trouble.CREDENTIALS),
    ('rsync: write failed on "/mnt/efs/x": Disk quota exceeded (122)', Trouble.UNRECOGNIZED),
    ("Verdict: TimeLimitExceeded on test 7", Trouble.UNRECOGNIZED),
    ("An error occurred (VcpuLimitExceeded) when calling the RunInstances operation: more vCPU", Trouble.QUOTA),
    (
        "Status Reason: You have requested more vCPU capacity than your current vCPU limit of 16 allows.\n"
        'chat: "the role has no ec2:RunInstances"',
        Trouble.QUOTA,
    ),
    ("api error VpcLimitExceeded: The maximum number of VPCs has been reached.", Trouble.QUOTA),
    ("Waited for 1.04s due to client-side throttling, not priority and fairness", Trouble.UNRECOGNIZED),
    ("container_cpu_cfs_throttled_periods_total, then HTTP probe failed", Trouble.UNRECOGNIZED),
    ("HTTP 429 TooManyRequests from https://api.example.net/v1/charges", Trouble.UNRECOGNIZED),
    ("java.util.ConcurrentModificationException\n\tat com.acme.Poller.run(Poller.java:55)", Trouble.UNRECOGNIZED),
    ("ConcurrentModificationException: Please retry", Trouble.CONCURRENT),
    ("Cannot delete entity Customer: referenced by Order", Trouble.UNRECOGNIZED),
    ("Could not load the default credentials of the mail relay", Trouble.UNRECOGNIZED),
    ("JWT rejected: token is expired by 5m3s, user=alice", Trouble.UNRECOGNIZED),
    ("npm ERR! need auth: No credentials found for https://registry.npmjs.org/", Trouble.UNRECOGNIZED),
    ("cryptography.fernet.InvalidToken", Trouble.UNRECOGNIZED),
    ("imap: AuthFailure: invalid login of user@example.org", Trouble.UNRECOGNIZED),
    ("nginx: certificate not yet current", Trouble.UNRECOGNIZED),
    ("Our SSO Token service returned 500", Trouble.UNRECOGNIZED),
    ("boto3: Unable to locate credentials", Trouble.CREDENTIALS),
    (
        'EC2RoleRequestError: no EC2 instance role found\ncaused by: Get "http://169.254.169.254/latest": dial tcp '
        "169.254.169.254:80: i/o timeout",
        Trouble.CREDENTIALS,
    ),
]


@pytest.mark.parametrize(("text", "trouble"), TROUBLES)
def test_words_alone_are_no_failure(text: str, trouble: Trouble) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
    assert failure.trouble is trouble


S3_REFUSED = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
CLUSTER = "Error from server (Forbidden): error when creating x: "
SYSTEMS = [
    ("gitlab: SSL certificate problem: unable to get local issuer certificate", "the certificate of the server"),
    ("server at db.x.eu-west-1.rds.amazonaws.com: SSL error: certificate verify failed", "the database's certificate"),
    ("Error: getaddrinfo ENOTFOUND redis-master", "the name of the server"),
    ("dial tcp 10.0.3.7:443: i/o timeout", "the network to the server that was called"),
    (f'{CLUSTER}pods "web-1" is forbidden: exceeded quota: team-quota', "a rule of the namespace"),
    (f'{CLUSTER}pods "dbg" is forbidden: violates PodSecurity "restricted:latest"', "a rule of the namespace"),
    (f'{CLUSTER}admission webhook "v.kyverno" denied the request: no label', "the cluster's admission webhook"),
    ("SQLSTATE[HY000] [2002] Connection refused", None),
    ("SQL compilation error: error line 1 at position 7 invalid identifier 'FOO'", None),
    ("redis.exceptions.AuthenticationError: NOAUTH Authentication required.", "the cache's own sign-in"),
    ("SQLSTATE[28000] [1045] Access denied for user 'app'@'10.0.0.7'", "the database"),
    ("rpc error: code = PermissionDenied desc = PERMISSION_DENIED: collector rejected the tenant", None),
    ("Unable to load https://pkgs.dev.azure.com/acme/index.json: 401 (Unauthorized).", None),
    ("Sorry, you have been blocked. Request blocked by Cloudflare.", None),
    ("org.springframework.security.access.AccessDeniedException: Access is denied", "the application's own rules"),
    ("(ResourceConflictException) when calling the UpdateFunctionCode operation: An update is in progress", None),
    ("(ResourceInUseException) when calling the DeleteCluster operation: Cluster has nodegroups attached", None),
    (
        "(BucketAlreadyExists) when calling the CreateBucket operation: not available",
        "the bucket's name, which is taken",
    ),
    ("FROM public.ecr.aws/docker/library/python\ntoomanyrequests: Rate exceeded", "ECR Public's limit of pulls"),
    *(
        (queue, "the queue's name, Region and account")
        for queue in (
            "panic: fetching queue url, AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist",
            "QueueDoesNotExistException: The specified queue does not exist for this wsdl version.",
            "An error occurred (QueueDoesNotExist) when calling the GetQueueUrl operation: The queue does not exist.",
        )
    ),
    ("the specified queue does not exist in the diagram", None),
]


SYSTEMS += [
    ("* preflight capability check returned 403, please ensure client's policies grant access to path", "Vault"),
    ("HTTP/2 403\nserver: awselb/2.0", "the load balancer"),
    (
        '[error] 7710#7710: *3 open() "/var/www/x" failed (13: Permission denied), client: ::1',
        "the file's mode on the web server",
    ),
]


@pytest.mark.parametrize(("text", "system"), SYSTEMS)
def test_a_system_is_known_by_its_own_sentence(text: str, system: str | None) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
    assert (failure.detail if failure.trouble is Trouble.NOT_IAM else None) == system


@pytest.mark.parametrize(
    "beside",
    [
        "We moved from MinIO to S3 last week.",
        "The bucket is named ceph-archive.",
        "The build downloads https://storage.googleapis.com/golang/go1.22.tgz first.",
        "https://dev.azure.com/acme/shop/_build/results?buildId=88",
        "We have Zscaler on the laptops, nothing is blocked for AWS there.",
    ],
)
def test_a_mention_beside_a_refusal_makes_no_other_system_of_it(beside: str) -> None:
    (failure,) = read_text(f"{beside}\n{S3_REFUSED}")
    assert isinstance(failure, Denial)


def test_a_gateway_of_ceph_is_known_by_its_request_id() -> None:
    text = (
        "S3: ListObjectsV2, StatusCode: 403, RequestID: tx00000b1f7a2c4d91e0f3a-0065e51b27-3a91c0e-default, api error "
    )
    (failure,) = read_text(f"{text}AccessDenied: Unknown")
    assert isinstance(failure, OtherFailure)
    assert failure.detail == "the S3-compatible store"


NO_KEY = "An error occurred ({}) when calling the {} operation: The security token included in the request is invalid."


@pytest.mark.parametrize(
    ("code", "operation", "of_iam"),
    [
        ("InvalidClientTokenId", "CreateInvalidation", False),
        ("InvalidClientTokenId", "ListRoles", True),
        ("UnrecognizedClientException", "ListUsers", False),
    ],
)
def test_only_a_call_of_iam_is_called_so(code: str, operation: str, of_iam: bool) -> None:
    (failure,) = read_text(NO_KEY.format(code, operation))
    assert ("for a call to IAM" in collect_offline(failure).verdict.summary) is of_iam


def test_a_program_without_credentials_is_no_job_of_github() -> None:
    (failure,) = read_text("CredentialsProviderError: Could not load credentials from any providers")
    assert not any("id-token" in each.cause for each in first_look(failure))
    (failure,) = read_text("##[error]Could not load credentials from any providers")
    assert "id-token" in first_look(failure)[0].cause


CONFLICT = "An error occurred (DeleteConflict) when calling the {} operation: Cannot delete entity, must {} first."


@pytest.mark.parametrize(
    ("beside", "call", "what", "cause"),
    [
        ("$ aws iam list-mfa-devices --user-name bo\n", "DeleteUser", "detach all policies", "Managed policies"),
        ('{ "MFADevices": [ { "UserName": "bo" } ] }\n', "DeleteUser", "remove tokens", "an MFA device"),
        ('{ "AttachedPolicies": [] }\n', "DeleteRole", "detach all policies", "still has inline policies"),
    ],
)
def test_what_blocks_a_deletion_is_in_its_sentence_or_in_a_list(beside: str, call: str, what: str, cause: str) -> None:
    (failure,) = read_text(f"{beside}{CONFLICT.format(call, what)}")
    assert cause in first_look(failure)[0].cause


CAUSES = [
    # text, words of a cause that it must not have
    ("Value 'my func' at 'functionName' failed to satisfy constraint: a pattern", "form of name"),
    ("adb: error: device 'emulator-5554' is not connected.", "SSM agent"),
    ("sshd[123]: PAM authentication failed for user root from 10.0.0.3", "rds-db:connect"),
    ("container elasticsearch: fetching cluster metadata timed out, timeout 30s", "hop"),
    ("iceberg.exceptions.NotAuthorizedException: Unauthorized (HTTP/401), the catalog of Nessie", "sigv4"),
    ("[backup] Failed to connect to S3 endpoint: timeout after 30s", "dms.amazonaws.com"),
    ("WRONGPASS invalid username-password pair. ElastiCache with a plain password", "elasticache:Connect"),
    ("The billing service says: access denied for tenant 4711", "root user"),
    ("t4g.micro is not available in this region", "not enabled"),
    ("I checked Lake Formation permissions, all granted. The job ends with 1.", "Lake Formation protects"),
    ("Request is missing Authentication Token from https://sts.amazonaws.com/", "API Gateway does not have"),
    (
        '{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish", "Condition": '
        '{"StringEquals": {"aws:SourceAccount": "111122223333"}}}\n{"Effect": "Allow", "Principal": {"Service": '
        '"events.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*"} of SNS',
        "does not support",
    ),
]


@pytest.mark.parametrize(("text", "words"), CAUSES)
def test_a_topic_is_no_cause(text: str, words: str) -> None:
    for failure in read_text(text):
        assert isinstance(failure, OtherFailure)
        assert not any(words in look.cause for look in first_look(failure))


@pytest.mark.parametrize(
    "text",
    [
        "curl: (6) Could not resolve host: c1.credentials.iot.eu-west-1.amazonaws.com",
        "The deploy role needs s3:PutObject, it has that since March.\nmake: *** [Makefile:12: site] Error 2",
    ],
)
def test_what_nobody_refused_is_no_sentence_of_a_service(text: str) -> None:
    assert sentence_in(text) is None


def test_a_service_is_not_named_by_a_word_of_the_sentence() -> None:
    (denial,) = read_text("After these events the pod cannot assume the role arn:aws:iam::111122223333:role/etl")
    assert isinstance(denial, Denial)
    assert denial.service is None


def test_a_failure_that_is_not_known_is_quoted_and_its_call_can_be_looked_up() -> None:
    text = "role arn:aws:iam::111122223333:role/app\nNo API key found for amazon-bedrock.\nUse /login."
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
    assert "“No API key found for amazon-bedrock”" in collect_offline(failure).verdict.summary
    (look,) = first_look(failure)
    assert look.cause.startswith("If a call to AWS failed")
    assert look.check == "aws sts get-caller-identity"


def test_a_text_without_a_failure_is_given_no_call_to_look_up() -> None:
    for text in (
        "KeyError of our own, in words of nobody: good morning",
        "An error occurred (DryRunOperation) when calling the RunInstances operation: Request would have succeeded",
    ):
        (failure,) = read_text(text)
        assert not any(look.cause.startswith("If a call to AWS failed") for look in first_look(failure))
