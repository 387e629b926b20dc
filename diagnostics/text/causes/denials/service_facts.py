"""Well-known causes by service, one fact in each row, for denials whose text shows that the fact applies.

A row applies only to its actions, and only if its pattern ``marks`` matches the text. It does not apply if its pattern
``gone`` matches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.claims.kinds import Quotes, Sentence
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.needs_of_services import SERVICES
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.denials.service_fact_row import Known, known_row
from diagnostics.who import Who
from iam.facts.stacks_of_tools import stack_of_a_tool


def _only_management(actions: str, page: str) -> Known:
    """Return the row for actions that only the organization's management account can perform, according to ``page``."""
    return known_row(
        actions,
        "",
        "Make this call in the organization's management account: AWS accepts it from no other account, not even from "
        "a delegated administrator. If the call was made in the management account, the caller's own policies must "
        "allow the action.",
        page,
        who=Who.ORG_ADMIN,
        layers=("",),
        unnamed=True,
    )


KNOWN: tuple[Known, ...] = (
    known_row(
        r"cloudformation:",
        r"stack/aws-sam-cli-managed-default\b",
        stack_of_a_tool("stack/aws-sam-cli-managed-default"),
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/"
        "sam-cli-command-reference-sam-deploy.html",
        gone=r"explicit deny",
    ),
    known_row(
        r"sts:assumerole$",
        r":role/[\w-]+-EnvManagerRole\b",
        "Copilot works in an environment with the role …-EnvManagerRole, whose trust policy names the application's "
        "account: allow the caller sts:AssumeRole on this role's ARN. Managed policies such as AmazonECS_FullAccess "
        "do not contain this permission. If the environment was deleted or is of another account, the role does not "
        "exist there.",
        "https://aws.github.io/copilot-cli/docs/credentials/",
        gone=r"explicit deny",
    ),
    known_row(
        r"sso:(?:(?:create|delete)accountassignment|(?:provision|update|delete)permissionset"
        r"|(?:put|attach|detach|delete)\w*permissionset\w*)$",
        r"\bdelegat\w+(?=[\s\S]*\bmanagement\b)|\bmanagement\b(?=[\s\S]*\bdelegat)",
        "Most likely the target is the management account: a delegated administrator of Identity Center can neither "
        "assign access to it nor change a permission set that is provisioned in it. Do this from the management "
        "account, with a separate permission set. No policy of the caller changes this.",
        "https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin-how-to-register.html",
        who=Who.ORG_ADMIN,
        layers=("",),
    ),
    known_row(
        r"sso:(?:list|describe|get)\w+$",
        r"\b(?:member|child|linked|every|each|all|other)[ -](?:(?:member|child|linked)[ -])?accounts?\b",
        "Make this call in the management account or the delegated administrator's: the organization's instance of IAM "
        "Identity Center is managed from these accounts. Other accounts are most likely refused, whatever their "
        "policies allow: in them, skip the call or ignore the refusal.",
        "https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html",
        who=Who.CALLER,
        layers=("",),
    ),
    known_row(
        r"bedrock(?:-mantle)?:callwithbearertoken$",
        r"",
        'Allow this action (Resource "*") in the policies of the identity behind the bearer token. Requests with a '
        "token (an API key) need it in addition to the model's actions; requests that are signed with the same "
        "identity's credentials (SigV4) do not. Or let the program sign with those credentials.",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-permissions.html",
    ),
    known_row(
        r"kms:(?:decrypt|generatedatakey)$|^$",
        r"Fetching data key failed",
        "The target of the session (the instance or the task) decrypts the data key with its own role: allow that role "
        "kms:Decrypt on the key of Session Manager's preferences, and whoever starts the session kms:GenerateDataKey.",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html",
        gone=r"authorized to perform",
    ),
    known_row(
        r"states:startexecution$",
        r"distributed[ _-]?map|\"Mode\"\s*:\s*\"DISTRIBUTED\"",
        "A Distributed Map starts its iterations as executions of its own state machine. So the machine's own role "
        "needs states:StartExecution on the state machine itself, and states:DescribeExecution and "
        "states:StopExecution on its executions. Some tools leave these actions out for a map within another state "
        "(Parallel, Map).",
        "https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html",
    ),
    known_row(
        r"iam:(?:\w*samlprovider|createrole|updaterole\w*|\w*rolepolicy|\w*rolepolicies|getrole|listroles?\w*|deleterole)$",
        r"AWSSSO_\w+_DO_NOT_DELETE|CreateAccountAssignment|AWSReservedSSO_\w+[\s\S]{0,600}\barn:aws:sso:::permissionSet/"
        r"|creating SSO Account Assignment|ProvisionPermissionSet|account-assignment-creation",
        "In the organization's management account, Identity Center changes IAM with the permissions of whoever makes "
        "the assignment, and in member accounts with its own role. For assignments in the management account, allow "
        "the caller this action on saml-provider/AWSSSO_*_DO_NOT_DELETE and on roles under "
        "aws-reserved/sso.amazonaws.com/.",
        "https://docs.aws.amazon.com/singlesignon/latest/userguide/iam-auth-access-using-id-policies.html",
    ),
    # The renamed service has both prefixes, and a statement applies only to ARNs with its prefix.
    known_row(
        r"(?:codestar-connections|codeconnections):",
        r"codestar-connections|codeconnections",
        "Allow the action with the prefix of the connection's ARN: codeconnections: for arn:aws:codeconnections:…, "
        "codestar-connections: for arn:aws:codestar-connections:…. With both prefixes in the statement "
        "(codeconnections:UseConnection and codestar-connections:UseConnection) either ARN works.",
        "https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html",
    ),
    known_row(
        r"s3:(?:deleteobject|putobject|getobject)$",
        r"\.tflock\b|\buse_lockfile\b",
        "With use_lockfile, Terraform's S3 backend needs s3:GetObject, s3:PutObject and s3:DeleteObject on the lock "
        "(KEY.tflock). A lock that could not be deleted remains: afterwards remove it with terraform force-unlock.",
        "https://developer.hashicorp.com/terraform/language/backend/s3",
    ),
    known_row(
        r"iam:(?:listroles|listinstanceprofiles)$",
        r"\b(?:[ck]onsol[ea]|wizard|launch(?:ing)? (?:an? )?instance)\b[\s\S]{0,400}\binstance[- ]?profil\w*"
        r"|\binstance[- ]?profil\w*[\s\S]{0,400}\b(?:[ck]onsol[ea]|wizard)\b",
        "EC2's launch page uses this call only to fill its list: the launch itself was not refused. To choose an "
        "instance profile, allow iam:ListInstanceProfiles (and iam:ListRoles, if the page asks for it) on *. To "
        "launch with it, allow iam:PassRole on the profile's role, with iam:PassedToService = ec2.amazonaws.com.",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permission-to-pass-iam-roles.html",
        gone=r"beanstalk|\bAWS Batch\b|compute environment|\bEMR\b|image builder|\bECS\b|launch configuration",
    ),
    known_row(
        r"s3:putbucketversioning$|^$",
        r"put-?bucket-?versioning[\s\S]{0,400}\bMFA ?Delete\W{1,4}Enabled"
        r"|\bMFA ?Delete\W{1,4}Enabled[\s\S]{0,400}put-?bucket-?versioning|\bmfa_delete\W{1,4}(?:enabled|true)",
        "Only the bucket owner's root user can turn on MFA delete, with the option --mfa “SERIAL CODE”: no policy "
        "makes this possible for a user or role. To change versioning without MFADelete, s3:PutBucketVersioning is "
        "enough.",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html",
    ),
    known_row(
        r"glue:getcatalogimportstatus$",
        r"DriverVersion|JDBC|ODBC|Simba|athena",
        "Athena's JDBC and ODBC drivers ask Glue first whether the catalog was imported: allow "
        "glue:GetCatalogImportStatus on arn:aws:glue:REGION:ACCOUNT:catalog. AmazonAthenaFullAccess contains it.",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonAthenaFullAccess.html",
    ),
    known_row(
        r"s3express:createsession$|^$",
        r"s3express:CreateSession[\s\S]{0,3000}s3express:SessionMode",
        "The client most likely asks for a ReadWrite session, whatever it does afterwards: only a call that names no "
        "mode falls back to ReadOnly. A statement with s3express:SessionMode = ReadOnly does not allow ReadWrite: drop "
        "the condition, or let the client ask for ReadOnly (x-amz-create-session-mode).",
        "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html",
    ),
    known_row(
        r"s3express:createsession$",
        r"--[a-z0-9]+-az\d+--x-s3\b(?![\s\S]*s3express:)",
        "The bucket is a directory bucket (its name ends with --x-s3): statements with s3 actions or "
        "arn:aws:s3:::NAME do not cover it. Allow s3express:CreateSession on "
        "arn:aws:s3express:REGION:ACCOUNT:bucket/NAME, without a condition on s3express:SessionMode (clients such as "
        "Mountpoint ask for ReadWrite). That covers reading and writing of its objects, too.",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security-iam.html",
    ),
    known_row(
        r"account:",
        r"(?-i:\bAccountId\b|(?<![\"'\w])accountId\b(?![\"']))|--account-id\b|account_id\s*=",
        "An account manages its own contacts and Regions without the parameter AccountId. With AccountId, the call is "
        "allowed only to the organization's management account or to a delegated administrator. For your own account, "
        "do not send AccountId.",
        "https://docs.aws.amazon.com/accounts/latest/reference/API_PutContactInformation.html",
        who=Who.CALLER,
    ),
    known_row(
        r"lambda:(?:createfunction|updatefunctioncode)$|^$",
        r"\b(?:lambda[- ]controller|CreateFunction|UpdateFunctionCode)\b[\s\S]{0,300}\b(?:ecr|container image)\b"
        r"|\b(?:ecr|container image)\b[\s\S]{0,300}\b(?:CreateFunction|UpdateFunctionCode)\b",
        "The ECR repository's policy decides whether Lambda can pull a container image. If the policy lacks "
        "lambda.amazonaws.com, Lambda adds it with the caller's permissions, once per repository: the caller then "
        "needs ecr:GetRepositoryPolicy and ecr:SetRepositoryPolicy. The policy of another account's repository must "
        "name Lambda and the function's account.",
        "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
        unnamed=True,
    ),
    known_row(
        r"cognito-idp:",
        r"\bdefineFunction\b|amplify gen ?2|defineAuth\b",
        "In Amplify Gen 2, defineFunction grants the function nothing. Grant it in defineAuth (access: allow.resource "
        "of the function, to the actions), or add a statement with backend.NAME.resources.lambda.addToRolePolicy.",
        "https://docs.amplify.aws/react/build-a-backend/auth/grant-access-to-auth-resources/",
    ),
    known_row(
        r"ec2:createvolume$",
        r"\bVolumeSnapshot\b|\bsnapshot(?:Handle|Id|\.storage)\b|snap-[0-9a-f]{6,}",
        "Creating a volume from a snapshot is also authorized on the snapshot: allow ec2:CreateVolume on "
        "arn:aws:ec2:*::snapshot/* in addition to volume/*. Policies copied from older examples lack this permission.",
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-creating-volume.html",
        gone=r"resource: \S+:(?:snapshot|volume)/",
    ),
    # AWS CLI, awscli/customizations/sessionmanager.py: without the plugin it ends the session that it has just started
    # (https://github.com/aws/aws-cli/blob/v2/awscli/customizations/sessionmanager.py).
    known_row(
        r"ssm:terminatesession$",
        r"TerminateSession",
        "If you only wanted to start a session: the AWS CLI ends it again at once if it does not find the Session "
        "Manager plugin. Install the plugin first (run session-manager-plugin to see whether it is installed). Only to "
        "end sessions, allow ssm:TerminateSession on the session's ARN.",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
        who=Who.CALLER,
        gone=r"\bterminate-session\b|\bssm:StartSession because no\b|authorized to perform: ssm:StartSession",
    ),
    known_row(
        r"sts:getservicebearertoken$",
        r"GetServiceBearerToken",
        "CodeArtifact and ECR Public need sts:GetServiceBearerToken in addition to their own GetAuthorizationToken: "
        "allow it on *, with the condition sts:AWSServiceName.",
        "https://docs.aws.amazon.com/codeartifact/latest/ug/tokens-authentication.html",
    ),
    known_row(
        r"(?:ce|cur|budgets|billing|payments|invoicing|consolidatedbilling|tax|purchase-orders|aws-portal|freetier):",
        r"",
        "Billing is closed to users and roles until the account's root user turns on “IAM user and role access to "
        "Billing information” once; accounts that an organization created already have this access. The management "
        "account also decides what members see.",
        "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/control-access-billing.html",
        layers=("",),
    ),
    known_row(
        r"(?:ce|cur|budgets|billing|payments|invoicing|consolidatedbilling|tax|purchase-orders|aws-portal|freetier):",
        r"\bIAM\b[^\n]{0,40}(?:billing|請求|abrechnung|rechnungs|facturaci|facturation|faturamento|fatturazione|账单|帳單|청구)",
        "First check the account's setting “IAM user and role access to Billing information”: until the root user "
        "turns it on (account page), users and roles are refused billing, whatever their policies allow.",
        "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/control-access-billing.html",
        layers=("identity",),
    ),
    known_row(
        r"ssmmessages:",
        r"execute-?command|\becs\b",
        "ECS Exec needs ssmmessages:CreateControlChannel, ssmmessages:CreateDataChannel, "
        "ssmmessages:OpenControlChannel and ssmmessages:OpenDataChannel in the task role (not the execution "
        "role); the caller needs ecs:ExecuteCommand.",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
        gone=r":instance/i-|amazon-ssm-agent",
    ),
    known_row(
        r"rds-db:connect$",
        r"rds-db:connect|PAM authentication failed",
        "rds-db:connect is checked on arn:aws:rds-db:REGION:ACCOUNT:dbuser:RESOURCE-ID/USER: the database's resource "
        "ID (db-… or cluster-…, for a proxy prx-…), and not its name.",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html",
    ),
    known_row(
        r"kms:decrypt$",
        r"aws:lambda:FunctionArn[\"']?\s*[:=]",
        "Lambda uses the function's execution role to decrypt the function's encrypted data, most often its "
        "environment variables (the encryption context names the function). Allow that role kms:Decrypt on the key's "
        "ARN. If the key policy does not let IAM policies grant access, it must allow the role, too.",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
    ),
    known_row(
        r"execute-api:manageconnections$",
        r"ManageConnections|@connections",
        "Answering over a WebSocket API needs execute-api:ManageConnections on API-ID/STAGE/POST/@connections/*.",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html",
    ),
    _only_management(
        r"servicecatalog:(?:enable|disable)awsorganizationsaccess$",
        "https://docs.aws.amazon.com/servicecatalog/latest/dg/API_EnableAWSOrganizationsAccess.html",
    ),
    _only_management(
        r"securityhub:(?:enable|disable)organizationadminaccount$",
        "https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableOrganizationAdminAccount.html",
    ),
    _only_management(
        r"ram:enablesharingwithawsorganization$",
        "https://docs.aws.amazon.com/ram/latest/APIReference/API_EnableSharingWithAwsOrganization.html",
    ),
)


