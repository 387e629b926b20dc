"""Recipes for trust policies, each with its questions."""

from __future__ import annotations

from datetime import date

from iam.creation.recipes import trust_statements as make
from iam.creation.recipes.recipe import Recipe, RecipeQuestion
from iam.facts.service_roles.lookup import GUARDED

_ACCOUNT = r"\d{12}"
_YES_NO = ("yes", "no")
# Asked only if AWS's page shows this condition: a condition on a key that is never sent would deny everyone.
_TELLING = ("service", *GUARDED)
_GUARD = RecipeQuestion(
    "guard",
    "Only for this account",
    "rejects requests from other accounts' resources",
    False,
    "yes",
    choices=_YES_NO,
    when=_TELLING,
)
_OIDC = RecipeQuestion("provider", "Provider", "URL or ARN", complete="oidc-provider")
_NAMESPACE = RecipeQuestion("namespace", "Namespace", "the Kubernetes namespace")
_SERVICE_ACCOUNT = RecipeQuestion("service_account", "Service account", "the Kubernetes service account")
GITHUB_IDS_SINCE = date(2026, 7, 15)
"""Tokens of repositories created after this day contain IDs in their subject.

GitHub Docs, "OpenID Connect reference".
"""
_IDS = ("form", "id", "both")
_IDENTIFIER = r"[A-Za-z0-9*?._-]+"

