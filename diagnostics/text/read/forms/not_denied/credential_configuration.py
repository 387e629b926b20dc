"""What programs say about their credentials' configuration before any call, and STS about a malformed request."""

from __future__ import annotations

import re

from diagnostics.text.read.forms.system_row import NONE_MISSING, System, made_system

ROLES_ANYWHERE = "IAM Roles Anywhere's trust anchor"
_NOT_CALLED = "AWS was not called, and no permission is missing."
_SSO_REGION = r"\bSSO[_ -]?Region\b"
_NO_POLICY = "No permission is missing: no role was assumed yet."
_SIGN_IN_FAILED = r"(?:It['’]s\s+not\s+you,\s+it['’]s\s+us|couldn['’]t\s+complete\s+your\s+request\s+right\s+now)"
_OF_IDENTITY_CENTER = (
    r"(?:\bIdentity\s+Center\b|\bAWS\s+SSO\b|\bawsapps\.com\b|\bOkta\b|\bSAML\b|\bEntra\b|\bAzure\s+AD\b|\bIdP\b"
    r"|\b[Aa]uthentik\b|\bKeycloak\b|\bExternalIdPDirectoryLogin\b)"
)
_NO_GUESTS = r"Unauthenticated\s+access\s+is\s+not\s+supported\s+for\s+this\s+identity\s+pool"
_SIGNED_IN_ONLY_THERE = (
    r"(?=[\s\S]*(?:(?i:\bsign(?:ed)?[ -]?in\b|\blogged in\b|\bsession is valid\b)|\bid_?[Tt]oken\b|fetchAuthSession))"
    r"(?=[\s\S]*\b[a-z]{2}(?:-[a-z]+)+-\d_\w{6,})(?![\s\S]*(?i:\blogins[\"']?\s*[:=({]))"
)
"""A text with a user pool's sign-in, whose call to the identity pool sends no Logins."""
CREDENTIALS: tuple[System, ...] = (
    # STS API Reference, "AssumeRole", RoleSessionName: 2 to 64 of these characters
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    made_system(
        "the session's name in the request",
        "Send 2 to 64 characters: letters a-z and A-Z, digits and _ + = , . @ -. Build the name from a run's number "
        "or ID, not "
        "from the name of a branch, a workflow or a person (GitHub: role-session-name; CLI: --role-session-name). "
        f"{NONE_MISSING}",
        r"at\s+'[Rr]oleSessionName'\s+failed\s+to\s+satisfy\s+constraint",
        "rolesessionname' failed to satisfy",
        verdict="STS does not accept the session's name: it is too short or too long, or has a character that is not "
        "allowed, such as a space, a slash or a colon.",
        title="Send a different role session name",
    ),
    # STS API Reference, "AssumeRoleWithWebIdentity", WebIdentityToken: at least 4 characters
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html). GitLab's variables
    # CI_JOB_JWT… were removed in 17.0 for id_tokens (https://docs.gitlab.com/ci/secrets/id_token_authentication/).
    made_system(
        "the identity token in the request",
        "Find out why the variable is empty in this job (echo ${#TOKEN}). In GitLab, the job itself must declare "
        "id_tokens with this name, and CI_JOB_JWT no longer exists. In Bitbucket, the step needs oidc: true. In "
        f"GitHub, the job needs permissions: id-token: write. {NONE_MISSING}",
        r"at\s+'webIdentityToken'\s+failed\s+to\s+satisfy\s+constraint|argument\s+--web-identity-token:\s+expected\s+one",
        "webidentitytoken' failed to satisfy",
        "argument --web-identity-token",
        verdict="The identity token was not sent: the variable that should contain it is empty. No trust policy was "
        "evaluated.",
        title="Give the job its identity token",
    ),
    # CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens": 12 hours at most
    # (https://docs.aws.amazon.com/codeartifact/latest/ug/tokens-authentication.html).
    made_system(
        "the package manager's CodeArtifact token",
        "Let each run fetch its own token (aws codeartifact login, or get-authorization-token), instead of using a "
        "stored one. If that command ran just before, npm reads a different .npmrc from the one that the command wrote "
        "(sudo, a container, NPM_CONFIG_USERCONFIG) or calls a different registry. npm login does not help, and the "
        "registry refused no IAM action. Fetching a token needs codeartifact:GetAuthorizationToken and "
        "sts:GetServiceBearerToken.",
        r"npm\s+(?:ERR!|error)\s+code\s+E401(?=[\s\S]*\bcodeartifact"
        r"(?:[ :.-]+(?:login|get-?authorization-?token)\b|\.[a-z0-9-]+\.amazonaws\.com\S*:_authToken))",
        "code e401",
        verdict="npm sent CodeArtifact no valid token: the stored token is older than 12 hours, or npm does not read "
        "the file that contains the new one.",
        title="Fetch a new CodeArtifact token",
        sure=False,
    ),
    # EKS User Guide, "Understand how EKS Pod Identity works": the SDK sends the token of the file to the agent
    # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html).
    made_system(
        "the EKS Pod Identity agent",
        "At each request, read the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names (its token is rotated), and "
        f"send the token as the header Authorization. An AWS SDK does this automatically. {NONE_MISSING}",
        r"\b400\s+Bad\s+Request[^\n]{0,120}169\.254\.170\.23/v1/credentials"
        r"|169\.254\.170\.23/v1/credentials\W[^\n]{0,120}\b400\b",
        "/v1/credentials",
        verdict="The EKS Pod Identity agent did not accept the request for credentials: most likely it has no token in "
        "the header Authorization. Role and association are not the cause of a 400.",
        title="Send the pod's token to the agent",
        sure=False,
    ),
    # botocore, credentials.py and exceptions.py (https://github.com/boto/botocore).
    made_system(
        "the profile's source_profile",
        "Give the profile {name} credentials of its own (keys, sso_…, credential_process), or name a different "
        f"profile in source_profile. To check, run aws configure list --profile {{name}}. {_NOT_CALLED}",
        r"The\s+source\s+profile\s+\"[^\"\n]+\"\s+must\s+have\s+credentials",
        "must have credentials",
        subject=r"source\s+profile\s+\"([^\"\n]+)\"",
        verdict="The profile assumes its role with the credentials of the profile {name}, but that profile has no "
        "credentials in the files that the program reads.",
        title="Give the source profile credentials",
    ),
    made_system(
        "the loop of source_profile",
        "In source_profile, name a profile that has its own credentials, not one that leads back to this profile. A "
        "profile that names itself must also have keys in it. In a program with threads the message may be spurious: "
        f"resolve the credentials once before the threads start. {_NOT_CALLED}",
        r"Infinite\s+loop\s+in\s+credential\s+configuration\s+detected",
        "infinite loop in credential configuration",
        subject=r"Attempting\s+to\s+load\s+from\s+profile\s+([\w.@+-]+)",
        verdict="The program met the same profile twice while it followed source_profile: most likely the profiles "
        "lead back to each other, or one names itself and has no keys.",
        title="Break the loop of source_profile",
        sure=False,
    ),
    # AWS SDKs and Tools Reference Guide, "Shared config and credentials files": the files' format
    # (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html). The messages are those of botocore
    # (exceptions.py) and of the AWS SDKs for Go and Rust.
    made_system(
        "the form of the configuration file",
        "Correct the file: [sections] with both brackets, key = value, no continuation line without a line before it, "
        "no other text, no key twice in a section, UTF-8 without a byte order mark. If the file is moved away, the "
        f"error goes away, too. {_NOT_CALLED}",
        r"Unable\s+to\s+parse\s+config\s+file:?\s+\S*aws\S*"
        r"|failed\s+to\s+load\s+(?:shared\s+)?config\s+file,\s+[^\x1e]{0,300}?INIParseError"
        r"|invalid\s+state\s+with\s+ASTKind|Expected\s+an\s+'='\s+sign\s+defining\s+a\s+property",
        "unable to parse config file",
        "iniparseerror",
        "invalid state with astkind",
        "sign defining a property",
        subject=r"Unable\s+to\s+parse\s+config\s+file:?\s+(\S+)"
        r"|failed\s+to\s+load\s+(?:shared\s+)?config\s+file,\s+([^\s,]+)|error\s+parsing\s+(\S+)\s+on\s+line",
        verdict="The program cannot read {name}: it is not in the form of an INI file.",
        title="Correct the configuration file",
    ),
    # AWS SDK for JavaScript 3, credential-provider-sso: the four values that it must find in the profile
    # (https://github.com/aws/aws-sdk-js-v3/tree/main/packages/credential-provider-sso); of Go's
    # https://github.com/hashicorp/terraform-provider-aws/issues/28263.
    made_system(
        "the profile's values for IAM Identity Center",
        "The SDK asks for four values: sso_account_id and sso_role_name in the profile, and sso_start_url and "
        "sso_region in the profile or in its [sso-session NAME]. A version that does not read [sso-session] needs all "
        f"four in the profile: update the SDK, or write them in the profile. {_NOT_CALLED}",
        r"is\s+configured\s+with\s+invalid\s+SSO\s+credentials"
        r"|configured\s+to\s+use\s+SSO\s+but\s+is\s+missing\s+required\s+configuration",
        "configured with invalid sso credentials",
        "configured to use sso but is missing",
        verdict="The program's AWS SDK lacks values for IAM Identity Center in the profile: the message lists what it "
        "asks for. If the profile has sso_session, the SDK is too old to read it.",
        title="Complete the profile, or update the SDK",
    ),
    # Amazon Cognito identity pools: what each of its sentences turned out to mean
    # (https://github.com/aws-amplify/amplify-js/issues/2067,
    # https://github.com/amazon-archives/amazon-cognito-identity-js/issues/153 and /7).
    made_system(
        "the identity pool's list of providers",
        "Compare aws cognito-identity describe-identity-pool --identity-pool-id POOL (CognitoIdentityProviders, "
        "SupportedLoginProviders) with the token's iss and aud, and with the key in Logins: "
        f"cognito-idp.REGION.amazonaws.com/USER-POOL-ID, in the user pool's own Region. {_NO_POLICY}",
        r"Token\s+is\s+not\s+from\s+a\s+supported\s+provider\s+of\s+this\s+identity\s+pool",
        "not from a supported provider",
        verdict="The identity pool does not know who issued this token. Either the pool lists a different user pool or "
        "app client ID (often after one of them was created again), or the key in Logins names a different issuer.",
        title="Compare the pool's providers with the token",
    ),
    made_system(
        "the token in the identity pool's Logins",
        "Send the ID token of the user pool, not its access token (which has no aud), and a fresh one: it expires "
        "after an hour unless the app client sets another time. The key in Logins must be the token's issuer without "
        f"https://. {_NO_POLICY}",
        r"Invalid\s+login\s+token\.(?!\s+(?:Not\s+authorized\s+to\s+perform|Token\s+is\s+not\s+from\s+a\s+supported))",
        "invalid login token",
        verdict="The identity pool did not accept the token that was sent to it, and its message says what is wrong "
        "with it.",
        title="Send the ID token, while it is valid",
    ),
    made_system(
        "the login that the call to the identity pool lacks",
        "Pass the session's ID token: Logins: {'cognito-idp.REGION.amazonaws.com/{name}': idToken}, in GetId and in "
        "GetCredentialsForIdentity alike (in the SDK: fromCognitoIdentityPool with logins). The user pool and its app "
        f"client must be among the identity pool's providers. Do not allow guests for this. {_NO_POLICY}",
        _NO_GUESTS,
        "unauthenticated access is not supported",
        unless=rf"\A(?!{_SIGNED_IN_ONLY_THERE})",
        subject=r"\b([a-z]{2}(?:-[a-z]+)+-\d_\w{6,})",
        verdict="The user is signed in to the user pool {name}, but the call to the identity pool has no Logins, so it "
        "came as a guest, and the pool allows no guests.",
        title="Pass the ID token in Logins",
        sure=False,
    ),
    made_system(
        "the identity pool's guests",
        "Let the user sign in first and pass the ID token in Logins (or wait for the session before the first call). "
        f"Or allow guest access in the identity pool and give its guests a role. {_NO_POLICY}",
        _NO_GUESTS,
        "unauthenticated access is not supported",
        unless=rf"\A{_SIGNED_IN_ONLY_THERE}",
        verdict="The call came without a login, and the identity pool allows no guests.",
        title="Pass the user's login, or allow guests",
    ),
    made_system(
        "the login of the pool's identity",
        "Pass a login with which this identity was created, or ask GetId for the identity of the current login: the "
        f"identity ID that the app stored belongs to a different user or provider. {_NO_POLICY}",
        r"Logins\s+don['’]t\s+match\.\s+Please\s+include|NotAuthorizedException\b[^\n]{0,120}Logins\s+don['’]t\s+match",
        "logins don",
        verdict="The identity ID belongs to different logins from those that the call sends.",
        title="Use the identity of the current login",
    ),
    # AWS CLI User Guide, "Configuring IAM Identity Center authentication": sso_region is the Region of the portal
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
    made_system(
        "the Region of IAM Identity Center",
        "Set sso_region to the Region in which IAM Identity Center is enabled (its console shows it), and run aws sso "
        "login again. The setting region, for the calls themselves, may be a different Region. No permission and no "
        "assignment is checked before that.",
        rf"\bInvalid grant provided\b(?=[\s\S]*{_SSO_REGION})|{_SSO_REGION}[\s\S]*?\bInvalid grant provided\b",
        "invalid grant provided",
        flags=re.IGNORECASE,
        subject=rf"{_SSO_REGION}(?:\s+\[[^\]\n]*\])?\s*[=: ]\s*[\"']?([a-z]{{2}}(?:-[a-z]+)+-\d)",
        verdict="IAM Identity Center does not accept the sign-in: most likely sso_region ({name}) is not the Region of "
        "its instance. No permission is missing.",
        title="Correct sso_region",
        sure=False,
        regional=True,
    ),
    # What it turned out to be (https://github.com/aws/aws-cli/issues/7129, https://github.com/aws/aws-cli/issues/5058).
    made_system(
        "the start URL of IAM Identity Center",
        "Compare sso_start_url (https://….awsapps.com/start, or the issuer URL, without # and anything after it) and "
        "sso_region with the settings in IAM Identity Center's console; if the URL is a custom one, try the URL that "
        "begins with d-…. No permission and no assignment is checked before that.",
        r"Invalid(?:Request|Client|Grant)Exception\)\s+when\s+calling\s+the\s+(?:StartDeviceAuthorization|RegisterClient)"
        r"\s+operation",
        "when calling the startdeviceauthorization",
        "when calling the registerclient",
        verdict="IAM Identity Center did not accept the sign-in's request: most likely it does not know the start URL "
        "in this Region. No permission is missing.",
        title="Correct sso_start_url or sso_region",
        sure=False,
    ),
    # AWS SDK for .NET: what its message asks for (https://github.com/aws/aws-sdk-net).
    made_system(
        "the package that the program lacks",
        "Add the NuGet package {name} to the startup project, and publish it with the program (trimming or single-file "
        f"publishing may remove it). IAM Identity Center needs AWSSDK.SSO and AWSSDK.SSOOIDC. {_NOT_CALLED}",
        r"Assembly\s+AWSSDK\.\w+\s+could\s+not\s+be\s+found\s+or\s+loaded",
        "could not be found or loaded",
        subject=r"Assembly\s+(AWSSDK\.\w+)",
        verdict="The SDK for .NET cannot use this kind of profile, because the program lacks {name}.",
        title="Add the SDK's package",
    ),
    # CloudTrail's event of such a sign-in (https://github.com/goauthentik/authentik/issues/4554,
    # https://repost.aws/questions/QUYCjsWLSISQeKlw917G2QZg/it-s-not-you-it-s-us-with-okta-as-idp-for-aws-sso).
    made_system(
        "the sign-in from the identity provider to IAM Identity Center",
        "Look up the event ExternalIdPDirectoryLogin in CloudTrail, in the Region of IAM Identity Center: errorMessage "
        "gives the reason. Usual reasons are a NameID in the wrong format, changed metadata or a changed certificate, "
        "a user who is not provisioned under this name, and a wrong clock. Permission sets are not read "
        "until the sign-in succeeds.",
        rf"{_SIGN_IN_FAILED}[\s\S]*?{_OF_IDENTITY_CENTER}|{_OF_IDENTITY_CENTER}[\s\S]*?{_SIGN_IN_FAILED}",
        "not you, it",
        "complete your request right now",
        verdict="IAM Identity Center did not accept the sign-in of the identity provider, and its page does not say "
        "why. CloudTrail does. A missing permission is not the cause.",
        title="Read the reason in CloudTrail",
        sure=False,
    ),
    # AWS SDK for JavaScript 3, @smithy/signature-v4: accessKeyId and secretAccessKey must be strings
    # (https://github.com/smithy-lang/smithy-typescript/tree/main/packages/signature-v4).
    made_system(
        "the keys in the program's code",
        "Check whether the variables have a value where the code runs (server, build or browser), and whether .env is "
        "loaded before the client is created. If the program has a role or a profile, set no credentials in the code: "
        f"the SDK finds them automatically. {_NOT_CALLED}",
        r"Resolved\s+credential\s+object\s+is\s+not\s+valid",
        "resolved credential object is not valid",
        verdict="The code gives the SDK for JavaScript credentials without accessKeyId or secretAccessKey: most likely "
        "the variables that it reads are undefined there.",
        title="Give the client keys that are defined, or none",
    ),
    # AWS SDKs and Tools Reference Guide, "Shared config and credentials files"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
    made_system(
        "the profile that the program reads",
        "Check whether the AWS CLI can use the profile, as the same user: aws sts get-caller-identity --profile "
        "{name}. If it can, give the program exported credentials (aws configure export-credentials), or use "
        "variables instead of the profile (AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE for a web identity). If it "
        "cannot, the file is in a different home directory, or the section has a different name ([profile {name}] in "
        f"config). {_NOT_CALLED}",
        r"\bprofile\s+[\"'`“]?[\w.@-]+[\"'`”]?\s+(?:does\s+not|doesn['’]t)\s+(?:seem\s+to\s+be|appear\s+to\s+be)\s+(?:configured|set\s+up|valid)"
        r"|\bAWS\s+profile\s+[\"'`“]?[\w.@-]+[\"'`”]?\s+(?:is\s+not|isn['’]t|was\s+not)\s+(?:configured|defined|found)",
        "to be configured",
        "to be set up",
        "to be valid",
        "not configured",
        "isn't configured",
        "isn’t configured",
        "not defined",
        "isn't defined",
        "isn’t defined",
        "not found",
        "isn't found",
        "isn’t found",
        subject=r"\bprofile\s+[\"'`“]?([\w.@-]+)[\"'`”]?\s+(?:does|is|was)",
        verdict="The program does not find the profile {name}, or does not support its kind (a role, a web identity, "
        "IAM Identity Center): it has its own code to read profiles. AWS was not called, and no policy was read.",
        title="Check whether the AWS CLI can use the profile, then give the program its credentials in another way",
        sure=False,
    ),
    # No chain from the trust anchor to the certificate
    # (https://github.com/aws/rolesanywhere-credential-helper/issues/108).
    made_system(
        ROLES_ANYWHERE,
        "Compare the certificate's issuer with the trust anchor's certificate, in the same Region and account: openssl "
        "verify -CAfile ANCHOR.pem -untrusted INTERMEDIATES.pem CERT.pem. Pass intermediates with --intermediates. The "
        "anchor must be enabled, and the certificate must not be expired or not yet valid. The role's policies were "
        "not read yet.",
        r"\bAccessDeniedException[^\n]{0,80}Untrusted\s+(?:[Ss]igning\s+)?[Cc]ertificate\b",
        "untrusted certificate",
        "untrusted signing certificate",
        verdict="IAM Roles Anywhere refused the certificate: it does not chain to a certificate of the trust anchor. A "
        "missing permission is not the cause.",
        title="Compare the certificate with the trust anchor",
    ),
)
