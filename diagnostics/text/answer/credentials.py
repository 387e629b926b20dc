"""Causes for credentials that are rejected before AWS evaluates any policy, as a table.

The same words have different meanings in different programs: a presigned URL, docker's login to a registry and a
session all "expire". The first row that applies is used, so rows for a certain program come first.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from diagnostics.diagnosis import Verdict
from diagnostics.failure import OtherFailure
from diagnostics.fix import Fix, ShellCommand
from diagnostics.text.read.around import around
from diagnostics.text.read.callers import answered_identities
from diagnostics.text.read.context import speaks_of_aws
from diagnostics.text.read.contrasts import GOOD_ELSEWHERE, Contrast, credentials_work
from diagnostics.text.read.difference import Difference
from diagnostics.text.read.own_cause import OWN_CAUSE, own_cause
from diagnostics.text.read.reasons import SAML_SIGNATURE, stated_in
from diagnostics.text.read.shell import WORKED
from diagnostics.who import Who
from iam.api_operations import action_for
from iam.claims import Ground, confidence
from iam.facts.request_windows import REQUEST_EXPIRED, S3, SIGNATURE
from iam.lazy_pattern import regex
from iam.regions import opt_in_region, other_partition_region

INVALID = "credentials.invalid"
_FORGET = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
_WHO = "aws sts get-caller-identity"
_CONFIGURED = "aws configure list"
# A JWT's middle part is base64url without padding (RFC 7515), which base64 -d does not read.
_READ_TOKEN = (
    "python3 -c 'import base64, sys; "
    'print(base64.urlsafe_b64decode(sys.stdin.read().split(".")[1] + "==").decode())\' '
    '< "$AWS_WEB_IDENTITY_TOKEN_FILE"'
)


@dataclass(frozen=True, slots=True)
class CredentialFault:
    """A reason why credentials are rejected: one row of the table.

    ``words`` match the failure's text; ``speaker`` matches the program that must have printed it, or is None for any
    program. ``sentence`` is the verdict. ``title``, ``command`` and ``who`` make the fix. ``usual`` is the most
    frequent cause, ``also`` are other possible causes, ``check`` is a command that only reads. ``{name}`` in a text
    represents a value that `_values` reads from the failure; ``needs`` names the value without which the row does not
    apply.
    """

    words: re.Pattern[str]
    sentence: str
    title: str
    command: str
    usual: str = ""
    also: tuple[str, ...] = ()
    check: str | None = _CONFIGURED
    who: Who = Who.CALLER
    speaker: re.Pattern[str] | None = None
    cause: str = INVALID
    ground: Ground = Ground.STATED
    needs: str = ""

    def fits(self, failure: OtherFailure, values: Mapping[str, str]) -> bool:
        """Return whether the row fits the failure.

        The text has the row's words, from the row's program, and ``values`` contains what it needs.
        """
        text = f"{failure.code or ''} {failure.operation or ''} {failure.text}"
        return (
            self.words.search(text) is not None
            and (self.speaker is None or self.speaker.search(text) is not None)
            and (not self.needs or self.needs in values)
        )


def _fault(words: str, sentence: str, title: str, command: str, usual: str = "", **more: object) -> CredentialFault:
    said = more.pop("speaker", None)
    speaker = regex(str(said), re.IGNORECASE) if said else None
    return CredentialFault(regex(words, re.IGNORECASE), sentence, title, command, usual, speaker=speaker, **more)  # type: ignore[arg-type]


FROM_FORKS = (
    r"(?<!no )(?<!not )(?<!not a )(?<!n't a )\b(?:PRs?|pull[- ]requests?|runs?)\b(?! (?:not|never))[^.\n]{0,25}"
    r"\bfrom (?:a |the |any )?forks?\b"
    r"|\bfork(?:ed)?(?:'s)? (?:PRs?|pull[- ]requests?)\b(?![^.\n]{0,20}\b(?:work|pass|succeed))"
)
"""Words that say that the run is for a pull request of a fork."""
_UNKNOWN_KEY = (
    r"InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|InvalidToken|InvalidSecurityToken"
    r"|security token included in the request is invalid|not able to validate the provided access credentials"
    r"|cannot validate the provided access credentials|Access Key Id you provided does not exist"
)
_CLOCK = (
    r"RequestTimeTooSkewed|RequestInTheFuture|Signature expired: ?\d|Signature not yet current|is now earlier than"
    r"|request time and the (?:current|server) time|request'?s? time[^\n]{0,40}skewed"
)

_SIGNATURE = r"SignatureDoesNotMatch|InvalidSignature|signature we calculated"
_SCOPED = r"Credential should be scoped to"
_SCOPED_TO = regex(rf"{_SCOPED} (?:a |the )?(?:valid |correct )?(?P<what>region|service)", re.IGNORECASE)
_SCOPE = regex(r"/(?:19|20)\d{6}/(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)/(?P<service>[a-z0-9-]+)/aws4_request")
_HOST = regex(r"(?<![\w.-])(?P<service>[a-z0-9-]+)\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?![\w.-])")
_SIGNING_NAMES = {
    "bedrock-runtime": "bedrock",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "email": "ses",
}
"""The first part of a host → the service that its requests are signed for, where they differ (``signingName`` in the
models of https://github.com/boto/botocore).
"""
_NO_INSTANCE_KEYS = (
    r"NoCredential|No (?:\w+ )?credential|Unable to (?:locate|load|find)|haven't specified the aws|EC2RoleRequestError"
    r"|no EC2 IMDS role found|ec2imds|MetadataRetrievalError|169\.254\.169\.254|Error retrieving metadata"
)
_NONE = (
    r"Unable to (?:locate|load|find|resolve|retrieve)|NoCredential|MissingCredentials|CredentialsProviderError"
    r"|No (?:\w+ )?credential|Could not load|credentials? not found"
    r"|(?:load|find|resolve|retrieve|refresh|get) [\w ]{0,30}credentials|no credentials have been configured"
    r"|haven't specified the aws|MetadataRetrievalError|ec2imds|\[signv4\] Provider returned no credentials"
)
_LATEST = (
    "If it worked before, the image's tag (latest) now has another build: go back to the version that worked, and pin "
    "it by version or digest."
)
NONE_FOUND = "No usable credentials were found where the program looks for them."
NO_MORE = regex(
    r"(?:locate|find|load|resolve|retrieve|get)\w*\s+(?:\w+\s+){0,3}credentials?"
    r"|credentials?\s+(?:could\s+)?(?:were\s+)?not\s+"
    r"(?:be\s+)?(?:found|loaded|set|provided)|missing\s+credentials",
    re.IGNORECASE,
)
"""A pattern of sentences that say only that there are no credentials."""

_SEPARATE_PARTITION = (
    "{partition_region} is in a separate partition, with its own accounts, keys and endpoints. The keys belong to one "
    "partition and the called endpoint to another; or the key is deleted, inactive, or lacks its session token.",
    "Use keys, Region and STS endpoint of the same partition",
    f"{_CONFIGURED}{{profile_option}}\n{_WHO}{{profile_option}} --region {{partition_region}}",
    "{partition_region} is in a partition with separate accounts and keys: keys of another partition are unknown "
    "there, and its keys are unknown at another partition's STS endpoint.",
)
"""The sentence, the fix's title, its commands and the common cause, for a Region of a separate partition."""

FAULTS: tuple[CredentialFault, ...] = (
    # re:Post, "How do I resolve Lambda KMS access denied errors": the grant on the key of a role that was made anew
    # (https://repost.aws/knowledge-center/lambda-kmsaccessdeniedexception-errors).
    _fault(
        r"Lambda was unable to decrypt the environment variables[\s\S]{0,300}(?:UnrecognizedClient|security token)",
        "Set the function's execution role to another role and back. Lambda's grant on the KMS key usually belongs to "
        "a role of this name that was deleted and created again. No credentials and no policy have to change.",
        "Set the function's execution role to another one and back",
        "aws lambda update-function-configuration --function-name FUNCTION --role OTHER_ROLE_ARN\n"
        "aws lambda wait function-updated --function-name FUNCTION\n"
        "aws lambda update-function-configuration --function-name FUNCTION --role ROLE_ARN",
        "The execution role was deleted and created again, and the grant belongs to the old one.",
        check="aws lambda get-function-configuration --function-name FUNCTION --query '[Role,KMSKeyArn,LastModified]'",
        speaker=r"Lambda was unable to decrypt",
        cause="unreadable",
        ground=Ground.LIKENESS,
    ),
    # botocore's changelog, 1.34.41: "Properly refreshes token from file from EKS in ContainerProvider"
    # (https://github.com/boto/botocore/blob/develop/CHANGELOG.rst).
    _fault(
        r"credentials from container-role[\s\S]{0,300}?Expired",
        "The agent of the container refused the expired token with which the program asks it for credentials. botocore "
        "before 1.34.41 reads the token's file only once: update botocore (boto3), and restart until then.",
        "Update boto3 and botocore to 1.34.41 or later",
        "pip install --upgrade 'boto3>=1.34.41' 'botocore>=1.34.41'",
        "A process that runs longer than the token is valid goes on sending the first one, although the file was "
        "renewed. The role's policies, its session length and the clock are not at fault.",
        check="python3 -c 'import botocore; print(botocore.__version__)'",
        speaker=r"\bbotocore\b",
        ground=Ground.LIKENESS,
    ),
    # AWS SDKs and Tools Reference Guide, "Process credential provider"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
    _fault(
        r"retrieving credentials from custom-process",
        "The profile's credential_process failed and says why: “{process_reason}”. AWS was not called, and no "
        "permission is missing.",
        "Do what the process asks for, then run it by itself",
        "aws configure get credential_process{profile_option}  # run this command: it must print the keys as JSON",
        "The program that the profile names as credential_process needs its own sign-in, or is not found.",
        check=None,
        needs="process_reason",
    ),
    # AWS SDK for Java 2.x: its providers for STS and SSO are modules of their own, and the chain goes on without them.
    # https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html
    _fault(
        r"module\s+must\s+be\s+on\s+the\s+class\s?path",
        "AWS was not asked for credentials: the program's AWS SDK for Java lacks its module {module}. The next "
        "provider in the chain is used instead, on EKS the node's role{own_role}. No permission is missing.",
        "Add the SDK's module {module} to the program's build, then try again",
        "mvn dependency:tree -Dincludes={module_group}  # or: gradle dependencies; then add {module_group}:{module}",
        "The build does not contain {module_group}:{module}, so the pod's or profile's own role is never used. The "
        "role's trust policy and its permissions are not the cause.",
        check=None,
        needs="module",
    ),
    # EKS User Guide, "Use pod identity with the AWS SDK": the versions that can.
    # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html
    _fault(
        r"Service\s+account\s+token\s+cannot\s+be\s+parsed",
        "The Pod Identity agent could not read the token that the program sent: AWS was not asked, and policies are "
        "not the cause. The program must send the token file's content as it is, without a word (Bearer) before it.",
        "Update the program, or its AWS SDK, to a version that supports EKS Pod Identity",
        "kubectl logs -n kube-system daemonset/eks-pod-identity-agent",
        "The program reads the token by itself and sends it in a form that the agent does not accept. Its SDK's own "
        "credential chain sends it correctly.",
        check="kubectl logs -n kube-system daemonset/eks-pod-identity-agent",
    ),
    # The same SDK's providers, of themselves: what STS answers has "(Service: Sts, …)".
    _fault(
        r"Unable to load credentials from \w+Provider\(",
        "The SDK's {provider} found no credentials and says why: “{provider_reason}”. AWS was not asked; the SDK "
        "continues with its next provider.",
        "Check what this provider needs, if the credentials should come from it",
        f"{_CONFIGURED}\n{_WHO}",
        "The chain asks one provider after another: this one is not set up here, which matters only if the credentials "
        "should come from it.",
        needs="provider",
        ground=Ground.PARTLY,
    ),
    # AWS CLI User Guide, "Environment variables".
    # Amazon Redshift API Reference, "GetClusterCredentials": 900 seconds unless DurationSeconds asks for more
    # (https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html).
    _fault(
        r"IAM Authentication token has expired",
        "The database's temporary password has expired: the program uses the one that it got first for new "
        "connections, too. No permission is missing.",
        "Let the program get a new password for each new connection",
        "# Redshift: GetClusterCredentials with DurationSeconds of up to 3600 (900 unless it asks for more)",
        "A password of GetClusterCredentials is valid for 15 minutes unless the call asks for more, and one of "
        "generate-db-auth-token for 15 minutes. A pool must get a new one for each connection that it opens.",
        check=None,
        ground=Ground.LIKENESS,
    ),
    _fault(
        r"Expired|has expired|token is expired",
        "The keys in the environment ({exported}) have expired, and they override {profile_words}.{signed_in}",
        "Remove the old keys from the environment",
        f"{_FORGET}\n{_WHO}",
        "Old keys in the environment override AWS_PROFILE and the default profile: remove them there.",
        check="env | grep ^AWS_ | cut -d= -f1",
        needs="exported",
        ground=Ground.LIKENESS,
    ),
    _fault(
        r"Expired|has expired|token is expired",
        "The keys in the credentials file (~/.aws/credentials) have expired: `aws configure list` says that they come "
        "from there. No permission is missing.",
        "Remove the expired keys from the credentials file, or create new ones",
        f"{_CONFIGURED}\n{_WHO}",
        "Temporary keys that were copied into the credentials file override the profile's sign-in.",
        needs="stored",
    ),
    # IAM User Guide, "Methods to assume a role": role chaining
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage-assume.html).
    _fault(
        r"Expired",
        "The session has ended: a role that a role's session assumes (role chaining) lasts one hour at most, whatever "
        "its MaxSessionDuration. No permission is missing.",
        "Assume the role again during the run, or without the role before it",
        f"{_CONFIGURED}  # a profile with role_arn and source_profile renews its session by itself\n{_WHO}",
        "Keys that are exported once are not renewed. Let the program use a profile (role_arn, source_profile), or "
        "assume the last role directly, with credentials that are no role's session. Then resume where it stopped.",
        speaker=r"1 hour session limit|\brole[- ]chain(?:ing|ed)\b",
        check=None,
    ),
    # EKS User Guide, "IAM roles for service accounts": kubelet renews the projected token.
    _fault(
        r"Expired",
        "The identity token has expired{expired_ago}: the program reads {token_file}, which is not the file that EKS "
        "renews. The role is not the cause.",
        "Point AWS_WEB_IDENTITY_TOKEN_FILE to the projected token, which EKS renews",
        "ls -l /var/run/secrets/eks.amazonaws.com/serviceaccount/token  # the renewed one",
        "{token_file} is a copy or a separate file: a new copy will expire as well.",
        speaker=r"WebIdentity(?!\w*Provider)|Token expired: current date/time",
        needs="token_file",
        check=None,
    ),
    # EC2 User Guide, "Use the Instance Metadata Service to access instance metadata": the answer to the PUT has a hop
    # limit of 1 unless somebody raised it.
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
    _fault(
        r"Unable to (?:locate|load|find|resolve|retrieve)|NoCredential|No (?:\w+ )?credential|ec2imds|IMDS"
        r"|SharedCredsLoad|ec2metadata is not available",
        "The container cannot reach the instance's credentials: IMDS does not answer its request for a "
        "token.{host_gives} Most likely the hop limit is 1.",
        "Raise the hop limit to 2, or give the container credentials of its own",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2 "
        "--http-endpoint enabled",
        "The answer to the request for an IMDSv2 token passes only one hop, and a container is the second: "
        "http-put-response-hop-limit must be 2.",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        who=Who.ACCOUNT_ADMIN,
        needs="unreachable",
        ground=Ground.LIKENESS,
    ),
    # S3 User Guide, "Download and upload objects with presigned URLs".
    _fault(
        r"Request has expired",
        "The presigned URL has expired. The permissions of the caller are not the cause.",
        "Create a new presigned URL, signed with credentials that last at least as long as the URL",
        "aws s3 presign s3://BUCKET/KEY --expires-in 3600",
        "A presigned URL expires after its own time (X-Amz-Expires), at the latest with the session that signed it.",
        speaker=r"X-Amz-Expires|<Expires>|[?&]Expires=|AccessDenied",
        check=None,
    ),
    # S3 User Guide, "Download and upload objects with presigned URLs", "Expiration of presigned URLs": a URL that was
    # made with temporary credentials ends with them, even if it was made with a later time
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html).
    _fault(
        r"<Code>ExpiredToken|pre-?signed[^\n]{0,60}ExpiredToken",
        "The session that signed the presigned URL has ended, and the URL with it, whatever its own time is. The "
        "permissions on the object are not the cause.",
        "Create the URL again when it is asked for, or sign it with credentials that last as long as the URL",
        "aws s3 presign s3://BUCKET/KEY --expires-in 3600",
        "A role's session lasts some hours: a URL that it signs ends then, even where its own time is days.",
        speaker=r"\A(?![\s\S]*(?:when calling the \w+ operation|operation error|api error))[\s\S]*?(?:X-Amz-Expires"
        r"|pre-?signed|\bExpiresIn ?[=:] ?\d|--expires-in\b|generate_presigned_url|getSignedUrl)",
        check=None,
        ground=Ground.LIKENESS,
    ),
    # ECR User Guide, "Private registry authentication": a token is valid for 12 hours
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html).
    _fault(
        r"authorization token has expired|no basic auth credentials",
        "The ECR token that the program stores for this registry has expired or is missing: it is valid for 12 hours. "
        "Permissions are not the cause.",
        "Renew the stored token on a schedule, and once now",
        "aws ecr get-login-password{region_option}  # the new password, user AWS, of the program's repository secret",
        "The program (Argo CD, Flux, Helm in a cluster) stores an ECR token, which ends after 12 hours: a job must "
        "renew it (a CronJob, External Secrets' ECRAuthorizationToken).",
        check=None,
        speaker=r"\A(?=[\s\S]*(?:\.dkr[.-]ecr|public\.ecr\.aws|token has expired))[\s\S]*?"
        r"(?:argo ?cd|\bflux\b|source-controller|ComparisonError|HelmRepository)",
        ground=Ground.PARTLY,
    ),
    # ECR User Guide, "Private registry authentication": a login is for one registry, of one account and Region
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html).
    _fault(
        r"no basic auth credentials|pull access denied|authentication\s+required|401 Unauthorized",
        "Docker is logged in to {signed_in_registry}, and this call goes to {registry}: a login counts for one "
        "registry, so there is none for this one. No permission is missing.",
        "Log docker in to this registry, in its own Region",
        "aws ecr get-login-password{region_option} | docker login --username AWS --password-stdin {registry}",
        "The login is for another account's or Region's registry: log in to {registry}.",
        check=None,
        needs="signed_in_registry",
    ),
    # ECR User Guide, "Private registry authentication": a token is valid for 12 hours.
    _fault(
        r"authorization token has expired|no basic auth credentials",
        "Docker is not logged in to this ECR registry: a login lasts 12 hours and is independent of the AWS "
        "credentials.",
        "Log docker in to the registry again",
        "aws ecr get-login-password{region_option} | docker login --username AWS --password-stdin {registry}",
        "Docker is not logged in to the registry, or the login is older than 12 hours (aws ecr get-login-password).",
        speaker=r"\.dkr[.-]ecr|public\.ecr\.aws|Reauthenticate|\baws ecr\b|amazon-ecr-login",
    ),
    # CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens".
    _fault(
        r"expired|401 Unauthorized|E401|status code 401",
        "The token of the CodeArtifact repository has expired or is missing: it lasts at most 12 hours, and the "
        "package manager stores it apart from the AWS credentials.",
        "Log the package manager in to the repository again",
        "aws codeartifact login --tool npm --repository REPOSITORY --domain DOMAIN  # or pip, twine, nuget …",
        "A CodeArtifact token expires after 12 hours, or with the session that requested it.",
        speaker=r"codeartifact",
        ground=Ground.PARTLY,
    ),
    # API Gateway and Amazon Cognito speak of the application's user, not of AWS credentials.
    _fault(
        r"(?:incoming|Access|Refresh|Id(?:entity)?) Token (?:has expired|is expired|has been revoked)",
        "The sign-in of the application's user has expired. It uses a user pool's token, not AWS credentials, and no "
        "policy was evaluated.",
        "Refresh the user's token, or sign the user in again",
        "aws cognito-idp initiate-auth --auth-flow REFRESH_TOKEN_AUTH --client-id CLIENT --auth-parameters "
        "REFRESH_TOKEN=TOKEN",
        "A user pool's access and ID tokens expire after an hour unless the app client says otherwise.",
        speaker=r"NotAuthorizedException|cognito|incoming token",
        check=None,
    ),
    # IAM User Guide, "Troubleshoot SAML federation".
    _fault(
        r"Response signature invalid|signature[^.\x1e]{0,30}invalid|Invalid SAML signature",
        SAML_SIGNATURE,
        "Update the SAML provider in IAM with the identity provider's current metadata",
        "aws iam list-saml-providers\naws iam update-saml-provider --saml-provider-arn ARN --saml-metadata-document "
        "file://metadata.xml",
        "The identity provider has a new signing certificate, but IAM's SAML provider has the metadata with the old "
        "one.",
        speaker=r"SAML",
        check="aws iam list-saml-providers",
        who=Who.ACCOUNT_ADMIN,
    ),
    _fault(
        r"Expired|must be redeemed within",
        "The SAML response was too old when it reached STS: it must be used within 5 minutes of being issued.",
        "Sign in at the identity provider again, and use the response at once",
        "date -u  # and the identity provider's clock",
        "The response was used late, twice, or the identity provider's clock is wrong.",
        speaker=r"AssumeRoleWithSAML|SAML (?:response|assertion)",
        check=None,
    ),
    # GitLab documentation, "OpenID Connect (OIDC) Authentication Using ID Tokens"
    # (https://docs.gitlab.com/ci/secrets/id_token_authentication/): a token is one job's, and expires with its timeout.
    _fault(
        r"Expired",
        "The identity token was issued in an earlier job, handed on, and has expired: let the job that makes the call "
        "declare id_tokens itself. No trust policy and no person's permissions are the cause.",
        "Declare id_tokens in the job that uses the token",
        "id_tokens: { AWS_TOKEN: { aud: AUDIENCE } }  # in that job; keep the token out of artifacts",
        "A token in an artifact stays as it was issued, and others can read it.",
        speaker=r"(?=[\s\S]*\bid_tokens\b)(?=[\s\S]*\bartifacts\b)[\s\S]*"
        r"(?:WebIdentity(?!\w*Provider)|Token expired: current date)",
        check=None,
    ),
    # STS API reference, "AssumeRoleWithWebIdentity".
    _fault(
        r"Expired",
        "The identity token in the call has expired: its issuer must issue a new one. AWS credentials are not the "
        "cause.",
        "Get a new token from its issuer, and read its times (iat, exp)",
        _READ_TOKEN,
        "The token was issued once and used for too long: request a new one before the call. Where a platform renews a "
        "token file (EKS), read the file again.",
        speaker=r"WebIdentity(?!\w*Provider)|Token expired: current date/time",
        check=None,
    ),
    # EC2 API reference, "Error codes": said of requests, and of sessions, whose time is over.
    _fault(
        r"\bRequestExpired\b",
        "EC2 says this if the temporary credentials have expired, or if a request arrives more than "
        f"{REQUEST_EXPIRED.minutes} minutes away from its signing time: often the session is over.",
        "Get new temporary credentials, and compare the machine's clock",
        f"{_FORGET}\n{_WHO}\ndate -u",
        "The session is over: get new credentials from where these came from.",
        ground=Ground.PARTLY,
    ),
    # AWS Account Management reference guide, "Enable or disable AWS Regions in your account".
    _fault(
        r"RegionDisabled|STS is not activated",
        "The Region is not enabled for the account, or STS is disabled in it: until that changes, keys are unknown "
        "there.",
        "Enable the Region, or call another",
        "aws account list-regions --region-opt-status-contains DISABLED DISABLING\n"
        "aws account enable-region --region-name {region_name}",
        "The Region, or STS in it, is not enabled for this account; or the service is not available there.",
        check="aws account list-regions --query 'Regions[].[RegionName,RegionOptStatus]'",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.PARTLY,
    ),
    _fault(
        _UNKNOWN_KEY,
        "{whose_partition} {other_partition}, and {common_region} sends the call to another partition, where its keys "
        "are unknown: call with {own_regions}. The key and the policies stay as they are.",
        "Call with a Region of the key's partition",
        f"env | grep _REGION; {_CONFIGURED}{{profile_option}}\n{_WHO}{{profile_option}} --region {{first_region}}",
        "{common_region} is not a Region of {other_partition}: use {own_regions}. If the environment sets it "
        "(AWS_REGION, AWS_DEFAULT_REGION), remove it there.",
        check=f"{_WHO}{{profile_option}} --region {{first_region}}",
        ground=Ground.LIKENESS,
        needs="other_partition",
    ),
    _fault(
        _UNKNOWN_KEY,
        *_SEPARATE_PARTITION,
        also=(
            "The call is the AssumeRole that the SDK makes for a profile (role_arn, source_profile). Its STS client "
            "may take the SDK's default Region, not {partition_region}, even if the profile has one. Give "
            "{partition_region} to the credential provider too (SDK for JavaScript: clientConfig), or use a version "
            "that works.",
        ),
        check=_WHO,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="partition_region",
        speaker=r"AssumeRole(?!With)|client-sts",
    ),
    _fault(
        _UNKNOWN_KEY,
        *_SEPARATE_PARTITION,
        check=_WHO,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="partition_region",
    ),
    # IAM User Guide, "Manage AWS STS in an AWS Region": tokens of the global endpoint are valid only in Regions that
    # are enabled by default, unless the account changes that
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html); re:Post,
    # "How do I resolve the error AWS was not able to validate the provided access credentials?".
    _fault(
        _UNKNOWN_KEY,
        "{opt_in_region} is an opt-in Region, and the keys are a role's session. Most likely the session token comes "
        "from STS's global endpoint, whose tokens are not valid in such Regions; or the Region is not enabled.",
        "Assume the role at a regional STS endpoint, and check whether the Region is enabled",
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # then assume the role again\n"
        "aws account get-region-opt-status --region-name {opt_in_region}\n"
        "aws iam get-account-summary --query SummaryMap.GlobalEndpointTokenVersion  # 2: valid in all Regions",
        "The session token comes from STS's global endpoint (sts.amazonaws.com): in {opt_in_region} only tokens of a "
        "regional endpoint are valid, or of a global one that issues version 2 tokens (aws iam "
        "set-security-token-service-preferences --global-endpoint-token-version v2Token).",
        also=("{opt_in_region} is disabled until an account enables it, and until then every key is unknown there.",),
        check="aws iam get-account-summary --query SummaryMap.GlobalEndpointTokenVersion",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_region",
        speaker=r"\bassum(?:e[sd]?|ing)\b[^.\n]{0,40}\brole\b|assume-?role(?!With)|assumed-role|\bASIA[A-Z0-9]{8,}"
        r"|\brole\b[^.\n]{0,40}\bassumed\b",
    ),
    _fault(
        _UNKNOWN_KEY,
        "{opt_in_region} is disabled until an account enables it, and until then every key is unknown there. Otherwise "
        "the key itself is deleted, inactive, or lacks its session token.",
        "Check whether the Region is enabled; enable it, or call another",
        "aws account get-region-opt-status --region-name {opt_in_region}\n"
        "aws account enable-region --region-name {opt_in_region}",
        "{opt_in_region} is disabled until an account enables it, and until then every key is unknown there.",
        check="aws account get-region-opt-status --region-name {opt_in_region}",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_region",
    ),
    # IAM User Guide, "Use temporary credentials with AWS resources": ASIA keys need the session token
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    _fault(
        _UNKNOWN_KEY,
        "The access key begins with ASIA, so it belongs to a temporary session. The text shows no session token with "
        "it, and AWS does not accept the key without one.{pass_on} No permission is missing.",
        "Set the session token that came with the key, or get new credentials",
        f"env | grep ^AWS_ | cut -d= -f1  # where the program runs: AWS_SESSION_TOKEN must be there\n{_WHO}",
        "The session token of the temporary key (ASIA…) is missing: set all three values, or sign in again. The key of "
        "a session is not in the user's list of access keys.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="half_session",
    ),
    # Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters": X-Amz-Security-Token is part of the
    # query and of what is signed (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
    _fault(
        _UNKNOWN_KEY,
        "The presigned URL most likely lacks the session token (X-Amz-Security-Token): the same temporary key works in "
        "another call, and AWS does not accept the key without its token. The library that signs the URL leaves the "
        "token out.",
        "Sign the URL with the session token: update the library, or use another signer",
        "aws s3 presign s3://BUCKET/KEY  # its URL has X-Amz-Security-Token",
        "The library leaves out the session token when it signs a URL. A newer version may include it; the AWS SDKs "
        "do.",
        check=None,
        ground=Ground.LIKENESS,
        needs="unsigned_token",
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs", credential scope errors
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    _fault(
        rf"{_SIGNATURE}|{_SCOPED}",
        "The request is signed for another {scope} than the one it is sent to{scope_words}. The keys need not be "
        "wrong.",
        "Let the program sign for the {scope} of its endpoint",
        f"env | grep -E '^AWS_(DEFAULT_REGION|REGION|ENDPOINT_URL)'; {_CONFIGURED}{{profile_option}}",
        "The program's settings and its endpoint differ in the {scope}, or its version signs wrongly: set both alike, "
        "or use another version of it.",
        check=None,
        ground=Ground.LIKENESS,
        needs="scope",
    ),
    # Amazon S3 API Reference, "Authenticating requests (AWS signature version 2)": it is being turned off
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/Appendix-Sigv2.html).
    _fault(
        _SIGNATURE,
        "The client signs with the old signature version 2, which S3 is turning off: use version 4. Another key or "
        "policy does not help.",
        "Let the client sign with version 4: leave out the setting of version 2",
        "aws configure set default.s3.signature_version s3v4  # in the AWS CLI; other programs have their own",
        "The text sets signature version 2 (SignatureVersion 2 or v2, signature_version s3, signature_v2). Newer SDKs "
        "may encode special characters of a key differently from what version 2 signs: remove the setting, or set 4.",
        check=None,
        speaker=r"\bsignature_?version[\"']?\s*[:=]\s*[\"']?(?:v?2|s3)(?![\w.])|\bsignature_v2\s*=\s*True",
        ground=Ground.LIKENESS,
    ),
    _fault(
        _SIGNATURE,
        "The signature fails only with a session's key: “{long_lived_works}”. So the secret key and the clock are "
        "right. Most likely the library encodes or signs the session token (X-Amz-Security-Token) wrongly.",
        "Update the library, or sign with one that handles session tokens",
        "aws s3 presign s3://BUCKET/KEY  # compare its X-Amz-Security-Token: encoded once, and signed",
        "The session token has + / and =: each must be percent-encoded once in the query, and the same in what is "
        "signed.",
        check=None,
        ground=Ground.LIKENESS,
        needs="long_lived_works",
    ),
    # AWS SDKs and Tools Reference Guide, "Standardized credential providers"; Dify, "Environment variables"; GitLab,
    # "IAM roles for AWS when using the GitLab chart"
    # (https://docs.gitlab.com/charts/advanced/external-object-storage/aws-iam-roles.html).
    _fault(
        f"{_UNKNOWN_KEY}|{_SIGNATURE}|{_NONE}",
        "The program signs with keys from its own settings, which are empty: “{no_keys}”. It does not use the role "
        "that it has. The role's policies are not the cause.",
        "Let the program use its role: its SDK's default credentials{role_option}",
        f"{_WHO}  # where the program runs: shows the role that it could use",
        "The program takes empty settings as keys, or needs an option before it uses a role{role_option}. An update "
        "may have changed that: see its release notes. Create no static keys.",
        check=None,
        ground=Ground.LIKENESS,
        needs="no_keys",
    ),
    _fault(
        r"InvalidToken|InvalidSecurityToken|token is malformed",
        "The session token does not belong to the access key, or was cut off when it was copied. Key, secret key and "
        "token must come from one session.",
        "Set all three values anew, from one session",
        f"{_FORGET}\n{_WHO}  # after the three new values are set",
        "One of the three values is from an earlier session, or is cut off.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="whole_session",
    ),
    # STS API reference, "GetSessionToken" and "GetFederationToken": what their credentials may not call
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
    _fault(
        r"InvalidClientTokenId|security token included in the request is invalid",
        "AWS does not accept these credentials for a call to IAM. Sessions of GetSessionToken without MFA and of "
        "GetFederationToken cannot call IAM, whatever their policies allow.",
        "Find out which credentials are used, and use ones that may call IAM",
        f"env | grep ^AWS_ | cut -d= -f1; {_CONFIGURED}\n{_FORGET}\n{_WHO}",
        "If other services accept the same credentials, they are most likely a session of GetSessionToken without MFA "
        "(aws-vault, a script) or of GetFederationToken. Assume a role instead, or sign in with MFA.",
        also=("If {who_am_i} fails too, the key itself is not accepted: {key_faults}.",),
        ground=Ground.PARTLY,
        needs="iam_call",
    ),
    # IAM User Guide, "Troubleshoot Signature Version 4 signing": the times are in UTC.
    _fault(
        _CLOCK,
        "The request's time is {hours} {direction} AWS's clock. Correct the UTC time of the calling machine, unless "
        "the program sends local time as UTC.",
        "Correct the UTC time of the machine that made the call",
        "date -u; timedatectl  # UTC must be right, whatever the local time",
        "Whole hours suggest the time zone or its switch to summer time. If the machine's UTC time is wrong, let NTP "
        "(chrony, the hypervisor's tools) set it.",
        check=None,
        needs="hours",
    ),
    # A request cannot be signed later than it is sent: a time ahead of AWS's is the machine's clock.
    _fault(
        _CLOCK,
        "The request's time is {apart} ahead of AWS's clock, and more than {window} is refused: the clock of the "
        "calling machine is fast.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        check=None,
        needs="ahead",
    ),
    _fault(
        _CLOCK,
        "The request's time is {apart} {direction} AWS's clock, and more than {window} is refused. Correct the clock "
        "of the calling machine, unless the request was sent long after it was signed.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        check=None,
        needs="apart",
    ),
    _fault(
        r"Signature not yet current|RequestInTheFuture",
        "The request's timestamp is ahead of AWS's clock: the calling machine's clock is fast.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        check=None,
    ),
    _fault(
        _CLOCK,
        "The request's time and AWS's differ by more than {window}. Correct the clock of the calling machine, unless "
        "the request was sent long after it was signed.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        check=None,
    ),
    _fault(
        r"Error loading SSO Token|\bSSO (?:session|token)\b[^.\n]{0,80}\b(?:expired|invalid|not found|does not exist)"
        r"|SSOToken(?:Load|Provider)|UnauthorizedSSO|Token has expired and refresh failed"
        r"|(?:cached|load\w*|read\w*|retrieve\w*|retrieving|refresh\w*) (?:\w+ )?SSO Token",
        "This machine has no valid sign-in to IAM Identity Center: sign in{of_profile}.",
        "Sign in again",
        "aws sso login{profile_option}",
        "Sign in again (aws sso login{profile_option}). An administrator of IAM Identity Center sets how long a "
        "session lasts.",
    ),
    # STS API reference, "Common error types", IncompleteSignature.
    _fault(
        r"IncompleteSignatureException|\(IncompleteSignature|signature does not conform|Authorization header requires"
        r"|api error IncompleteSignature",
        "The request's signature is incomplete or malformed: AWS could not read the Authorization header.",
        "Enter access key and secret key again, without spaces or line breaks",
        f"{_FORGET}\naws configure\n{_WHO}",
        "A key was copied with a space or a line break, or a proxy or a library changed the Authorization header.",
    ),
    _fault(
        _SIGNATURE,
        "The signature does not fit the request: the secret key does not belong to the access key, or the program "
        "signs wrongly. The same keys in another program show which. No permission is missing.",
        "Try the same keys elsewhere; if they fail there, enter them again as a pair",
        f"{_WHO}{{profile_option}}  # with these keys: if it fails too, they are no pair, or were copied badly",
        "If the keys fail everywhere, the secret key is not the access key's, or lost characters on the way (it has "
        "40). If they work elsewhere, this program signs wrongly, or a proxy, a header or the path changed the "
        "request.",
        ground=Ground.PARTLY,
    ),
    # STS API reference, "AssumeRole", DurationSeconds: one hour unless the call asks for more
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    _fault(
        r"Expired|has expired|token is expired",
        "The temporary credentials have expired: a session of assume-role ends after one hour unless the call asks for "
        "more (--duration-seconds). Permissions are not the cause.",
        "Let the program renew its session (a profile with role_arn), or ask for a longer one",
        f"aws iam get-role --role-name ROLE --query Role.MaxSessionDuration\n{_WHO}",
        "Keys that assume-role returned were exported, and nothing renews them. The SDK renews a profile with "
        "role_arn. A role that assumes another role gets at most one hour.",
        check=None,
        speaker=r"\baws sts assume-role\b(?!-with)"
        r"|\b(?:export\w*|keys|credentials)[^.\n]{0,30}\bassume-role\b(?!-with)",
    ),
    # AWS SDKs and Tools Reference Guide, "Standardized credential providers": the environment comes before a
    # container's
    # or an instance's role, and its keys are static
    # (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    _fault(
        r"Expired|has expired|token is expired",
        "The program copied the role's temporary credentials into variables, and these have expired: nothing renews "
        "them, and the SDK prefers them to the role. Permissions are not the cause.",
        "Leave out the copying, so that the SDK itself takes the role's credentials",
        f"env | grep -c ^AWS_SESSION_TOKEN=  # where the program runs: must print 0\n{_WHO}",
        "Do not set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN from a role. Create each client "
        "with the default chain, which renews the role's credentials. What needs keys gets fresh ones for each use.",
        speaker=r"(?<!not )(?<!never )(?<!n['’]t )\b(?:cop(?:y|ies|ied|ying)|export(?:s|ed|ing)?|writ(?:es?|ten|ing)"
        r"|puts?|sets?|inject(?:s|ed)?)\b[^.\n]{0,40}"
        r"\b(?:task|pod|instance|function|assumed|execution|container)(?:'s)?(?: role(?:'s)?)?(?: temporary| session)?"
        r" (?:credentials|keys)\b[^.\n]{0,40}\b(?:AWS_[\w*]|env(?:ironment)?\b)",
        check=None,
        ground=Ground.LIKENESS,
    ),
    # The README of configure-aws-credentials, "Session duration": one hour unless role-duration-seconds says otherwise
    # (https://github.com/aws-actions/configure-aws-credentials).
    _fault(
        r"Expired|has expired|token is expired",
        "The session that the job took with OIDC has ended: the credentials have expired, and permissions are not the "
        "cause.",
        "Ask for a longer session, or sign in again before the steps that fail",
        "aws iam get-role --role-name ROLE --query Role.MaxSessionDuration",
        "The job runs longer than its session. Set --duration-seconds, or role-duration-seconds of "
        "configure-aws-credentials (one hour unless set, at most the role's MaxSessionDuration). Or repeat that step "
        "before the late ones, with if: always() where they clean up.",
        check=None,
        speaker=r"\bOIDC\b[^\n]{0,80}\b(?:step|job|workflow|start|beginning)\b|configure-aws-credentials"
        r"|\brole-to-assume\b|\bassume-role-with-web-identity\b|\bid_tokens\b",
        ground=Ground.LIKENESS,
    ),
    _fault(
        r"Expired|has expired|token is expired|TokenRefreshRequired",
        "The temporary credentials have expired: permissions are not the cause.",
        "Get new temporary credentials",
        f"{_CONFIGURED}  # where the old ones come from\n"
        f"aws sso login  # if that is IAM Identity Center\n{_WHO}  # with the new ones",
        "Get new credentials from where these came from, and start the program with them. Keys in variables, files or "
        "a program's settings are never renewed: a run that is longer needs a profile with role_arn, or the role of an "
        "instance, pod or function.",
        needs="of_aws",
    ),
    # The README of configure-aws-credentials, "OIDC" (https://github.com/aws-actions/configure-aws-credentials).
    # GitHub Docs, "Events that trigger workflows", pull_request: runs for forks get a read-only token and no secrets
    # (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request).
    _fault(
        r"please check your action inputs",
        "GitHub gives a run for a fork's pull request neither an identity token nor secrets, whatever its permissions "
        "say: AWS was not called, and no policy was read.",
        "Run what needs AWS outside of the fork's run",
        "# after a review: on a branch of this repository, or in a workflow on pull_request_target with an\n"
        "# environment that asks for approval (it must not run the fork's code unchecked)",
        check=None,
        speaker=FROM_FORKS,
    ),
    _fault(
        r"please check your action inputs",
        "GitHub's action configure-aws-credentials found no credentials: AWS was not called, and no policy was read.",
        "Let the permission id-token: write apply to this job",
        "# a job's own permissions replace the workflow's\n# a called workflow gets at most its caller's permissions",
        check=None,
        speaker=r"id-token[\"']?\s*:\s*[\"']?write",
    ),
    _fault(
        r"please check your action inputs",
        "GitHub's action configure-aws-credentials found no credentials: AWS was not called, and no policy was read.",
        "Let the job request a token from GitHub, or give the action keys",
        "# in the job, and in the caller of a reusable workflow:\n# permissions: {id-token: write, contents: read}",
        check=None,
    ),
    _fault(
        r"Incorrect token audience",
        "The token's audience is not in the list of its identity provider.",
        "Request the token with an audience that the provider lists, or add the token's to it",
        "aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn {provider_arn} --client-id "
        "{audience}",
        check="aws iam list-open-id-connect-providers",
    ),
    _fault(
        r"InvalidIdentityToken|WebIdentity(?!\w*Provider|\w*Credentials?\b)|IDPCommunicationError"
        r"|verification key from your identity",
        "The identity token was not accepted: it is from another issuer, or signed with a key that AWS cannot fetch or "
        "does not know.",
        "Read the token's issuer, audience and times",
        _READ_TOKEN,
        check="aws iam list-open-id-connect-providers",
        ground=Ground.PARTLY,
    ),
    _fault(
        r"config profile .{1,80} could not be found|ProfileNotFound",
        "The profile is not in the AWS configuration that the program reads.",
        "List the existing profiles",
        f"aws configure list-profiles\n{_CONFIGURED}",
        "The profile is not in this machine's configuration, or the program reads another file or runs as another "
        "user.",
    ),
    _fault(
        r"Partial credentials",
        "Only half of a key pair was found: one of its two keys is not set.",
        "Give both, or neither",
        f"env | grep ^AWS_ | cut -d= -f1; {_CONFIGURED}",
        "One of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set and the other is not.",
    ),
    # EKS User Guide, "Use Pod Identity with the AWS SDK"
    # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html).
    _fault(
        r"invalid endpoint host[^\x1e]{0,60}169\.254\.170\.23[^\x1e]{0,60}only loopback hosts are allowed"
        r"|169\.254\.170\.23[\s\S]{0,80}AWS_CONTAINER_CREDENTIALS_FULL_URI\s+has\s+an",
        "No credentials were found: 169.254.170.23 is the EKS Pod Identity agent, but the AWS SDK in this program is "
        "too old to accept it. No permission is missing.",
        "Use a version of the program (or of its plugin) whose SDK supports EKS Pod Identity, or IRSA",
        "kubectl get pod POD -o jsonpath='{.spec.containers[*].image}'  # the program's version",
        "The program's AWS SDK is older than EKS Pod Identity (needed: Java 2.21.30 or 1.12.746, Go v1.47.11 or "
        "2023-11-14, boto3 1.34.41): update the program, choose a plugin or output with a newer SDK, or give the "
        "service account its role with IRSA.",
        also=(_LATEST,),
        check=None,
    ),
    # The same page: with its variables, the agent is the container credentials provider's address.
    _fault(
        _NONE,
        "The pod has a role by EKS Pod Identity, and the program's AWS SDK gets no credentials from it. See first "
        "whether the SDK is too old for Pod Identity. No permission is missing.",
        "Use a version of the program (or of its library) whose SDK supports EKS Pod Identity, or IRSA",
        "kubectl get pod POD -o jsonpath='{.spec.containers[*].image}'  # the program's version",
        "Compare the version of the SDK in the program or its plugin with what Pod Identity needs: Java 2.21.30 or "
        "1.12.746, Go v1.47.11 or 2023-11-14, boto3 1.34.41. If it is older, update it, choose another plugin or "
        "output, or give the service account its role with IRSA.",
        check=None,
        needs="pod_identity",
        ground=Ground.LIKENESS,
    ),
    _fault(
        r"only loopback hosts are allowed",
        "No credentials were found: the program's AWS SDK refuses the address of the container credentials "
        "(AWS_CONTAINER_CREDENTIALS_FULL_URI). No permission is missing.",
        "Check which address the container's environment gives, and whether the SDK's version accepts it",
        "env | grep ^AWS_CONTAINER | cut -d= -f1",
        "The program's AWS SDK is older than the method by which its container gets credentials.",
        check=None,
    ),
    # CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens": twelve hours at most
    # (https://docs.aws.amazon.com/codeartifact/latest/ug/tokens-authentication.html).
    _fault(
        r"\.codeartifact\.[\s\S]{0,600}\b(?:401|E401|Unauthorized)\b|\b(?:401|E401)\b[\s\S]{0,600}\.codeartifact\.",
        "CodeArtifact did not accept the token: it has expired (after twelve hours at most), is missing, or is for "
        "another domain. No permission on the package is missing.",
        "Get a new token for this repository",
        "aws codeartifact login --tool TOOL --domain DOMAIN --domain-owner ACCOUNT --repository REPOSITORY",
        "The token in the tool's configuration has expired, or the environment variable with it is empty. A token "
        "lasts twelve hours at most, and a role session's token ends with the session.",
        check=None,
        ground=Ground.PARTLY,
    ),
    # ECR User Guide, "Troubleshooting Docker commands and issues when using Amazon ECR"
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html).
    _fault(
        r"login attempt to https?://\S*\.dkr[.-]ecr[\s\S]{0,120}\b40[01]\b|\.dkr[.-]ecr[\s\S]{0,300}401 Unauthorized"
        r"|\.dkr[.-]ecr\S*[^\n]{0,60}authentication\s+required",
        "The registry did not accept the login: none was sent, or its password is for another Region or account, has "
        "expired, or was changed on the way. No permission on the repository was checked.",
        "Log in to this registry again",
        "aws ecr get-login-password{region_option} | docker login --username AWS --password-stdin {registry}",
        "The password is for another Region, is older than twelve hours, or is empty because get-login-password failed "
        "before the pipe. Windows PowerShell 5 adds a line break in the pipe: use cmd or PowerShell 7 there.",
        check=_WHO,
        ground=Ground.PARTLY,
    ),
    # AWS SDK for Go, packages stscreds and config: a profile with mfa_serial needs a token provider
    # (https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/credentials/stscreds).
    _fault(
        r"assume role with MFA enabled[^\n]{0,40}(?:TokenProvider|token provider)|AssumeRoleTokenProvider",
        "The profile requires an MFA code, and this program does not ask for one: its AWS SDK for Go was given no "
        "token provider. The profile was found, and no permission is missing.",
        "Give the program credentials that already passed MFA, or let it ask for the code",
        'eval "$(aws configure export-credentials --profile PROFILE --format env)"  # the CLI asks for the code',
        "The program does not set AssumeRoleTokenProvider (v1), or TokenProvider of AssumeRoleOptions (v2, "
        "stscreds.StdinTokenProvider), which a profile with mfa_serial needs.",
        also=("Until it does, sign in with the CLI and give the program those credentials in its environment.",),
        check=None,
    ),
    # Amazon EKS User Guide, "Configure Pods to use a Kubernetes service account"; pgBackRest's configuration reference,
    # "repo-s3-key-type" (https://pgbackrest.org/configuration.html#section-repository/option-repo-s3-key-type).
    _fault(
        r"169\.254\.169\.254|\bIMDS\b|ec2imds",
        "The pod has its own role{own_pods_role}, and the program does not use it: it asks the instance's metadata "
        "service. Neither a policy nor a hop limit is the cause.",
        "Let the program use the pod's web identity",
        "env | grep -E '^AWS_(ROLE_ARN|WEB_IDENTITY_TOKEN_FILE)='  # where the program runs",
        "{web_identity_setting}, and check that AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE reach its process.",
        check=None,
        needs="pods_token",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "Configure the Instance Metadata Service options": the token's answer travels as many hops as the
    # limit says (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html).
    _fault(
        _NO_INSTANCE_KEYS,
        "The program in the container got no token from the instance's metadata service (IMDSv2): with a hop limit of "
        "1, the answer does not reach a container. No permission is missing, and the instance's role is not at fault.",
        "Raise the hop limit to 2, or run the container in the host's network",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-tokens required "
        "--http-put-response-hop-limit 2",
        "The instance requires IMDSv2 (HttpTokens=required) and its HttpPutResponseHopLimit is 1, but a container is "
        "two hops away. Raise the limit to 2, use the host's network, or give the container its own role (ECS, EKS).",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        needs="container_of_one_hop",
        ground=Ground.LIKENESS,
    ),
    _fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|ec2imds|\bIMDS(?:v2)?\b|169\.254\.169\.254",
        "The program in the container got no answer from the instance's metadata service (IMDS): no permission is "
        "missing, and the instance's role was not used.",
        "Raise the hop limit to 2, or run the container in the host's network",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2",
        "Most likely the instance's hop limit is 1: the answer from IMDSv2 does not reach a container then. Raise the "
        "limit to 2, use the host's network, or give the container its own role.",
        also=("The network of the container blocks 169.254.169.254, or the instance has no instance profile.",),
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        needs="container_times_out",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "How Instance Metadata Service Version 2 works"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html).
    _fault(
        _NO_INSTANCE_KEYS,
        "The instance's metadata service answers requests without a token with 401 (HttpTokens=required), and the "
        "program sends none: it supports only IMDSv1. The role and its policies are not at fault.",
        "Use a version of the program that supports IMDSv2",
        "aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpTokens]'  # "
        "keep it required",
        "The program, or its SDK, is too old for IMDSv2: update it. A script requests a token first (PUT "
        "/latest/api/token) and sends it as X-aws-ec2-metadata-token.",
        check="aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpTokens]'",
        needs="tokens_required",
        ground=Ground.LIKENESS,
    ),
    # KEDA, "AWS (IRSA) Pod Identity Webhook": the operator reads the metrics, with its own identity unless it may
    # assume the workload's role (https://keda.sh/docs/latest/authentication-providers/aws/).
    _fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|ec2imds|169\.254\.169\.254|NoCredentialProviders",
        "KEDA's operator reads the metric, not the workload's pod, and it has no AWS identity: it took no role, and "
        "the last place where it looked was an instance's metadata service. The workload's role is not used for this.",
        "Give the service account keda-operator a role, or let KEDA assume one",
        "kubectl get serviceaccount keda-operator -n keda -o yaml  # its annotation eks.amazonaws.com/role-arn",
        "Give the service account keda-operator a role (IRSA or Pod Identity) that allows the call, and restart the "
        "operator. Or set podIdentity.roleArn in the TriggerAuthentication: the operator's role must be allowed to "
        "assume that role, which must trust it.",
        check="kubectl get serviceaccount keda-operator -n keda -o yaml",
        speaker=r"\bkeda[- ]operator\b|\bkeda\b[\s\S]{0,2000}\b(?:ScaledObject|TriggerAuthentication|identityOwner)\b",
        ground=Ground.LIKENESS,
    ),
    # The same chain on a machine that is no EC2 instance: nothing answers there.
    _fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata"
        r"|(?:Error from server|webhook)[^\x1e]{0,400}NoCredentialProviders",
        "The program found no credentials of its own, and asked for those of an EC2 instance (IMDS), which does not "
        "exist here: no permission is missing.",
        "Give the pod that makes the call its role",
        "kubectl get serviceaccount NAME -o yaml  # of the pod that makes the call: its annotation",
        "The role of the service account has not taken effect in the pod that makes this call. There is no annotation, "
        "the pod was started before it was set, or the cluster's pod identity webhook did not add the token.",
        check="kubectl get serviceaccount NAME -o yaml",
        needs="off_ec2",
    ),
    # Amazon EKS User Guide, "Upgrade from Amazon Linux 2 to Amazon Linux 2023"
    # (https://docs.aws.amazon.com/eks/latest/userguide/al2023.html).
    _fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata"
        r"|(?:Error from server|webhook)[^\x1e]{0,400}NoCredentialProviders",
        "The program found no credentials of its own, requested the instance's from the metadata service (IMDS), and "
        "got none: no permission is missing. Managed nodes of Amazon Linux 2023 have a hop limit of 1 by default, "
        "which keeps pods from the node's role.",
        "Give the pod its own role, or raise the nodes' hop limit to 2 in their launch template",
        "kubectl get serviceaccount NAME -o yaml  # of the pod that makes the call: its annotation",
        "Give the service account a role (IRSA, or an EKS Pod Identity association), and start the pod again. Where it "
        "must use the node's role, set HttpPutResponseHopLimit to 2 in the node group's launch template.",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        ground=Ground.LIKENESS,
        needs="al2023",
    ),
    # EC2 User Guide, "Use IMDSv2" (the hop limit in containers); EKS best practices, "Identity and access management".
    _fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata"
        r"|(?:Error from server|webhook)[^\x1e]{0,400}NoCredentialProviders",
        "The program found no credentials of its own, requested the instance's from the metadata service (IMDS), and "
        "got none: no permission is missing.",
        "Give the program its role, or let it reach the metadata service",
        "aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,IamInstanceProfile.Arn,MetadataOptions]'",
        "The service account's role has not taken effect: there is no annotation (IRSA) or Pod Identity association, "
        "or the pod was started before it was set.",
        also=(
            "If the pod is meant to use the instance's role: see whether the instance's hop limit is 2 or more, as a "
            "container needs it.",
        ),
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        needs="kubernetes",
    ),
    _fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata",
        "The program found no credentials of its own, asked the metadata service of an EC2 instance (IMDS) last, and "
        "got none: no permission is missing.",
        "Name the profile, or give the program credentials",
        f"aws configure list-profiles\n{_CONFIGURED}  # where the program runs\n{_WHO}",
        "Outside EC2 it needs a profile: name it (AWS_PROFILE, or the program's own setting), also after a sign-in. In "
        "a container, its files must be there as a whole (~/.aws, with sso/cache). On EC2 the instance needs an "
        "instance profile.",
    ),
    # SDKs and Tools Reference Guide, "AWS SDKs and Tools standardized credential providers"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    _fault(
        _NONE,
        "The program found no credentials, although the AWS CLI in the same place has some: its own credential chain "
        "is at fault. Neither the role nor a permission is missing.",
        "Compare how the program and the CLI find their credentials",
        f"env | grep ^AWS_ | cut -d= -f1; {_CONFIGURED}",
        "The program builds its own credential chain and leaves something out: the Region (a web identity token needs "
        "one for STS), a provider, or a module of its SDK. Let it use the SDK's default chain and configuration.",
        also=("The program's SDK is older than the method by which the CLI gets its credentials (SSO, Pod Identity).",),
        check=None,
        needs="cli_works",
        ground=Ground.LIKENESS,
    ),
    # AWS Tools for PowerShell User Guide, "Using AWS credentials in the AWS Tools for PowerShell"
    # (https://docs.aws.amazon.com/powershell/v5/userguide/specifying-your-aws-credentials.html).
    _fault(
        r"persisted/shell defaults",
        "The task runs as another Windows account, which has none of your profiles: the AWS SDK store "
        "(NetSDKCredentialsFile) is encrypted for the user who saved it. AWS was not called, and no policy is the "
        "cause.",
        "Give the account of the task credentials of its own",
        "Set-AWSCredential -StoreAs PROFILE  # as the account that runs the task, or give the server an instance "
        "profile",
        "Run the task as the user who has the profile, or let it read a shared file (-ProfileLocation).",
        speaker=r"NT AUTHORITY\\|\bRun as:",
        check=None,
    ),
    _fault(
        r"persisted/shell defaults",
        "This PowerShell session has no credentials: the AWS CLI's --profile and AWS's sign-in in another window do "
        "not apply to it. AWS was not called.",
        "Name the profile in PowerShell",
        "Set-AWSCredential -ProfileName {profile_name}; Get-STSCallerIdentity",
        "The session has no profile set: give -ProfileName {profile_name} to the cmdlet, or set it for the session.",
        check=None,
    ),
    # Amazon Bedrock User Guide, "Use an Amazon Bedrock API key"
    # (https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html).
    _fault(
        _NONE,
        "The program looked for AWS credentials and found none: it did not use the Bedrock API key. No permission is "
        "missing.",
        "Give the program the key in AWS_BEARER_TOKEN_BEDROCK, or use a version that reads it",
        "env | grep -c ^AWS_BEARER_TOKEN_BEDROCK=  # where the program runs: must print 1",
        speaker=r"\A(?=[\s\S]*\bbedrock\b)[\s\S]*?\b(?:bearer token|API key)\b",
        check=None,
    ),
    # EC2 User Guide, "IAM roles for Amazon EC2" and "Use IMDSv2"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html).
    _fault(
        _NONE,
        "The program found no credentials on the instance, so no permission is missing.{no_need} Check that an "
        "instance profile is attached to it, and that the program reaches the metadata service (169.254.169.254).",
        "Attach an instance profile with the role, or let the program reach the metadata service",
        "aws ec2 describe-iam-instance-profile-associations  # is one associated with this instance?\n"
        f"{_CONFIGURED}  # on the instance: its type must be iam-role",
        "A role alone gives an instance nothing: an instance profile that contains it must be attached.",
        also=("The metadata service is off or out of reach, such as behind a proxy without NO_PROXY=169.254.169.254.",),
        check="aws ec2 describe-iam-instance-profile-associations",
        speaker=r"\binstance (?:role|profile)\b|\bon EC2\b|\bec2 instance\b"
        r"|@ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}\b",
        ground=Ground.LIKENESS,
    ),
    _fault(
        _NONE,
        NONE_FOUND,
        "See which credentials the program finds",
        f"{_CONFIGURED}\naws configure list-profiles\n{_WHO}",
    ),
    # STS API reference, "AssumeRole", DurationSeconds; IAM User Guide, "Methods to assume a role": role chaining
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage-assume.html).
    _fault(
        _UNKNOWN_KEY,
        "Most likely the session is over{session_length}: its keys were taken once, and what ran first still worked. "
        "No permission is missing.",
        "Take new keys during the run, or ask for a longer session",
        f"aws iam get-role --role-name ROLE --query Role.MaxSessionDuration\n{_WHO}",
        "Ask for a longer session (--duration-seconds), or let each step assume the role anew. If a role's session "
        "assumes the role (CodeBuild, Lambda, ECS, a pod), one hour is the most, whatever its MaxSessionDuration: for "
        "longer runs take new keys, or let the SDK do it with a profile (role_arn, credential_source).",
        check=None,
        ground=Ground.LIKENESS,
        needs="session_over",
    ),
    # IAM User Guide, "Changes that I make are not always immediately visible"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    _fault(
        _UNKNOWN_KEY,
        "The text creates an access key: if it is this one, wait some seconds and try again. A new key is not known "
        "everywhere at once.{no_need}",
        "Wait until the new key works, and do not create one for each run",
        f"until {_WHO}{{profile_option}}; do sleep 5; done",
        "IAM takes some seconds to make a new key known everywhere. Let the script wait until it works, or assume a "
        "role instead of creating a key each time.",
        check=f"{_WHO}{{profile_option}}",
        ground=Ground.LIKENESS,
        needs="new_key",
    ),
    _fault(
        _UNKNOWN_KEY,
        "The program still uses a key that is no longer valid: the text shows “{retired}”. Give it the current key; no "
        "permission is missing.",
        "Give this program the current key, or activate the old key until then",
        f"{_CONFIGURED}  # where the program that fails runs",
        "The old key was deactivated or deleted, and this program still has it: in its environment, a file, a secret "
        "or a cache.",
        ground=Ground.LIKENESS,
        needs="retired",
    ),
    _fault(
        _UNKNOWN_KEY,
        "The program does not use the credentials that work: with credentials exported from the profile it succeeds. "
        "Most likely it finds older keys first, or its IAM Identity Center sign-in is for another profile.",
        "Sign in with the profile, and see which credentials the program finds",
        f"aws sso login{{profile_option}}\n{_CONFIGURED}{{profile_option}}\nenv | grep ^AWS_ | cut -d= -f1",
        "Older keys come first (in the environment, or in ~/.aws/credentials for this profile or the default one), or "
        "aws sso login was for another profile. Until that is found, use exported credentials.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="exported_work",
    ),
    # AWS CLI User Guide, "Command line options": --profile takes precedence over the environment.
    _fault(
        _UNKNOWN_KEY,
        "AWS does not accept the access key of profile {profile_name}: {key_faults}.{no_need}",
        "Put valid credentials into the profile",
        f"{_CONFIGURED}{{profile_option}}\n"
        "aws configure get aws_session_token{profile_option}  # a key AKIA… has none\n"
        f"{_WHO}{{profile_option}}",
        check=f"{_CONFIGURED}{{profile_option}}",
        needs="named_profile",
        ground=Ground.PARTLY,
    ),
    _fault(
        _UNKNOWN_KEY,
        "The program called Amazon Bedrock with AWS keys that it found, although the text says that it is signed in to "
        "another provider. The request should not go to AWS, so it lacks neither a permission nor a new AWS key.",
        "Choose the other provider in the program's settings, and remove the old AWS keys from its environment",
        f"env | grep ^AWS_ | cut -d= -f1\n{_CONFIGURED}",
        "The program takes Bedrock for this command: the provider or model in its settings, a variable, or a fault of "
        "this version. Update it.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        speaker=r"\A(?=[\s\S]*\bBedrock\b)[\s\S]*?"
        r"(?:\b(?:logged|signed) in (?:to|with|at|as) [^\n,.;]{0,15}|\bprovider\b\W{1,4})"
        r"(?:\bAnthropic\b|\bClaude (?:Pro|Max|Code account)|\bOpenAI\b|\bChatGPT\b|\bOpenRouter\b)",
    ),
    _fault(
        _UNKNOWN_KEY,
        "AWS does not accept the access key as it was sent: {key_faults}.{no_need}",
        "Find out which credentials are used, and use valid ones",
        f"{_CONFIGURED}  # where the key comes from\n{_WHO}",
        ground=Ground.PARTLY,
    ),
    # API Gateway developer guide, "Troubleshoot issues with REST APIs".
    _fault(
        r"Missing ?Authentication ?Token",
        "The request has no signature that AWS could read.",
        "Check the URL's stage, path and method first, then whether the request has to be signed",
        "aws apigateway get-resources --rest-api-id API --query 'items[].[path,resourceMethods]'",
        check=None,
        cause="unreadable",
        ground=Ground.NOTHING,
    ),
    # EC2 API reference, "Error codes": AuthFailure is said of credentials and of what is not the account's own.
    _fault(
        r"\bAuthFailure\b",
        "EC2's AuthFailure has two meanings, and the text does not say which: the credentials could not be validated, "
        "or the account may not use what the call names, such as another account's address or image.",
        "Check whether the credentials work, and whether the account owns what the call names",
        f"{_WHO}\n{_CONFIGURED}",
        "What the call names belongs to another account, or is not shared with this one.",
        check=_WHO,
        cause="unreadable",
        ground=Ground.NOTHING,
    ),
)
_UNTOLD = CredentialFault(
    regex(""),
    "The text is about credentials, but does not say who refused them or why: see first which credentials are used.",
    "Find out which credentials are used",
    f"{_CONFIGURED}\n{_WHO}",
    cause="unreadable",
    ground=Ground.NOTHING,
)