TRUST_RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "service",
        "AWS service",
        "service",
        (
            RecipeQuestion("service", "Service", "for example lambda", complete="service"),
            _GUARD,
            RecipeQuestion("source_arn", "Source ARN", "the one resource that may use the role", False, when=_TELLING),
        ),
        make.service,
        note="An AWS service uses the role: a function, an instance, a task.",
    ),
    Recipe(
        "pod-identity",
        "EKS pod, with Pod Identity",
        "service",
        (
            RecipeQuestion("namespace", "Namespace", "the Kubernetes namespace", False),
            RecipeQuestion("service_account", "Service account", "the Kubernetes service account", False),
            RecipeQuestion("cluster", "Cluster", "the EKS cluster's name", False),
        ),
        make.pod_identity,
        note="Pods of a cluster, chosen by a Pod Identity association in EKS.",
    ),
    Recipe(
        "irsa",
        "EKS pod, with its token (IRSA)",
        "web-identity",
        (_OIDC, _NAMESPACE, _SERVICE_ACCOUNT),
        make.irsa,
        note="Pods of a cluster with an OIDC provider, for one service account.",
    ),
    Recipe(
        "account",
        "AWS account",
        "account",
        (
            RecipeQuestion("account", "Account", "12 digits; empty: this account", False, pattern=_ACCOUNT),
            RecipeQuestion(
                "principals",
                "Roles or users",
                "ARNs; empty: everyone in the account",
                False,
                complete="principal",
                several=True,
            ),
            RecipeQuestion(
                "external_id",
                "External ID",
                "2 to 1,224 letters, digits and _+=,.@:/-",
                False,
                pattern=r"[\w+=,.@:/-]{2,1224}",
            ),
            RecipeQuestion("mfa", "Require MFA", "", False, "no", choices=_YES_NO),
            RecipeQuestion("mfa_age", "Maximum age of MFA", "seconds", False, pattern=r"\d+", when=("mfa", "yes")),
            RecipeQuestion("organization", "Organization", "o-…", False, pattern=r"o-[a-z0-9]{10,32}"),
        ),
        make.account,
        note="Roles and users of an account; another account must also allow the call.",
    ),
    Recipe(
        "github",
        "GitHub Actions",
        "web-identity",
        (
            RecipeQuestion("provider", "Provider", "URL or ARN", False, complete="oidc-provider"),
            RecipeQuestion("organization", "Organization", "letters, digits and dashes", pattern=r"[A-Za-z0-9-]+"),
            RecipeQuestion("repository", "Repository", "name; * for all", False, "*", pattern=_IDENTIFIER),
            RecipeQuestion("branch", "Branch", "", False),
            RecipeQuestion("tag", "Tag", "", False),
            RecipeQuestion("environment", "Environment", "", False),
            RecipeQuestion("pull_request", "Pull requests", "", False, "no", choices=_YES_NO),
            RecipeQuestion(
                "form",
                "Subject's form",
                "",
                False,
                "name",
                choices=("name", "id", "both"),
                explained=(
                    f"repositories created before {GITHUB_IDS_SINCE}",
                    "created, renamed or transferred since",
                    "both forms, for repositories about to change",
                ),
            ),
            RecipeQuestion("organization_id", "Organization ID", "a number", False, pattern=r"\d+", when=_IDS),
            RecipeQuestion(
                "repository_id", "Repository ID", "a number; empty for all", False, pattern=r"\d+", when=_IDS
            ),
        ),
        make.github,
        note="Workflows of a repository sign in without stored keys.",
    ),
    Recipe(
        "gitlab",
        "GitLab CI",
        "web-identity",
        (
            RecipeQuestion("provider", "Provider", "URL or ARN", False, complete="oidc-provider"),
            RecipeQuestion("group", "Group", "with its parent groups, for example acme/platform", pattern=r"[\w.*/-]+"),
            RecipeQuestion("project", "Project", "name; * for all in the group", False, "*", pattern=r"[\w.*-]+"),
            RecipeQuestion("branch", "Branch", "", False),
            RecipeQuestion("tag", "Tag", "", False),
            RecipeQuestion("audience", "Audience", "the aud of the job's id_tokens", False),
            RecipeQuestion("form", "Form", "", False, "name", choices=("name", "id")),
            RecipeQuestion("project_id", "Project ID", "a number", False, pattern=r"\d+", when=_IDS),
            RecipeQuestion("group_id", "Group ID", "a number", False, pattern=r"\d+", when=_IDS),
        ),
        make.gitlab,
        note="Jobs of a project sign in without stored keys.",
    ),
    Recipe(
        "terraform",
        "HCP Terraform",
        "web-identity",
        (
            RecipeQuestion("provider", "Provider", "URL or ARN", False, complete="oidc-provider"),
            RecipeQuestion("organization", "Organization", pattern=r"[\w*-]+"),
            RecipeQuestion("project", "Project", "", False, "*"),
            RecipeQuestion("workspace", "Workspace", "", False, "*"),
            RecipeQuestion("run_phase", "Run phase", "", False, "*", choices=("*", "plan", "apply")),
        ),
        make.terraform,
        note="Runs of a workspace sign in without stored keys.",
    ),
    Recipe(
        "cognito",
        "Cognito identity pool",
        "web-identity",
        (
            RecipeQuestion("pool", "Identity pool", "region:uuid", pattern=r"[\w-]+:[0-9a-fA-F-]+"),
            RecipeQuestion(
                "sign_in", "Users", "", False, "authenticated", choices=("authenticated", "unauthenticated")
            ),
        ),
        make.cognito,
        note="Users or guests of an application, through an identity pool.",
    ),
    Recipe(
        "google",
        "Google",
        "web-identity",
        (
            RecipeQuestion("client_id", "Client ID", "of the Google application"),
            RecipeQuestion("subject", "Subject", "one Google account's ID", False),
        ),
        make.google,
        note="Users of an application that signs in with Google.",
    ),
    Recipe(
        "oidc",
        "Any OIDC provider of the account",
        "web-identity",
        (
            _OIDC,
            RecipeQuestion("audience", "Audience", "the tokens' aud claim", complete="audience", several=True),
            RecipeQuestion("subject", "Subject", "the tokens' sub claim; may end with a wildcard", several=True),
        ),
        make.oidc,
        note="Anyone with a token from an OIDC provider of this account.",
    ),
    Recipe(
        "saml",
        "SAML provider",
        "saml",
        (
            RecipeQuestion("provider", "Provider", "name or ARN", complete="saml-provider"),
            RecipeQuestion("access", "Access", "", False, "console", choices=("console", "programmatic")),
            RecipeQuestion(
                "regions",
                "Sign-in regions",
                "empty: the global endpoint",
                False,
                complete="region",
                several=True,
            ),
            RecipeQuestion("identifier", "Provider's identifier", "required for encrypted assertions", False),
            RecipeQuestion(
                "attribute",
                "Attribute",
                "SAML:sub, SAML:edupersonaffiliation …",
                False,
                complete="saml-key",
                pattern=r"[Ss][Aa][Mm][Ll]:\w+",
            ),
            RecipeQuestion("value", "Value", "the value that the attribute must have", False),
            RecipeQuestion("session_tags", "Session tags", "", False, "no", choices=_YES_NO),
        ),
        make.saml,
        note="Users of a company directory, in the console or from a program.",
    ),
)
