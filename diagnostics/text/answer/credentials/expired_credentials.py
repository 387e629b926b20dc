"""Rows for credentials, tokens, logins and URLs that have expired, as a table."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, FORGET, WHO, CredentialFault, fault
from diagnostics.text.answer.credentials.registry_logins import REGISTRY_LOGINS
from diagnostics.text.read.messages.stated_reasons import SAML_SIGNATURE
from diagnostics.who import Who
from iam.claims import Ground
from iam.facts.request_windows import REQUEST_EXPIRED

# A JWT's middle part is base64url without padding (RFC 7515), which base64 -d does not read.
_READ_TOKEN = (
    "python3 -c 'import base64, sys; "
    'print(base64.urlsafe_b64decode(sys.stdin.read().split(".")[1] + "==").decode())\' '
    '< "$AWS_WEB_IDENTITY_TOKEN_FILE"'
)
EXPIRED: tuple[CredentialFault, ...] = (
    # What users of the Go and Rust SDKs found of the file that older versions of the AWS CLI 2 write: they end the time
    # with "UTC" where RFC 3339 has "Z" (https://github.com/hashicorp/terraform-provider-aws/issues/19228,
    # https://github.com/awslabs/aws-sdk-rust/issues/438).
    fault(
        r"\bSSO[\s\S]{0,400}?(?:expected RFC ?3339|invalid RFC-3339|cannot parse \\?\"UTC\\?\" as)"
        r"|(?:expected RFC ?3339|invalid RFC-3339|cannot parse \\?\"UTC\\?\" as)[\s\S]{0,400}?\bSSO",
        "Update the AWS CLI, delete the cached sign-in and sign in again{of_profile}: the program cannot read the "
        "time in the file of ~/.aws/sso/cache. Older versions of the CLI end it with “UTC” instead of “Z”.",
        "Update the AWS CLI, delete the cached sign-in, and sign in again",
        "aws --version\nrm ~/.aws/sso/cache/*.json\naws sso login{profile_option}",
        "An older version of the AWS CLI wrote the file, also if the installed one is new. The CLI reads both forms, "
        "so its own calls work. The session need not have expired, and no permission is missing.",
        check='grep -ho \'"expiresAt": *"[^"]*"\' ~/.aws/sso/cache/*.json',
        ground=Ground.LIKENESS,
    ),
    # AWS Marketplace Metering Service API Reference, "ResolveCustomer": ExpiredTokenException
    # (https://docs.aws.amazon.com/marketplacemetering/latest/APIReference/API_ResolveCustomer.html).
    fault(
        r"ExpiredToken\w*\)? (?:when calling the |[^\n]{0,60})ResolveCustomer|ResolveCustomer[^\n]{0,200}ExpiredToken",
        "The buyer's registration token has expired (this is not about AWS credentials): redeem the token as soon as "
        "the buyer's browser sends it. No permission is missing.",
        "Redeem the registration token at once",
        "# no command: the buyer starts again from AWS Marketplace, and gets a new token",
        "The page to which AWS Marketplace sends the buyer must call ResolveCustomer at once, and only once for each "
        "token.",
        check=None,
        ground=Ground.LIKENESS,
    ),
    # AWS CLI User Guide, "Environment variables".
    # Amazon Redshift API Reference, "GetClusterCredentials": 900 seconds unless DurationSeconds asks for more
    # (https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html).
    fault(
        r"IAM Authentication token has expired",
        "The database's temporary password has expired: the program fetched a password once and also uses it for new "
        "connections. No permission is missing.",
        "Let the program get a new password for each new connection",
        "# Redshift: GetClusterCredentials with DurationSeconds of up to 3600 (900 unless it asks for more)",
        "A password from GetClusterCredentials is valid for 15 minutes unless the call requests more, and a token from "
        "generate-db-auth-token for 15 minutes. A pool must get a new one for each connection that it opens.",
        check=None,
        ground=Ground.LIKENESS,
    ),
    fault(
        r"Expired|has expired|token is expired",
        "The keys in the environment ({exported}) have expired, and they override {profile_words}.{signed_in}",
        "Remove the old keys from the environment",
        f"{FORGET}\n{WHO}",
        "Old keys in the environment override AWS_PROFILE and the default profile: remove the keys from the "
        "environment.",
        check="env | grep ^AWS_ | cut -d= -f1",
        needs="exported",
        ground=Ground.LIKENESS,
    ),
    fault(
        r"Expired|has expired|token is expired",
        "The keys in the credentials file (~/.aws/credentials) have expired: `aws configure list` says that they come "
        "from this file. No permission is missing.",
        "Remove the expired keys from the credentials file, or create new ones",
        f"{CONFIGURED}\n{WHO}",
        "Temporary keys that were copied into the credentials file override the profile's sign-in.",
        needs="stored",
    ),
    # IAM User Guide, "Use temporary credentials with AWS resources": only temporary keys have a session token
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    fault(
        r"Expired|has expired|token is expired",
        "The text shows a user's access key (AKIA…) together with a session token. Such a key has no session token, so "
        "most likely the token is left over from a session that has ended. Remove the token.",
        "Remove the session token, then try the key again",
        f"unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN  # in a profile: delete its line aws_session_token\n{WHO}",
        "The token is from an earlier session. A user's access key does not expire.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="left_over_token",
    ),
    # IAM User Guide, "Methods to assume a role": role chaining
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage-assume.html).
    fault(
        r"Expired",
        "The session has ended: when one role's session assumes another role (role chaining), the new session lasts at "
        "most one hour, whatever MaxSessionDuration says. No permission is missing.",
        "Assume the role again during the run, or assume it directly, without the first role",
        f"{CONFIGURED}  # a profile with role_arn and source_profile renews its session automatically\n{WHO}",
        "Exported keys are not renewed. Let the program use a profile (role_arn, source_profile), or assume the last "
        "role directly, with credentials that are not from a role session. Then resume where it stopped.",
        speaker=r"1 hour session limit|\brole[- ]chain(?:ing|ed)\b",
        check=None,
    ),
    # EKS User Guide, "IAM roles for service accounts": kubelet renews the projected token.
    fault(
        r"Expired",
        "The identity token has expired{expired_ago}: the program reads {token_file}, which is not the file that EKS "
        "renews. The role is not the cause.",
        "Point AWS_WEB_IDENTITY_TOKEN_FILE to the projected token, which EKS renews",
        "ls -l /var/run/secrets/eks.amazonaws.com/serviceaccount/token  # the renewed one",
        "{token_file} is a copy of the token, or another file that EKS does not renew: if you copy the token again, "
        "that copy will expire too.",
        speaker=r"WebIdentity(?!\w*Provider)|Token expired: current date/time",
        needs="token_file",
        check=None,
    ),
    # STS API reference, "AssumeRoleWithWebIdentity": one hour unless DurationSeconds asks for more, at most the role's
    # maximum (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
    fault(
        r"Expired",
        "The identity token in {own_token_file} has expired{expired_ago}, and nothing renewed the file. The SDK sends "
        "it again each time a session of the role ends. The role is not the cause, and no permission is missing.",
        "Write a new token to the file before the session ends, or ask for a session that lasts as long as the run",
        "aws iam get-role --role-name ROLE --query Role.MaxSessionDuration  # the longest session, 12 hours at most",
        "Request a new token from its issuer and rewrite {own_token_file} periodically. Or assume the role once with "
        "--duration-seconds (one hour unless set, at most the role's MaxSessionDuration), and export that session.",
        speaker=r"WebIdentity(?!\w*Provider)|Token expired: current date/time",
        needs="own_token_file",
        check=None,
    ),
    # S3 User Guide, "Download and upload objects with presigned URLs".
    fault(
        r"Request has expired",
        "The presigned URL has expired. The permissions of the caller are not the cause.",
        "Create a new presigned URL, signed with credentials that last at least as long as the URL",
        "aws s3 presign s3://BUCKET/KEY --expires-in 3600",
        "A presigned URL expires after its own time (X-Amz-Expires), and at the latest when the session that signed it "
        "ends.",
        speaker=r"X-Amz-Expires|<Expires>|[?&]Expires=|AccessDenied",
        check=None,
    ),
    # S3 User Guide, "Download and upload objects with presigned URLs", "Expiration of presigned URLs": a URL that was
    # made with temporary credentials ends with them, even if it was made with a later time
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html).
    fault(
        r"<Code>ExpiredToken|pre-?signed[^\n]{0,60}ExpiredToken",
        "The session that signed the presigned URL has ended, so the URL has expired too, whatever its own expiry "
        "says. The permissions on the object are not the cause.",
        "Create the URL when it is requested, or sign it with credentials that last as long as the URL",
        "aws s3 presign s3://BUCKET/KEY --expires-in 3600",
        "A role's session lasts only hours, and a URL signed with it expires with the session, even if the URL's own "
        "expiry is days away.",
        speaker=r"\A(?![\s\S]*(?:when calling the \w+ operation|operation error|api error))[\s\S]*?(?:X-Amz-Expires"
        r"|pre-?signed|\bExpiresIn ?[=:] ?\d|--expires-in\b|generate_presigned_url|getSignedUrl"
        r"|\b(?:[Ll]ink|URL|url)s?\b[^\n]{0,80}\b(?:expir|valid))",
        check=None,
        ground=Ground.LIKENESS,
    ),
    *REGISTRY_LOGINS,
    # CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens": 12 hours at most, whatever the session
    # (https://docs.aws.amazon.com/codeartifact/latest/ug/tokens-authentication.html).
    fault(
        r"expired|\bE?401\b|Unauthorized",
        "The CodeArtifact token has expired: it lasts 12 hours at most, and the text shows {token_age} between the "
        "step that fetched it and the one that uses it. Later errors about missing packages only follow from that.",
        "Fetch the token in the step that uses it",
        "{codeartifact_command}",
        "Fetch the token after any waiting or approval step, right before the package manager runs. A token lasts at "
        "most 12 hours. No permission is missing.",
        check=None,
        speaker=r"codeartifact",
        needs="token_age",
    ),
    fault(
        r"expired|\bE?401\b|Unauthorized",
        "The package manager sent no valid token to CodeArtifact: none is set where it runs, or it is older than 12 "
        "hours. The package manager stores this token separately from the AWS credentials. A 401 is about the token, "
        "not about permissions.",
        "Give the package manager a new token where it runs",
        "{codeartifact_command}",
        "A token lasts 12 hours at most (less if --duration-seconds says so). If the token is new, the package manager "
        "does not read it, because it runs as another user (sudo), in a container or as a daemon without the variable, "
        "or uses another repository's address.",
        speaker=r"codeartifact",
        ground=Ground.PARTLY,
    ),
    # API Gateway and Amazon Cognito speak of the application's user, not of AWS credentials.
    fault(
        r"(?:incoming|Access|Refresh|Id(?:entity)?) Token (?:has expired|is expired|has been revoked)",
        "The application user's sign-in has expired. The application uses a user pool's token, not AWS credentials, "
        "and no policy was evaluated.",
        "Refresh the user's token, or sign the user in again",
        "aws cognito-idp initiate-auth --auth-flow REFRESH_TOKEN_AUTH --client-id CLIENT --auth-parameters "
        "REFRESH_TOKEN=TOKEN",
        "A user pool's access and ID tokens expire after an hour unless the app client says otherwise.",
        speaker=r"NotAuthorizedException|cognito|incoming token",
        check=None,
    ),
    # IAM User Guide, "Troubleshoot SAML federation".
    fault(
        r"Response signature invalid|signature[^.\x1e]{0,30}invalid|Invalid SAML signature",
        SAML_SIGNATURE,
        "Update the SAML provider in IAM with the identity provider's current metadata",
        "aws iam list-saml-providers\naws iam update-saml-provider --saml-provider-arn ARN --saml-metadata-document "
        "file://metadata.xml",
        "The identity provider has a new signing certificate, but the SAML provider in IAM still has the metadata with "
        "the old certificate.",
        speaker=r"SAML",
        check="aws iam list-saml-providers",
        who=Who.ACCOUNT_ADMIN,
    ),
    fault(
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
    fault(
        r"Expired",
        "The identity token was issued in an earlier job, passed on to this job, and has expired: declare id_tokens in "
        "the job that makes the call. Neither the trust policy nor anybody's permissions are the cause.",
        "Declare id_tokens in the job that uses the token",
        "id_tokens: { AWS_TOKEN: { aud: AUDIENCE } }  # in that job; keep the token out of artifacts",
        "A token in an artifact is never renewed, and others can read it.",
        speaker=r"(?=[\s\S]*\bid_tokens\b)(?=[\s\S]*\bartifacts\b)[\s\S]*"
        r"(?:WebIdentity(?!\w*Provider)|Token expired: current date)",
        check=None,
    ),
    # STS API reference, "AssumeRoleWithWebIdentity".
    fault(
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
    fault(
        r"\bRequestExpired\b|\bRequest has expired\b",
        "The session has expired{token_expired}: other calls in the text fail with ExpiredToken. Get new credentials; "
        "in a long run, get them again before its late steps, or request a longer session. No permission is missing.",
        "Get new credentials during the run, or request a longer session",
        f"aws iam get-role --role-name ROLE --query Role.MaxSessionDuration\n{WHO}",
        "The run takes longer than its session. Assume the role again before the late steps, or request a longer "
        "session: at most the role's MaxSessionDuration, and one hour if a role's session assumes the role.",
        check=None,
        ground=Ground.LIKENESS,
        needs="token_expired",
    ),
    fault(
        r"\bRequestExpired\b|\bRequest has expired\b",
        "EC2 says this if the temporary credentials have expired, or if a request arrives more than "
        f"{REQUEST_EXPIRED.minutes} minutes away from its signing time. Often the session has expired.",
        "Get new temporary credentials, and compare the machine's clock",
        f"{FORGET}\n{WHO}\ndate -u",
        "The session has expired: get new credentials from the same source.",
        ground=Ground.PARTLY,
    ),
)
_NO_SIGN_IN = (
    r"SSOProviderInvalidToken|SSO access token has either expired"
    r"|Error loading SSO Token|\bSSO (?:session|token)\b[^.\n]{0,80}\b(?:expired|invalid|not found|does not exist)"
    r"|[Tt]o refresh this SSO session run|SSOToken(?:Load|Provider)|UnauthorizedSSO"
    r"|Token has expired and refresh failed"
    r"|(?:cached|load\w*|read\w*|retrieve\w*|retrieving|refresh\w*) (?:\w+ )?SSO Token"
)
ENDED_SESSIONS: tuple[CredentialFault, ...] = (
    # What users of the SDK for Go 1 found: with sso_session, the cached file has a different name
    # (https://github.com/gruntwork-io/terragrunt/issues/2604, https://github.com/hashicorp/terraform/issues/32448).
    fault(
        r"SSOProviderInvalidToken",
        "Most likely the program's AWS SDK for Go is too old for sso_session: it does not look for the sign-in in the "
        "file of ~/.aws/sso/cache that aws sso login writes. No permission is missing.",
        "Update the program, or write the profile without sso_session",
        "aws sso logout && aws sso login{profile_option}  # after the profile has sso_start_url and sso_region itself",
        "Update the program. Or replace sso_session in the profile with sso_start_url and sso_region, and sign in "
        'again. Or give the program exported credentials: eval "$(aws configure export-credentials{profile_option} '
        '--format env)".',
        check=None,
        speaker=r"\bsso_session\s*=|\[sso-session\b",
        ground=Ground.LIKENESS,
    ),
    # What users of the SDKs for JavaScript 3 and Java 2 found: both refused a token some minutes before its end, and a
    # sign-in within that time kept the old one (https://github.com/aws/aws-sdk/issues/531).
    fault(
        _NO_SIGN_IN,
        "The sign-in succeeded, but the program still says that the session has expired: it keeps the old token, or "
        "uses another profile. Restart it; if that does not help, sign out and in again. No permission is missing.",
        "Restart the program after the sign-in; otherwise sign out first",
        "aws sso logout && aws sso login{profile_option}  # then start the program again",
        "A running program may keep the token that it read at its start. If it fails after a restart, too, "
        "the sign-in kept the cached token (expiresAt in ~/.aws/sso/cache): aws sso logout removes it. Some versions "
        "of the SDKs refuse a token minutes before its end: update the program.",
        check="aws sts get-caller-identity{profile_option}",
        speaker=rf"Successfully logged into Start URL[\s\S]*?(?:{_NO_SIGN_IN})"
        r"|\b(?:even )?after (?:I )?(?:re-?(?:run|running|login|logging)|running|repeating|signing|logging|a new"
        r"|another)[^.\n]{0,30}\b(?:sso login|sign-?in|log-?in)\b|\b(?:log(?:ged)?|sign(?:ed)?) in again\b"
        r"[^\n]{0,60}\bsame error\b",
        ground=Ground.LIKENESS,
    ),
    fault(
        _NO_SIGN_IN,
        "This machine has no valid sign-in to IAM Identity Center: sign in{of_profile}.",
        "Sign in again",
        "aws sso login{profile_option}",
        "Sign in again (aws sso login{profile_option}). An administrator of IAM Identity Center sets how long a "
        "session lasts.",
    ),
    # STS API reference, "AssumeRole", DurationSeconds: one hour unless the call asks for more
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    fault(
        r"Expired|has expired|token is expired",
        "The temporary credentials have expired: a session of assume-role ends after one hour unless the call asks for "
        "more (--duration-seconds). Permissions are not the cause.",
        "Let the program renew its session (a profile with role_arn), or ask for a longer one",
        f"aws iam get-role --role-name ROLE --query Role.MaxSessionDuration\n{WHO}",
        "Keys that assume-role returned were exported, and nothing renews them. The SDK renews a profile with "
        "role_arn. A role that assumes another role is limited to one hour.",
        check=None,
        speaker=r"\baws sts assume-role\b(?!-with)|\b(?:assume_role|assumeRole|AssumeRole)\s*\((?!Policy)"
        r"|\bAssumeRole(?:Command|Request|Input)\b"
        r"|\b(?:export\w*|keys|credentials)[^.\n]{0,30}\bassume-role\b(?!-with)",
    ),
    # AWS SDKs and Tools Reference Guide, "Standardized credential providers": the environment comes before a
    # container's
    # or an instance's role, and its keys are static
    # (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    fault(
        r"Expired|has expired|token is expired",
        "The program copied the role's temporary credentials into variables, and these have expired: nothing renews "
        "them, and the SDK prefers them to the role. Permissions are not the cause.",
        "Do not copy the credentials: let the SDK itself use the role's credentials",
        f"env | grep -c ^AWS_SESSION_TOKEN=  # where the program runs: must print 0\n{WHO}",
        "Do not set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN from a role. Create each client "
        "with the default chain, which renews the role's credentials. If something needs keys, give it fresh ones for "
        "each use.",
        speaker=r"(?<!not )(?<!never )(?<!n['’]t )\b(?:cop(?:y|ies|ied|ying)|export(?:s|ed|ing)?|writ(?:es?|ten|ing)"
        r"|puts?|sets?|inject(?:s|ed)?)\b[^.\n]{0,40}"
        r"\b(?:task|pod|instance|function|assumed|execution|container)(?:'s)?(?: role(?:'s)?)?(?: temporary| session)?"
        r" (?:credentials|keys)\b[^.\n]{0,40}\b(?:AWS_[\w*]|env(?:ironment)?\b)",
        check=None,
        ground=Ground.LIKENESS,
    ),
    # STS API reference, "AssumeRoleWithWebIdentity", DurationSeconds: one hour unless the call asks for more
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html); Amazon EKS Pod Identity
    # Webhook, README, "EKS Walkthrough": the token's own lifetime, 86400 seconds unless the annotation
    # eks.amazonaws.com/token-expiration says otherwise (https://github.com/aws/amazon-eks-pod-identity-webhook).
    fault(
        r"Expired|has expired|token is expired",
        "The session of the pod's role has ended (one hour unless the program asks for more), and the program did not "
        "assume the role again: the way it renews its credentials is faulty. Permissions and the trust policy are not "
        "the cause.",
        "Update the program to a version that renews its session, and restart the pod until then",
        "kubectl rollout restart deployment NAME  # a new pod gets a new session",
        "The pod's token is valid for a day, but the session that STS returns for it only for an hour: the program "
        "must read the token's file and assume the role again before that. Until it does, restart the program in time, "
        "or let it request a longer session. If it renews only when the file changes, set "
        "eks.amazonaws.com/token-expiration: 3600.",
        check=None,
        speaker=r"\A(?![\s\S]*(?:container-role|\bpod[ _-]?identity\b(?! webhook)))[\s\S]*?(?:\bIRSA\b"
        r"|\bAWS_WEB_IDENTITY_TOKEN_FILE\b|\beks\.amazonaws\.com/(?:role-arn|token-expiration|serviceaccount/token)\b)",
        ground=Ground.LIKENESS,
    ),
    # The README of configure-aws-credentials, "Session duration": one hour unless role-duration-seconds says otherwise
    # (https://github.com/aws-actions/configure-aws-credentials).
    fault(
        r"Expired|has expired|token is expired",
        "The session that the job obtained through OIDC has expired; permissions are not the cause.",
        "Ask for a longer session, or sign in again before the steps that fail",
        "aws iam get-role --role-name ROLE --query Role.MaxSessionDuration",
        "The job runs longer than its session. Set --duration-seconds, or role-duration-seconds of "
        "configure-aws-credentials (one hour unless set, at most the role's MaxSessionDuration). Or repeat the sign-in "
        "step before the later steps, with if: always() before steps that clean up.",
        check=None,
        speaker=r"\bOIDC\b[^\n]{0,80}\b(?:step|job|workflow|start|beginning)\b|configure-aws-credentials"
        r"|\brole-to-assume\b|\bassume-role-with-web-identity\b|\bid_tokens\b",
        ground=Ground.LIKENESS,
    ),
    # STS API reference, "AssumeRole", DurationSeconds: one hour unless the call asks for more, and at most that for a
    # role that a role assumes (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    fault(
        r"Expired|has expired|token is expired",
        "The run took longer than the session that it got at its start (one hour unless the run requests more), and "
        "nothing renews that session. Permissions are not the cause.",
        "Request a longer session, or get new credentials during the job",
        "aws iam get-role --role-name ROLE --query Role.MaxSessionDuration  # the longest session",
        "Set the session's length where the job assumes the role (role-duration-seconds, --duration-seconds, "
        "DurationSeconds; at most MaxSessionDuration, one hour if a role assumes the role). Or give the program a "
        "profile with role_arn, which renews it, or split the job. Then check what the interrupted run left.",
        check=None,
        ground=Ground.LIKENESS,
        needs="outlasted",
    ),
    # Apache Iceberg, REST catalog: a table's configuration may contain credentials that the catalog vends, which a
    # client has to fetch anew (https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml).
    fault(
        r"Expired|has expired|token is expired",
        "The temporary credentials have expired: the catalog handed them out for a limited time, and the client did "
        "not fetch new ones. Permissions and the clock are not the cause.",
        "Use a client and a catalog that renew vended credentials",
        "aws iam get-role --role-name ROLE --query Role.MaxSessionDuration  # the role that the catalog assumes",
        "Update the client (the Iceberg library in the engine) and the catalog to versions that refresh vended "
        "credentials. Or let the catalog ask for longer sessions (one hour at most if a role assumes the role), or let "
        "the cluster use its own role instead. Shorter jobs help until then.",
        check=None,
        speaker=r"\bvend(?:ed|ing|s)\b|\bX-Iceberg-Access-Delegation\b"
        r"|\b(?:Polaris|Lakekeeper|Gravitino)\b",
        ground=Ground.LIKENESS,
    ),
    # DuckDB, "AWS Extension": a secret's credentials are fetched once, unless it is created with REFRESH auto
    # (https://duckdb.org/docs/stable/core_extensions/aws.html).
    fault(
        r"Expired|has expired|token is expired",
        "DuckDB fetched the role's temporary credentials when the secret was created, and does not renew them: they "
        "have expired. Permissions and the role are not the cause.",
        "Create the secret with REFRESH auto, or create it again before use",
        "CREATE OR REPLACE SECRET s3 (TYPE s3, PROVIDER credential_chain, REFRESH auto);  -- in DuckDB",
        "A secret with PROVIDER credential_chain keeps what the chain returned. REFRESH auto fetches it again when it "
        "has expired; older versions need CREATE OR REPLACE SECRET from time to time, or a restart.",
        check=None,
        speaker=r"\b(?:DuckDB|DuckLake|duckdb_aws)\b",
        ground=Ground.LIKENESS,
    ),
    # The same pages: a client keeps the provider, or the fixed keys, that it was made with.
    fault(
        r"Expired|has expired|token is expired",
        "The program renews its session, but most likely the clients that it created earlier keep the old keys, so "
        "some calls fail while others succeed. No permission is missing.",
        "Let the SDK renew the role's credentials in each client, or create the clients again after each renewal",
        f"env | grep ^AWS_ | cut -d= -f1  # fixed keys of a session in the environment?\n{WHO}",
        "Let the SDK's default chain find the role of the container, pod or instance, or use a profile with role_arn: "
        "both renew the keys automatically, unlike fixed keys that are handed to a client. A longer session only helps "
        "up to the role's maximum, and to one hour where a role's session assumes the role.",
        check=None,
        ground=Ground.LIKENESS,
        needs="renewed_beside",
    ),
    # AWS SDKs and Tools Reference Guide, "IMDS credential provider" and "Container credential provider": the SDKs
    # refresh the credentials of a role (https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html).
    fault(
        r"Expired|has expired|token is expired",
        "The program took its role's temporary credentials once, at its start, and does not renew them: they have "
        "expired. Permissions and the role itself are not the cause.",
        "Restart the program now, and let its SDK renew the role's credentials",
        f"{WHO}  # where the program runs: a new call gets valid credentials",
        "The program keeps the first credentials: update it, or let it use the SDK's default provider, which renews "
        "them, for each client. Keys in variables or settings are never renewed.",
        check=None,
        ground=Ground.LIKENESS,
        needs="kept_by_program",
    ),
    fault(
        r"Expired|has expired|token is expired|TokenRefreshRequired",
        "Reload or restart the program: most likely it still uses its expired temporary credentials, {valid_beside}.",
        "Let the program read its credentials again: reload or restart it",
        f"{CONFIGURED}  # where the valid ones come from",
        "The program keeps its first credentials. Reload or restart it after each sign-in; a newer version may renew "
        "them automatically.",
        also=("The program's own words may hide another refusal: its debug output has AWS's error code.",),
        needs="valid_beside",
        ground=Ground.LIKENESS,
    ),
    # AWS CLI User Guide, "Configuring environment variables for the AWS CLI": a variable overrides any value of a
    # profile (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html).
    fault(
        r"Expired|has expired|token is expired|TokenRefreshRequired",
        "The sign-in was renewed, but most likely the program does not use it: expired keys in the environment or in "
        "the credentials file come first, or it has another profile.",
        "Remove the expired keys that come before the new sign-in",
        f"{FORGET}  # in a profile: delete its lines in ~/.aws/credentials\n{WHO}",
        "Keys in environment variables override every profile. Look where the program's keys come from, and start it "
        "with AWS_PROFILE set to the profile of the new sign-in.",
        needs="renewed",
        ground=Ground.LIKENESS,
    ),
    fault(
        r"Expired|has expired|token is expired|TokenRefreshRequired",
        "The temporary credentials have expired: permissions are not the cause.",
        "Get new temporary credentials",
        f"{CONFIGURED}  # where the old ones come from\n"
        f"aws sso login  # if that is IAM Identity Center\n{WHO}  # with the new ones",
        "Get new credentials from the same source, and start the program with them. Keys in variables, files or a "
        "program's settings are never renewed: a longer run needs a profile with role_arn, or the role of an instance, "
        "pod or function.",
        needs="of_aws",
    ),
)