_DISABLED = "; or the Region is not enabled"
_IS_ENABLED = regex(r"RegionOptStatus\W{1,6}ENABLED(?!_BY_DEFAULT)\b")
_GENERAL = (_NONE, _UNKNOWN_KEY, _SIGNATURE, _UNTOLD.words.pattern)
"""Patterns of words that say only that credentials are missing or not accepted."""


def fault_of(failure: OtherFailure) -> CredentialFault:
    """Return the first row that applies to the failure, with its placeholders filled."""
    values = _values(failure)
    row = next((each for each in FAULTS if each.fits(failure, values)), _UNTOLD)
    general = row.speaker is None and row.needs in ("", "named_profile") and row.words.pattern in _GENERAL
    if general and (proof := credentials_work(failure.text)) is not None:
        if row.words.pattern == _SIGNATURE:
            return _signed_otherwise(proof)
        return _good_elsewhere(proof, chained="source_profile" in failure.text)
    enabled = _IS_ENABLED.search(failure.text) is not None
    return replace(
        row,
        sentence=_as_shown(_filled(row.sentence, values), failure.text).replace(_DISABLED if enabled else "\0", ""),
        title=_filled(row.title, values),
        command=_filled(row.command, values),
        usual=_filled(row.usual, values),
        also=tuple(
            _filled(each, values)
            for each in row.also
            if not (enabled and "is disabled" in each) and not (each == _LATEST and "latest" not in failure.text)
        ),
        check=_filled(row.check, values) if row.check else None,
    )


