"""What tools that provide or protect credentials say about themselves: no call to AWS was denied."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

SCIM_USER = "the user's attributes in the SCIM request"
SIGN_IN_TOOLS: tuple[System, ...] = (
    # AWS Toolkit for Visual Studio Code, its SSO cache
    # (https://github.com/aws/aws-toolkit-vscode/blob/master/packages/core/src/auth/sso/cache.ts).
    documented(
        "the cached sign-in of IAM Identity Center",
        "The cached sign-in (~/.aws/sso/cache) lacks {name}, which this version of the toolkit requires: sign out and "
        "in again. AWS refused nothing.",
        "If that does not help, this version has a bug: update the program, or go back to the previous version. AWS "
        "issues a refresh token only to a profile whose sso-session has the scope sso:account:access; aws configure "
        "sso writes one.",
        'SSO cache data unexpectedly missing props: ["{name}"]',
        title="Sign out and in again, or change the toolkit's version",
    ),
    # "Configure AWS Credentials" Action for GitHub Actions, its README and messages
    # (https://github.com/aws-actions/configure-aws-credentials).
    # Claude Code, "Claude Code on Amazon Bedrock": CLAUDE_CODE_USE_BEDROCK and AWS credentials in its environment
    # (https://code.claude.com/docs/en/amazon-bedrock); the message is the Anthropic SDK's, whose client for Bedrock is
    # AnthropicBedrock (https://github.com/anthropics/anthropic-sdk-python#aws-bedrock).
    documented(
        "the client for Bedrock",
        "The program's client looks for an Anthropic API key, not for AWS credentials: in this process it is not set "
        "to Bedrock. AWS was not called.",
        "Set the program's Bedrock setting where it really runs (CLAUDE_CODE_USE_BEDROCK=1 and AWS_REGION, also in the "
        "editor's settings: an editor that was started from the desktop does not read the shell's profile), or use the "
        "client AnthropicBedrock in code.",
        "Could not resolve authentication method. Expected either apiKey or authToken to be set",
        "Could not resolve authentication method. Expected either api_key or auth_token to be set",
        unless=r"\A(?![\s\S]*(?i:bedrock|\baws\b))",
        title="Set the program to Bedrock where it runs",
    ),
    documented(
        "the action's list of expected accounts",
        "The credentials belong to account {name}, which allowed-account-ids does not list: correct role-to-assume, or "
        "the list. The sign-in itself worked.",
        "Compare the account in role-to-assume with the input allowed-account-ids of configure-aws-credentials.",
        "The account ID of the provided credentials ({name}) does not match any of the expected account IDs",
        title="Correct the role or allowed-account-ids",
    ),
    documented(
        "the credentials that the action finds",
        "The GitHub action was given an access key, but its AWS SDK found other credentials: the runner's environment "
        "or a profile already contains some. No role was assumed yet.",
        "Remove the other credentials (AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN, AWS_PROFILE of the job or of an earlier "
        "step; unset-current-credentials: true), or use them with role-chaining: true.",
        "Credentials loaded by the SDK do not match the expected access key ID configured by the action",
        title="Remove the other credentials, or set role-chaining: true",
    ),
    documented(
        "the session's name in the action",
        "The role session name has a character that STS does not allow, or the wrong length: use 2 to 64 letters, "
        "digits and _ + = , . @ -. No call was made.",
        "Set role-session-name to a value without these characters, for example the run's ID: a branch's name "
        "contains slashes.",
        "Role session name is not valid: '{}'. Must satisfy regular expression pattern",
        "Role session name must be between 2 and 64 characters, got {}",
        title="Send a different role session name",
    ),
    documented(
        "the action's inputs",
        "The action has neither an access key nor a token to assume the role with: with force-skip-oidc, give "
        "aws-access-key-id or web-identity-token-file; otherwise remove force-skip-oidc.",
        "For GitHub's OIDC, remove force-skip-oidc and give the job permissions: id-token: write.",
        "If 'force-skip-oidc' is true and 'role-to-assume' is set, 'aws-access-key-id' or 'web-identity-token-file' "
        "must be set",
        title="Give the action credentials, or let it use OIDC",
    ),
    # aws-vault, "Managing sessions" and its messages (https://github.com/ByteNess/aws-vault).
    documented(
        "the address of the metadata service on this machine",
        "Another process already answers at 169.254.169.254:80 on this machine: stop it (another aws-vault "
        "--ec2-server or proxy), or use --ecs-server. AWS was not called.",
        "Only one program can listen there. To find it, run sudo lsof -i :80.",
        "Another process is already bound to 169.254.169.254:80",
        title="Stop the other process, or use --ecs-server",
    ),
    documented(
        "the subshell of aws-vault",
        "This shell already runs inside aws-vault exec: leave it (exit), or unset AWS_VAULT, and run the command "
        "again. AWS was not called.",
        "aws-vault does not start a session within a session.",
        "in an existing aws-vault subshell; 'exit' from the subshell or unset AWS_VAULT",
        title="Leave the subshell of aws-vault",
    ),
    documented(
        "the profile in aws-vault",
        "aws-vault has no profile {name}: neither ~/.aws/config nor its own store contains it. Correct the name, or "
        "add it.",
        "The command aws-vault list shows both. aws-vault add NAME stores keys; its backend (AWS_VAULT_BACKEND) must "
        "be the one in which they were stored.",
        "profile '{name}' not found in ~/.aws/config and no stored credentials exist for it",
        title="Correct the profile's name, or add it",
    ),
    documented(
        "the keys in aws-vault's store",
        "aws-vault has no keys for the profile {name} and no other source of credentials for it: add keys (aws-vault "
        "add), or give the profile source_profile or sso_… values.",
        "aws-vault list shows for which profiles it has credentials. Each backend (AWS_VAULT_BACKEND) has its own "
        "store.",
        "profile {name}: credentials missing",
        title="Add the profile's keys to aws-vault",
    ),
    # Granted, credential_process (https://docs.commonfate.io/granted/recipes/credential-process).
    documented(
        "the profile in credential_process",
        "credential_process calls granted for the profile {name}, but the line is in a profile with a different name: "
        "make the two names the same. AWS was not called.",
        "Write credential_process = granted credential-process --profile NAME with the NAME of the profile that "
        "contains this line.",
        "The profile name '{name}' provided to 'granted credential-process' does not match AWS profile name",
        title="Make the two profile names the same",
    ),
    documented(
        "the Region of the profile",
        "The profile {name} has no Region, and no default is set: add region to the profile, or run aws configure set "
        "default.region REGION. AWS was not called.",
        "AWS_REGION in the environment also works.",
        "region not set on profile {name}, could not load a default AWS_REGION",
        title="Give the profile a Region",
    ),
    documented(
        "the chain of source_profile in Granted",
        "The profiles lead in a circle: following source_profile from {name} never ends at credentials. Give the last "
        "profile of the chain its own credentials. AWS was not called.",
        "Read source_profile of each profile in turn in ~/.aws/config.",
        "maximum source profile depth exceeded for profile {name}",
        title="Break the circle of source_profile",
    ),
    # saml2aws, README, "Debugging Issues with IDPs" (https://github.com/Versent/saml2aws).
    documented(
        "the SAML assertion from the identity provider",
        "The identity provider sent no SAML assertion to saml2aws: wrong password, or its page asks for something that "
        "saml2aws does not answer (MFA, a new password, a consent). AWS was not called.",
        "AWS refused nothing. Sign in once in a browser. Then saml2aws login --verbose shows the page; "
        "--idp-provider=Browser uses a real browser.",
        "Response did not contain a valid SAML assertion",
        title="See what the identity provider's page asks for",
        sure=False,
    ),
    # saml2aws, "unable to locate IDP authentication form submit URL" (https://github.com/Versent/saml2aws/issues/224,
    # https://github.com/Versent/saml2aws/issues/750).
    documented(
        "the sign-in page that saml2aws reads",
        "saml2aws found no form that it knows on the sign-in page: most likely the page has changed, or --idp-provider "
        "or --url names another provider or page. AWS was not called.",
        "AWS refused nothing. Compare idp-provider and url in ~/.saml2aws with the provider that shows the page, then "
        "update saml2aws, which reads each provider's own page. saml2aws login --verbose shows the page; a page that "
        "needs JavaScript works with --idp-provider=Browser.",
        "unable to extract IDP form",
        "unable to extract IDP authentication form",
        "unable to locate IDP authentication form submit URL",
        "unable to locate IDP oidc form submit URL",
        "error authenticating to IdP: error extracting form",
        "error authenticating to IdP.: error extracting form",
        "could not find any forms matching the provided IDs",
        title="Compare idp-provider and url with the page, and update saml2aws",
        sure=False,
    ),
    # gimme-aws-creds, main.py (https://github.com/Nike-Inc/gimme-aws-creds).
    documented(
        "the AWS apps of the Okta user",
        "Okta assigns the user no AWS app with roles: an Okta administrator must assign the app (and its groups) to "
        "the user. AWS was not called.",
        "Run gimme-aws-creds --action-list-roles to list the roles. Check that the configuration has the right "
        "okta_org_url and app.",
        "No AWS accounts found.",
        title="Let Okta assign the AWS app to the user",
        unless=r"\A(?![\s\S]*(?i:gimme|okta))",
    ),
    # IAM Identity Center User Guide, "Troubleshooting IAM Identity Center issues": users that fail to synchronize
    # (https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html).
    documented(
        SCIM_USER,
        "IAM Identity Center did not accept this user from the identity provider (SCIM): most likely a required "
        "attribute is empty (first name, last name, display name, user name), or one has several values.",
        "Fill in the user's first name, last name, display name and user name at the identity provider, send only one "
        "e-mail address, phone number and address, and provision the user again. The attribute mapping must not send "
        "an empty value. No permission is missing.",
        "Request is unparsable, syntactically incorrect, or violates schema",
        title="Complete the user's attributes at the identity provider",
        sure=False,
    ),
    # aws-nuke, "Bypass AWS Alias Check" and "Config": the checks before anything is deleted
    # (https://aws-nuke.ekristen.dev/features/bypass-alias-check/, https://aws-nuke.ekristen.dev/config/).
    documented(
        "aws-nuke's check of the account",
        "aws-nuke refuses an account without an alias, for safety: create one (aws iam create-account-alias), or "
        "deliberately skip the check. Nothing was deleted.",
        "To skip it, use --no-alias-check and list the account in bypass-alias-check-accounts of the configuration.",
        "specified account doesn't have an alias. For safety reasons you need to specify an account alias",
        title="Give the account an alias, or skip aws-nuke's check",
    ),
    documented(
        "aws-nuke's blocklist",
        "aws-nuke refuses the account {name}: the aws-nuke configuration blocks that account's number, or a word in "
        "the account's alias. Nothing was deleted.",
        "Use credentials of the account that you intend to empty. A blocked account is usually one that must never be "
        "emptied.",
        "you are trying to nuke the account with the ID '{name}', but it is blocklisted",
        "you are trying to nuke the account with the ID {name}, but it is blocklisted",
        "you are trying to nuke an account with the alias '{name}', but it",
        title="Use the credentials of the intended account",
    ),
    documented(
        "aws-nuke's configuration",
        "aws-nuke has no entry for the account {name}: add it under accounts in its configuration, or use credentials "
        "of an account that has one. Nothing was deleted.",
        "To see which account the credentials belong to, run aws sts get-caller-identity.",
        "account {name} is not configured in the config file",
        title="Add the account to the configuration, or use another",
    ),
)
