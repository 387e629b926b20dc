"""Responses of programs, registries and endpoints that are not a denial by IAM and have only one meaning."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

_NONE_MISSING = "No AWS permission is missing."
APPSYNC_FIELD = "AppSync's authorization of the field"
ROLE_IN_THE_REQUEST = "the role's ARN in the request"

OTHER_ANSWERS: tuple[System, ...] = (
    # What Terraform's and Helm's providers print where the cluster answers 401.
    made_system(
        "the Kubernetes cluster",
        "Give the identity that called (aws sts get-caller-identity) an EKS access entry in the cluster, or a line in "
        "the aws-auth ConfigMap if the authentication mode reads that. If it worked at the start of a long run, let "
        "the provider request a token for each call (exec with aws eks get-token). No IAM permission is missing.",
        r"\bError:\s+Unauthorized\s*\n[\s\S]{0,600}?\b(?:kubernetes_\w+|helm_release|kubectl_manifest)\b"
        # What eksctl prints.
        r"|\bError:[^\n]{0,80}\b(?:raw REST client|listing nodes|getting nodes|nodegroup[^\n:]{0,40}"
        r"|kubernetes[^\n:]{0,40}|auth ConfigMap[^\n:]{0,20}): Unauthorized\b",
        "error: unauthorized",
        ": unauthorized",
        verdict="Kubernetes refused the request (401), not IAM: the cluster does not know the identity that called, or "
        "its token was too old (on EKS it lasts 15 minutes).",
    ),
    # AWS Tools for PowerShell, "Specify AWS Regions"; SDKs and Tools Reference Guide, "AWS Region"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html).
    made_system(
        "the Region of the call",
        "Set a Region: AWS_REGION (for the CLI also AWS_DEFAULT_REGION), region in the profile, --region or -Region. "
        f"{_NONE_MISSING}",
        r"No\s+region\s+specified\s+or\s+obtained|You\s+must\s+specify\s+a\s+region|Unable\s+to\s+find\s+a\s+region\s+via"
        r"|could\s+not\s+find\s+region\s+configuration|Missing\s+[Rr]egion\s+in\s+config|Configuration:\s+Missing\s+Region|\bRegion\s+is\s+missing\b|MissingRegion\b"
        r"|Invalid\s+AWS\s+Region:\s*$|NoRegionError|No\s+RegionEndpoint\s+or\s+ServiceURL\s+configured"
        # AWS SDK for Go, version 2, and Terraform's provider.
        r"|an\s+AWS\s+region\s+is\s+required,\s+but\s+was\s+not\s+found|Invalid\s+Configuration:\s+Missing\s+Region",
        "region is required, but",
        "region specified",
        "specify a region",
        "find a region via",
        "find region configuration",
        "missing region",
        "missingregion",
        "region is missing",
        "invalid aws region",
        "noregionerror",
        "no regionendpoint",
        flags=re.MULTILINE,
        verdict="The program has no Region: no call reached AWS, and no permission is missing.",
        regional=True,
    ),
    # STS API reference, "AssumeRole": RoleArn (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    made_system(
        ROLE_IN_THE_REQUEST,
        "Write the full ARN (arn:aws:iam::ACCOUNT:role/NAME), without quotes or spaces; check that the variable or "
        "secret that it comes from has a value here. No permission is missing.",
        r"\bRequest\s+ARN\s+is\s+invalid\b|\bis\s+invalid\s*\(Service:\s*(?:Sts|AWSSecurityTokenService)"
        r"|ValidationError\)?[^\n]{0,80}AssumeRole\w*\s+operation:\s+\S+\s+is\s+invalid",
        "is invalid",
        unless=r"\barn:[\w-]+:iam::\d{6,11}:role/",
        verdict="STS does not accept the role's ARN as it was sent: no permission is missing.",
    ),
    # What AWS's front end answers if host, path or signing name belong to no operation of the service.
    made_system(
        "the endpoint of the call",
        "Compare host, path and signing name with the operation: the program, or a custom endpoint, sends the request "
        "to a different service. Objects of a table bucket (--table-s3) are at S3's own endpoint "
        f"(s3.REGION.amazonaws.com), not at s3tables.REGION. {_NONE_MISSING}",
        r"Unable\s+to\s+determine\s+service/operation\s+name\s+to\s+be\s+authorized",
        "unable to determine service/operation",
        subject=r"https?://([\w.-]+\.amazonaws\.com(?:\.cn)?)",
        verdict="No operation of the service has this host and path: the request went to a wrong endpoint, and no "
        "permission is missing.",
    ),
    # Amazon OpenSearch Service Developer Guide, "Data access control for Amazon OpenSearch Serverless"
    # (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html).
    made_system(
        "OpenSearch Serverless",
        "Name the role or user that makes the call as a principal of the collection's data access policy (for "
        "indexes: aoss:CreateIndex, aoss:DescribeIndex, aoss:UpdateIndex, aoss:DeleteIndex, aoss:ReadDocument, "
        "aoss:WriteDocument), and allow it to perform aoss:APIAccessAll on the collection in IAM. Both are needed. "
        "If both exist, or the call works later, the data access policy only needed time to take effect: wait, and "
        "try again.",
        r"\bauthorization_exception\b|\.aoss\.amazonaws\.com[\s\S]{0,300}\b(?:403|Forbidden)\b"
        r"|\b(?:403|Forbidden)\b[\s\S]{0,300}\.aoss\.amazonaws\.com"
        r"|\"status\"\s*:\s*403\s*,\s*\"request-id\"[\s\S]{0,120}\"reason\"\s*:\s*\"403\s+Forbidden\""
        r"|\bAuthorizationException\(403\b(?=[\s\S]{0,2000}\baoss\b)|\baoss\b[\s\S]{0,2000}?\bAuthorizationException\(403\b",
        "authorization_exception",
        "authorizationexception(403",
        ".aoss.amazonaws.com",
        '"request-id"',
        # A domain's own access control has this word, too.
        unless=r"authorized\s+to\s+perform|\A(?![\s\S]*\.aoss\.amazonaws\.com)[\s\S]*?security_exception",
        title="Compare the identity that makes the call with both sides",
        sure=False,
    ),
    # Amazon OpenSearch Service Developer Guide, "Fine-grained access control in Amazon OpenSearch Service"
    # (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html).
    made_system(
        "OpenSearch's sign-in",
        "Sign the request with IAM credentials (service es), or give the internal user's name and password; with "
        "fine-grained access control, map the role or user in OpenSearch Dashboards, Security.",
        r"\b(?:AuthenticationException\(401|401\s+Unauthorized|\b401\b[^\n]{0,40}Unauthorized)[\s\S]{0,300}\.es\.amazonaws\.com"
        r"|\.es\.amazonaws\.com[\s\S]{0,300}\b401\b",
        ".es.amazonaws.com",
        verdict="OpenSearch refused the sign-in (401): the request was not signed, or the user or password is wrong.",
        sure=False,
    ),
    # AWS AppSync Developer Guide, "Configuring authorization and authentication to secure your GraphQL APIs"
    # (https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html).
    made_system(
        APPSYNC_FIELD,
        "Check the API's authorization mode and the field's directives (@aws_iam, @aws_cognito_user_pools, @auth). "
        "A rule for groups compares their names with the token's, letter case included. "
        "Only with AWS_IAM does a policy decide, with appsync:GraphQL on the field.",
        r"Not\s+Authorized\s+to\s+access\s+\w+\s+on\s+type\s+\w+",
        "not authorized to access",
        flags=re.IGNORECASE,
        verdict="AppSync refused the field: the request's authorization mode, its token's groups or its owner does not "
        "allow it.",
        sure=False,
        title="Check how AppSync authorizes the field",
    ),
    # AWS AppSync developer guide, "Configuring authorization and authentication to secure your GraphQL APIs"
    # (https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html).
    made_system(
        "what the request sends to AppSync",
        "Compare what the client sends with the API's authorization modes (aws appsync get-graphql-api): the API key "
        "(x-api-key; it expires), the token of the API's own user pool or issuer (Authorization), or a signature. With "
        "AWS_IAM the caller needs appsync:GraphQL on the API.",
        r"\"UnauthorizedException\"[^{}]{0,120}You\s+are\s+not\s+authorized\s+to\s+make\s+this\s+call",
        "not authorized to make this call",
        verdict="AppSync refused what the request sends: the API key or token is missing, has expired or is of another "
        "API, or the API does not use this authorization mode.",
        title="Send what one of the API's authorization modes expects",
        sure=False,
    ),
    # Amazon Cognito user pools API reference, "InitiateAuth": NotAuthorizedException
    # (https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html).
    made_system(
        "the Cognito user pool",
        "Check name, password and state of the user in the pool. " + _NONE_MISSING,
        r"NotAuthorizedException[^\n]{0,60}(?:Incorrect\s+username\s+or\s+password|User\s+is\s+disabled|Password\s+attempts"
        r"\s+exceeded)",
        "incorrect username or password",
        "user is disabled",
        "password attempts exceeded",
        verdict="The Cognito user pool refused the sign-in: no IAM policy was evaluated.",
    ),
    # Amazon Cognito developer guide, "Signing up and confirming user accounts": "Computing secret hash values"
    # (https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html).
    made_system(
        "the app client's secret hash",
        "Give the program the ID and the secret of the same app client: a client created again has a new "
        "ID and a new secret. SECRET_HASH is made from the user name and the client ID, with the client's secret as "
        f"the key. A client without a secret needs no hash. {_NONE_MISSING}",
        r"Unable\s+to\s+verify\s+secret\s+hash\s+for\s+client",
        "verify secret hash",
        flags=re.IGNORECASE,
        verdict="SECRET_HASH does not fit the app client: compute it from the user name and this client's ID, with "
        "this client's secret. Cognito decides this without IAM.",
        title="Use the ID and the secret of the same app client",
    ),
    # Amazon Cognito developer guide, "Ending user sessions with token revocation"
    # (https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html).
    made_system(
        "the user's token of the Cognito user pool",
        "Let the user sign in again: a token that was revoked or has expired cannot be used or refreshed (the app "
        f"client sets how long each is valid). {_NONE_MISSING}",
        r"NotAuthorizedException[^\n]{0,60}(?:Refresh|Access)\s+Token\s+has\s+(?:been\s+revoked|expired)",
        "token has been revoked",
        "refresh token has expired",
        "access token has expired",
        flags=re.IGNORECASE,
        verdict="The user's token was revoked or has expired: let the user sign in again. No IAM policy was evaluated.",
        title="Sign in again",
    ),
    # IAM Identity Center User Guide, "Assign user or group access to AWS accounts"
    # (https://docs.aws.amazon.com/singlesignon/latest/userguide/assignusers.html).
    made_system(
        "IAM Identity Center's assignments",
        "Ask whoever manages IAM Identity Center to assign this person, or a group of theirs, a permission set in the "
        "account. No policy in an account replaces the assignment.",
        r"You\s+(?:don't|do\s+not)\s+have\s+access\s+to\s+(?:any\s+)?AWS\s+accounts|You\s+do\s+not\s+have\s+any\s+applications"
        r"|switchboard\.portal#ForbiddenException",
        "access to aws accounts",
        "access to any aws accounts",
        "any applications",
        "switchboard.portal#forbidden",
        flags=re.IGNORECASE,
        verdict="IAM Identity Center refused: it has no assignment for this person in the account, or the names in the "
        "profile are wrong.",
    ),
)