def _signed_otherwise(proof: Contrast) -> CredentialFault:
    """Return the row for a wrong signature if the text says that the same keys work elsewhere."""
    row = _good_elsewhere(proof)
    return replace(
        row,
        sentence=f"Key and secret key are most likely right, because they work elsewhere: “{proof.works}”. This "
        "program signs the request differently, or something changes the request afterwards.",
        title="Compare how the program that fails signs with the one that works",
        command=f"{_CONFIGURED}\ndate -u",
        usual="Compare the Region, endpoint, path style and version of both; a proxy that changes a header or the path "
        "also makes a signature wrong.",
        also=(),
    )


def _good_elsewhere(proof: Contrast, *, chained: bool = False) -> CredentialFault:
    """Return the row for credentials that work elsewhere, as the author of the text says.

    ``chained``: the profile takes its role through another profile.
    """
    said = regex(r"\s+".join(map(re.escape, proof.works.split())), re.IGNORECASE)
    named = proof.name if proof.difference is Difference.VERSION else ""
    kept = f"use {named or 'the version that works'}"
    unsupported = (
        "The version that fails looks for credentials in another way, or does not support this kind (SSO, "
        f"credential_process, an API key): {kept}, or look in its release notes."
    )
    unread = (
        "The program does not read the profile, variables or sign-in that work elsewhere: name the same one in its own "
        "settings, or start it with exported credentials (aws configure export-credentials)."
    )
    if chained:
        unread = (
            "The program most likely does not sign in with the profile that source_profile names, and sends what it "
            "finds there as keys. Give it exported credentials (aws configure export-credentials), or update it."
        )
    of_version = proof.difference is Difference.VERSION
    return CredentialFault(
        words=said,
        sentence=GOOD_ELSEWHERE.format(works=proof.works),
        title="Compare what the program reads with what works",
        command=f"{_CONFIGURED}\nenv | grep ^AWS_ | cut -d= -f1",
        usual=unsupported if of_version else unread,
        also=()
        if of_version
        else ("This version of the program does not support the kind of credentials: look in its release notes.",),
        speaker=said,
        ground=Ground.LIKENESS,
    )


