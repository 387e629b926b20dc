"""Further permissions that WorkSpaces, Organizations and Service Catalog need."""

from __future__ import annotations

from diagnostics.text.causes.denials.service_fact_row import DOCS, Known, known_row
from diagnostics.who import Who

ORGANIZATIONS_AND_CATALOG: tuple[Known, ...] = (
    known_row(
        r"workspaces:",
        r"workspaces_DefaultRole",
        "WorkSpaces needs the role workspaces_DefaultRole with exactly this name: it trusts "
        "workspaces.amazonaws.com and has AmazonWorkSpacesServiceAccess and "
        "AmazonWorkSpacesSelfServiceAccess. The console creates it.",
        f"{DOCS}/workspaces/latest/adminguide/workspaces-access-control.html",
    ),
    known_row(
        r"organizations:",
        r"",
        "Check the account first: most calls of Organizations work only in the management account or a delegated "
        "administrator's, and elsewhere they are refused whatever the policies allow. "
        "organizations:DescribeOrganization works in every member account.",
        f"{DOCS}/organizations/latest/userguide/orgs_permissions_overview.html",
        layers=("",),
    ),
    known_row(
        r"[\w-]+:",
        r"\bSC-\d{12}-pp-|assumed-role/[^/\s]+/servicecatalog\b",
        "A product with a launch constraint is created with the constraint's role, not with the user's permissions. "
        "That role must trust servicecatalog.amazonaws.com and allow the product's actions, CloudFormation's actions, "
        "and s3:GetObject on the template.",
        f"{DOCS}/servicecatalog/latest/adminguide/constraints-launch.html",
    ),
    known_row(
        r"(?!servicecatalog:)[\w-]+:",
        r"\bService ?Catalog\b[\s\S]*\b(?:provision|launch)|\b(?:provision|launch)[\s\S]*\bService ?Catalog\b"
        r"|\bProvisionProduct\b",
        "Give the product a launch constraint, whose role then creates the product. Without a launch constraint, "
        "Service Catalog uses the user's own permissions, which must then allow s3:GetObject on the template, "
        "CloudFormation's actions and those of the product.",
        f"{DOCS}/servicecatalog/latest/adminguide/constraints-launch.html",
        who=Who.RESOURCE_OWNER,
        gone=r"\bSC-\d{12}-pp-|assumed-role/[^/\s]+/servicecatalog\b|\b(?:has|with|using) a launch (?:constraint|role)",
    ),
)
