"""Rows for keys and signatures that AWS does not accept, as a table."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import (
    CONFIGURED,
    FORGET,
    SCOPED,
    UNKNOWN_KEY,
    WHO,
    WRONG_SIGNATURE,
    CredentialFault,
    fault,
)
from diagnostics.text.answer.credentials.sessions_without_mfa import SESSION_WITHOUT_MFA
from diagnostics.who import Who
from iam.claims import Ground

_TOKEN_VERSION = "aws iam get-account-summary --query SummaryMap.GlobalEndpointTokenVersion"
_CLOCK = (
    r"RequestTimeTooSkewed|RequestInTheFuture|Signature expired: ?\d|Signature not yet current|is now earlier than"
    r"|request time and the (?:current|server) time|request'?s? time[^\n]{0,40}skewed"
)
_OF_ROLE = (
    r"\bassum(?:e[sd]?|ing)\b[^.\n]{0,40}\brole\b|assume[-_]?role(?!_?With)|assumed-role|\bASIA[A-Z0-9]{8,}"
    r"|\brole\b[^.\n]{0,40}\bassumed\b|\brole_arn[ \t]*="
)
"""Words that show a role's session."""
_OF_SESSION = rf"{_OF_ROLE}|\baws-vault exec\b|\bget[-_]?session[-_]?token\b|\bsession token comes from\b"
"""Words that show temporary credentials: a role's session, or one of GetSessionToken."""
HANDED_ON = (
    r"\A(?![\s\S]*\b(?:with|including|plus|all three|export(?:ed|s)?|sets?|pass(?:es|ed)?)\b[^.\n]{0,50}"
    r"\bsession[ _-]?token)[\s\S]*?(?:"
    r"(?:\b(?:pasted?|entered|typed|copied|stored|saved)\b[^.]{0,80}\b(?:secret|keys?|credentials)\b[^.]{0,80}"
    r"\b(?:SSO|access|start) portal\b|\b(?:SSO|access|start) portal\b[^.]{0,120}\b(?:pasted?|entered|typed|copied)\b)"
    r"|\b(?:pasted?|entered|typed|copied|stores?|saves?)\b[^.\n]{0,60}\b(?:temporary|session|assumed[- ]role|STS)"
    r" (?:AWS )?(?:access )?(?:credentials|keys?)\b"
    r"|\b(?:OIDC|configure-aws-credentials|assume[sd]?[- ]role)\b[\s\S]{0,400}?\b(?:(?:its|an?|their) own (?:Docker )?"
    r"container|Docker (?:container )?action|container action|docker (?:run|build|compose)))"
)
"""Words that show temporary credentials in a container, or in a program that gets only a key and a secret."""
_APART = (
    f"{WHO}{{profile_option}} --region us-east-1  # works: the key is good, and the Region or the endpoint is wrong; "
    "“Signature expired”: the clock; else the key or its token"
)
"""The command that tells the possible faults of a key apart.

STS's answer shows a wrong time, because it says that a signature has expired (IAM User Guide, "Troubleshoot signed
requests for AWS APIs").
"""
_SEPARATE_PARTITION = (
    "{partition_region} is in a separate partition, with its own accounts, keys and endpoints. The keys belong to one "
    "partition and the called endpoint to another; or the key is deleted, inactive, or lacks its session token.",
    "Use keys, Region and STS endpoint of the same partition",
    f"{CONFIGURED}{{profile_option}}\n{WHO}{{profile_option}} --region {{partition_region}}",
    "{partition_region} is in a partition with separate accounts and keys: keys of another partition are unknown "
    "there, and its keys are unknown at another partition's STS endpoint.",
)
"""The sentence, the fix's title, its commands and the common cause, for a Region of a separate partition."""
# IAM User Guide, "Use temporary credentials with AWS resources": only temporary keys have a session token
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html); AWS Lambda Developer Guide,
# "Defined runtime environment variables" (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
MIXED_KEYS: tuple[CredentialFault, ...] = (
    fault(
        r"security token included in the request is (?:invalid|expired)|InvalidClientTokenId|UnrecognizedClient"
        r"|ExpiredToken|InvalidToken",
        "The access key works elsewhere, and a user's key has no session token. So most likely the program sends the "
        "key with AWS_SESSION_TOKEN from its environment, or sends other credentials from its environment instead.",
        "Look for AWS_SESSION_TOKEN where the program runs, and keep it away from the program's own key",
        "env | grep ^AWS_ | cut -d= -f1  # in the program's own environment",
        "Lambda, a pod, a shell or an editor has AWS_SESSION_TOKEN of a role or an earlier session. Use that role "
        "instead of the key, or give the client a complete set of credentials without a token (through a provider or a "
        "profile; updating the program may do this). Or unset the variables and restart the program.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="own_key_works",
    ),
    fault(
        r"security token included in the request is (?:invalid|expired)|InvalidClientTokenId|UnrecognizedClient"
        r"|ExpiredToken|InvalidToken",
        "Most likely the session token of the earlier temporary keys is still sent with the user's key, and a key and "
        "a token that do not belong together are refused. Clear the token, or start the program again with this key "
        "alone.",
        "Clear the old session token where the program keeps its keys, then try the key again",
        "unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN  # in a profile: delete its line aws_session_token; in a program "
        "with a session of its own: set its token to empty",
        "A user's key (AKIA…) has no session token. A program that takes a new key and secret without a token may keep "
        "the token that it had before.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="keys_replaced",
    ),
)
REFUSED_KEYS: tuple[CredentialFault, ...] = (
    # AWS Tools for PowerShell User Guide, "Credential and profile resolution": the AWS SDK store comes first
    # (https://docs.aws.amazon.com/powershell/latest/userguide/creds-assign.html).
    fault(
        UNKNOWN_KEY,
        "The profile {stored_profile} exists in the AWS SDK store and in the file credentials: PowerShell and the SDK "
        "for .NET use the store's keys first, while the AWS CLI reads only the file. Most likely the store has old "
        "keys.",
        "Remove the profile from the SDK store, or save the current keys there",
        "Get-AWSCredential -ListProfileDetail\nRemove-AWSCredentialProfile -ProfileName {stored_profile}  # from the "
        "store: NetSDKCredentialsFile\nGet-STSCallerIdentity",
        "aws configure changes the file only. Set-AWSCredential -StoreAs without -ProfileLocation writes to the store.",
        check=None,
        needs="stored_profile",
        ground=Ground.LIKENESS,
    ),
    # IAM User Guide, "Manage AWS STS in an AWS Region": the account for which the credentials are generated must have
    # the endpoint active (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html).
    fault(
        r"STS is not activated",
        "STS is turned off in {default_region} for the account of the role or user whose credentials you request: turn "
        "it on there (IAM console, Account settings, Security Token Service). Until then, call STS in another Region.",
        "Activate STS in {default_region}, or call STS in another Region",
        "# no command: IAM console of that account, Account settings, Security Token Service (STS)",
        "An administrator turned off STS's endpoint in {default_region}. The Region itself is enabled in every "
        "account, and neither the trust policy nor a permission is the cause.",
        check=None,
        who=Who.ACCOUNT_ADMIN,
        speaker="STS is not activated",
        needs="default_region",
    ),
    # AWS Account Management reference guide, "Enable or disable AWS Regions in your account".
    fault(
        r"RegionDisabled|STS is not activated",
        "The Region is not enabled for the account, or STS is disabled in it: until that changes, keys are not valid "
        "there.",
        "Enable the Region, or call another",
        "aws account list-regions --region-opt-status-contains DISABLED DISABLING\n"
        "aws account enable-region --region-name {region_name}",
        "The Region, or STS in it, is not enabled for this account; or the service is not available there.",
        check="aws account list-regions --query 'Regions[].[RegionName,RegionOptStatus]'",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.PARTLY,
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": a request's timestamp must be near AWS's time
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    fault(
        rf"not able to validate the provided access credentials|\bAuthFailure\b|{WRONG_SIGNATURE}",
        "The calling machine's clock is {clock_apart} {clock_direction} the other clock in the text: correct it first. "
        "AWS does not accept a signature whose time is more than 5 minutes off (S3: 15), and no permission is missing.",
        "Correct the clock of the machine that made the call, then try again",
        "timedatectl; chronyc tracking  # is it synchronized?\n"
        "sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        "If the call still fails once the clock is correct, check the keys: aws sts get-caller-identity.",
        check=None,
        ground=Ground.LIKENESS,
        needs="clock_apart",
    ),
    # AWS Account Management API Reference, "GetRegionOptStatus" and "EnableRegion"
    # (https://docs.aws.amazon.com/accounts/latest/reference/API_GetRegionOptStatus.html).
    fault(
        UNKNOWN_KEY,
        "The text shows that {off_region} is {off_state} for the account: {off_means}. The keys themselves and the "
        "policies are not the cause.",
        "Enable {off_region} if the call is meant for it, or call another Region",
        "aws account enable-region --region-name {off_region}\n"
        "aws account get-region-opt-status --region-name {off_region}  # the call works once this is ENABLED",
        check=None,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.PARTLY,
        needs="off_region",
    ),
    # AWS Fault Isolation Boundaries, "Partitions": each has its own IAM
    # (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).
    fault(
        UNKNOWN_KEY,
        "{called_region} is in the partition {called_partition}, where this key is unknown: the text shows that it "
        "belongs to {key_owner} in the partition {key_partition}. The key itself works, and no permission is missing.",
        "Call with a key of an account in {called_partition}, or call the Region that is meant",
        f"aws configure list-profiles  # one for {{called_partition}}?\n{WHO} --profile PROFILE --region "
        f"{{called_region}}",
        "Each partition has its own accounts and keys. If the call is meant for a Region of {key_partition}, name that "
        "Region.",
        check=None,
        ground=Ground.LIKENESS,
        needs="key_owner",
    ),
    # AWS SDKs and Tools Reference Guide, "Using shared config and credentials files": [default] gives no values to
    # other profiles (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
    fault(
        UNKNOWN_KEY,
        "{whose_partition} {other_partition}, and {its_region}, so {goes} to another partition, where keys of "
        "{other_partition} are unknown. Call with {own_regions}; the key and the policies stay as they are.",
        "Set a Region of the key's partition",
        "aws configure set region {first_region}{profile_option}\n{who_am_i}{profile_option}",
        "Only if the call is refused in {own_regions}, too, is the key itself mistyped, inactive or deleted.",
        check=f"{WHO}{{profile_option}} --region {{first_region}}",
        ground=Ground.LIKENESS,
        needs="its_region",
    ),
    fault(
        UNKNOWN_KEY,
        "{whose_partition} {other_partition}, and {common_region} sends the call to another partition, where its keys "
        "are unknown: call with {own_regions}, or with keys of an account in the partition of {common_region}. No "
        "policy has to change.",
        "Call with a Region of the key's partition",
        f"env | grep _REGION; {CONFIGURED}{{profile_option}}\n{WHO}{{profile_option}} --region {{first_region}}",
        "If what the call names is in {common_region}, use credentials of its account there. If it is in "
        "{other_partition}, use {own_regions}; where the environment sets {common_region} (AWS_REGION, "
        "AWS_DEFAULT_REGION), remove it.",
        check=f"{WHO}{{profile_option}} --region {{first_region}}",
        ground=Ground.LIKENESS,
        needs="other_partition",
    ),
    fault(
        UNKNOWN_KEY,
        "Most likely the program goes to its default Region (often us-east-1), because its settings in the text name "
        "none. The host is in {host_region}, and other partitions do not know its credentials: set the program's "
        "Region to {host_region}.",
        "Set the program's Region to {host_region}",
        "# in the program's settings, where the call is configured: {region_line}",
        "Each partition has its own accounts, keys and endpoints. No permission is missing: that would be "
        "AccessDenied.",
        check=None,
        ground=Ground.LIKENESS,
        needs="host_region",
    ),
    fault(
        UNKNOWN_KEY,
        *_SEPARATE_PARTITION,
        also=(
            "The call is the AssumeRole that the SDK makes for a profile (role_arn, source_profile). Its STS client "
            "may use the SDK's default Region, not {partition_region}, even if the profile has one. Give "
            "{partition_region} to the credential provider too (SDK for JavaScript: clientConfig), or use a version "
            "that works.",
        ),
        check=WHO,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="partition_region",
        speaker=r"AssumeRole(?!With)|client-sts",
    ),
    fault(
        UNKNOWN_KEY,
        *_SEPARATE_PARTITION,
        check=WHO,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="partition_region",
    ),
    # IAM User Guide, "Manage AWS STS in an AWS Region": tokens of the global endpoint are valid only in Regions that
    # are enabled by default, unless the account changes that
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html); re:Post,
    # "How do I resolve the error AWS was not able to validate the provided access credentials?".
    fault(
        UNKNOWN_KEY,
        "{enabled_region} is an opt-in Region, and the keys belong to a session. Most likely the session token "
        "comes from STS's global endpoint, whose tokens are not valid in such Regions.",
        "Get the session from a regional STS endpoint",
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # then get a new session\n"
        f"{_TOKEN_VERSION}  # 2: valid in all Regions",
        "The session token comes from STS's global endpoint (sts.amazonaws.com): give the STS client that gets it a "
        "Region and the regional endpoint. Or let the global endpoint issue version 2 tokens (aws iam "
        "set-security-token-service-preferences --global-endpoint-token-version v2Token).",
        check=_TOKEN_VERSION,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="enabled_region",
        speaker=_OF_SESSION,
    ),
    fault(
        UNKNOWN_KEY,
        "The text says that {enabled_region} is enabled. If the keys are temporary (ASIA…), most likely their token "
        "comes from STS's global endpoint, whose tokens are by default not valid in such Regions: get the session from "
        "a regional endpoint.",
        "Get the session from a regional STS endpoint",
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # then get a new session\n"
        f"{_TOKEN_VERSION}  # 2: valid in all Regions",
        "The session token comes from STS's global endpoint (sts.amazonaws.com). Or let that endpoint issue version 2 "
        "tokens (aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token). A user's own "
        "key (AKIA…) has no token: then check the Region's status (aws account get-region-opt-status).",
        check=_TOKEN_VERSION,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="enabled_region",
    ),
    fault(
        UNKNOWN_KEY,
        "{opt_in_region} is an opt-in Region, and the keys belong to a role session. Most likely the session token "
        "comes from STS's global endpoint, whose tokens are not valid in such Regions; or the Region is not enabled.",
        "Assume the role at a regional STS endpoint, and check whether the Region is enabled",
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # then assume the role again\n"
        "aws account get-region-opt-status --region-name {opt_in_region}\n"
        f"{_TOKEN_VERSION}  # 2: valid in all Regions",
        "The session token comes from STS's global endpoint (sts.amazonaws.com). {opt_in_region} accepts only tokens "
        "from a regional endpoint, or version 2 tokens from the global endpoint (aws iam "
        "set-security-token-service-preferences --global-endpoint-token-version v2Token).",
        also=(
            "{opt_in_region} is disabled until an account enables it, and until then no key is valid there. It must be "
            "enabled in the role's account and in the account from which the role is assumed.",
        ),
        check=_TOKEN_VERSION,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_region",
        speaker=_OF_ROLE,
    ),
    fault(
        UNKNOWN_KEY,
        "Tokens of STS's global endpoint (sts.amazonaws.com) are by default not valid in opt-in Regions: most likely "
        "the program assumes its role there. Let it use a regional STS endpoint. The role's policies are not the "
        "cause.",
        "Assume the role at a regional STS endpoint",
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # where the program runs\n"
        f"{_TOKEN_VERSION}  # 2: valid in all Regions",
        "Configure a Region and the regional endpoint for the STS client that assumes the role (in the program's "
        "settings, or with AWS_STS_REGIONAL_ENDPOINTS=regional). Or let the global endpoint issue version 2 tokens, "
        "which are valid in all Regions (aws iam set-security-token-service-preferences "
        "--global-endpoint-token-version v2Token).",
        also=(
            "An opt-in Region must also be enabled, in the role's account and in the one from which the role is "
            "assumed: aws account list-regions shows its status.",
        ),
        check=_TOKEN_VERSION,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_words",
        speaker=_OF_ROLE,
    ),
    fault(
        UNKNOWN_KEY,
        "The call fails in opt-in Regions: no key is valid in an opt-in Region until the account enables the Region. "
        "By default, a session from STS's global endpoint is never valid in opt-in Regions. If other Regions work, "
        "the key itself is right.",
        "Check whether the Region is enabled; if it is, take sessions from a regional STS endpoint",
        "aws account list-regions --query 'Regions[].[RegionName,RegionOptStatus]'\n"
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # if the keys are a session's: then assume the role again",
        check="aws account list-regions --query 'Regions[].[RegionName,RegionOptStatus]'",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_words",
    ),
    # IAM User Guide, "Manage AWS STS in an AWS Region": version 1 tokens are valid only in Regions that are enabled by
    # default (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html).
    fault(
        UNKNOWN_KEY,
        "The key is valid in another Region. {opt_in_region} is disabled until an account enables it, and until then "
        "no key is valid there. If it is already enabled, the cause is the session's token: it comes from STS's "
        "global endpoint, whose tokens are not valid there.",
        "Check whether the Region is enabled; if it is, get the session from a regional STS endpoint",
        "aws account get-region-opt-status --region-name {opt_in_region}\n"
        "aws account enable-region --region-name {opt_in_region}  # if it is DISABLED and the call is meant for it\n"
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # if it is enabled: then assume the role again",
        "{opt_in_region} is disabled until an account enables it, and until then no key is valid there.",
        also=(
            "The session token comes from STS's global endpoint (sts.amazonaws.com). {opt_in_region} accepts only "
            "tokens from a regional endpoint, or version 2 tokens from the global endpoint.",
        ),
        check="aws account get-region-opt-status --region-name {opt_in_region}",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_works_elsewhere",
    ),
    fault(
        UNKNOWN_KEY,
        "{opt_in_region} is disabled until an account enables it, and until then no key is valid there. Otherwise "
        "the key itself is deleted, inactive, or lacks its session token.",
        "Check whether the Region is enabled; enable it, or call another",
        "aws account get-region-opt-status --region-name {opt_in_region}\n"
        "aws account enable-region --region-name {opt_in_region}",
        "{opt_in_region} is disabled until an account enables it, and until then no key is valid there.",
        check="aws account get-region-opt-status --region-name {opt_in_region}",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_region",
    ),
    # IAM User Guide, "Use temporary credentials with AWS resources": only temporary keys have a session token
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    fault(
        UNKNOWN_KEY,
        "The text shows a user's access key (AKIA…) together with a session token. Such a key has no session token: "
        "the token is left over from another session, and AWS does not accept the two together. Remove the "
        "token.{no_need}",
        "Remove the session token, then try the key again",
        f"unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN  # in a profile: delete its line aws_session_token\n{WHO}",
        "A session token is set together with the user's key. Only if the call also fails without the session token is "
        "the key itself mistyped, inactive or deleted.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="left_over_token",
    ),
    # IAM User Guide, as above: temporary keys are valid only with their token.
    fault(
        UNKNOWN_KEY,
        "AWS_SESSION_TOKEN is not passed on: the text has the temporary key (ASIA…) with its token, but the program "
        "gets only the access key and the secret key. AWS does not accept these without the token. No permission is "
        "missing.",
        "Pass on AWS_SESSION_TOKEN, too, or let the program read the profile",
        f"env | grep ^AWS_ | cut -d= -f1  # where the program runs: AWS_SESSION_TOKEN must be there\n{WHO}",
        "The program gets the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, but not AWS_SESSION_TOKEN, which "
        "a temporary key needs.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="token_left_out",
    ),
    # AWS SDKs and Tools Reference Guide, "AWS SDKs and Tools standardized credential providers": keys in the code, in
    # variables and in files come before a container's or an instance's role
    # (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    fault(
        UNKNOWN_KEY,
        "The program has a role where it runs, and the text also names access keys: most likely it sends those, or the "
        "role's keys without their session token. Remove them, so that the SDK uses the role's credentials.{no_need}",
        "Remove the access keys from variables, files and code",
        f"env | grep ^AWS_ | cut -d= -f1  # where the program runs\n{WHO}  # must then show the role",
        "Keys in the code, in variables and in files come before the role. If the code itself passes the role's keys "
        "on, it must pass AWS_SESSION_TOKEN, too.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="keys_beside_role",
    ),
    # The same page: variables with keys come before a web identity token.
    fault(
        UNKNOWN_KEY,
        "The job signs in with a token (OIDC), but its environment also has access keys: most likely those keys were "
        "sent, and they are old or incomplete. Remove them from the job, its variables and the runner.{no_need}",
        "Remove the access keys from the job, the project's variables or secrets, and the runner",
        f"env | grep ^AWS_ | cut -d= -f1  # in the job, before it signs in: no keys here\n{WHO}  # then: the role",
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY come before a token. They may be set in the workflow, in the "
        "variables of the project or the organization, or on a self-hosted runner.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="keys_beside_token",
    ),
    # AWS CLI User Guide, "Configuring environment variables for the AWS CLI": a variable overrides a profile's value
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html).
    fault(
        UNKNOWN_KEY,
        "The environment has a temporary key (ASIA…) without its session token, which AWS does not accept. It also "
        "overrides {over_profile}: remove the key to use the profile, or set the token too.",
        "Remove the keys from the environment, or set the session token that belongs to them",
        f"{FORGET}  # then {{over_profile}} is used\n{WHO}",
        "The variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY override {over_profile}. New credentials in the "
        "profile change nothing while they are set.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="over_profile",
    ),
    # IAM User Guide, "Use temporary credentials with AWS resources": ASIA keys need the session token
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    fault(
        UNKNOWN_KEY,
        "The access key begins with ASIA, so it belongs to a temporary session. The text shows no session token with "
        "it, and AWS does not accept the key without one.{pass_on} No permission is missing.",
        "Set the session token that came with the key, or get new credentials",
        f"env | grep ^AWS_ | cut -d= -f1  # where the program runs: AWS_SESSION_TOKEN must be there\n{WHO}",
        "The session token of the temporary key (ASIA…) is missing: set all three values, or sign in again. The key of "
        "a session is not in the user's list of access keys.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="half_session",
    ),
    # Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters": X-Amz-Security-Token is part of the
    # query and of what is signed (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
    fault(
        UNKNOWN_KEY,
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
    # Vault, "AWS auth method", API: sts_endpoint and sts_region of auth/aws/config/client
    # (https://developer.hashicorp.com/vault/api-docs/auth/aws#configure-client).
    fault(
        SCOPED,
        "Vault sends the login to the STS endpoint of one Region, but the client signed it for another Region: both "
        "must name the same Region. The keys are not wrong.",
        "Set sts_endpoint and sts_region in Vault, or the Region of the login",
        "vault read auth/aws/config/client\n"
        "vault write auth/aws/config/client sts_endpoint=https://sts.REGION.amazonaws.com sts_region=REGION\n"
        "vault login -method=aws region=REGION role=NAME",
        "Without sts_endpoint Vault calls sts.amazonaws.com, which accepts signatures for us-east-1.",
        check=None,
        speaker=r"/v1/auth/[\w./-]+/login|error making upstream request: received error code",
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs", credential scope errors
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    # IAM User Guide, "AWS Signature Version 4 for API requests": SigV4a is for endpoints of several Regions
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html); clients of CloudFront KeyValueStore and of
    # Multi-Region Access Points need it (https://docs.aws.amazon.com/sdkref/latest/guide/feature-s3-mrap.html).
    fault(
        rf"{WRONG_SIGNATURE}|{SCOPED}",
        "This endpoint serves all Regions and accepts only requests signed with SigV4a, but the program signed with "
        "SigV4 for one Region. No permission is missing, and the keys need not be wrong.",
        "Give the program's SDK its SigV4a signer, or update the SDK",
        "npm install @aws-sdk/signature-v4a  # JavaScript: and import it; or @aws-sdk/signature-v4-crt\n"
        "pip install 'botocore[crt]'  # Python",
        "The SDK signs with SigV4a only if its optional signer (AWS Common Runtime, CRT) is installed and loaded.",
        check=None,
        ground=Ground.LIKENESS,
        speaker=r"key-?value-?store|\.mrap\b|multi-?region access point|accesspoint\.s3-global|\.global\.api\.aws\b",
    ),
    fault(
        rf"{WRONG_SIGNATURE}|{SCOPED}",
        "The {scope} in the signature differs from the {scope} that receives the request{scope_words}. The keys need "
        "not be wrong.",
        "Let the program sign for the {scope} of its endpoint",
        f"env | grep -E '^AWS_(DEFAULT_REGION|REGION|ENDPOINT_URL)'; {CONFIGURED}{{profile_option}}",
        "The program's settings and its endpoint differ in the {scope}, or this version of the program signs wrongly: "
        "set the same {scope} in both, or use another version.",
        check=None,
        ground=Ground.LIKENESS,
        needs="scope",
    ),
    # Amazon S3 API Reference, "Authenticating requests (AWS signature version 2)": it is being turned off
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/Appendix-Sigv2.html).
    fault(
        WRONG_SIGNATURE,
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
    fault(
        WRONG_SIGNATURE,
        "The signature fails only with a session's key: “{long_lived_works}”. So the secret key and the clock are "
        "right. Most likely the library encodes or signs the session token (X-Amz-Security-Token) wrongly.",
        "Update the library, or sign with one that handles session tokens",
        "aws s3 presign s3://BUCKET/KEY  # compare its X-Amz-Security-Token: encoded once, and signed",
        "The session token contains the characters + / and =: each must be percent-encoded exactly once, both in the "
        "query and in the signed text.",
        check=None,
        ground=Ground.LIKENESS,
        needs="long_lived_works",
    ),
    # AWS SDKs and Tools Reference Guide, "Standardized credential providers"; Dify, "Environment variables"; GitLab,
    # "IAM roles for AWS when using the GitLab chart"
    # (https://docs.gitlab.com/charts/advanced/external-object-storage/aws-iam-roles.html).
    fault(
        f"{UNKNOWN_KEY}|{WRONG_SIGNATURE}",
        "The program signs with keys from its own settings, which are empty: “{no_keys}”. The program does not use the "
        "role that is available to it. The role's policies are not the cause.",
        "Let the program use its role: its SDK's default credentials",
        f"{WHO}  # where the program runs: shows the role that it could use",
        "The program uses empty settings as keys, or needs an option before it uses a role. An update "
        "may have changed that: see its release notes. Create no static keys.",
        check=None,
        ground=Ground.LIKENESS,
        needs="no_keys",
    ),
    fault(
        r"InvalidToken|InvalidSecurityToken|token is malformed",
        "The session token does not belong to the access key, or was cut off when it was copied. Key, secret key and "
        "token must come from one session.",
        "Set all three values again, from one session",
        f"{FORGET}\n{WHO}  # after the three new values are set",
        "One of the three values is from an earlier session, or is cut off.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="whole_session",
    ),
    # IAM User Guide, "Troubleshoot IAM": a new role is not visible everywhere at once
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    fault(
        r"security token included in the request is invalid[.:;]?\s+[^\n]{0,30}\bprovided (?:IAM )?role\b",
        "The service cannot use the role that the call gives it: the message is not about the caller's own keys. A "
        "role that was created seconds ago is not usable everywhere yet: make the call again.",
        "Wait a few seconds and try again; then check that the role exists",
        "aws iam get-role --role-name ROLE",
        "If one run creates both the role and the resource, make the resource wait for the role and its policies. If "
        "the call fails every time, the role was deleted, or deleted and created again.",
        check=None,
        ground=Ground.PARTLY,
    ),
    # IAM User Guide, "Changes that I make are not always immediately visible"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    fault(
        UNKNOWN_KEY,
        "The call fails only now and then (“{rarely}”): most likely the key is valid but new, and does not yet work in "
        "every service. Retry after a few seconds. No permission is missing.{no_need}",
        "Let the program retry with a growing delay",
        f"{WHO}{{profile_option}}  # if this fails now and then, too: compare the keys of the processes",
        "A new key or session works in some services before it works in others, so a successful call elsewhere proves "
        "nothing yet. If no key is new, some of the processes or machines have another key, or an old session token.",
        check=None,
        ground=Ground.LIKENESS,
        needs="rarely",
    ),
    SESSION_WITHOUT_MFA,
    # STS API reference, "GetSessionToken" and "GetFederationToken": what their credentials may not call
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
    fault(
        r"InvalidClientTokenId|security token included in the request is invalid",
        "AWS does not accept these credentials for a call to IAM: either the access key is not accepted at all, or "
        "they belong to a session that cannot call IAM (GetSessionToken without MFA, GetFederationToken).",
        "Find out which credentials are used, and use credentials that are allowed to call IAM",
        f"env | grep ^AWS_ | cut -d= -f1; {CONFIGURED}\n{FORGET}\n{WHO}",
        "If other services accept the same credentials, they are most likely a session of GetSessionToken without MFA "
        "(aws-vault, a script) or of GetFederationToken. Assume a role instead, or sign in with MFA.",
        also=("If {who_am_i} fails too, the key itself is not accepted: {key_faults}.",),
        ground=Ground.PARTLY,
        needs="iam_call",
    ),
    # IAM User Guide, "Troubleshoot Signature Version 4 signing": the times are in UTC.
    fault(
        _CLOCK,
        "The request's time is {hours} {direction} AWS's clock. Correct the UTC time of the calling machine, unless "
        "the program sends local time as UTC.",
        "Correct the UTC time of the machine that made the call",
        "date -u; timedatectl  # UTC must be right, whatever the local time",
        "A difference of full hours suggests the time zone or its switch to summer time. If the machine's UTC time is "
        "wrong, let NTP (chrony, the hypervisor's tools) set it.",
        check=None,
        needs="hours",
    ),
    # A request cannot be signed later than it is sent: if its time is ahead of AWS's, the machine's clock is wrong.
    fault(
        _CLOCK,
        "The request's time is {apart} ahead of AWS's clock, and more than {window} is refused: the clock of the "
        "calling machine is fast.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        check=None,
        needs="ahead",
    ),
    fault(
        _CLOCK,
        "The clock is right, so the signature was too old when the request was sent: its age is {late} s over the "
        "limit of {window}. Most likely the call was retried until then, and its first error is the cause.",
        "Find the first error of this call in CloudTrail",
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=OPERATION --query "
        "'Events[].CloudTrailEvent'  # the earlier attempts, with their errorCode",
        "The program repeats one signed request after an error that it does not show, often a quota "
        "(LimitExceededException) or throttling. Renewing credentials and the clock do not change that.",
        check=None,
        needs="late",
        ground=Ground.LIKENESS,
    ),
    # Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)": each request has its own time
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html).
    fault(
        _CLOCK,
        "Most likely the program signs with a time from its start: it works at first, and fails once that time is "
        "{window} old. Update the library, or make a new client. Correct the clock only if date -u is wrong.",
        "Let the program read the time again for each request",
        "date -u  # compare it with the real time: if it is right, the library keeps the time",
        "The text says that it works at first (“{works_at_first}”). With a wrong clock, the first request would "
        "fail, too. No key and no permission is the cause.",
        check=None,
        needs="works_at_first",
        ground=Ground.LIKENESS,
    ),
    fault(
        _CLOCK,
        "The request's time is {apart} {direction} AWS's clock, and more than {window} is refused. Correct the clock "
        "of the calling machine, unless the request was sent long after it was signed.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        "{date_is_signed}",
        check=None,
        needs="apart",
    ),
    fault(
        r"Signature not yet current|RequestInTheFuture",
        "The request's timestamp is ahead of AWS's clock: the calling machine's clock is fast.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        check=None,
    ),
    fault(
        _CLOCK,
        "The request's time and AWS's differ by more than {window}. Correct the clock of the calling machine, unless "
        "the request was sent long after it was signed.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        check=None,
    ),
    # AWS CLI User Guide, "Configuration settings and precedence": variables come before profiles, and --profile before
    # variables (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    fault(
        r"IncompleteSignature[\s\S]{0,400}missing equal-sign|missing equal-sign\) in Authorization header: '?AWS4-",
        "Most likely the access key ID contains a space or a line break, so that AWS could not read the Authorization "
        "header. Correct or unset AWS_ACCESS_KEY_ID; no permission was checked.",
        "Unset the variables, or name the profile, or enter the key again",
        f"{FORGET}  # they have priority over profiles\n{WHO} --profile PROFILE",
        "The variable has a placeholder, a comment or a value with a line break. Variables have priority over the "
        "profiles of ~/.aws; the option --profile has priority over the variables.",
        ground=Ground.LIKENESS,
    ),
    # STS API reference, "Common error types", IncompleteSignature.
    fault(
        r"IncompleteSignatureException|\(IncompleteSignature|signature does not conform|Authorization header requires"
        r"|api error IncompleteSignature",
        "The request's signature is incomplete or malformed: AWS could not read the Authorization header.",
        "Enter access key and secret key again, without spaces or line breaks",
        f"{FORGET}\naws configure\n{WHO}",
        "A key was copied with a space or a line break, or a proxy or a library changed the Authorization header.",
    ),
    # AWS SDKs and Tools Reference Guide, "Data Integrity Protections for Amazon S3": checksums are the default since
    # version 1.37 and 2.23 of the AWS CLI, and since 1.36 of boto3
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html).
    fault(
        WRONG_SIGNATURE,
        "The failure began with a version of the CLI or SDK that sends checksums with uploads by default (since early "
        "2025): most likely an S3-compatible store or a proxy does not handle them. The keys need not be wrong.",
        "Send checksums only where they are required, or use the version that worked",
        "export AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required",
        "Check whether the call goes to an endpoint that is not Amazon S3's (endpoint_url, AWS_ENDPOINT_URL), or "
        "through a proxy that changes or drops the checksum headers. Update that S3-compatible store or proxy, or turn "
        "off the client's default checksums.",
        check=CONFIGURED,
        ground=Ground.LIKENESS,
        speaker=r"\A(?=[\s\S]*(?:\bS3\b|PutObject|UploadPart|s3://|\bs3\b))[\s\S]*?(?:"
        r"\b(?:AWS ?CLI|aws-cli|awscli)\b[^\n]{0,30}\b(?:v?1\.3[7-9]|v?2\.2[3-9])\b"
        r"|\bboto(?:3|core)\b[^\n]{0,30}\b1\.3[6-9]\b|\bdefault (?:data )?(?:checksum|integrity)\w*"
        r"|\bSDK for Java\b[^\n]{0,30}\b2\.3\d\.|\bclient-s3\b[^\n]{0,20}\b3\.(?:729|7[3-9]\d|[89]\d\d)\b)",
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": what arrives must be what was signed
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    fault(
        WRONG_SIGNATURE,
        "The same keys work in another place (“{same_keys_work}”), so neither the keys nor a policy is wrong. Most "
        "likely something in this place changes the signed request on its way, such as a proxy or an interception of "
        "HTTPS.",
        "Let the requests pass unchanged, or bypass the proxy or interception that changes them",
        "# exclude the storage's host from the proxy or the interception, and try the same call again\n"
        "# compare the error's CanonicalRequest with what the program signs: method, host, path, headers",
        "A proxy, an interception of HTTPS or an override of hosts changes the method, the host, the path or a "
        "header. Otherwise the clock differs here, or the value of the key differs from the text.",
        check=CONFIGURED,
        ground=Ground.LIKENESS,
        needs="same_keys_work",
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": what arrives must be what was signed
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    fault(
        WRONG_SIGNATURE,
        "Most likely only requests {failing_requests} are signed wrongly: {signed_part}. Keys and clock are right, "
        "because other requests succeed, and no permission is missing.",
        "Sign the requests {failing_requests} as they are sent",
        "# compare CanonicalRequest of a request that fails with what is sent: method, path, query, headers, body hash",
        "The text says that it works otherwise (“{passing_requests}”). {signed_part_detail}",
        check=None,
        ground=Ground.LIKENESS,
        needs="signed_part",
    ),
    # Amazon S3 User Guide, "Download and upload objects with presigned URLs"; Amazon S3 API Reference, "Authenticating
    # Requests: Using Query Parameters": method, path, host and signed headers are part of what is signed
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
    fault(
        WRONG_SIGNATURE,
        "A presigned URL is valid only for the method, host, path and headers that it was signed for. Compare the "
        "request with the call that generated the URL; start with Content-Type and the x-amz-… headers. No permission "
        "is missing.",
        "Send the request as it was signed, or sign it as it is sent",
        "# the error's XML has StringToSign and CanonicalRequest: compare them with what the program signs",
        "The request adds, lacks or changes a header (Content-Type, a checksum, x-amz-acl), uses another method, or "
        "the URL was changed on the way (encoded twice, &amp;). Otherwise the secret key that signed it is wrong.",
        check=None,
        speaker=r"\bpre-?signed?\b|generate_presigned|getSignedUrl|X-Amz-SignedHeaders",
        ground=Ground.LIKENESS,
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": what arrives must be what was signed
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    fault(
        WRONG_SIGNATURE,
        "Most likely something between the program and the server changes what was signed, such as the Host header, "
        "the path or another header: the text names a proxy. Try the same keys without it. No permission is missing.",
        "Let the proxy pass the request as it was signed",
        f"# nginx: proxy_set_header Host $http_host; proxy_pass without a path\n{CONFIGURED}",
        "Pass the Host header with its port, do not decode, merge or rewrite the path, and keep the signed headers. If "
        "the call also fails without the proxy, the secret key does not belong to the access key.",
        check=None,
        speaker=r"\b(?:behind|through|via|front of)\b[^.\n]{0,40}"
        r"\b(?:nginx|(?:reverse[- ])?proxy|load ?balancer|ingress|Traefik|HAProxy|Caddy|Envoy)\b"
        r"|\b(?:nginx|proxy|load ?balancer|ingress|Traefik|HAProxy|Caddy|Envoy)\b[^.\n]{0,30}"
        r"\b(?:in front|between|rewrites?|terminates?|ends TLS|strips?|adds?|changes?)\b|\bproxy_pass\b",
        ground=Ground.LIKENESS,
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": the clock, the keys, the canonical request
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    # An intermittent fault is not in the keys (the same page, "canonical request"; Amazon CloudFront Developer Guide,
    # "Add or remove HTTP headers": what CloudFront changes on the way to the origin,
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html).
    fault(
        WRONG_SIGNATURE,
        "The keys are right, because other requests with them succeed. In the requests that fail, a header or the body "
        "is most likely changed after signing: do not sign headers that a proxy changes on the way. No permission is "
        "missing.",
        "Leave headers that are changed on the way out of the signature",
        "# compare the list SignedHeaders of a request that fails with the headers that arrive",
        "Sign only host and x-amz-…, not headers that each hop adds or rewrites (via, x-forwarded-for, user-agent, "
        "accept-encoding), and encode unusual characters in the path and the query once. In front of S3 or a Lambda "
        "function URL, CloudFront itself signs with an origin access control.",
        check=None,
        # Another user has other keys.
        speaker=r"(?i:\b(?:most|other|many) (?:of the )?(?:requests|calls|uploads|files|objects)\b[^.;\n]{0,30}"
        r"\b(?:works?|succeeds?|fine|ok)\b|\b(?:sometimes|now and then|intermittent(?:ly)?|sporadic(?:ally)?"
        r"|occasional(?:ly)?|from time to time)\b)",
        ground=Ground.LIKENESS,
    ),
    fault(
        WRONG_SIGNATURE,
        "Check the calling machine's clock first, then its secret key: AWS's full message shows which of the two is "
        "wrong, but the text has only the error code. No permission is missing.",
        "Compare the machine's clock with the real time, then enter its keys again",
        f"date -u  # must be right to a few minutes\n{WHO}{{profile_option}}  # with these keys",
        "A wrong clock adds “Signature expired” or “Signature not yet current” to the message: set the time and time "
        "zone automatically. Without these words, the secret key does not belong to the access key, or lost characters "
        "when it was copied.",
        check="date -u",
        ground=Ground.PARTLY,
        needs="code_alone",
    ),
    fault(
        WRONG_SIGNATURE,
        "The signature does not fit the request: the secret key does not belong to the access key, or the program "
        "signs wrongly. Try the same keys in another program to see which. No permission is missing.",
        "Try the same keys elsewhere; if they fail there, enter them again as a pair",
        f"{WHO}{{profile_option}}  # with these keys: if it fails too, they do not belong together, or were copied "
        "badly",
        "If the keys fail everywhere, the secret key does not belong to the access key, or lost characters when it was "
        "copied (a secret key has 40). If they work elsewhere, this program signs wrongly, or a proxy, a header or the "
        "path changed the request.",
        ground=Ground.PARTLY,
    ),
)
OTHER_KEYS: tuple[CredentialFault, ...] = (
    # STS API reference, "AssumeRole", DurationSeconds; IAM User Guide, "Methods to assume a role": role chaining
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage-assume.html).
    fault(
        UNKNOWN_KEY,
        "Most likely the session has expired{session_length}: the program got its keys only once, and the earlier "
        "steps still worked. No permission is missing.",
        "Get new keys during the run, or request a longer session",
        f"aws iam get-role --role-name ROLE --query Role.MaxSessionDuration\n{WHO}",
        "Ask for a longer session (--duration-seconds), or let each step assume the role again. If a role's session "
        "assumes the role (CodeBuild, Lambda, ECS, a pod), one hour is the most, whatever the assumed role's "
        "MaxSessionDuration is. For longer runs get new keys, or let the SDK get them with a profile (role_arn, "
        "credential_source).",
        check=None,
        ground=Ground.LIKENESS,
        needs="session_over",
    ),
    # IAM User Guide, "Changes that I make are not always immediately visible"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    fault(
        UNKNOWN_KEY,
        "The text creates an access key: if that key is used here, wait a few seconds and try again. A new key does "
        "not work everywhere at once.{no_need}",
        "Wait until the new key works, and do not create one for each run",
        f"until {WHO}{{profile_option}}; do sleep 5; done",
        "A new key takes a few seconds to work everywhere. Make the script wait until the key works, or assume a role "
        "instead of creating a key each time.",
        check=f"{WHO}{{profile_option}}",
        ground=Ground.LIKENESS,
        needs="new_key",
    ),
    fault(
        UNKNOWN_KEY,
        "The program still uses a key that is no longer valid: the text shows “{retired}”. Give it the current key; no "
        "permission is missing.",
        "Give this program the current key, or reactivate the old key until you can",
        f"{CONFIGURED}  # where the program that fails runs",
        "The old key was deactivated or deleted, and this program still has it: in its environment, a file, a secret "
        "or a cache.",
        ground=Ground.LIKENESS,
        needs="retired",
    ),
    fault(
        UNKNOWN_KEY,
        "The program does not use the credentials that work: with credentials exported from the profile it succeeds. "
        "Most likely it finds older keys first, or its IAM Identity Center sign-in is for another profile.",
        "Sign in with the profile, and see which credentials the program finds",
        f"aws sso login{{profile_option}}\n{CONFIGURED}{{profile_option}}\nenv | grep ^AWS_ | cut -d= -f1",
        "Older keys take precedence (in the environment, or in ~/.aws/credentials for this profile or the default "
        "one), or aws sso login was run for another profile. Until you find the cause, use exported credentials.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="exported_work",
    ),
    # IAM User Guide, "Troubleshoot Signature Version 4 signing": a request's timestamp must be near AWS's time
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    fault(
        r"not able to validate the provided access credentials",
        "The text shows a clock that is not synchronized (“{clock_off}”): correct it first. AWS does not validate a "
        "request whose time is wrong, and no permission is missing.",
        "Synchronize the clock of the machine that made the call, then try again",
        "w32tm /resync  # Windows; on Linux: sudo chronyc makestep, or sudo systemctl restart systemd-timesyncd",
        "If its time differs from UTC by minutes, correct it. Look at the keys only if the call still fails then.",
        check=None,
        ground=Ground.LIKENESS,
        needs="clock_off",
    ),
    # AWS CLI User Guide, "Configuration and credential file settings": for a profile that is in both files, the keys in
    # the credentials file take precedence (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    fault(
        UNKNOWN_KEY,
        "AWS does not accept the keys that were sent, though the SSO sign-in works. Most likely old keys of the same "
        "profile in ~/.aws/credentials, or in the environment, are used in place of SSO. No permission is missing.",
        "Remove the old keys of this profile",
        f"{CONFIGURED}{{profile_option}}  # the type must be sso: shared-credentials-file or env shows the old keys\n"
        f"{WHO}{{profile_option}}",
        "Delete the profile's keys and token in ~/.aws/credentials, and unset AWS_ACCESS_KEY_ID. If the type is sso, "
        "check the Region: an opt-in Region may not be enabled, and each partition has its own keys.",
        check=f"{CONFIGURED}{{profile_option}}",
        ground=Ground.LIKENESS,
        speaker=r"\bsso login\b[`\"']?[^.\n]{0,30}\b(?:ok|okay|works|worked|succeed\w*|success\w*|fine)\b"
        r"|Successfully logged into Start URL"
        r"|\bSSO (?:log-?in|sign-?in)\b[^.\n]{0,20}\b(?:ok|work(?:s|ed)|succeed\w*)\b",
    ),
    # AWS CLI User Guide, "Configuration and credential file settings", as above.
    fault(
        UNKNOWN_KEY,
        "The same workflow works on a hosted runner, so most likely keys that stay on the self-hosted runner (AWS_ "
        "variables, ~/.aws/credentials) override or mix with those of the step that signs in. The role and its trust "
        "policy are not the cause.",
        "Remove the runner's own keys, or unset them for this job",
        f"env | grep ^AWS_ | cut -d= -f1\n{CONFIGURED}  # in a step of this job, on that runner",
        "The list shows where key, secret and token come from: all three must be of type env and from the sign-in. "
        "Look at the runner's service environment, its .env file and the home of its user.",
        check=f"{CONFIGURED}",
        ground=Ground.LIKENESS,
        speaker=r"\A(?=[\s\S]*\bself-hosted\b)[\s\S]*?(?:"
        r"\b(?:passe[sd]|works?|worked|succeed\w*|fine|ok)\b[^.\n]{0,40}\b(?:ubuntu-\w+|(?:GitHub-)?hosted runners?)"
        r"|\b(?:ubuntu-\w+|(?:GitHub-|GitLab-)hosted runners?)\b[^.\n]{0,40}\b(?:passe[sd]|works?|worked|fine))",
    ),
    # AWS CLI User Guide, "Configuration and credential file settings": keys in the environment precede AWS_PROFILE.
    fault(
        UNKNOWN_KEY,
        "The text sets {exported} and {keys_over_profile}: the keys override the profile, and AWS does not accept "
        "them. Remove the keys, so that the profile is used.",
        "Remove the keys from the environment or the .env file",
        f"{FORGET}  # and their lines in .env; then {{keys_over_profile}} is used\n{WHO}",
        "The keys are deleted, inactive or mistyped. The profile and its credentials were not used.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="keys_over_profile",
    ),
    # AWS CLI User Guide, "Command line options": --profile takes precedence over the environment.
    fault(
        UNKNOWN_KEY,
        "AWS does not accept the access key of profile {profile_name}: {key_faults}.{no_need}",
        "Find out whether the profile's key is valid at all",
        f"{_APART}\n{CONFIGURED}{{profile_option}}",
        check=f"{CONFIGURED}{{profile_option}}",
        needs="named_profile",
        ground=Ground.PARTLY,
    ),
    fault(
        UNKNOWN_KEY,
        "The program called Amazon Bedrock with AWS keys that it found, although the text says that it is signed in to "
        "another provider. The request should not go to AWS, so neither a permission nor a new AWS key is needed.",
        "Choose the other provider in the program's settings, and remove the old AWS keys from its environment",
        f"env | grep ^AWS_ | cut -d= -f1\n{CONFIGURED}",
        "The program uses Bedrock for this command because of the provider or model in its settings, an environment "
        "variable, or a fault of this version. Update the program.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        speaker=r"\A(?=[\s\S]*\bBedrock\b)[\s\S]*?"
        r"(?:\b(?:logged|signed) in (?:to|with|at|as) [^\n,.;]{0,15}|\bprovider\b\W{1,4})"
        r"(?:\bAnthropic\b|\bClaude (?:Pro|Max|Code account)|\bOpenAI\b|\bChatGPT\b|\bOpenRouter\b)",
    ),
    # IAM User Guide, "Use temporary credentials with AWS resources": they need the session token in each request
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    fault(
        UNKNOWN_KEY,
        "Most likely the program gets or sends the temporary key without its session token, and AWS accepts the two "
        "only together. Hand on all three values, or use a program that does. No permission is missing.",
        "Give the program AWS_SESSION_TOKEN, too, or a kind of credentials that it supports",
        f"env | grep ^AWS_ | cut -d= -f1  # where the program runs: AWS_SESSION_TOKEN must be there\n{WHO}",
        "The text speaks of temporary credentials. A program that stores only key and secret cannot use them: give it "
        "a role where it runs, a version with a field for the token, or a user's own key. A container gets only the "
        "variables that it is given.",
        also=("It has other, older keys, from a secret or its own settings: AWS does not know them any longer.",),
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        speaker=HANDED_ON,
    ),
    # IAM User Guide, "Use temporary credentials with AWS resources": they need the session token in each request
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    fault(
        UNKNOWN_KEY,
        "The same keys work in another program, so most likely this one drops the session token: AWS accepts a "
        "temporary key only with it. Set AWS_SESSION_TOKEN in its environment, or update it. No permission is missing.",
        "Let the program send the session token, too",
        "export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… AWS_SESSION_TOKEN=…  # and leave the keys out of its "
        "settings, so that the SDK's default chain finds all three",
        "The program's settings may have no field for the token, or another name for it: see its documentation and "
        "issues for session token.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        speaker=r"\A(?=[\s\S]*session_?-?token)[\s\S]*?\bsame (?:\w+ )?(?:values|keys?|credentials|variables)\b"
        r"(?:(?!\bnot\b|n['’]t\b)[^.\n]){0,40}\b(?:works?|worked|succeeds?|are accepted)\b",
    ),
    fault(
        UNKNOWN_KEY,
        "Another call of the same program works with the same keys, so they are good: most likely the client that "
        "fails drops the session token, without which AWS does not know a temporary key. No permission is missing.",
        "Let the failing client send the session token",
        "# does its request have the header X-Amz-Security-Token? If not, update or patch the library; until then, "
        "make the call with another client or SDK",
        "Compare how the program creates the two clients: the one that fails may have no field for the token, or its "
        "library may not pass the token to what signs the request.",
        ground=Ground.LIKENESS,
        speaker=r"\A(?=[\s\S]*session[_-]?token)(?:[\s\S]*?\b(?:in|with|from) the same (?:script|program|code|file|run"
        r"|process|config\w*|client settings)\b(?:(?!\bnot\b|n['’]t\b)[^.\n]){0,40}"
        r"\b(?:works?|worked|succeeds?|is (?:ok|fine))\b"
        r"|[\s\S]*?\b(?:works?|worked|succeeds?) (?:fine )?(?:in|with|from) the same (?:script|program|code|file|run"
        r"|process|config\w*)\b)",
    ),
    fault(
        UNKNOWN_KEY,
        "AWS does not accept the access key as it was sent: {key_faults}.{no_need}",
        "Find out whether the key is valid at all, where the program runs",
        f"{_APART}\n{CONFIGURED}  # where the key comes from",
        ground=Ground.PARTLY,
    ),
    # Amazon Managed Service for Prometheus User Guide, "Set up ingestion from a self-managed Prometheus server"
    # (https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-onboard-ingest-metrics-remote-write-EC2.html).
    # OpenTelemetry Collector, "AWS Sigv4 authenticator extension"
    # (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/sigv4authextension).
    fault(
        r"Missing ?Authentication ?Token",
        "The collector sends its samples without a signature (SigV4), so no policy was evaluated: name sigv4auth as "
        "the exporter's authenticator, and list it in service.extensions. Only then do permissions matter.",
        "Let the exporter sign its requests",
        "# in exporters.prometheusremotewrite:  auth: {authenticator: sigv4auth}\n"
        "# in extensions:  sigv4auth: {region: REGION, service: aps}\n"
        "# in service:  extensions: [sigv4auth]",
        "The collector's role then needs aps:RemoteWrite on the workspace (AmazonPrometheusRemoteWriteAccess).",
        check=None,
        speaker=r"\b(?:prometheusremotewrite|otelcol|exporterhelper|sigv4auth)\b[\s\S]*?\baps-workspaces\."
        r"|\baps-workspaces\.[\s\S]*?\b(?:prometheusremotewrite|otelcol|exporterhelper|sigv4auth)\b",
    ),
    fault(
        r"Missing ?Authentication ?Token",
        "Prometheus sends its samples without a signature (SigV4), so no policy was evaluated: add sigv4 with the "
        "workspace's Region to remote_write. Only then do permissions matter.",
        "Let remote_write sign its requests",
        "# in remote_write (the operator's remoteWrite), beside url:\n"
        "#   sigv4: {region: REGION}  # role_arn, if it should assume a role",
        "remote_write has no sigv4 block (the OpenTelemetry collector: sigv4authauthenticator). The pod's role then "
        "needs aps:RemoteWrite on the workspace (AmazonPrometheusRemoteWriteAccess).",
        check=None,
        speaker=r"\baps-workspaces\.[\s\S]*?(?:remote_write|remoteWrite|remote_name)|(?:remote_write|remoteWrite)[\s\S]*?\baps-workspaces\.",
    ),
    # AWS Signature Version 4 for API requests: IAM User Guide
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
    fault(
        r"Missing ?Authentication ?Token",
        "The request to {unsigned_host} has no signature (SigV4), so no policy was evaluated: sign it. Only then do "
        "the caller's permissions matter.",
        "Sign the request with the caller's AWS credentials",
        "awscurl --service {signing_name} --region REGION https://{unsigned_host}/PATH  # or: curl --aws-sigv4 "
        'aws:amz:REGION:{signing_name} --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" '
        '-H "x-amz-security-token: $AWS_SESSION_TOKEN"',
        check=WHO,
        needs="unsigned_host",
        speaker=r"[\s\S]",
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": the answer of a service's own API to a request
    # without a signature (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html).
    fault(
        r"Request is missing Authentication Token",
        "The request was sent without a signature: the client that made it has no credentials. No policy was "
        "evaluated, and no permission is known to be missing.",
        "Give the client credentials: the SDK's default ones, or a provider that is named in its configuration",
        f"{CONFIGURED}  # where the program runs\n{WHO}",
        "A client or configuration that is built by hand may have no credentials provider: load the SDK's default "
        "configuration. AssumeRole has to be signed, too.",
        check=WHO,
        ground=Ground.PARTLY,
        speaker=r"Request is missing Authentication Token",
    ),
    # API Gateway Developer Guide, "Control access to a REST API with IAM permissions"
    # (https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html).
    fault(
        r"Missing ?Authentication ?Token",
        "The text says that the method accepts only requests with AWS_IAM, and this request has no signature: sign it "
        "with the caller's credentials (SigV4, service execute-api). Only then do the caller's permissions matter.",
        "Sign the request with the caller's AWS credentials",
        "awscurl --service execute-api --region REGION URL  # or: curl --aws-sigv4 aws:amz:REGION:execute-api",
        "The client does not sign. If a signed request gets the same answer, the stage does not have this path or "
        "method.",
        check=WHO,
        ground=Ground.LIKENESS,
        speaker=r"\bAWS_IAM\b",
    ),
    fault(
        r"Missing ?Authentication ?Token",
        "The request goes to {called_path}, and the text names {named_path}: API Gateway gives this answer "
        "for a path or method that the stage does not have. Correct the URL; no token is known to be missing.",
        "Call {named_path}, or add {called_path} to the API and deploy it",
        "aws apigateway get-export --rest-api-id API --stage-name STAGE --export-type oas30 api.json  # the paths that "
        "are deployed to the stage",
        "The path in the URL differs from the API's path.",
        check=None,
        cause="not-iam",
        ground=Ground.LIKENESS,
        needs="called_path",
    ),
    # API Gateway developer guide, "Troubleshoot issues with REST APIs".
    fault(
        r"Missing ?Authentication ?Token",
        "The request has no signature that AWS could read.",
        "Check the URL's stage, path and method first, then whether the request has to be signed",
        "aws apigateway get-export --rest-api-id API --stage-name STAGE --export-type oas30 api.json  # the paths that "
        "are deployed to the stage; get-resources lists the draft",
        check=None,
        cause="unreadable",
        ground=Ground.NOTHING,
    ),
    # EC2 API reference, "Error codes": AuthFailure is said of credentials and of what is not the account's own.
    fault(
        r"\bAuthFailure\b",
        "EC2's AuthFailure has two meanings, and the text does not say which one applies here. Either the credentials "
        "could not be validated, or the account is not allowed to use a resource in the call, such as another "
        "account's address or image.",
        "Check whether the credentials work, and whether the account owns what the call names",
        f"{WHO}\n{CONFIGURED}",
        "The resource in the call belongs to another account, or is not shared with this account.",
        check=WHO,
        cause="unreadable",
        ground=Ground.NOTHING,
    ),
)
