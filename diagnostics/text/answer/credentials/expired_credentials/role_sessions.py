"""Rows for a role's session that has ended while a job, a pod or a program runs."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, FORGET, WHO, CredentialFault, fault
from iam.claims import Ground

CHAINED_ROLES: tuple[CredentialFault, ...] = (
    # IAM User Guide, "Methods to assume a role": role chaining
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage-assume.html).
    fault(
        r"Expired",
        "The session has ended: when one role's session assumes another role (role chaining), the new session lasts at "
        "most one hour, whatever MaxSessionDuration says. No permission is missing.",
        "Assume the role again during the run, or assume it directly, without the first role",
        f"{CONFIGURED}  # a profile with role_arn and source_profile renews its session automatically\n{WHO}",
        "Exported keys are not renewed. Let the program use a profile (role_arn, source_profile), or assume the last "
        "role directly, with credentials that are not from a role session. Then resume where it stopped.",
        speaker=r"1 hour session limit|\brole[- ]chain(?:ing|ed)\b",
        check=None,
    ),
)

ROLE_SESSIONS: tuple[CredentialFault, ...] = (
    # STS API reference, "AssumeRole", DurationSeconds: one hour unless the call asks for more
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    fault(
        r"Expired|has expired|token is expired",
        "The temporary credentials have expired: a session of assume-role ends after one hour unless the call asks for "
        "more (--duration-seconds). Permissions are not the cause.",
        "Let the program renew its session (a profile with role_arn), or ask for a longer one",
        f"aws iam get-role --role-name ROLE --query Role.MaxSessionDuration\n{WHO}",
        "Keys that assume-role returned were exported, and nothing renews them. The SDK renews a profile with "
        "role_arn. A role that assumes another role is limited to one hour.",
        check=None,
        speaker=r"\baws sts assume-role\b(?!-with)|\b(?:assume_role|assumeRole|AssumeRole)\s*\((?!Policy)"
        r"|\bAssumeRole(?:Command|Request|Input)\b"
        r"|\b(?:export\w*|keys|credentials)[^.\n]{0,30}\bassume-role\b(?!-with)",
    ),
    # AWS SDKs and Tools Reference Guide, "Standardized credential providers": the environment comes before a
    # container's
    # or an instance's role, and its keys are static
    # (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    fault(
        r"Expired|has expired|token is expired",
        "The program copied the role's temporary credentials into variables, and these have expired: nothing renews "
        "them, and the SDK prefers them to the role. Permissions are not the cause.",
        "Do not copy the credentials: let the SDK itself use the role's credentials",
        f"env | grep -c ^AWS_SESSION_TOKEN=  # where the program runs: must print 0\n{WHO}",
        "Do not set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN from a role. Create each client "
        "with the default chain, which renews the role's credentials. If something needs keys, give it fresh ones for "
        "each use.",
        speaker=r"(?<!not )(?<!never )(?<!n['’]t )\b(?:cop(?:y|ies|ied|ying)|export(?:s|ed|ing)?|writ(?:es?|ten|ing)"
        r"|puts?|sets?|inject(?:s|ed)?)\b[^.\n]{0,40}"
        r"\b(?:task|pod|instance|function|assumed|execution|container)(?:'s)?(?: role(?:'s)?)?(?: temporary| session)?"
        r" (?:credentials|keys)\b[^.\n]{0,40}\b(?:AWS_[\w*]|env(?:ironment)?\b)",
        check=None,
        ground=Ground.LIKENESS,
    ),
    # STS API reference, "AssumeRoleWithWebIdentity", DurationSeconds: one hour unless the call asks for more
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html); Amazon EKS Pod Identity
    # Webhook, README, "EKS Walkthrough": the token's own lifetime, 86400 seconds unless the annotation
    # eks.amazonaws.com/token-expiration says otherwise (https://github.com/aws/amazon-eks-pod-identity-webhook).
    fault(
        r"Expired|has expired|token is expired",
        "The session of the pod's role has ended (one hour unless the program asks for more), and the program did not "
        "assume the role again: the way it renews its credentials is faulty. Permissions and the trust policy are not "
        "the cause.",
        "Update the program to a version that renews its session, and restart the pod until then",
        "kubectl rollout restart deployment NAME  # a new pod gets a new session",
        "The pod's token is valid for a day, but the session that STS returns for it only for an hour: the program "
        "must read the token's file and assume the role again before that. Until it does, restart the program in time, "
        "or let it request a longer session. If it renews only when the file changes, set "
        "eks.amazonaws.com/token-expiration: 3600.",
        check=None,
        speaker=r"\A(?![\s\S]*(?:container-role|\bpod[ _-]?identity\b(?! webhook)))[\s\S]*?(?:\bIRSA\b"
        r"|\bAWS_WEB_IDENTITY_TOKEN_FILE\b|\beks\.amazonaws\.com/(?:role-arn|token-expiration|serviceaccount/token)\b)",
        ground=Ground.LIKENESS,
    ),
    # The README of configure-aws-credentials, "Session duration": one hour unless role-duration-seconds says otherwise
    # (https://github.com/aws-actions/configure-aws-credentials).
    fault(
        r"Expired|has expired|token is expired",
        "The session that the job obtained through OIDC has expired; permissions are not the cause.",
        "Ask for a longer session, or sign in again before the steps that fail",
        "aws iam get-role --role-name ROLE --query Role.MaxSessionDuration",
        "The job runs longer than its session. Set --duration-seconds, or role-duration-seconds of "
        "configure-aws-credentials (one hour unless set, at most the role's MaxSessionDuration). Or repeat the sign-in "
        "step before the later steps, with if: always() before steps that clean up.",
        check=None,
        speaker=r"\bOIDC\b[^\n]{0,80}\b(?:step|job|workflow|start|beginning)\b|configure-aws-credentials"
        r"|\brole-to-assume\b|\bassume-role-with-web-identity\b|\bid_tokens\b",
        ground=Ground.LIKENESS,
    ),
    # STS API reference, "AssumeRole", DurationSeconds: one hour unless the call asks for more, and at most that for a
    # role that a role assumes (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    fault(
        r"Expired|has expired|token is expired",
        "The run took longer than the session that it got at its start (one hour unless the run requests more), and "
        "nothing renews that session. Permissions are not the cause.",
        "Request a longer session, or get new credentials during the job",
        "aws iam get-role --role-name ROLE --query Role.MaxSessionDuration  # the longest session",
        "Set the session's length where the job assumes the role (role-duration-seconds, --duration-seconds, "
        "DurationSeconds; at most MaxSessionDuration, one hour if a role assumes the role). Or give the program a "
        "profile with role_arn, which renews it, or split the job. Then check what the interrupted run left.",
        check=None,
        ground=Ground.LIKENESS,
        needs="outlasted",
    ),
    # Apache Iceberg, REST catalog: a table's configuration may contain credentials that the catalog vends, which a
    # client has to fetch anew (https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml).
    fault(
        r"Expired|has expired|token is expired",
        "The temporary credentials have expired: the catalog handed them out for a limited time, and the client did "
        "not fetch new ones. Permissions and the clock are not the cause.",
        "Use a client and a catalog that renew vended credentials",
        "aws iam get-role --role-name ROLE --query Role.MaxSessionDuration  # the role that the catalog assumes",
        "Update the client (the Iceberg library in the engine) and the catalog to versions that refresh vended "
        "credentials. Or let the catalog ask for longer sessions (one hour at most if a role assumes the role), or let "
        "the cluster use its own role instead. Shorter jobs help until then.",
        check=None,
        speaker=r"\bvend(?:ed|ing|s)\b|\bX-Iceberg-Access-Delegation\b"
        r"|\b(?:Polaris|Lakekeeper|Gravitino)\b",
        ground=Ground.LIKENESS,
    ),
    # DuckDB, "AWS Extension": a secret's credentials are fetched once, unless it is created with REFRESH auto
    # (https://duckdb.org/docs/stable/core_extensions/aws.html).
    fault(
        r"Expired|has expired|token is expired",
        "DuckDB fetched the role's temporary credentials when the secret was created, and does not renew them: they "
        "have expired. Permissions and the role are not the cause.",
        "Create the secret with REFRESH auto, or create it again before use",
        "CREATE OR REPLACE SECRET s3 (TYPE s3, PROVIDER credential_chain, REFRESH auto);  -- in DuckDB",
        "A secret with PROVIDER credential_chain keeps what the chain returned. REFRESH auto fetches it again when it "
        "has expired; older versions need CREATE OR REPLACE SECRET from time to time, or a restart.",
        check=None,
        speaker=r"\b(?:DuckDB|DuckLake|duckdb_aws)\b",
        ground=Ground.LIKENESS,
    ),
    # The same pages: a client keeps the provider, or the fixed keys, that it was made with.
    fault(
        r"Expired|has expired|token is expired",
        "The program renews its session, but most likely the clients that it created earlier keep the old keys, so "
        "some calls fail while others succeed. No permission is missing.",
        "Let the SDK renew the role's credentials in each client, or create the clients again after each renewal",
        f"env | grep ^AWS_ | cut -d= -f1  # fixed keys of a session in the environment?\n{WHO}",
        "Let the SDK's default chain find the role of the container, pod or instance, or use a profile with role_arn: "
        "both renew the keys automatically, unlike fixed keys that are handed to a client. A longer session only helps "
        "up to the role's maximum, and to one hour where a role's session assumes the role.",
        check=None,
        ground=Ground.LIKENESS,
        needs="renewed_beside",
    ),
    # AWS SDKs and Tools Reference Guide, "IMDS credential provider" and "Container credential provider": the SDKs
    # refresh the credentials of a role (https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html).
    fault(
        r"Expired|has expired|token is expired",
        "The program took its role's temporary credentials once, at its start, and does not renew them: they have "
        "expired. Permissions and the role itself are not the cause.",
        "Restart the program now, and let its SDK renew the role's credentials",
        f"{WHO}  # where the program runs: a new call gets valid credentials",
        "The program keeps the first credentials: update it, or let it use the SDK's default provider, which renews "
        "them, for each client. Keys in variables or settings are never renewed.",
        check=None,
        ground=Ground.LIKENESS,
        needs="kept_by_program",
    ),
    fault(
        r"Expired|has expired|token is expired|TokenRefreshRequired",
        "Reload or restart the program: most likely it still uses its expired temporary credentials, {valid_beside}.",
        "Let the program read its credentials again: reload or restart it",
        f"{CONFIGURED}  # where the valid ones come from",
        "The program keeps its first credentials. Reload or restart it after each sign-in; a newer version may renew "
        "them automatically.",
        also=("The program's own words may hide another refusal: its debug output has AWS's error code.",),
        needs="valid_beside",
        ground=Ground.LIKENESS,
    ),
    # AWS CLI User Guide, "Configuring environment variables for the AWS CLI": a variable overrides any value of a
    # profile (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html).
    fault(
        r"Expired|has expired|token is expired|TokenRefreshRequired",
        "The sign-in was renewed, but most likely the program does not use it: expired keys in the environment or in "
        "the credentials file come first, or it has another profile.",
        "Remove the expired keys that come before the new sign-in",
        f"{FORGET}  # in a profile: delete its lines in ~/.aws/credentials\n{WHO}",
        "Keys in environment variables override every profile. Look where the program's keys come from, and start it "
        "with AWS_PROFILE set to the profile of the new sign-in.",
        needs="renewed",
        ground=Ground.LIKENESS,
    ),
    fault(
        r"Expired|has expired|token is expired|TokenRefreshRequired",
        "The temporary credentials have expired: permissions are not the cause.",
        "Get new temporary credentials",
        f"{CONFIGURED}  # where the old ones come from\n"
        f"aws sso login  # if that is IAM Identity Center\n{WHO}  # with the new ones",
        "Get new credentials from the same source, and start the program with them. Keys in variables, files or a "
        "program's settings are never renewed: a longer run needs a profile with role_arn, or the role of an instance, "
        "pod or function.",
        needs="of_aws",
    ),
)
