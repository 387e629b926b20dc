"""Reasons that a text states in its own words, outside IAM's grammar: what each means, and how certain it is.

Sources: STS API reference, "Errors" of AssumeRoleWithWebIdentity, AssumeRoleWithSAML and GetSessionToken; IAM User
Guide, "Troubleshoot SAML federation" and "Troubleshoot IAM roles"; KMS developer guide, "Troubleshooting key access".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.diagnosis import Confidence
from diagnostics.text.read.author.contrasts import GOOD_ELSEWHERE, credentials_work
from diagnostics.text.read.messages.customer_keys import CUSTOMER_KEY_SAID
from diagnostics.text.read.messages.refusals_in_own_words import prose_in
from diagnostics.text.read.not_the_failure.lines_without_failure import stated_part
from iam.claims import Ground, confidence
from iam.lazy_pattern import regex, with_any_space
from iam.regions import REGION_NAME


@dataclass(frozen=True, slots=True)
class Stated:
    """A stated reason: ``words`` name it briefly, ``sentence`` says what it means.

    ``decides``: whether the reason alone explains the failure, so that policies are not the cause.
    """

    words: str
    cause: str
    confidence: Confidence
    sentence: str
    decides: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    stated: Stated


def _rule(pattern: str, words: str, cause: str, ground: Ground, sentence: str, *, decides: bool = False) -> _Rule:
    spaced = with_any_space(pattern)
    return _Rule(regex(spaced, re.IGNORECASE), Stated(words, cause, confidence(ground), sentence, decides))


_UNKNOWN_CIPHER = r"ciphertext refers to a customer master key that does not exist"
_CLOUDFRONT = r"cloudfront\.amazonaws\.com|\bOAC\b|[Oo]rigin [Aa]ccess [Cc]ontrol|x-amz-cf-id"
SAML_SIGNATURE = (
    "The SAML response is not signed with a certificate of the metadata of the SAML provider in IAM. Often the "
    "identity provider changed its certificate, and IAM has the old metadata."
)
_PASSED_ACROSS = "Cross-account pass role is not allowed"
_OF_A_PIPELINE = r"(?:\bpipeline|Action execution failed)"
_RULES = (
    # AWS CodePipeline User Guide, "Create a pipeline that uses resources from another account": the action's own role
    # (https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html).
    _rule(
        rf"{_OF_A_PIPELINE}[\s\S]{{0,2000}}?{_PASSED_ACROSS}|{_PASSED_ACROSS}(?=[\s\S]{{0,2000}}?{_OF_A_PIPELINE})",
        "a role of another account cannot be passed to CloudFormation",
        "not-iam",
        Ground.STATED,
        "The pipeline's own account cannot pass a role of the target account. Give the action itself a role of the "
        "target account (roleArn beside the action's configuration), which the pipeline's role assumes: that role "
        "then passes the deployment role (RoleArn inside the configuration), which is in the same account.",
        decides=True,
    ),
    # IAM User Guide, "Grant a user permissions to pass a role to an AWS service": the service shares the role's account
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
    _rule(
        r"Cross-account pass role is not allowed",
        "a role of another account cannot be passed to a service",
        "not-iam",
        Ground.STATED,
        "A role can be passed only to a service in the role's own account, so no permission or trust policy helps. "
        "Create a role in the account of the call. If that role needs resources of the other account, let it assume "
        "the other role (sts:AssumeRole on its ARN, and that role's trust policy), or use resource policies there.",
        decides=True,
    ),
    # https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
    _rule(
        r"\(ForbiddenException\) when calling the GetRoleCredentials operation: No access"
        r"|GetRoleCredentials[^\x1e]{0,160}?ForbiddenException: No access"
        # The AWS toolkits do not name the operation.
        r"|\bForbiddenException: No access\b(?! to)(?=[\s\S]{0,2000}?\bsso_\w+ ?=)"
        r"|\bsso_\w+ ?=[\s\S]{0,2000}?\bForbiddenException: No access\b(?! to)",
        "Identity Center refuses this permission set in this account",
        "not-iam",
        Ground.STATED,
        "Identity Center gives the person who signed in no credentials of this permission set in this account. No IAM "
        "policy decides it.",
        decides=True,
    ),
    # https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
    _rule(
        r"UnauthorizedException\)?[^\x1e\n]{0,60}?(?:GetRoleCredentials operation)?:?"
        r" Session token not found or invalid",
        "the cached sign-in of IAM Identity Center is missing or no longer valid",
        "credentials.invalid",
        Ground.STATED,
        "The profile's cached sign-in of IAM Identity Center is missing or no longer valid: run aws sso login with "
        "this profile. A sign-in for a different sso-session or start URL does not help. No policy was evaluated.",
        decides=True,
    ),
    # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    _rule(
        r"EKS does not have permissions to assume the associated role",
        "EKS Pod Identity is not allowed to assume the association's role",
        "trust.action-mismatch",
        Ground.LIKENESS,
        "EKS Pod Identity cannot assume the association's role: its trust policy must let pods.eks.amazonaws.com "
        "perform both sts:AssumeRole and sts:TagSession.",
    ),
    # ECS Developer Guide, "Using service-linked roles for Amazon ECS"; IAM User Guide, "Create a service-linked role".
    _rule(
        r"assume the service[ -]linked role\b"
        r"(?:[^\x1e]{0,40}?the (?P<detail>[\w ]{1,40}?) service[ -]linked role exists)?",
        "the service-linked role is missing, or was created a moment ago",
        "principal.not-found",
        Ground.LIKENESS,
        "The service-linked role that the service needs{detail} is missing in this account, or was created a moment "
        "ago. AWS sets its trust policy, which nobody can change.",
    ),
    # ECR User Guide, "Using Amazon ECR images with Amazon ECS": the agent has no docker login.
    _rule(
        r"CannotPull(?:ECR)?Container[^\x1e]{0,400}\.dkr[.-]ecr[^\x1e]{1,400}?403 Forbidden",
        "ECR does not say why",
        "unreadable",
        Ground.NOTHING,
        "ECR refused the image to ECS and does not say why: the task's execution role (on EC2, without one, the "
        "container instance's role) lacks ecr:GetAuthorizationToken, ecr:BatchGetImage or "
        "ecr:GetDownloadUrlForLayer, or the repository's policy does not allow another account.",
    ),
    _rule(
        r"No OpenIDConnect provider found in your account(?: for (?P<detail>https?://[^\s\"'\\\x1e]+))?",
        "the account has no OpenID Connect provider for the token's issuer",
        "trust.provider-missing",
        Ground.STATED,
        "The account of the role has no OpenID Connect provider for the token's issuer{detail}: create one there, or "
        "use a role in the account that has the provider. The caller's policies are not the cause.",
    ),
    _rule(
        r"Incorrect token audience",
        "the identity provider does not list the token's audience",
        "credentials.invalid",
        Ground.STATED,
        "The token's audience (aud) is not in the list of its identity provider in IAM: the token is refused before "
        "any trust policy is evaluated.",
    ),
    _rule(
        r"Response signature invalid|SAML (?:Response|Assertion)[^.\x1e]{0,60}signature[^.\x1e]{0,30}invalid"
        r"|Invalid SAML signature",
        "the signature of the SAML response does not match the provider's metadata",
        "credentials.invalid",
        Ground.STATED,
        SAML_SIGNATURE,
        decides=True,
    ),
    # IAM User Guide, "Troubleshoot MFA" and AWS STS API Reference, "GetSessionToken"
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
    _rule(
        r"MultiFactorAuthentication failed with invalid MFA one time pass ?code",
        "the MFA code was not accepted",
        "credentials.invalid",
        Ground.STATED,
        "Wait for the device's next MFA code and send that one: each code works only once and for a short time. Also "
        "check that the device in the serial number belongs to the user whose keys make the call. No policy was "
        "evaluated.",
        decides=True,
    ),
    _rule(
        r"MultiFactorAuthentication failed",
        "the MFA code was not accepted",
        "credentials.invalid",
        Ground.STATED,
        "The MFA code was not accepted. Either the code or the serial number was not sent, the code was mistyped or "
        "already used, the code is from a different device than the serial number, or the device's clock is wrong. "
        "No policy was evaluated.",
        decides=True,
    ),
    # IAM User Guide, "Permissions for GetFederationToken"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html).
    _rule(
        r"Cannot call GetFederationToken with (?:session|federation) credentials",
        "temporary credentials cannot make this call",
        "credentials.invalid",
        Ground.STATED,
        "Only a user's long-term key can call GetFederationToken, and the call was made with a session's credentials. "
        "No policy can allow it. A role can call sts:AssumeRole instead, on a role that trusts it, and pass the same "
        "policy as session policy (Policy, --policy): this limits the session in the same way.",
        decides=True,
    ),
    _rule(
        r"Cannot call (?:GetSessionToken|GetFederationToken) with (?:session|federation) credentials",
        "temporary credentials cannot make this call",
        "credentials.invalid",
        Ground.STATED,
        "The call needs the long-term access key of a user, but it was made with the temporary credentials of a "
        "session, from the environment (a shell of aws-vault or of another assumed session: leave it) or the profile. "
        "No policy can allow it.",
        decides=True,
    ),
    # IAM User Guide, "Root user best practices": no access keys for the root user
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html).
    _rule(
        r"Roles may not be assumed by root(?: accounts| users?)?",
        "the root user cannot assume a role",
        "credentials.invalid",
        Ground.STATED,
        "The root user of an account cannot assume a role, whatever the policies say, and this "
        "call is made with the root user's key or sign-in. Replace the stored key with the key of "
        "a user or another role, and delete the root user's access key.",
        decides=True,
    ),
    _rule(
        r"the resource does not exist in this Region,? no resource-based policies allow access,? or a resource-based "
        r"policy explicitly denies(?: access)?",
        "no such key in this region, or its key policy does not allow the call, or it denies it",
        "unreadable",
        Ground.NOTHING,
        "KMS names three possible reasons and does not say which applies: the key is not in this Region, neither its "
        "key policy nor a grant allows this caller, or its key policy denies it. All three are on the key's side.",
    ),
    # Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin", SSE-KMS
    # (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html).
    _rule(
        rf"{_UNKNOWN_CIPHER}(?=[\s\S]{{0,3000}}(?:{_CLOUDFRONT}))|(?:{_CLOUDFRONT})[\s\S]{{0,3000}}?{_UNKNOWN_CIPHER}",
        "the KMS key does not let CloudFront decrypt",
        "resource.no-action",
        Ground.LIKENESS,
        "CloudFront can read the bucket, but the KMS key does not let it decrypt. Add to the key policy kms:Decrypt "
        "for Principal cloudfront.amazonaws.com, with the distribution's ARN as AWS:SourceArn. Nobody can change the "
        "policy of an AWS managed key (aws/s3): choose a customer managed key.",
        decides=True,
    ),
    _rule(
        r"unable to decrypt the environment variables because KMS access was denied[^\x1e]{0,300}?"
        r"master key that does not exist[^.\x1e]{0,80}",
        "KMS refuses Lambda the key of the environment variables",
        "unreadable",
        Ground.NOTHING,
        "KMS refused Lambda the key of the function's environment variables. Check whether the execution role was "
        "created again, and which key the function uses (KMSKeyArn; empty is the AWS managed key).",
    ),
    _rule(
        r"ciphertext refers to a customer master key that does not exist[^.\x1e]{0,80}",
        "no such key in this region, or no access to it",
        "unreadable",
        Ground.NOTHING,
        "The key that encrypted the data is deleted, is in another Region or account, or this caller is not allowed "
        "to use it, by its own policies or by the key policy.",
    ),
    _rule(
        r"certificate doesn'?t match configured thumbprint",
        "the certificate of the token's issuer is not the one that IAM knows",
        "credentials.invalid",
        Ground.STATED,
        "The issuer's certificate does not match the thumbprint of its identity provider in IAM: the issuer changed "
        "it, or the provider was created with a different thumbprint. The token is refused before any trust policy is "
        "evaluated.",
        decides=True,
    ),
    _rule(
        r"verification key from your identity provider",
        "AWS could not fetch the issuer's keys",
        "credentials.invalid",
        Ground.STATED,
        "AWS could not fetch the keys of the token's issuer: the issuer's discovery document "
        "(…/.well-known/openid-configuration) and its keys must be reachable from the internet. No policy was "
        "evaluated.",
        decides=True,
    ),
    # Amazon EC2 User Guide, "Share an AMI with specific AWS accounts"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html).
    _rule(
        r"Not authorized for images: \[?(?:ami-\w+)?(?=[\s\S]{0,3000}\b(?:AMI|ami|image)s?\b"
        r"(?:(?!\b(?:not|never|no)\b)[^.\n]){0,40}"
        r"\b(?:belongs? to|owned by|(?:is|lives|comes|built) (?:in|from)|owner)\b"
        r"(?:(?!\b(?:not|never|no|own|this|same)\b)[^.\n]){0,40}\b(?:account|acct)\b)",
        "the image does not exist for this account",
        "unreadable",
        Ground.NOTHING,
        "Most likely the image is private: the account that owns it, as the text says, must give this account a launch "
        "permission (and share the KMS key of encrypted snapshots). No policy of the caller can change that.",
        decides=True,
    ),
    _rule(
        r"Not authorized for images: \[?(?:ami-\w+)?",
        "the image does not exist for this account",
        "unreadable",
        Ground.NOTHING,
        "EC2 has no such image for this account in this Region: it was deregistered, is in another Region, or is "
        "private and not shared with the account. No policy of the caller can change that.",
        decides=True,
    ),
    _rule(
        r"images included in the model[^\x1e]{1,120}permissions to access them",
        "SageMaker cannot fetch the model's image",
        "unreadable",
        Ground.NOTHING,
        "SageMaker could not fetch the model's image: the model's execution role lacks ECR's read actions, the "
        "repository's policy does not allow its account, or this Region has no such image.",
    ),
    # Amazon DataZone API Reference, "CreateProjectMembership", and User Guide, "Domain units and authorization
    # policies": DataZone's own authorization
    # (https://docs.aws.amazon.com/datazone/latest/userguide/user-management.html); what users of it found of profiles
    # (https://github.com/aws/modern-data-architecture-accelerator/issues/60).
    _rule(
        r"User is not permitted to perform operation: (?P<detail>[A-Z]\w+)",
        "DataZone's own rules do not let the caller do it",
        "not-iam",
        Ground.LIKENESS,
        "DataZone refuses this by its own rules{detail}, whatever IAM allows: the caller's user profile in the domain "
        "is not ACTIVATED, or the caller is not a member of the project, or a policy of the domain unit does not name "
        "the caller. Look at the caller's profile (aws datazone get-user-profile) and the owners and members there.",
        decides=True,
    ),
    # Secrets Manager User Guide, "Secret encryption and decryption": the AWS managed key allows all users of the
    # account, a customer managed key needs kms:Decrypt and kms:GenerateDataKey
    # (https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html).
    _rule(
        rf"\A(?=[\s\S]*(?:{CUSTOMER_KEY_SAID}))(?![\s\S]*(?:\bkms:(?:Decrypt|\*)|\"Statement\"))"
        r"[\s\S]*?Access to KMS is not allowed",
        "the caller is not allowed to use the customer managed key",
        "unreadable",
        Ground.LIKENESS,
        "Allow the caller kms:Decrypt on the customer managed key that encrypts the data: most likely the caller's "
        "policies lack it. The AWS managed key needs no such Allow within its account. If they allow it, the key "
        "policy does not.",
        decides=True,
    ),
    # Secrets Manager User Guide, "Access AWS Secrets Manager secrets from a different account"
    # (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html).
    _rule(
        rf"\A(?![\s\S]*(?:{CUSTOMER_KEY_SAID}))[\s\S]*?"
        r"(?:Access to KMS is not allowed(?=[\s\S]{0,3000}(?:KmsKeyId(?:[\s\S]{0,200}?\b(?:null|None)\b"
        r"|(?: of (?:the |this )?\w+)?\W{1,8}(?:absent|missing|not set|unset|empty)\b)"
        r"|(?<![\w/])aws/secretsmanager\b(?![^\n]{0,20}\bwork)|\balias/aws/))"
        r"|(?:KmsKeyId(?: of (?:the |this )?\w+)?\W{1,8}(?:null|None|absent|missing|not set|unset|empty)\b"
        r"|(?<![\w/])aws/secretsmanager\b(?![^\n]{0,20}\bwork)|\balias/aws/)"
        r"[\s\S]{0,3000}?Access to KMS is not allowed)",
        "the key is AWS managed, and the caller is not allowed to use it",
        "unreadable",
        Ground.NOTHING,
        "The data is encrypted with an AWS managed key, which other accounts cannot use: its owner must choose a "
        "customer managed key. More permissions for the caller do not help.",
        decides=True,
    ),
    _rule(
        r"Access to KMS is not allowed",
        "the caller is not allowed to use the KMS key",
        "unreadable",
        Ground.NOTHING,
        "The data is encrypted with a KMS key that the caller is not allowed to decrypt with. Either the caller's "
        "policies lack kms:Decrypt, the key policy does not allow the caller, or the key is an AWS managed key, which "
        "other accounts cannot use.",
    ),
    _rule(
        r"Missing ?Authentication ?Token",
        "no signature, or no such path",
        "unreadable",
        Ground.NOTHING,
        "API Gateway gives this answer for a path, method or stage that it does not have, and for an unsigned request "
        "to a method with IAM authorization; other AWS services give it only for an unsigned request.",
    ),
    _rule(
        r"STS is not activated in this region|RegionDisabled(?:Exception)?",
        "STS is disabled in this Region",
        "credentials.invalid",
        Ground.STATED,
        "STS is not enabled in this Region for the account whose credentials you request: enable it there (IAM, "
        "account settings; an opt-in Region must itself be enabled), or call STS in another Region.",
    ),
    _rule(
        r"failed to push[^\x1e]{1,400}?\.dkr[.-]ecr[^\x1e]{1,400}?403 Forbidden",
        "ECR does not say why",
        "unreadable",
        Ground.NOTHING,
        "ECR refused the push and does not say why. The caller's policies and, for another account's registry, the "
        "repository's policy must allow ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, "
        "ecr:CompleteLayerUpload and ecr:PutImage. A docker login lasts 12 hours.",
    ),
    # Amazon ECR User Guide, "Using Amazon ECR Images with Amazon EKS", and Amazon ECS Developer Guide, "Amazon ECS task
    # execution IAM role": the node's or the task's role gets the login by itself
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_EKS.html,
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html).
    _rule(
        r"(?:\b(?:kubelet|ErrImagePull|ImagePullBackOff|CannotPull(?:ECR)?Container\w*)\b[^\x1e]{0,1500}?"
        r"|\b(?:node|pod|EKS)s?\b[^\x1e]{0,1500}?failed to resolve reference[^\x1e]{1,40}?)\.dkr[.-]ecr"
        r"[^\x1e]{1,400}?403 Forbidden",
        "ECR does not say why",
        "unreadable",
        Ground.NOTHING,
        "ECR refused the image to the node or the task that pulls it, and does not say why: its role lacks "
        "ecr:GetAuthorizationToken, ecr:BatchGetImage or ecr:GetDownloadUrlForLayer, or the repository is another "
        "account's and its policy does not allow that. Outside AWS, the cause may be the pull secret, which is valid "
        "for 12 hours.",
    ),
    _rule(
        r"pull access denied for \S*(?:\.dkr[.-]ecr|public\.ecr\.aws)"
        r"|\.dkr[.-]ecr[^\x1e]{1,400}?403 Forbidden(?!\W{1,4}User: \S+ is not authorized)",
        "ECR does not say why",
        "unreadable",
        Ground.NOTHING,
        "ECR refused the image and does not say why. Often docker is not logged in to this registry (a login "
        "lasts 12 hours); otherwise the caller lacks ecr:GetAuthorizationToken, ecr:BatchGetImage or "
        "ecr:GetDownloadUrlForLayer, or the repository's policy does not allow another account.",
    ),
)


_SSO_REGION = regex(rf"\bsso_region\s*=\s*(?P<region>{REGION_NAME})")
_OWN_REGION = regex(rf"(?:^|\s)region\s*=\s*(?P<region>{REGION_NAME})")
_SIGNED_IN = regex(
    r"\baws sts get-caller-identity[^\n]{0,80}(?:#|->)\s*(?:ok|works?|fine)\b"
    r"|\baws sts get-caller-identity[^\n]{0,80}\n\s*\{",
    re.IGNORECASE,
)


def _of_another_portal(text: str) -> str:
    """Return the likely cause if the CLI's sign-in works and a program's does not, and sso_region is another Region.

    AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider": sso_region is the portal's Region,
    and may differ from the profile's (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
    """
    portal, own = _SSO_REGION.search(text), _OWN_REGION.search(text)
    if portal is None or own is None or portal["region"] == own["region"] or not _SIGNED_IN.search(text):
        return ""
    return (
        "The sign-in is valid: the AWS CLI works with the profile. Most likely the program asks the portal in "
        f"{own['region']} (region) instead of {portal['region']} (sso_region), where the token is from. Update the "
        'program, or give it exported credentials: eval "$(aws configure export-credentials --profile PROFILE --format '
        'env)".'
    )


_OTHER_PARTITION = regex(r"\b(?:us-gov|cn)-(?:\w+)-\d\b")
_PROVIDER_EXISTS = regex(
    r"(?<!\bno )(?<!\bif the )(?<!\bwhether the )\b(?:OIDC|OpenID ?Connect|identity) provider\b"
    r"(?:(?!\bnot?\b|n['’]t\b|\bnever\b|\?)[^.\n]){0,60}?"
    r"\b(?:(?:is|was|has been) (?:already )?(?:in the account|there|present|created|registered|configured)|exists)\b",
    re.IGNORECASE,
)
_ISSUER = regex(r"provider\s+found\s+in\s+your\s+account\s+for\s+https?://(?P<issuer>[^\s\"'\\,;]+)", re.IGNORECASE)


def _in_another_account(text: str, issuer: str) -> tuple[str, str] | None:
    """Return the account of the only role, and another account with the only provider for the issuer; else None."""
    url = re.escape(issuer.rstrip("/."))
    providers = set(re.findall(rf":iam::(\d{{12}}):oidc-provider/{url}(?![\w./-])", text, re.IGNORECASE))
    roles = set(re.findall(r":iam::(\d{12}):role/", text))
    return (roles.pop(), providers.pop()) if len(roles) == len(providers) == 1 and roles != providers else None


def _of_an_existing_provider(text: str) -> str:
    """Say what to compare if the text shows an identity provider, or another partition; "" if it shows neither.

    AWS SDKs and Tools Reference Guide, "AWS STS Regional endpoints": what the SDKs call without a Region
    (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html). IAM User Guide, "Amazon
    Resource Names (ARNs)", partitions (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
    """
    elsewhere, issuer = _OTHER_PARTITION.search(text), _ISSUER.search(text)
    exists = _PROVIDER_EXISTS.search(text) is not None
    if issuer is not None and ":oidc-provider/" in text:
        name = re.escape(issuer["issuer"].rstrip("/."))
        exists = re.search(rf":oidc-provider/{name}(?![\w.-]|/[\w.-])", text, re.IGNORECASE) is not None
    found = "STS found no OpenID Connect provider for exactly this issuer where it looked. "
    if elsewhere is not None:
        return (
            f"{found}If the role's account has one, the program does not call STS in the partition of "
            f"{elsewhere[0]}: set AWS_REGION and AWS_STS_REGIONAL_ENDPOINTS=regional, or give the program's "
            "credential provider the Region. Otherwise create it in the role's account."
        )
    if not exists:
        return _of_a_similar_provider(text, issuer["issuer"]) if issuer is not None else ""
    if issuer is not None and (apart := _in_another_account(text, issuer["issuer"])) is not None:
        role, provider = apart
        return (
            f"The requested role is in account {role}, but the text shows the provider in account {provider}: most "
            f"likely the role's ARN has the wrong account. Write {provider} in it if that account has the role: a role "
            "can trust only a provider of its own account. Create nothing before that."
        )
    return (
        f"{found}Compare the existing provider's URL with the token's issuer, character by character, and its account "
        "with the role's. Policies are not the cause."
    )


_PROVIDER_ARN = regex(r":oidc-provider/(?P<host>[\w.-]+\w)(?P<path>/[\w./-]*\w)(?![\w/-])")


def _of_a_similar_provider(text: str, issuer: str) -> str:
    """Say what differs if IAM's only provider of the issuer's host has a different path; "" otherwise.

    The path names a customer or a cluster, which was renamed or created again. IAM User Guide, "Create an OpenID
    Connect (OIDC) identity provider in IAM"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html).
    """
    ours = issuer.rstrip("/.").removeprefix("https://")
    host = ours.partition("/")[0]
    listed = {f"{each['host']}{each['path']}" for each in _PROVIDER_ARN.finditer(text) if each["host"] == host}
    if len(listed) != 1 or ours == host:
        return ""
    (theirs,) = listed
    return (
        f"IAM has the provider {theirs}, but the token comes from {ours}. If the latter is right (after a rename, or a "
        f"new cluster), create a provider for https://{ours}, and name it in the trust policy: as Principal, and in "
        f"the keys "
        "of its conditions (…:sub, …:aud). No policy of the caller is the cause."
    )


def stated_in(text: str) -> Stated | None:
    """Return the first reason that ``text`` states; None if it states none of these."""
    part = stated_part(text)
    found = [
        (match.start(), match, rule)
        for rule in _RULES
        if (match := rule.pattern.search(text)) and part[match.start() : match.end()].strip()
    ]
    if not found:
        prose = prose_in(text)
        if prose is None:
            return None
        return Stated(prose.row.reason, prose.row.cause, confidence(prose.row.ground), prose.row.summary)
    _, match, rule = min(found, key=lambda each: each[0])
    if "Session token not found" in match[0] and (other := _of_another_portal(text)):
        return Stated(rule.stated.words, rule.stated.cause, confidence(Ground.LIKENESS), other, decides=True)
    if rule.stated.cause == "trust.provider-missing" and (other := _of_an_existing_provider(text)):
        return Stated(rule.stated.words, rule.stated.cause, confidence(Ground.LIKENESS), other, decides=True)
    if rule.stated.cause == "credentials.invalid" and (proof := credentials_work(text)) is not None:
        sentence = GOOD_ELSEWHERE.format(works=proof.works)
        return Stated(rule.stated.words, rule.stated.cause, confidence(Ground.LIKENESS), sentence, decides=True)
    detail = match.groupdict().get("detail")
    sentence = rule.stated.sentence.replace("{detail}", f" ({detail.rstrip('.,;')})" if detail else "")
    return Stated(rule.stated.words, rule.stated.cause, rule.stated.confidence, sentence, decides=rule.stated.decides)