def credentials_verdict(failure: OtherFailure) -> Verdict:
    """Return the verdict on rejected credentials.

    AWS's own sentence comes first if no certain program printed the words.
    """
    fault = fault_of(failure)
    if fault.speaker is None and (stated := stated_in(failure.text)):
        return Verdict(stated.cause, stated.confidence, stated.sentence)
    if fault.sentence == NONE_FOUND and (said := own_cause(failure.text)) and not NO_MORE.search(said):
        return Verdict(fault.cause, confidence(Ground.LIKENESS), f"{fault.sentence} {OWN_CAUSE} “{said}”.")
    return Verdict(fault.cause, confidence(fault.ground), fault.sentence)


def credentials_fix(failure: OtherFailure) -> Fix:
    fault = fault_of(failure)
    return Fix(fault.title, fault.who, ShellCommand("the caller's credentials", fault.command))


_TOKENS_REQUIRED = regex(
    r"(?:\bHttp[-_ ]?Tokens|http_tokens|\bmetadata\b[^\n]{0,40}tokens?)[\"'\s:=]{1,6}(?:was set to |set to "
    r"|is )?[\"']?required"
    r"|\bIMDSv2[ -](?:only|required|enforced)|\b(?:requires?|enforces?) IMDSv2",
    re.IGNORECASE,
)
_REFUSED_BY_IMDS = regex(
    r"ec2imds:[^\n]{0,120}StatusCode:\s*401|169\.254\.169\.254[^\n]{0,300}\n?[ \t]*\b401\b"
    r"|\b401\b[^\n]{0,200}\n?[^\n]{0,60}169\.254\.169\.254"
    r"|169\.254\.169\.254(?:[^\n]*\n){1,4}[^\n]*\bThe requested URL returned error: 401"
)
_TIMES_OUT = regex(
    r"(?:169\.254\.169\.254|ec2imds|IMDS)[^\n]{0,200}(?:time(?:d)?[ -]?out|deadline exceeded|i/o timeout)",
    re.IGNORECASE,
)
_DOCKER = regex(r"\b(?:docker|podman|container)\b", re.IGNORECASE)
_ON_EC2 = regex(
    r"\bon (?:an? )?EC2\b|\bEC2 (?:instance|host|machine|box)|\binstance(?:'s)? (?:role|profile)\b|\bi-[0-9a-f]{8,17}\b"
    r"|@ip-\d|\bHttp[-_ ]?Tokens|hop[-_ ]?limit",
    re.IGNORECASE,
)
_KUBERNETES = regex(r"\b(?:kube\w*|(?:aws_)?eks\w*|pods?|k8s|service ?account|IRSA|CSI)\b", re.IGNORECASE)
# Amazon EKS User Guide, "Upgrade from Amazon Linux 2 to Amazon Linux 2023": the hop limit of managed node groups
# (https://docs.aws.amazon.com/eks/latest/userguide/al2023.html).
_AL2023 = regex(r"\b(?:AL2023\w*|Amazon Linux 2023)\b", re.IGNORECASE)
_OFF_EC2 = regex(
    r"\bbare[- ]?metal\b|\bon[- ]?prem\w*\b|\bminikube\b|\bkind cluster\b|\bself-hosted OIDC\b|\bGKE\b|\bAKS\b"
    r"|\bvSphere\b|\bProxmox\b|\b(?:own|home) (?:data ?cent(?:er|re)|hardware|lab)\b",
    re.IGNORECASE,
)
_CLI_IN_POD = regex(
    rf"\baws[ -]?cli\b[^.\n]{{0,40}}\b(?:same|this|that) (?:pod|container)\b[^.\n]{{0,40}}\b{WORKED}\b", re.IGNORECASE
)
_POD_IDENTITY = regex(r"\bpod[ _-]?identity\b", re.IGNORECASE)
_CONTAINER_URI = regex(
    r"\bAWS_CONTAINER_(?:CREDENTIALS_FULL_URI|AUTHORIZATION_TOKEN_FILE)\b(?![^.\n]{0,60}\b(?:not|n't|unset|missing|empty)\b)"
)
_ONE_HOP = regex(r"(?:HopLimit|hop[-_ ]limit)[\"'\s:=]{1,6}(?:is |of )?1\b", re.IGNORECASE)
_IN_CONTAINER = regex(r"\b(?:docker|container\w*|podman|pods?|kubernetes|ecs)\b", re.IGNORECASE)
_TEMPORARY_KEY = regex(r"AWS_ACCESS_KEY_ID[\"']?\s*[=:]\s*[\"']?ASIA", re.IGNORECASE)
_AWS_SAYS = regex(
    r"security token included in the request|provided token (?:has|is) expired|ExpiredTokenException|\(ExpiredToken"
    r"|api error ExpiredToken|TokenRefreshRequired"
)
"""AWS's own words for a session that has expired."""
_TOKEN_SHOWN = regex(r"SESSION_TOKEN", re.IGNORECASE)
_REGISTRY = regex(r"\b\d{12}\.dkr[.-]ecr[\w-]*\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.[\w.]*amazonaws\.com[\w.]*")
_LOGIN = regex(
    r"\bdocker login\b[^\n]*?(?P<registry>\b\d{12}\.dkr[.-]ecr[\w-]*\.[a-z0-9-]+\.[\w.]*amazonaws\.com)[^\n]*"
)
_TIME = r"(\d{8}T\d{6}Z|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"
_TIMES = (
    # "Signature expired: REQUEST is now earlier than LIMIT (SERVER - 5 min.)"
    regex(rf"(?:Signature expired|Signature not yet current)[^\n]{{0,20}}?{_TIME}[^\n(]{{1,80}}\({_TIME}"),
    regex(rf"RequestTime\W{{1,4}}{_TIME}[\s\S]{{1,120}}?ServerTime\W{{1,4}}{_TIME}"),
)
_HOUR, _EXACT = timedelta(hours=1), timedelta(minutes=2)
_FARTHEST_ZONE = 14  # hours from UTC


