"""What a text shows of keys, sessions and machines decides which cause of a rejected key is named."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.texts.answers import answer_to

REFUSED = (
    "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token "
    "included in the request is invalid"
)
USER, SECRET, TOKEN = "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=****\n", "IQoJb3JpZ2luX2VjEXAMPLE"
LEFT_OVER, LEFT_OUT = "Remove the session token", "does not get AWS_SESSION_TOKEN"
SESSION = f"$ env\nAWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\n{SECRET}AWS_SESSION_TOKEN={TOKEN}\n"
EXPIRED = "An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired."
OUTLASTED, KEPT = "The run took longer than the session", "took its role's temporary credentials once"
MIXED = "sends AWS_SESSION_TOKEN from its environment together with the key"
SIGNED, ONLY_V1 = "a signed part of the request, such as the Host header", "The program supports only IMDSv1"
REPLACED = "token of the earlier temporary keys"
WRONG = "An error occurred (SignatureDoesNotMatch) when calling the PutObject operation: The request signature we"
WRONG = f"{WRONG} calculated does not match the signature you provided. Check your key and signing method."
CHECKSUMS, CLOCK = "sends checksums with uploads", "First check the calling machine's clock"
NO_KEYS = "botocore.exceptions.NoCredentialsError: Unable to locate credentials"
NOT_VALID = (
    "An error occurred (AuthFailure) when calling the DescribeInstances operation: AWS was not able to validate the "
    "provided access credentials"
)
CLOCKS = "$ timedatectl\n  Local time: Tue 2026-12-01 07:52:10 UTC\n  Universal time: Tue 2026-12-01 07:52:10 UTC"
EARLY = "Signature expired: 20241008T195522Z is now earlier than 20241008T195940Z (20241008T200440Z - 5 min.)"
LIST = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"
NO_ROLE = "no EC2 IMDS role found, operation error ec2imds: GetMetadata, http response error StatusCode: 404."
IDENTITY = '{"UserId": "AIDAX", "Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/feed"}'
CODEARTIFACT = "401 Error https://d1-111122223333.d.codeartifact.eu-west-1.amazonaws.com/pypi/r/simple/x/"
ONE_HOP = '\n"HttpTokens": "required", "HttpPutResponseHopLimit": 1'
TWO_HOPS = '\n"HttpTokens": "required", "HttpPutResponseHopLimit": 2'
CASES = [
    # A user's key with a session token.
    (f"AWS_ACCESS_KEY_ID={USER}\n{SECRET}AWS_SESSION_TOKEN={TOKEN}\n{REFUSED}", LEFT_OVER, "deleted or inactive"),
    (f"[default]\naws_access_key_id = {USER}\naws_secret_access_key = x\naws_session_token = {TOKEN}\n{REFUSED}",
     LEFT_OVER, "deleted or inactive"),
    (f'- name: AWS_ACCESS_KEY_ID\n  value: "{USER}"\n- name: AWS_SESSION_TOKEN\n  value: "{TOKEN}"\n{REFUSED}',
     LEFT_OVER, "deleted or inactive"),
    (f"AWS_ACCESS_KEY_ID={USER}\n{SECRET}AWS_SESSION_TOKEN=\n{REFUSED}", "", LEFT_OVER),
    (f"[old]\naws_access_key_id = {USER}\n[new]\naws_session_token = {TOKEN}\n{REFUSED}", "", LEFT_OVER),
    (f"docker run -e AWS_ACCESS_KEY_ID={USER} -e AWS_SECRET_ACCESS_KEY=x -e AWS_SESSION_TOKEN job\n{REFUSED}",
     LEFT_OVER, "deleted or inactive"),
    (f"credentials: {{ accessKeyId: '{USER}', secretAccessKey: s, sessionToken: process.env.AWS_SESSION_TOKEN }}\n"
     f"{REFUSED}", LEFT_OVER, "deleted or inactive"),
    # A session's key that a list hands on without its token.
    (f"environment:\n  - AWS_ACCESS_KEY_ID\n  - AWS_SECRET_ACCESS_KEY\n\n{SESSION}{REFUSED}", LEFT_OUT, "mistyped"),
    (f"{SESSION}\n$ docker run -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY job\n{REFUSED}", LEFT_OUT, "mistyped"),
    (f"{SESSION}\nenv:\n  AWS_ACCESS_KEY_ID: ${{{{ env.KEY }}}}\n  AWS_SECRET_ACCESS_KEY: ${{{{ env.S }}}}\n{REFUSED}",
     LEFT_OUT, "mistyped"),
    (f"{SESSION}\n$ docker run -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN job\n{REFUSED}", "",
     LEFT_OUT),
    # Temporary keys of the environment that override a profile.
    (f"AWS_PROFILE=ops\nAWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\n{SECRET}{REFUSED}", "overrides AWS_PROFILE=ops",
     "Start"),
    (f"AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\n{SECRET}{REFUSED}", "no session token", "overrides"),
    (f"AWS_REGION=eu-south-2\nAWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\n{SECRET}{REFUSED}", "no session token", "opt-in"),
    # The same key works in another Region.
    ("$ aws sqs list-queues --region af-south-1\n" + REFUSED.replace("GetCallerIdentity", "ListQueues")
     + '\n$ aws sqs list-queues --region eu-west-1\n{ "QueueUrls": [] }',
     "The key is valid in another Region", "itself is deleted"),
    ("$ aws sqs list-queues --region af-south-1\n" + REFUSED.replace("GetCallerIdentity", "ListQueues"),
     "itself is deleted", "The key is valid in another Region"),
    # A job that outlasts its session, and a program that keeps its role's first credentials.
    (f"Our GitHub Actions build fails after an hour:\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"Jenkins pipeline, long-running integration tests\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"CircleCI: after 75 minutes\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"release failed after 6010.02s\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"A github action that takes longer than 1h says\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"It was running for about 1h40m: terraform apply\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"On my laptop, after an hour:\n{EXPIRED}", "have expired", OUTLASTED),
    (f"In GitHub Actions, the first step says\n{EXPIRED}", "have expired", OUTLASTED),
    (f"EC2 with an instance profile. Every six hours, until we restart the service:\n{EXPIRED}", KEPT, "aws sso login"),
    (f"The task role is fine. Restarting the container helps.\n{EXPIRED}", KEPT, "aws sso login"),
    (f"The job runs about 22 hours. It runs with the ECS task role.\n{EXPIRED}", KEPT, "aws sso login"),
    (f"It runs for 9 hours, and runs on an instance profile.\n{EXPIRED}", KEPT, "aws sso login"),
    (f"It runs for 9 hours with my own keys.\n{EXPIRED}", "have expired", KEPT),
    (f"Instance profile, until a restart. The client refreshes its session\n{EXPIRED}", "have expired", KEPT),
    (f"I restarted my shell, with my own keys\n{EXPIRED}", "have expired", KEPT),
    (f"The instance profile works for the other program.\n{EXPIRED}", "have expired", KEPT),
    (f"DuckDB on ECS, secret of the credential_chain\n{EXPIRED}", "REFRESH auto", "aws sso login"),
    # A user's key that works elsewhere is sent with another session's token.
    (f"We pass the access key of an IAM user; the same two keys work on my laptop.\n{REFUSED}", MIXED, "deleted"),
    (f"A long-term access key; these keys worked in the AWS CLI.\n{REFUSED}", MIXED, "deleted"),
    (f"AKIA… in the plugin's form, no session token. Both keys work locally.\n{EXPIRED}", MIXED, "deleted"),
    (f"We pass the access key of an IAM user.\n{REFUSED}", "deleted", MIXED),
    (f"The same two keys do not work on my laptop, a long-term access key\n{REFUSED}", "deleted", MIXED),
    (f"A long-term access key that works on my laptop, in cn-north-1\n{REFUSED}", "cn-north-1", MIXED),
    # A user's key that takes the place of temporary keys, whose token stays.
    (f"Previously we had STS credentials in [build]. Today I replaced them with the keys of an IAM user.\n{REFUSED}",
     REPLACED, "deleted"),
    (f"I worked with temporary credentials of a role before. Now the long-term key is configured: AKIA….\n{REFUSED}",
     REPLACED, "deleted"),
    (f"We had SSO session keys. Now it is an AKIA key; AWS_SESSION_TOKEN: I have unset AWS_SESSION_TOKEN.\n{REFUSED}",
     "", REPLACED),
    (f"First we used an IAM user's access key (AKIA…). Now we use temporary credentials.\n{REFUSED}", "", REPLACED),
    # Signatures: a new default, one machine's clock.
    (f"since awscli 1.37.4, s3 cp to our MinIO\n{WRONG}", CHECKSUMS, "do not belong together"),
    (f"boto3 went from 1.35 to 1.36.2\n{WRONG}", CHECKSUMS, "do not belong together"),
    (f"aws-cli/2.15.1\n{WRONG}", "does not match the request", CHECKSUMS),
    ("SignatureDoesNotMatch\nOnly on one machine; others are fine.", CLOCK, "do not belong together"),
    ("SignatureDoesNotMatch from the Go SDK, all other servers work", CLOCK, "do not belong together"),
    (f"only on my laptop\n{WRONG}", "does not match the request", CLOCK),
    ("SignatureDoesNotMatch", CLOCK, "do not belong together"),
    ("[kin] put_records failed: InvalidSignatureException", CLOCK, "do not belong together"),
    ("S3 PutObject: SignatureDoesNotMatch", "does not match the request", CLOCK),
    # What may be wrong with a key, likeliest first, and without what the text shows to be right.
    (NOT_VALID, "sent: the machine's clock is wrong, the Region is not enabled", "use valid ones"),
    (REFUSED, "sent: its session token is missing or wrong, the Region is not enabled", "clock is"),
    (f"{CLOCKS}\non my phone it is 07:53 UTC\n{NOT_VALID}", "sent: its session token is missing", "clock is wrong"),
    (f"$ aws sqs list-queues --region eu-west-1\n{REFUSED}", "wrong, or the key is deleted", "Region is not"),
    (f"export AWS_ACCESS_KEY_ID={USER}\n{REFUSED}", "or the key is deleted, inactive or mistyped", "session token"),
    # The Region of another, later command is not that of the failed call.
    (f'provider "aws" {{ region = "ap-east-1" }}\n{NOT_VALID}\n{{ "RegionName": "ap-east-1", "RegionOptStatus": '
     f'"DISABLED" }}\n$ aws sts get-caller-identity --region us-east-1\n{IDENTITY}',
     "ap-east-1 is DISABLED", "clock"),
    (f'$ aws ec2 describe-vpcs --region us-east-1\n{NOT_VALID}\n{{ "RegionName": "ap-east-1", "RegionOptStatus": '
     '"DISABLED" }', "clock is wrong", "ap-east-1 is DISABLED"),
    # Opt-in Regions without a name, and with the keys' kind.
    (f"assumes a role per account; only opt-in regions fail\n{REFUSED}", "regional STS endpoint", "mistyped"),
    (f"The default region is an opt-in region. It is set to assume a role.\n{REFUSED}", "global endpoint", "mistyped"),
    (f"Hong Kong and Bahrain (both opted in), not us-east-1, with assume-role:\n{REFUSED}",
     "regional STS endpoint", "mistyped"),
    (f"an IAM user's key, only in opt-in regions\n{REFUSED}", "account enables the Region", "assumes its role"),
    (f"users are opted in to MFA and assume a role\n{REFUSED}", "mistyped", "global endpoint"),
    (f"we opted in to the beta\n{REFUSED}", "mistyped", "global endpoint"),
    # Two clocks.
    (f"{CLOCKS}\nmy laptop clock says 08:36 UTC\n{NOT_VALID}", "44 min behind the other clock", "mistyped"),
    (f"vm$ date -u -> Mon Nov 30 21:05:11 UTC 2026 ; host$ date -u -> Tue Dec  1 07:40:29 UTC 2026\n{NOT_VALID}",
     "10 h 35 min behind", "mistyped"),
    (f"System time     : 1920.4 seconds fast of NTP time\n{WRONG}", "32 min ahead of", "do not belong together"),
    (f"{CLOCKS}\non my phone it is 07:53 UTC\n{NOT_VALID}", "mistyped", "other clock"),
    (f"{CLOCKS}\nmy watch says 08:52, I am in Paris; clock ok\n{NOT_VALID}", "mistyped", "other clock"),
    (f"System time     : 0.4 seconds fast of NTP time\n{WRONG}", "do not belong together", "other clock"),
    # A date that is changed after signing, and a presigned URL's headers.
    (f"{EARLY}\nI then set x-amz-date myself:\n{WRONG[73:]}", "date is part of what is signed",
     "do not belong together"),
    (EARLY, "9 min behind", "date is part of what is signed"),
    (f"a presigned URL, the browser sends image/jpeg\n{WRONG}", "A presigned URL is valid", "do not belong together"),
    # The metadata service has no role.
    (f"{NO_KEYS}\n$ curl -s {LIST}\n<title>404 - Not Found</title>", "the instance has no role", "hop limit to"),
    (f"{NO_KEYS}\n$ curl -o /dev/null {LIST}\n401\n$ curl -H \"X-aws-ec2-metadata-token: $T\" -w x {LIST}\n404",
     "most likely the instance has no role", ONLY_V1),
    ("no EC2 IMDS role found, operation error ec2imds: GetMetadata, http response error StatusCode: 404, request to "
     "EC2 IMDS failed", "most likely the instance has no role", "hop limit to"),
    ("kubectl logs x: no EC2 IMDS role found, operation error ec2imds: GetMetadata, http response error StatusCode: "
     "404, request to EC2 IMDS failed", "The pod's own role has not taken effect", "hop limit to"),
    (f"{NO_KEYS}\n$ curl -s {LIST}wrong-role\n404", "No usable credentials", "most likely the instance has no role"),
    (f"{NO_KEYS}\n$ curl -s {LIST}\nweb\n$ curl https://example.com\n404", "No usable", "the instance has no role"),
    (f"an agent on an Azure VM. {NO_ROLE}", "it does not run on EC2", "Attach an instance profile"),
    (f"on my laptop: {NO_ROLE}", "it does not run on EC2", "Attach an instance profile"),
    (f"docker on EC2. {NO_ROLE} The instance has the profile web attached.", "", "Attach an instance profile"),
    # A task's role, and a command that another user runs.
    (f"ECS task, taskRoleArn is not set\n{NO_KEYS}", "the credentials of the task role", "hop limit"),
    (f"our Fargate service\n{NO_KEYS}", "the credentials of the task role", "hop limit"),
    ("ECS: CredentialsProviderError: Could not load credentials from any providers", "of the task role", "hop limit"),
    (f"on my laptop\n{NO_KEYS}", "No usable credentials", "the task role"),
    (f"a Lambda function\n{NO_KEYS}", "No usable credentials", "the task role"),
    ('$ aws s3 ls\nUnable to locate credentials. You can configure credentials by running "aws configure".\n'
     f"$ sudo -u root aws sts get-caller-identity\n{IDENTITY}", "No usable credentials", "the same place"),
    (f"{NO_KEYS}\naws sts get-caller-identity works in the same container", "in the same place", "No usable"),
    # A proxy between the program and the server.
    (f"behind nginx\n{WRONG}", SIGNED, "do not belong together"),
    (f"through our load balancer\n{WRONG}", SIGNED, "do not belong together"),
    (f"the ingress ends TLS\n{WRONG}", SIGNED, "do not belong together"),
    (f"from a script\n{WRONG}", "does not match the request", "Host header"),
    (f"boto3 from an ingress-nginx admission job\n{WRONG}", "does not match the request", "Host header"),
    (f"since awscli 1.37.4, s3 cp to MinIO behind nginx\n{WRONG}", CHECKSUMS, "Host header"),
    # Keys beside a role of the place, a token beside a user's key, and an inactive key.
    (f"Lambda; AWS_ACCESS_KEY_ID is set in its configuration\n{REFUSED}", "also names access keys", "mistyped"),
    (f"task role set; credentials: {{ accessKeyId: process.env.X }}\n{REFUSED}", "also names access keys", "mistyped"),
    (f"IRSA pod with AWS_ACCESS_KEY_ID={USER}\n{REFUSED}", "also names access keys", "mistyped"),
    (f"EC2 with an instance profile\n{REFUSED}", "instead of the role's", "mistyped"),
    (f"on my laptop, AWS_ACCESS_KEY_ID={USER}\n{REFUSED}", "mistyped", "also names access keys"),
    (f"I invoke a Lambda with AWS_ACCESS_KEY_ID={USER}\n{REFUSED}", "mistyped", "also names access keys"),
    (f"a Lambda layer\n{REFUSED}", "mistyped", "instead of the role's"),
    (f"[default]\naws_access_key_id = {USER}\naws_session_token = {TOKEN}\n{EXPIRED}", LEFT_OVER, "sso"),
    (f"[default]\naws_access_key_id = ASIAX\naws_session_token = {TOKEN}\n{EXPIRED}", "have expired", LEFT_OVER),
    (f"$ aws iam list-access-keys --user-name ci\nStatus: Inactive\n{REFUSED}", "no longer valid", "mistyped"),
    (f"$ aws iam list-access-keys --user-name ci\nStatus: Active\n{REFUSED}", "mistyped", "no longer valid"),
    (f"Pod Identity; the app caches the client for days\n{EXPIRED}", KEPT, "aws sso login"),
    (f"Jenkins: withAWS around a 3 h step\n{EXPIRED}", OUTLASTED, "aws sso login"),
    # Catalogs that vend credentials.
    (f"Spark, Iceberg, Polaris (credential vending), over an hour\n{EXPIRED}", "catalog handed them out", "aws sso"),
    (f"Unity Catalog vended the credentials\n{EXPIRED}", "catalog handed them out", "aws sso login"),
    (f"Glue catalog, my own keys\n{EXPIRED}", "have expired", "catalog handed them out"),
    # Keys of one partition in another, and the profile of a program or a role.
    (f"aws sqs list-queues --region cn-north-1\n{REFUSED}\naws sts get-caller-identity\n{IDENTITY}",
     "cn-north-1 is in the partition aws-cn, which does not know this key", "mistyped"),
    (f"aws sqs list-queues --region eu-west-1\n{REFUSED}\naws sts get-caller-identity\n{IDENTITY}",
     "", "which does not know this key"),
    (f"[profile cn]\nregion = us-east-1\n[cn]\naws_access_key_id = AKIAX\n# console.amazonaws.cn\n{REFUSED}",
     "profile cn has the Region us-east-1", "itself is deleted"),
    (f'terraform init\nbackend "s3" {{ bucket = "b" profile = "old" }}\n{REFUSED}', "access key of profile old",
     "profile b"),
    ("An error occurred (InvalidClientTokenId) when calling the AssumeRole operation: The security token included in "
     "the request is invalid\n[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = main",
     "access key of profile main", "profile a:"),
    # CodeArtifact's token.
    (f"pip: {CODEARTIFACT}\njob started 02:00, this step 14:31", "12 h 31 min", "or it is older"),
    (f"pip: {CODEARTIFACT}\njob started 02:00, this step 04:31", "or it is older than 12", "12 h 31"),
    (f"twine: {CODEARTIFACT}", "--tool twine --repository r --domain d1 --domain-owner 111122223333", "--tool npm"),
    (f"gradle: {CODEARTIFACT}", "get-authorization-token --domain d1", "codeartifact login"),
    # The metadata service's hop limit.
    (f"web-1  | {NO_KEYS}\nweb-1 exited with code 1{ONE_HOP}", "program in the container got no token", ONLY_V1),
    (f"docker run app\n{NO_KEYS}{ONE_HOP}", "program in the container got no token", ONLY_V1),
    (f"{NO_KEYS}{ONE_HOP}", "If the program runs in a container, raise the hop limit", ONLY_V1),
    (f"GET http://169.254.169.254/latest/meta-data/ 401\n{NO_KEYS}{ONE_HOP}", ONLY_V1,
     "hop limit to 2"),
    (f"{NO_KEYS}{TWO_HOPS}", ONLY_V1, "hop limit to 2"),
    # A profile whose heading lacks the word.
    ("The config profile (audit) could not be found\n$ cat ~/.aws/config\n[default]\nregion = eu-west-3\n[audit]\n"
     "region = eu-west-1", "the section must be [profile audit]", "another user"),
    ("The config profile (audit) could not be found\n$ cat ~/.aws/config\n[default]\nregion = eu-west-3",
     "is not in the", "it must be"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "unsaid"), CASES)
def test_what_the_text_shows_decides(text: str, said: str, unsaid: str) -> None:
    answer = answer_to(text)
    assert said in answer
    assert unsaid not in answer


REFUSED_THERE = (
    "$ aws sqs list-queues --region ap-east-1\n\nAn error occurred (InvalidClientTokenId) when calling the ListQueues "
    "operation: The security token included in the request is invalid."
)
WORKS_HERE = '$ aws sqs list-queues --region eu-central-1\n{"QueueUrls": []}'


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (f"{WORKS_HERE}\n{REFUSED_THERE}", True),
        (f"{REFUSED_THERE}\n{WORKS_HERE}", True),
        (f"{WORKS_HERE}\n$ export AWS_PROFILE=other\n{REFUSED_THERE}", False),
        (f"{WORKS_HERE.replace('list-queues', 'list-queues --profile b')}\n{REFUSED_THERE}", False),
        (f"{WORKS_HERE.replace('sqs list-queues', 'sts get-caller-identity')}\n{REFUSED_THERE}", False),
    ],
)
def test_keys_that_work_in_another_region_are_not_called_deleted(text: str, valid: bool) -> None:
    said = answer_to(text)
    assert ("The key is valid in another Region." in said) is valid
    assert ("the key itself is deleted" in said) is not valid


@pytest.mark.parametrize(
    ("shown", "attach"),
    [("IamInstanceProfile: null", True), ('"IamInstanceProfile": null,', True), ("IamInstanceProfile: app", False)],
)
def test_an_instance_without_a_profile_is_given_one(shown: str, attach: bool) -> None:
    said = answer_to(f"Unable to locate credentials\nHttpTokens: required, HttpPutResponseHopLimit: 1\n{shown}")
    assert ("Attach an instance profile" in said) is attach


@pytest.mark.parametrize("works", ["On my laptop this works with the same key.", "It works fine with those same keys."])
def test_a_users_key_beside_the_runtimes_token_is_mixed(works: str) -> None:
    text = (
        "awsAccessKey: process.env.KEY_ID, // AKIA... of the IAM user app\n"
        f"{works} In our Lambda function:\n403 The security token included in the request is invalid"
    )
    assert MIXED in collect_offline(read_text(text)[0]).verdict.summary


def test_a_key_that_does_not_work_elsewhere_is_not_mixed() -> None:
    text = (
        "awsAccessKey: process.env.KEY_ID, // AKIA... of the IAM user app\n"
        "403 The security token included in the request is invalid"
    )
    assert MIXED not in collect_offline(read_text(text)[0]).verdict.summary


UNRECOGNIZED = (
    "com.amazonaws.AmazonServiceException: The security token included in the request is invalid (Service: "
    "AmazonDynamoDBv2; Status Code: 400; Error Code: UnrecognizedClientException)\n"
)


@pytest.mark.parametrize(
    ("settings", "host", "line"),
    [
        (
            'kinesis {\n    stream => "orders"\n}',
            "The host is in cn-northwest-1, with an instance role.",
            '=> "cn-northwest-1"',
        ),
        (
            "[OUTPUT]\n    stream = audit",
            "The pod runs in us-gov-west-1 with its node's role.",
            "region = us-gov-west-1",
        ),
        ("sink:\n  stream: audit", "Our ECS task in cn-north-1 has a task role.", "region: cn-north-1"),
    ],
)
def test_a_program_without_a_region_is_sent_to_the_region_of_its_host(settings: str, host: str, line: str) -> None:
    answer = answer_to(f"{UNRECOGNIZED}\n{settings}\n\n{host}")
    assert "most likely the program calls its default region" in answer.lower()
    assert line.lower() in answer.lower()


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ('kinesis {\n    stream => "orders"\n    region => "cn-north-1"\n}', "The host is in cn-north-1."),
        ("stream = audit", "The host is in eu-central-1, with an instance role."),
        ("stream = audit", "The host is in cn-north-1; the log says us-east-1."),
    ],
)
def test_a_program_with_a_region_is_not_said_to_have_none(settings: str, host: str) -> None:
    assert "its default Region" not in answer_to(f"{UNRECOGNIZED}\n{settings}\n\n{host}")