def known(signs: Signs) -> Iterator[FirstLook]:
    """Yield the causes of rows whose marks are in the denial's text."""
    return _shown_by(tuple(row for row in (*KNOWN, *SERVICES) if row.marks.pattern), signs)


def of_the_action(signs: Signs) -> Iterator[FirstLook]:
    """Yield the causes of rows that need only the action. They follow the causes that concern the caller."""
    for look in _shown_by(tuple(row for row in (*KNOWN, *SERVICES) if not row.marks.pattern), signs):
        # If AWS names who lacks the action, that cause comes first.
        named = signs.layer or signs.denial.principal
        action = signs.denial.missing_action or signs.denial.action or ""
        # In most accounts of an organization, no Allow helps a call of Organizations.
        missing = f"Allow {action}. " if named and not action.lower().startswith("organizations:") else ""
        yield replace(look, cause=f"{missing}{look.cause}")


def _shown_by(rows: tuple[Known, ...], signs: Signs) -> Iterator[FirstLook]:
    action = (signs.denial.missing_action or signs.denial.action or "").lower()
    for row in rows:
        if signs.layer not in row.layers or not row.actions.match(action):
            continue
        if row.unnamed and (signs.denial.principal or signs.denial.stated_reason):
            continue
        found = row.marks.search(signs.denial.text)
        if found is None or (row.gone is not None and row.gone.search(signs.denial.text)):
            continue
        mark = " ".join(found[0].split())[:60]
        because = signs.action_is if action else contains(mark)
        if action and mark:
            because = Sentence(f"{because.text}, and the text contains “{mark}”", (Quotes(mark), *because.claims))
        yield FirstLook(f"{row.cause.removesuffix('.')} ({row.page}).", because, signs.caller_read, row.who)