# In the message's own words: "(20261129T032640Z - 15 min.)"; S3's MaxAllowedSkewMilliseconds.
_OWN_WINDOW = regex(r"[-+]\s*(?P<minutes>\d{1,3})\s*min\b|MaxAllowedSkewMilliseconds\W{1,4}(?P<thousandths>\d{5,9})")
_OF_S3 = regex(r"RequestTimeTooSkewed|\bS3\b|s3[.-][\w.-]*amazonaws|calling the \w*(?:Object|Bucket)\w* operation")


def _window(text: str) -> str:
    """How far the request's time may be from AWS's: in the message's own words, else by who speaks."""
    if own := _OWN_WINDOW.search(text):
        minutes = int(own["minutes"]) if own["minutes"] else int(own["thousandths"]) // 60_000
    else:
        minutes = (S3 if _OF_S3.search(text) else SIGNATURE).minutes
    return f"{minutes} minutes"


def _apart(difference: timedelta) -> str:
    """Return the difference as ``75 min``.

    From three hours on it is in hours and minutes, from three days on in days.
    """
    minutes = round(abs(difference).total_seconds() / 60)
    if minutes < 1:
        return f"{round(abs(difference).total_seconds())} s"
    if minutes < 180:
        return f"{minutes} min"
    if minutes < 3 * 1440:
        return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return f"{minutes // 1440} days"


