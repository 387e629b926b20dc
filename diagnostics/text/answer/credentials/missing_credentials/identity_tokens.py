"""Rows for identity tokens (OIDC) that STS does not accept."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CredentialFault, fault
from diagnostics.text.answer.credentials.expired_credentials.identity_tokens import READ_TOKEN
from diagnostics.who import Who
from iam.claims import Ground

TOKENS_NOT_ACCEPTED: tuple[CredentialFault, ...] = (
    # Amazon EKS User Guide, "Create an IAM OIDC provider for your cluster"
    # (https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html).
    fault(
        r"InvalidIdentityToken(?![^\n]{0,80}token audience)",
        "The account has no identity provider for the token's issuer: the list in the text does not contain "
        "{unlisted_issuer}. Create this provider, and name it in the role's trust policy. A recreated cluster has a "
        "new issuer.",
        "Create the identity provider of the issuer {unlisted_issuer}",
        "aws iam create-open-id-connect-provider --url https://{unlisted_issuer} --client-id-list sts.amazonaws.com",
        check="aws iam list-open-id-connect-providers",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="unlisted_issuer",
    ),
    fault(
        r"Incorrect token audience",
        "The token's identity provider in IAM does not list the token's audience as a client ID.",
        "Request the token with an audience that the provider lists, or add the token's audience to the provider",
        "aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn {provider_arn} --client-id "
        "{audience}",
        check="aws iam list-open-id-connect-providers",
    ),
    # A token that STS cannot read gets 400 (InvalidIdentityToken, ExpiredToken, IDPCommunicationError):
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
    fault(
        r"AssumeRoleWithWebIdentity\b[^\n]{0,60}\bStatusCode: 403\b(?![^\n]{0,80}(?:IDPRejectedClaim|Throttl))",
        "STS answered AssumeRoleWithWebIdentity with status 403: most likely the role's trust policy does not accept "
        "the token's subject or audience (in a pod: its namespace and service account).",
        "Compare the token's sub and aud with the conditions of the role's trust policy",
        READ_TOKEN,
        "In a pod the subject is system:serviceaccount:NAMESPACE:NAME. A Helm chart generates that name unless its "
        "values set it (serviceAccount.name): set the name that the trust policy contains, or change the policy to "
        "accept the chart's name.",
        check="kubectl get pod POD -o jsonpath='{.metadata.namespace}:{.spec.serviceAccountName}'",
        ground=Ground.PARTLY,
    ),
    # STS API Reference, "AssumeRoleWithWebIdentity"
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html); GitLab, "OpenID Connect
    # (OIDC) authentication using ID tokens" (https://docs.gitlab.com/ci/secrets/id_token_authentication/).
    fault(
        r"Missing a required claim:\s*aud\b",
        "The token has no claim aud (audience), which STS requires, so the token is not an ID token for AWS. No "
        "policy was evaluated.",
        "Send an ID token with an audience that the role's identity provider in IAM lists",
        READ_TOKEN,
        "Request the token with an audience. In GitLab, set aud under id_tokens (CI_JOB_TOKEN is not an ID token); in "
        "other systems, set the audience in the token request. The identity provider in IAM must list that audience as "
        "a client ID.",
        check="aws iam list-open-id-connect-providers",
    ),
    # STS API Reference, "AssumeRoleWithWebIdentity": IDPCommunicationError
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
    fault(
        r"IDPCommunicationError(?![^\x1e]{0,300}(?:InvalidIdentityToken|verification key))",
        "AWS could not reach the identity provider to verify the token: try again a few times. The token was not "
        "checked, and no policy was evaluated.",
        "Try again, then check that the issuer can be reached from the internet",
        "If that does not help, the provider is down, or its address cannot be reached from the internet. From "
        "outside your network, open ISSUER/.well-known/openid-configuration and the jwks_uri in that document.",
        check="aws iam list-open-id-connect-providers",
    ),
    # IAM User Guide, "Create an OpenID Connect (OIDC) identity provider in IAM": the issuer's URL must be reachable
    # publicly (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html).
    fault(
        r"verification key from your identity",
        "AWS must fetch the issuer's keys from the internet, but the issuer {private_issuer} has an address of a "
        "private network: AWS cannot reach it, even if your own machines can. No policy was evaluated.",
        "Publish the issuer's discovery document and keys at an address on the internet",
        "curl -sS ISSUER/.well-known/openid-configuration  # from outside of your network; then its jwks_uri",
        "Let the identity provider use an issuer URL that is public (only the two documents have to be), with a "
        "certificate of a public CA, and create the OIDC provider in IAM for that URL. The token's iss must be the "
        "same. Without that, SAML or IAM Roles Anywhere need no connection from AWS.",
        check=None,
        who=Who.ACCOUNT_ADMIN,
        needs="private_issuer",
    ),
    fault(
        r"verification key from your identity",
        "AWS could not fetch the issuer's keys: its discovery document and its keys must be reachable from the "
        "internet.",
        "Open the issuer's discovery document and its keys from outside of your network",
        "curl -sS ISSUER/.well-known/openid-configuration  # from outside of your network; then its jwks_uri",
        "The issuer or its jwks_uri is not public, answers slowly, or has another path or certificate than the "
        "provider in IAM.",
        check="aws iam list-open-id-connect-providers",
        who=Who.ACCOUNT_ADMIN,
    ),
    fault(
        r"InvalidIdentityToken|WebIdentity(?!\w*Provider|\w*Credentials?\b|Token(?:File|\b(?=[^\n]{0,20}must be set)))"
        r"|IDPCommunicationError"
        r"|verification key from your identity",
        "STS did not accept the identity token: the token is from another issuer, or is signed with a key that AWS "
        "cannot fetch or does not know.",
        "Read the token's issuer, audience and times",
        READ_TOKEN,
        check="aws iam list-open-id-connect-providers",
        ground=Ground.PARTLY,
    ),
)
