"""Rows for Azure and Azure DevOps."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

AZURE: tuple[System, ...] = (
    # Azure documentation, "Troubleshoot Azure RBAC"
    # (https://learn.microsoft.com/azure/role-based-access-control/troubleshooting).
    made_system(
        "Azure's role assignments",
        "Give that client (its object ID is in the message) an Azure role that contains the action, on the scope that "
        "the message names or above it: az role assignment create --assignee-object-id OBJECT-ID --role ROLE --scope "
        "SCOPE. Check that the subscription is the right one. Then sign in again and retry. AWS has no action for "
        "this.",
        r"does\s+not\s+have\s+authorization\s+to\s+perform\s+action\s+'[\w.]+/[\w./*-]+'",
        "does not have authorization to perform action",
        subject=r"authorization\s+to\s+perform\s+action\s+'([\w.]+/[\w./*-]+)'",
        verdict="Azure refused {name}, not AWS: the client in the message has no Azure role with this action on that "
        "scope. No AWS permission is missing.",
        title="Assign an Azure role that contains the action",
    ),
    made_system(
        "Azure",
        "Check Azure, not AWS: look at the role assignments (az role assignment list). For a federated token "
        "(AADSTS700213), check the federated credential's issuer, subject and audience in Microsoft Entra ID.",
        r"does\s+not\s+have\s+authorization\s+to\s+perform\s+action\s+'Microsoft|\bAuthorizationFailed\b|AADSTS\d+"
        r"|AuthorizationPermissionMismatch|\bRoleAssignmentExists\b|\bRoleDefinitionWithSameNameExists\b"
        r"|[Rr]esource\s+group\b[^\n]{0,120}already\s+exists"
        r"|(?:Microsoft\.[A-Z]\w+/\w+|/subscriptions/[\w-]+/|management\.azure\.com)[^\n]{0,300}"
        r"(?:[Ff]orbidden|\b403\b|denied|[Uu]nauthori[sz]ed|\b401\b|already\s+exists)",
        "does not have authorization to perform action",
        "authorizationfailed",
        "aadsts",
        "authorizationpermissionmismatch",
        "roleassignmentexists",
        "roledefinitionwithsamenameexists",
        "resource group",
        "microsoft.",
        "management.azure.com",
        "/subscriptions/",
    ),
    # Azure DevOps documentation, "Set Git repository permissions"
    # (https://learn.microsoft.com/azure/devops/repos/git/set-git-repository-permissions).
    made_system(
        "Azure DevOps",
        "Check the permissions of the build service or of the person in Azure DevOps (project settings, repositories, "
        "security).",
        r"\bTF4\d{5}\b",
        "tf40",
        "tf41",
    ),
)

AZURE_PIPELINES: tuple[System, ...] = (
    # AWS Toolkit for Azure DevOps asks Azure Pipelines for the OIDC token with System.AccessToken
    # (https://github.com/aws/aws-toolkit-azure-devops); Azure Pipelines, "Predefined variables", System.AccessToken
    # (https://learn.microsoft.com/azure/devops/pipelines/build/variables#systemaccesstoken).
    made_system(
        "Azure Pipelines' own token",
        "In a classic pipeline, open the agent job and allow scripts to access the OAuth token; a YAML pipeline "
        f"provides the token automatically. {NONE_MISSING}",
        r"System\.AccessToken\s+is\s+undefined",
        "system.accesstoken is undefined",
        verdict="The task could not ask Azure Pipelines for an OIDC token, because the job does not provide "
        "System.AccessToken to it. AWS was not called: neither the role nor its trust policy was read.",
        title="Allow the job's scripts to access the OAuth token",
    ),
)