_MODULE = regex(
    r"['\"`]?(?P<module>[a-z][a-z0-9-]{1,40})['\"`]?\s+(?:service\s+)?module\s+must\s+be\s+on\s+the\s+class\s?path"
)
_PROVIDER = regex(
    r"Unable to load credentials from (?P<provider>\w+Provider)\([^)\n]{0,400}\)\s*:\s*(?P<why>[^\n\x1e]{3,300})"
)
_PROCESS = regex(r"retrieving credentials from custom-process:\s*(?P<why>[^\n\x1e]{3,300})")
_CLI_WORKS = regex(
    rf"\bsts get-caller-identity\b[^\n]{{0,80}}(?:\b(?:{WORKED}|shows?|returns?|gives?)\b|assumed-role/)"
    r"|\bsts get-caller-identity\b[^\n]{0,80}\n[^\n$]{0,80}(?:\"UserId\"|\d{12}|\{)",
    re.IGNORECASE,
)
_TAKES_ROLE = regex(r"\bassume[-_ ]?role\b|\bAssumeRole\w*", re.IGNORECASE)
_FIRST_WORKS = regex(
    rf"\b(?:first|early|earlier)\b[^.\n]{{0,40}}\b(?:pass(?:es|ed)?|{WORKED})\b"
    rf"|\b(?:stages?|steps?|tests?|jobs?|calls?) \d+(?:(?:,| and|-| to) ?\d+)* (?:pass(?:es|ed)?|{WORKED})\b"
    rf"|\b(?:pass(?:es|ed)?|{WORKED})\b[^.\n]{{0,20}}\b(?:at first|in the beginning|for (?:some|a) time"
    rf"|for \d+ min\w*)\b",
    re.IGNORECASE,
)
_LATER = regex(
    r"\b(?:some time|a while|minutes|hours?) later\b|\blater (?:ones|tests?|steps?|calls?|jobs?)\b"
    r"|\bafter (?:some time|a while|(?:about |roughly )?\d+ ?(?:min|h)\w*)\b",
    re.IGNORECASE,
)
_DURATION = regex(r"(?:--duration-seconds|DurationSeconds)[\s=:\"']{1,4}(?P<seconds>\d{3,5})\b")
_EXPORTED_WORK = regex(
    rf"\b{WORKED}\b[^\n]{{0,40}}export-credentials|export-credentials[^\n]{{0,200}}\b{WORKED}\b",
    re.IGNORECASE,
)
_FROM_STS = regex(r"\(Service: \w+")
_EXPIRED_AT = regex(r"current date/time (?P<now>\d{9,11}) must be before the expiration date/time (?P<end>\d{9,11})")


