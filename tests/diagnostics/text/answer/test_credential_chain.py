"""What a paste shows of the credential chain, an SDK's own provider errors, and clocks."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.causes.find_causes import first_look

EXPIRED = "An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided token has expired."
SIGNED_IN = "$ aws sso login --profile ops\nSuccessfully logged into Start URL: https://x.awsapps.com/start\n"
NONE_FOUND = 'Unable to locate credentials. You can configure credentials by running "aws login".'
CHAIN = "DEBUG AwsCredentialsProviderChain - Unable to load credentials from"
TOKEN = (
    "An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity operation: Token expired: "
    "current date/time 1795945112 must be before the expiration date/time 1795937912"
)
IMDS = "curl -X PUT http://169.254.169.254/latest/api/token"
CONFIGURED = "      Name      Value      Type    Location\naccess_key     ****************ABCD  {}    \n"
SIGNATURE = "An error occurred (SignatureDoesNotMatch) when calling the ListUsers operation: Signature expired: "

# text → words that the verdict has, and words that neither it nor a cause has
UNKNOWN = (
    "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included"
)
UNKNOWN_KEY = (
    "<Code>InvalidAccessKeyId</Code><Message>The AWS Access Key Id you provided does not exist in our records."
)
CHINAS = "$ aws sts get-caller-identity --region cn-north-1\n111122223333\tarn:aws-cn:iam::111122223333:user/li\tAIDAX"
CASES = {
    "a session's key whose token a comment says to be removed": (
        f"aws_access_key_id = ASIAQWERTYUIOPASDFGH\naws_secret_access_key = x\n# aws_session_token removed\n{UNKNOWN}",
        "no session token with the key",
        "mistyped",
    ),
    "keys of GovCloud in the Region that the profile has": (
        "    region                us-east-1      config-file    ~/.aws/config\n$ aws sts get-caller-identity\n"
        f"{UNKNOWN}\nthe key is of arn:aws-us-gov:iam::...:user/scan",
        "call with us-gov-west-1 or us-gov-east-1",
        "mistyped",
    ),
    "a session's key without its token in a container": (
        f"docker run -e AWS_ACCESS_KEY_ID=ASIAQWERTYUIOPASDFGH -e AWS_SECRET_ACCESS_KEY app\n{UNKNOWN}",
        "no session token with the key, and AWS does not accept such a key without a token. Pass it to the container",
        "mistyped",
    ),
    "a session's key of which a person says that the token is missing": (
        f"I exported the ASIA key and its secret, but no AWS_SESSION_TOKEN\n{UNKNOWN}",
        "no session token with the key",
        "mistyped",
    ),
    "a session's key with a token": (
        f"AWS_ACCESS_KEY_ID=ASIAQWERTYUIOPASDFGH\nAWS_SECRET_ACCESS_KEY=x\nAWS_SESSION_TOKEN=IQoJ\n{UNKNOWN}",
        "its session token is cut off or from another session",
        "inactive",
    ),
    "a user's key": (
        f"export AWS_ACCESS_KEY_ID=AKIAQWERTYUIOPASDFGH\n{UNKNOWN}",
        "in another partition, or the key is deleted, inactive or mistyped.",
        "missing or wrong session token",
    ),
    "a user's key that was made a moment ago": (
        f"$ aws iam create-access-key --user-name relay\nexport AWS_ACCESS_KEY_ID=AKIAQWERTYUIOPASDFGH\n{UNKNOWN}\n"
        "no AWS_SESSION_TOKEN set, I checked",
        "wait a few seconds and try again",
        "the program sends a session token with the key",
    ),
    "a user's key without a token": (
        f"export AWS_ACCESS_KEY_ID=AKIAQWERTYUIOPASDFGH\n{UNKNOWN}\nno AWS_SESSION_TOKEN set, I checked",
        "in another partition, or the key is deleted, inactive or mistyped.",
        "the program sends a session token with the key",
    ),
    "keys of China in a Region of the usual partition": (
        f"$ aws s3 ls --region us-east-1\n{UNKNOWN_KEY}\n{CHINAS}",
        "The keys are of the partition aws-cn, that of China, but us-east-1 sends the call to another partition",
        "mistyped",
    ),
    "a bucket of China, beside another refusal": (
        f"$ aws sts get-caller-identity --region eu-west-1\n{UNKNOWN_KEY}\n$ aws s3 cp s3://r/a .\n"
        "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden\n"
        "the ticket says arn:aws-cn:s3:::r",
        "call with cn-north-1 or cn-northwest-1",
        "mistyped",
    ),
    "a presigned URL of a session that works": (
        f"accessKey: creds.AccessKeyId /* ASIA... */, sessionToken: t\ngetObject('a')  // ok\n"
        f"getPresignedUrl: {UNKNOWN_KEY}",
        "The presigned URL most likely lacks the session token",
        "deleted",
    ),
    "a signature that fails only with a session": (
        "presigned with role credentials (ASIA...): SignatureDoesNotMatch\nWith an IAM user's long-lived key it works.",
        "so the secret key and the clock are right",
        "belong to the access key",
    ),
    "a signature of a program whose keys work in the CLI": (
        "rclone: SignatureDoesNotMatch: The request signature we calculated\naws s3 ls with the same keys works.",
        "The access key and the secret key are most likely right",
        "belong to the access key",
    ),
    "docker with a login to another registry": (
        "$ docker push 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\nno basic auth credentials\n$ history\n"
        "aws ecr get-login-password | docker login --username AWS --password-stdin "
        "111122223333.dkr.ecr.us-east-1.amazonaws.com\nLogin Succeeded",
        "Docker is logged in to 111122223333.dkr.ecr.us-east-1.amazonaws.com, but this call goes to",
        "12 hours",
    ),
    "empty settings of keys": (
        "dify on Fargate, no keys set: botocore.exceptions.ClientError: An error occurred (SignatureDoesNotMatch) when "
        "calling the PutObject operation\nS3_ACCESS_KEY= S3_SECRET_KEY=",
        "signs with keys from its own settings, but these settings are empty",
        "belong to the access key",
    ),
    "a profile through another profile, which works in the CLI": (
        "source_profile = base\naws sts get-caller-identity --profile deploy works.\nThe toolkit: InvalidClientTokenId",
        "because they work elsewhere",
        "mistyped",
    ),
    "an SDK without its module for STS": (
        f"{CHAIN} WebIdentityTokenCredentialsProvider(): To use web identity tokens, the 'sts' service module must be "
        "on the class path.",
        "lacks its module sts",
        "issuer",
    ),
    "an SDK without its module for STS, and without a profile": (
        f"{CHAIN} WebIdentityTokenCredentialsProvider(): To use web identity tokens, the 'sts' service module must be "
        "on the class path., ProfileCredentialsProvider(): Profile file contained no credentials for profile "
        "'default': ProfileFile(profiles=[])",
        "lacks its module sts",
        "have no credentials for the profile",
    ),
    "an SDK without its module for SSO": (
        "java.lang.IllegalStateException: To use Sso related properties in the 'dev' profile, the 'sso' service module "
        "must be on the class path.",
        "lacks its module sso",
        "aws sso login",
    ),
    "a provider that is not set up": (
        f"{CHAIN} ContainerCredentialsProvider(): Cannot fetch credentials from container - neither environment is set",
        "ContainerCredentialsProvider found no credentials",
        "issuer",
    ),
    "exported keys and a sign-in": (
        f"{SIGNED_IN}$ export AWS_PROFILE=ops\n$ aws s3 ls\n{EXPIRED}\n$ env | grep AWS_\nAWS_ACCESS_KEY_ID=ASIAXX\n"
        "AWS_SESSION_TOKEN=IQoJ\nAWS_PROFILE=ops\n",
        "override AWS_PROFILE=ops. The sign-in of IAM Identity Center is valid.",
        "aws sso login",
    ),
    "keys that aws configure list shows": (
        f"$ aws s3 ls\n{EXPIRED}\n$ aws configure list\n{CONFIGURED.format('env')}",
        "keys in the environment",
        "aws sso login",
    ),
    "keys in the credentials file": (
        f"$ aws s3 ls\n{EXPIRED}\n$ aws configure list\n{CONFIGURED.format('shared-credentials-file')}",
        "keys in the credentials file",
        "aws sso login",
    ),
    "a profile that the command names": (
        f"$ env\nAWS_ACCESS_KEY_ID=ASIAXX\nAWS_SESSION_TOKEN=IQoJ\n$ aws s3 ls --profile ops\n{EXPIRED}",
        "The temporary credentials have expired",
        "they override",
    ),
    "a container behind a hop limit": (
        f"root@0a1b2c3d4e5f:/# {IMDS}\ncurl: (28) Connection timed out\nroot@0a1b2c3d4e5f:/# aws s3 ls\n{NONE_FOUND}",
        "hop limit",
        "aws configure list-profiles",
    ),
    "a container without credentials, one hop": (
        "docker on EC2: NoCredentialProviders: no valid providers in chain\nHttpPutResponseHopLimit: 1",
        "The container cannot reach the instance's credentials",
        "instance profile is attached",
    ),
    "a host without an answer": (
        f"[ec2-user@ip-10-0-0-1 ~]$ {IMDS}\ncurl: (28) Connection timed out\n[ec2-user@ip-10-0-0-1 ~]$ aws s3 ls\n"
        f"{NONE_FOUND}",
        "found no credentials on the instance",
        "hop limit",
    ),
    "a copied token": (f"{TOKEN}\nAWS_WEB_IDENTITY_TOKEN_FILE=/tmp/tok", "expired 120 min before the call", "trust"),
    "a token fetched once in a job": (
        f"{TOKEN}\ncurl $ACTIONS_ID_TOKEN_REQUEST_URL > /tmp/jwt\nexport AWS_WEB_IDENTITY_TOKEN_FILE=/tmp/jwt",
        "nothing renewed the file",
        "EKS",
    ),
    "a token fetched once, without a job's permission to blame": (
        f"{TOKEN}\ncurl $ACTIONS_ID_TOKEN_REQUEST_URL > /tmp/jwt\nexport AWS_WEB_IDENTITY_TOKEN_FILE=/tmp/jwt",
        "no permission is missing",
        "id-token",
    ),
    "PHP's last provider": (
        "CredentialsException: Error retrieving credentials from the instance profile metadata service. "
        "(cURL error 28: Connection timed out after 1001 milliseconds)",
        "asked the metadata service of an EC2 instance (IMDS) last",
        "Attach an instance profile",
    ),
    ".NET's last provider": (
        "AmazonServiceException: Unable to get IAM security credentials from EC2 Instance Metadata Service.",
        "asked the metadata service of an EC2 instance (IMDS) last",
        "found no credentials on the instance",
    ),
    "Rust's chain": (
        'DispatchFailure { source: CredentialsNotLoaded { source: "no providers in chain provided credentials" } }',
        "No usable credentials were found",
        "instance profile is attached",
    ),
    "a section without the word profile": (
        "The config profile (prod) could not be found\n$ cat ~/.aws/config\n[prod]\nregion = eu-west-1",
        "the section must be [profile prod]",
        "reads another file",
    ),
    "a section with the word profile": (
        "The config profile (prod) could not be found\n$ cat ~/.aws/config\n[profile other-team]\nregion = eu-west-1",
        "The profile is not in the AWS configuration",
        "it must be [profile",
    ),
    "a section of the credentials file": (
        "The config profile (prod) could not be found\n$ cat ~/.aws/credentials\n[prod]\naws_access_key_id = X",
        "The profile is not in the AWS configuration",
        "it must be [profile",
    ),
    "the keys with which GitHub's action assumes a role": (
        "Error: Could not assume role with user credentials: The security token included in the request is invalid.",
        "AWS does not accept the access key as it was sent",
        "trust policy",
    ),
    "an ended sign-in in Node's words": (
        "Could not load: Token is expired. To refresh this SSO session run 'aws sso login' with the profile.",
        "no valid sign-in to IAM Identity Center",
        "No usable credentials",
    ),
    "an old SDK for Go and sso_session, below Terraform's heading": (
        "Error: error configuring S3 Backend: no valid credential sources for S3 Backend found.\n\nError: "
        "SSOProviderInvalidToken: the SSO session has expired or is invalid\ncaused by: open ~/.aws/sso/cache/7a.json: "
        "no such file or directory\n\n[profile dev]\nsso_session = corp",
        "too old for sso_session",
        "No usable credentials were found",
    ),
    "the same without sso_session": (
        "Error: SSOProviderInvalidToken: the SSO session has expired or is invalid\ncaused by: open cache/7a",
        "no valid sign-in to IAM Identity Center",
        "too old for sso_session",
    ),
    "an ended sign-in in boto3's words": (
        "The SSO access token has either expired or is otherwise invalid.",
        "no valid sign-in to IAM Identity Center",
        "No usable credentials",
    ),
    "Terraform's profile": (
        "Error: failed to get shared config profile, prod",
        "The profile is not in the AWS configuration",
        "metadata",
    ),
    "Node's profile": (
        "CredentialsProviderError: Could not resolve credentials using profile: [dev] in configuration/credentials "
        "file(s).",
        "The profile or file that the program reads has no usable credentials",
        "metadata",
    ),
    "PHP's file": (
        "Aws\\Exception\\CredentialsException: Cannot read credentials from /var/www/.aws/credentials",
        "The profile or file that the program reads has no usable credentials",
        "metadata",
    ),
    "root's home": (
        '$ sudo aws s3 ls\nUnable to locate credentials. You can configure credentials by running "aws configure".',
        "The program does not find your credentials, because it does not run as you",
        "metadata",
    ),
    "nobody else's home": (
        '$ aws s3 ls\nUnable to locate credentials. You can configure credentials by running "aws configure".',
        "No usable credentials were found",
        "sudo",
    ),
    "a fork's pull request, by its event": (
        "Error: Credentials could not be loaded, please check your action inputs: Could not load credentials from any "
        "providers\non: pull_request from a fork",
        "GitHub gives a run for a fork's pull request neither",
        "metadata",
    ),
    "a pull request of somebody's fork": (
        "Build for a pull request from a contributor's fork; permissions: id-token: write\nError: Credentials could "
        "not be loaded, please check your action inputs: Could not load credentials from any providers",
        "GitHub gives a run for a fork's pull request neither",
        "metadata",
    ),
    "a pull request of the repository itself": (
        "Build for a pull request from our own branch; id-token: write\nError: Credentials could not be loaded, please "
        "check your action inputs: Could not load credentials from any providers",
        "GitHub's action configure-aws-credentials found no credentials",
        "metadata",
    ),
    "a pod's copied token": (
        f"{TOKEN}\nkubectl exec\nAWS_WEB_IDENTITY_TOKEN_FILE=/tmp/tok",
        "not the file that EKS renews",
        "--duration-seconds",
    ),
    "the projected token": (
        f"{TOKEN}\nAWS_WEB_IDENTITY_TOKEN_FILE=/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
        "issuer must issue a new one",
        "not the file",
    ),
    "a clock, in the message's words": (
        f"{SIGNATURE}20261129T100000Z is now earlier than 20261129T104500Z (20261129T110000Z - 15 min.)",
        "1 hour behind",
        "45 min",
    ),
    "a clock that is off by more than an hour": (
        f"{SIGNATURE}20261129T094000Z is now earlier than 20261129T105500Z (20261129T110000Z - 5 min.)",
        "80 min behind AWS's clock, and AWS refuses more than 5 minutes",
        "1 h ",
    ),
    "S3's clock": (
        "<Error><Code>RequestTimeTooSkewed</Code><RequestTime>20261129T100000Z</RequestTime>"
        "<ServerTime>2026-11-29T10:20:00Z</ServerTime></Error>",
        "20 min behind AWS's clock, and AWS refuses more than 15 minutes",
        "5 minutes (",
    ),
    "EC2's clock": (
        "An error occurred (RequestExpired) when calling the RunInstances operation: Request has expired.",
        "more than 15 minutes",
        "than 5 minutes",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_the_paste_shows_decides(name: str) -> None:
    text, words, never = CASES[name]
    failure = read_text(text)[0]
    verdict = collect_offline(failure).verdict.summary
    said = " ".join((verdict, *(look.cause for look in first_look(failure))))
    assert words in verdict
    assert never not in said


def test_expired_keys_of_the_environment_are_one_failure() -> None:
    text, *_ = CASES["exported keys and a sign-in"]
    both = text.replace(EXPIRED, f"{EXPIRED}\n$ aws ec2 describe-vpcs\n{CASES['EC2' + chr(39) + 's clock'][0]}")
    assert [each.count for each in read_text(both)] == [2]


@pytest.mark.parametrize(
    ("text", "one_hop"),
    [
        (
            "add-on on EKS, nodes: http_put_response_hop_limit = 1\nE! ec2metadata is not available\n"
            "SharedCredsLoad: failed to load shared credentials file",
            True,
        ),
        ("pod: EC2MetadataError, NoCredentialProviders: no valid providers\nHttpPutResponseHopLimit: 1", True),
        ("pod: EC2MetadataError, NoCredentialProviders: no valid providers\nHttpPutResponseHopLimit: 2", False),
        ("Unable to locate credentials on my laptop, and the hop limit of the instances is 1", False),
    ],
)
def test_a_hop_limit_of_one_before_a_container_is_the_cause(text: str, one_hop: bool) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("Most likely the hop limit is 1" in summary) is one_hop


PULL = (
    'Failed to pull image "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:7": pull access denied, repository does '
    "not exist or may require 'docker login': denied: Your authorization token has expired. Reauthenticate and try "
    "again.\n"
)


@pytest.mark.parametrize(
    ("around", "stored"),
    [
        (f"Warning Failed 3m kubelet {PULL}", True),
        (f"{PULL}spec: imagePullSecrets: [regcred]", True),
        (f"{PULL}the secret docker-registry regcred was made last week", True),
        (f"$ docker pull 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:7\n{PULL}", False),
    ],
)
def test_an_expired_token_of_a_pull_secret_is_renewed_on_a_schedule(around: str, stored: bool) -> None:
    answer = collect_offline(read_text(around)[0])
    assert ("stored ECR token" in answer.verdict.summary) == stored
    assert ("docker login --username" in str(answer.fixes[0].change)) != stored


NO_ROLE = "EC2RoleRequestError: no EC2 instance role found\ncaused by: {}\npod ebs-csi-controller-0"
TIMED_OUT = 'Get "http://169.254.169.254/latest/meta-data/iam/security-credentials/": context deadline exceeded'


@pytest.mark.parametrize(
    ("text", "hops"),
    [
        (NO_ROLE.format(TIMED_OUT), True),
        (
            "no EC2 IMDS role found, operation error ec2imds: GetMetadata, request send failed, i/o timeout, in my pod",
            True,
        ),
        (NO_ROLE.format("EC2MetadataError: failed to make request status code: 404"), False),
        (f"HttpPutResponseHopLimit: 2\n{NO_ROLE.format(TIMED_OUT)}", False),
    ],
)
def test_a_pod_that_waits_for_the_metadata_service_in_vain_lacks_a_hop(text: str, hops: bool) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("most likely the node's hop limit is 1" in summary) is hops


WORKSPACE = "https://aps-workspaces.us-west-2.amazonaws.com/workspaces/ws-1/api/v1/"
UNSIGNED = 'server returned HTTP status 403 Forbidden: {"message":"Missing Authentication Token"}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"remote_name=f5 url={WORKSPACE}remote_write {UNSIGNED}", "Add sigv4"),
        (f"{UNSIGNED}\nremoteWrite:\n  - url: {WORKSPACE}remote_write", "Add sigv4"),
        (f"curl {WORKSPACE}query?query=up\n{UNSIGNED}", "has no signature (SigV4)"),
    ],
)
def test_prometheus_itself_signs_what_it_writes(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary


CHART = "https://222233334444.dkr.ecr.us-west-2.amazonaws.com/v2/charts/web/manifests/1.2.0: 401 Unauthorized"


@pytest.mark.parametrize(
    ("text", "renewed"),
    [
        (f"argocd-repo-server: Error: unexpected status from HEAD request to {CHART}\nworks for about 12 hours", True),
        (f"after 12 hours again, Argo CD: {CHART}", True),
        (f"docker pull: unexpected status from HEAD request to {CHART}", False),
    ],
)
def test_a_login_that_ends_after_twelve_hours_must_be_renewed(text: str, renewed: bool) -> None:
    assert ("stored ECR token" in collect_offline(read_text(text)[0]).verdict.summary) is renewed


AGENT = "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials\n"
JAVA = (
    "SdkClientException: Unable to load credentials from any of the providers in the chain: "
    "[WebIdentityTokenCredentialsProvider(): Either the environment variable AWS_WEB_IDENTITY_TOKEN_FILE or the "
    "javaproperty aws.webIdentityTokenFile must be set., ContainerCredentialsProvider(): Failed to load]\n"
)


@pytest.mark.parametrize(
    ("proxy", "through"),
    [
        ("HTTP_PROXY=http://proxy.corp:3128\nNO_PROXY=.svc,10.0.0.0/8", True),
        ("- name: HTTPS_PROXY\n  value: http://proxy.corp:3128", True),
        ("HTTP_PROXY=http://proxy.corp:3128\nNO_PROXY=.svc,169.254.170.23", False),
        ("", False),
    ],
)
def test_the_pods_proxy_does_not_reach_the_agent(proxy: str, through: bool) -> None:
    summary = collect_offline(read_text(JAVA + AGENT + proxy)[0]).verdict.summary
    assert ("through the pod's HTTP proxy" in summary) is through
    assert "did not accept the identity token" not in summary