def _values(failure: OtherFailure) -> dict[str, str]:
    """Return the values for the rows' placeholders that the text contains."""
    called = {"iam_call": "yes"} if _calls_iam(failure) else {}
    return {**_of_text(failure.text), **_of_chain(failure), **called}


_IAM_NAMED = regex(
    r"\boperation error IAM\b|\baws iam [a-z]|\biam\.amazonaws\.com|\b(?:client|resource)\([\"']iam[\"']"
)


_OF_IAM_RESOURCE = regex(  # Terraform's words and CloudFormation's, in the line of the refusal
    r"\b(?:creating|reading|updating|deleting|attaching|listing) IAM [A-Z][^\n]{0,160}"
    r"(?:InvalidClientTokenId|security token)|security token[^\n]{0,80}\(Service: Iam\b"
)


def _calls_iam(failure: OtherFailure) -> bool:
    """Return whether the denied operation is IAM's.

    It is if no other service has it, or if the text names IAM as the service called.
    """
    if not failure.operation:
        return _OF_IAM_RESOURCE.search(failure.text) is not None
    if action_for(failure.operation, "iam") is None:
        return False
    # InvalidClientTokenId is a code of the query APIs: others with an operation of that name say UnrecognizedClient.
    by_code = action_for(failure.operation) is not None or failure.code == "InvalidClientTokenId"
    return by_code or _IAM_NAMED.search(failure.text) is not None


def _of_chain(failure: OtherFailure) -> dict[str, str]:
    """Return phrases for what the text shows of the credential provider chain."""
    chain = failure.chain
    if chain is None:
        return {}
    values = {"own_role": f" instead of {chain.role}"} if chain.role else {}
    if chain.exported:
        values["exported"] = " and ".join(chain.exported)
        values["profile_words"] = f"AWS_PROFILE={chain.profile}" if chain.profile else "the default profile"
        values["signed_in"] = " The sign-in of IAM Identity Center is valid." if chain.signed_in else ""
    if chain.retired:
        values["retired"] = chain.retired
    if chain.half_session:
        values["half_session"] = "yes"
        if _DOCKER.search(failure.text):
            values["pass_on"] = " Pass it to the container, too (docker run -e AWS_SESSION_TOKEN)."
    if chain.unsigned_token:
        values["unsigned_token"] = chain.unsigned_token
    if chain.long_lived_works:
        values["long_lived_works"] = chain.long_lived_works
    if chain.home in _PARTITIONS and (
        region := _failing_region(failure.text) or (chain.region if _COMMON_REGION.fullmatch(chain.region) else "")
    ):
        values |= _other_partition(_PARTITIONS[chain.home], region)
        values["whose_partition"] = f"The keys are of the partition {chain.home}, that of"
    elif chain.spoken in _PARTITIONS and _COMMON_REGION.fullmatch(chain.called):
        values |= _other_partition(_PARTITIONS[chain.spoken], chain.called)
    if chain.no_keys:
        values["no_keys"] = chain.no_keys
    if chain.stored:
        values["stored"] = "yes"
    if chain.token_file:
        values["token_file"] = chain.token_file
        when = _EXPIRED_AT.search(failure.text)
        ago = timedelta(seconds=int(when["now"]) - int(when["end"])) if when else timedelta(0)
        values["expired_ago"] = f" {_apart(ago)} before the call" if ago > timedelta(0) else ""
    if chain.unreachable:
        values["unreachable"] = "yes"
        values["host_gives"] = f" On the host, it returns those of {chain.host_role}." if chain.host_role else ""
    return values


_OF_USER = regex(r"\bAKIA[A-Z0-9*]{2,}")
_OF_SESSION = regex(r"\bASIA[A-Z0-9*]{2,}")


_NO_TOKEN = regex(
    r"\b(?:no|not?|without|unset|neither|nor)\b[^\n.;]{0,20}SESSION_TOKEN"
    r"|SESSION_TOKEN\b[^\n.;]{0,20}\b(?:not set|unset|empty|missing)",
    re.IGNORECASE,
)
"""Words that say that no session token is sent."""
_JUST_MADE = regex(r"\baws iam create-access-key\b|\bCreateAccessKey(?:Command)?\b|\bcreate_access_key\(")


def _key_faults(text: str) -> str:
    """Return what may be wrong with a key that AWS does not know.

    Only faults of a user's or a session's key are returned, if the text shows how the key begins.

    IAM User Guide, "Temporary security credentials in IAM": a session's key has a token, and a user's has none
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    """
    user, session = _OF_USER.search(text) is not None, _OF_SESSION.search(text) is not None
    if session and not user:
        return (
            "its session token is cut off or from another session, the key is mistyped, or it belongs to another "
            "partition"
        )
    if user and not session:
        if _TOKEN_SHOWN.search(_NO_TOKEN.sub("", text)):
            return "a session token is sent with it, which a key AKIA… does not have, or it is deleted or inactive"
        return "mistyped, deleted, inactive, just created, or from another partition"
    return "mistyped, deleted, inactive, just created, from another partition, or with a missing or wrong session token"


_ROLE_OPTIONS = (
    (regex(r"\bdify\b", re.IGNORECASE), "S3_USE_AWS_MANAGED_IAM=true"),
    (regex(r"\bgitlab\b", re.IGNORECASE), "use_iam_profile: true"),
)
"""Programs that use a role only with an option of their own, and the option."""
_POD_ROLE = regex(
    r"\bAWS_ROLE_ARN\b[\"']?\s*[=:]\s*[\"']?(?:value:\s*)?(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
)
_PGBACKREST = regex(r"\b(?P<repo>repo\d*)-s3-key-type\s*=\s*auto\b")


def _of_a_pod(text: str) -> dict[str, str]:
    """Return the role that a pod's variables name, and the setting that makes a program use it; empty without them."""
    role = _POD_ROLE.search(text)
    if role is None or "AWS_WEB_IDENTITY_TOKEN_FILE" not in text:
        return {}
    known = _PGBACKREST.search(text)
    setting = f"Set {known['repo']}-s3-key-type=web-id" if known else "Set its credentials to web identity"
    return {
        "pods_token": "yes",
        "own_pods_role": f" ({role['arn'].rpartition('/')[2]})",
        "web_identity_setting": setting,
    }


def _of_text(text: str) -> dict[str, str]:
    profile = around(text).profile
    values = {
        "own_role": "",
        "who_am_i": _WHO,
        "no_need": "",
        "key_faults": _key_faults(text),
        "pass_on": "",
        "whose_partition": "The text speaks of",
        "role_option": next((f" ({option})" for program, option in _ROLE_OPTIONS if program.search(text)), ""),
        "window": _window(text),
        "registry": "REGISTRY",
        **_of_a_pod(text),
        "region_option": "",
        "region_name": "REGION",
        "profile_name": profile.value if profile and profile.value else "PROFILE",
        "of_profile": f" with the profile {profile.value}" if profile and profile.value else "",
        "profile_option": f" --profile {shlex.quote(profile.value)}" if profile and profile.value else "",
    }
    if speaks_of_aws(text) or _AWS_SAYS.search(text):
        values["of_aws"] = "yes"
    if _JUST_MADE.search(text):
        values["new_key"] = "yes"
    if (option := around(text).profile_option) and option.value:
        values["named_profile"] = option.value
    if _ASKS_FOR_IDENTITY.search(text):
        values["no_need"] = " sts:GetCallerIdentity needs no permission, so no policy helps."
    values |= _of_partitions(text) | _of_scope(text)
    audiences = set(re.findall(r"\"aud\"\s*:\s*\"([^\"\s$`;|&']{1,200})\"", text))
    providers = set(re.findall(r"\barn:[\w-]+:iam::\d{12}:oidc-provider/[\w.:/-]*[\w/]", text))
    values["audience"] = audiences.pop() if len(audiences) == 1 else "AUDIENCE"
    values["provider_arn"] = providers.pop() if len(providers) == 1 else "PROVIDER-ARN"
    if registry := _REGISTRY.search(text):
        values |= {"registry": registry[0], "region_option": f" --region {registry['region']}"}
        logins = {each["registry"] for each in _LOGIN.finditer(text)}
        called = {each[0] for each in _REGISTRY.finditer(_LOGIN.sub("", text))}
        if len(logins) == len(called) == 1 and not logins & called and "Login Succeeded" in text:
            target = _REGISTRY.match(called.pop())
            assert target is not None
            values |= {
                "signed_in_registry": logins.pop(),
                "registry": target[0],
                "region_option": f" --region {target['region']}",
            }
    if (named := opt_in_region(text)) and _is_called(named, text):
        values |= {"opt_in_region": named, "region_name": named}
    if (named := other_partition_region(text)) and _is_called(named, text):
        values["partition_region"] = named
    if _KUBERNETES.search(text):
        values["kubernetes"] = "yes"
        if _AL2023.search(text):
            values["al2023"] = "yes"
        if _OFF_EC2.search(text):
            values["off_ec2"] = "yes"
    if _POD_IDENTITY.search(text) and (_CONTAINER_URI.search(text) or _CLI_IN_POD.search(text)):
        values["pod_identity"] = "yes"
    if _TIMES_OUT.search(text) and _DOCKER.search(text) and _ON_EC2.search(text) and not _KUBERNETES.search(text):
        values["container_times_out"] = "yes"
    if required := _TOKENS_REQUIRED.search(text) or _REFUSED_BY_IMDS.search(text):
        one_hop = _ONE_HOP.search(text) and (_IN_CONTAINER.search(text) or _KUBERNETES.search(text))
        values["container_of_one_hop" if one_hop else "tokens_required"] = required[0]
    if _TEMPORARY_KEY.search(text) and _TOKEN_SHOWN.search(text):
        values["whole_session"] = "yes"
    if process := _PROCESS.search(text):
        values["process_reason"] = " ".join(process["why"].split()).rstrip(".")[:160]
    if module := _MODULE.search(text):
        group = "com.amazonaws" if module["module"].startswith("aws-java-sdk") else "software.amazon.awssdk"
        values |= {"module": module["module"], "module_group": group}
    if (provider := _PROVIDER.search(text)) and not _FROM_STS.search(text):
        values |= {"provider": provider["provider"], "provider_reason": provider["why"].strip(" \n.")[:160]}
    if _TAKES_ROLE.search(text) and _FIRST_WORKS.search(text) and _LATER.search(text):
        values["session_over"] = "yes"
        asked = _DURATION.search(text)
        values["session_length"] = f" (the text asks for {asked['seconds']} seconds)" if asked else ""
    if _EXPORTED_WORK.search(text):
        values["exported_work"] = "yes"
    if _CLI_WORKS.search(text):
        values["cli_works"] = "yes"
    found = next((match for pattern in _TIMES if (match := pattern.search(text))), None)
    if found is not None and (apart := _time(found[1]) - _time(found[2])):
        values |= {"apart": _apart(apart), "direction": "ahead of" if apart > timedelta(0) else "behind"}
        if apart > timedelta(0):
            values["ahead"] = "yes"
        hours = round(abs(apart) / _HOUR)
        if 0 < hours <= _FARTHEST_ZONE and abs(abs(apart) - hours * _HOUR) <= _EXACT:
            values["hours"] = f"{hours} hour{'' if hours == 1 else 's'}"
    return values


def _of_scope(text: str) -> dict[str, str]:
    """Return in what a signature's scope and the endpoint differ, if the text says or shows it; else empty."""
    hosts = list({(each["region"], each["service"]): each for each in _HOST.finditer(text)}.values())
    host = hosts[0] if len(hosts) == 1 else None
    scopes = {(each["region"], each["service"]) for each in _SCOPE.finditer(text)}
    if host is not None and len(scopes) == 1:
        region, service = scopes.pop()
        wanted = _SIGNING_NAMES.get(host["service"])
        if wanted and service == host["service"]:
            return {
                "scope": "service",
                "scope_words": f": the signature names {service}, and {host['service']}'s requests are signed for "
                f"{wanted}",
            }
        if region != host["region"]:
            return {"scope": "Region", "scope_words": f": {region} in the signature, {host['region']} in the endpoint"}
    said = _SCOPED_TO.search(text)
    if said is None:
        return {}
    if said["what"].lower() == "service":
        return {"scope": "service", "scope_words": ""}
    named = {each["region"] for each in _OPTION_OF_REGION.finditer(text)}
    if host is not None and len(named) == 1 and (region := named.pop()) != host["region"]:
        return {"scope": "Region", "scope_words": f": the text sets {region}, and the endpoint is in {host['region']}"}
    return {"scope": "Region", "scope_words": ""}


# STS API reference, "GetCallerIdentity": no permissions are required.
_ASKS_FOR_IDENTITY = regex(r"\bsts:GetCallerIdentity\b")
_COMMON_REGION = regex(r"\b(?:us|eu|ap|sa|ca|me|af|il|mx)-(?!gov)(?:north|south|east|west|central)[a-z]*-\d\b")
_SPEAKS_OF_PARTITION = (
    (
        regex(
            r"\b(?:Sinnet|NWCD)\b|\bcn-(?!north)\w|\baws-cn\b|amazonaws\.com\.cn|\b(?:AWS|aws) China\b"
            r"|\b(?:China|Beijing|Ningxia) (?:account|partition|[Rr]egion|console|keys?)\b"
            r"|\b(?:account|[Rr]egion|console|keys?) (?:in|of|for|from) (?:China|Beijing|Ningxia)\b"
        ),
        "China",
        "cn-north-1",
        "cn-northwest-1",
    ),
    (regex(r"\bGov-?Cloud\b|\baws-us-gov\b", re.IGNORECASE), "GovCloud", "us-gov-west-1", "us-gov-east-1"),
)
"""Words that indicate another partition, with its name and its Regions
(https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).
"""


_PARTITIONS = dict(zip(("aws-cn", "aws-us-gov"), _SPEAKS_OF_PARTITION, strict=True))
_OPTION_OF_REGION = regex(r"(?:--region[ =]|\bAWS_(?:DEFAULT_)?REGION=)[\"']?(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)")


def _failing_region(text: str) -> str:
    """Return the Region that the denied command names, if it is in the ``aws`` partition; else ""."""
    refused = re.search(_UNKNOWN_KEY, text, re.IGNORECASE)
    named = _OPTION_OF_REGION.findall(text[: refused.start()]) if refused else []
    return named[-1] if named and _COMMON_REGION.fullmatch(named[-1]) else ""


def _other_partition(partition: tuple[re.Pattern[str], str, str, str], region: str) -> dict[str, str]:
    _, name, first, second = partition
    return {
        "other_partition": name, "common_region": region, "own_regions": f"{first} or {second}", "first_region": first
    }  # fmt: skip


def _is_called(region: str, text: str) -> bool:
    """Return whether the call may have gone to the Region: its command names no other."""
    failed = re.search(_UNKNOWN_KEY, text, re.IGNORECASE)
    commands = re.findall(r"--region[ =]([a-z0-9-]+)", text[: failed.start()] if failed else "")
    if commands:
        return bool(commands[-1] == region)
    called = around(text).region
    return called is None or not called.value or called.value == region


def _of_partitions(text: str) -> dict[str, str]:
    """Return another partition that the text mentions, if all Regions in the text are in the ``aws`` partition."""
    region = _COMMON_REGION.search(text)
    if region is None or other_partition_region(text):
        return {}
    spoken = next((each for each in _SPEAKS_OF_PARTITION if each[0].search(text)), None)
    return _other_partition(spoken, region[0]) if spoken is not None else {}


def _time(written: str) -> datetime:
    form = "%Y%m%dT%H%M%SZ" if "-" not in written else "%Y-%m-%dT%H:%M:%SZ"
    return datetime.strptime(re.sub(r"\.\d+", "", written), form).replace(tzinfo=UTC)


_KEY_ITSELF = regex(r"[;:,] (?:that, )?or the key (?:itself )?is deleted, inactive, or lacks its session token")


def _as_shown(sentence: str, text: str) -> str:
    """Return the sentence without faults of the key itself, if the text shows a successful call with that key."""
    return _KEY_ITSELF.sub("", sentence) if answered_identities(text) else sentence


def _filled(template: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template
