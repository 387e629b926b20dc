"""How programs report success, one row each, and what the report has in common with the failure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class Success:
    """How a program reports success, and what its failure and its success have in common.

    ``failed`` matches a line of the program's failure, ``succeeded`` a line of its success. If both have a group
    ``of``, it must be the same resource (a stack, an image). ``commands`` matches the program's command: the success is
    for the same operation if such a command precedes both. ``again``: the words themselves say that the call is
    repeated; they count if the text has one failure. ``says_so``: after the words in the failure's line, such a success
    can only be for the same resource. ``lone``: the success is for the same resource if the text mentions only one.
    ``named``: each success names its resource, so that a success of another resource proves nothing.
    """

    failed: re.Pattern[str]
    succeeded: re.Pattern[str]
    commands: re.Pattern[str] | None = None
    again: bool = False
    says_so: bool = False
    lone: bool = False
    named: bool = False


def _success(
    failed: str, succeeded: str, commands: str = "", *, says_so: bool = False, lone: bool = False, named: bool = False
) -> Success:
    compiled = regex(commands) if commands else None
    return Success(regex(failed, re.IGNORECASE), regex(succeeded), compiled, says_so=says_so, lone=lone, named=named)


OTHERWISE = (
    r"\b(?:as|from|under|using|with|when|another|other|different|elsewhere|instead|locally|own|profile|admin\w*)\b"
)
"""Words for another identity or place: a success with these does not repeat the call."""
_FAILS_STILL = r"\b(?:denied|refused|still|tests?)\b"
_NO_DOUBT = (
    r"^(?![^\n]*(?:n['’]t\b|\bnot\b|\bnever\b|\bused to\b|\buntil\b|\bif\b|\bwhy\b|\bbut\b|\?|"
    + _FAILS_STILL
    + "|"
    + OTHERWISE
    + r"))"
    r"[^\n]{0,160}?"
)
_AGAIN = Success(
    regex(r"[\s\S]"),
    regex(
        _NO_DOUBT + r"(?:\b(?:again|second \S+|next (?:run|attempt|try)|re-?r[au]n|retr(?:y|ied))\b"
        r"(?:[^\n.]|\.(?=[.\w])|(?<=\.)\.){0,80}?"
        r"\b(?:worked|succeeded|passed|went through|launched|complete!|succeeds|passes|works|success)(?!\w)"
        r"|\bworks? (?:now|again)\b|\bnow (?:it )?works\b|\bis working (?:now|again)\b)[^\n]*",
        re.IGNORECASE,
    ),
    again=True,
)
_IDENTITY = r"\"Arn\"\s*:\s*\"arn:[\w-]+:(?:iam|sts)::\d{12}:[^\"\n]+\""
_PULUMI_THING = r"(?P<of>\b[a-z][\w-]*:[\w/-]+:[A-Z]\w* +[\w.-]+)"
"""A resource in Pulumi's report, as in ``aws:sqs:Queue jobs``."""
SUCCESSES = (
    _AGAIN,
    _success(
        r"\bassum(?:e|ing)[^\n]{0,400}:role/(?:[\w+=,.@-]+/)*(?P<of>[\w+=,.@-]+)",
        r"\"Arn\"\s*:\s*\"arn:[\w-]+:sts::\d{12}:assumed-role/(?P<of>[\w+=,.@-]+)/[\w+=,.@-]+\"[^\n]*\}"
        r"|(?:[Ss]uccessfully |[Nn]ow )?\b[Aa]ssumed (?:the )?role (?:arn:\S+:role/)?(?P<of_role>[\w+=,.@/-]+)"
        r"|\"AssumedRoleUser\"[^\n]*assumed-role/(?P<of_user>[\w+=,.@-]+)/"
        r"|\b[Ss]ession (?P<of_session>[\w+=,.@-]+)/[\w+=,.@-]+ valid until \d[^\n]*",
    ),
    _success(
        r"\bwith (?P<of>[\w.\[\]\"'-]{3,200}),",
        r"^[ │|]*(?:\S*\d\d:\d\d:\d\d\S* )?(?P<of>[\w.\[\]\"'-]{3,200}): "
        r"(?:Creation|Modifications|Destruction) complete\b[^\n]*",
    ),
    _success(
        r"\bError:|terraform|╷|│",
        r"\bApply complete! Resources:[^\n]*",
        r"(?:terraform|tofu|terragrunt)\b[^\n]*\bapply\b",
    ),
    _success(
        r"\bError:|terraform|╷|│",
        r"\bDestroy complete! Resources:[^\n]*",
        r"(?:terraform|tofu|terragrunt)\b[^\n]*\bdestroy\b",
    ),
    _success(r"❌ +(?P<of>[\w-]+)|_FAILED|\bcdk\b", r"✅ +(?P<of>[\w-]+)[^\n]*"),
    _success(
        r"(?:failed to create/update (?:the )?stack|--stack-name|\bstack(?: named)?)[ :=]+[\"'`]?(?P<of>[\w-]+)"
        r"|(?:CREATE|UPDATE|DELETE)_FAILED|ROLLBACK",
        r"Successfully created/updated stack[ :-]+(?P<of>[\w-]+)[^\n]*"
        r"|(?:CREATE|UPDATE)_COMPLETE\s+\|?\s*AWS::CloudFormation::Stack\s+\|?\s*(?P<of_row>[\w-]+)[^\n]*",
    ),
    _success(r"Could not assume role|configure-aws-credentials", r"Authenticated as assumedRoleId \S+"),
    _success(
        r"docker|\.dkr\.|denied: ", r"\bLogin Succeeded\b", r"(?:docker|podman) login\b|aws ecr get-login-password\b"
    ),
    _success(
        r"(?:failed to pull|pulling) image [\"'`]?(?P<of>[\w./:@-]+)|failed to pull|ErrImagePull|ImagePullBackOff",
        r"Successfully pulled image (?:\"(?P<of>[^\"\n]+)\")?[^\n]*",
    ),
    _success(
        r"externalsecret(?:\.[\w.-]+)?/(?P<of>[\w.-]+)|SecretSyncedError|external-?secrets",
        r"(?:externalsecret(?:\.[\w.-]+)?/(?P<of>[\w.-]+)[^\n]{0,200})?(?:\bSecretSynced\b|\bsecret synced\b)",
    ),
    # ECS developer guide, "Service event messages".
    _success(
        r"\bservice \(?(?P<of>[\w-]+)\)?(?: \([\w -]+\))? (?:failed to launch a task|was unable to |is unable to )",
        r"\bservice \(?(?P<of>[\w-]+)\)? has (?:started \d+ tasks?|reached a steady state)\b[^\n]*",
    ),
    _success(
        r"ResourceInitializationError|tasks? failed to start|CannotPull\w+|CannotStart\w+"
        r"|unable to (?:pull|place|assume)|deployment failed",
        r"\bservice \(?(?P<of>[\w-]+)\)? has reached a steady state\b[^\n]*",
        lone=True,
    ),
    # AWS CodeBuild User Guide, "Build phase transitions": a build that cannot set itself up has no phase BUILD.
    _success(
        r"\[Container\][^\n]*CLIENT_ERROR|Phase context status code|DOWNLOAD_SOURCE",
        r"Phase complete: BUILD State: SUCCEEDED",
        lone=True,
    ),
    # Crossplane, "Troubleshoot": the events of a managed resource.
    _success(
        r"\bCannot(?:Create|Update|Delete)ExternalResource\b",
        r"\b(?:Created|Updated|Deleted)ExternalResource\b[^\n]*",
        lone=True,
    ),
    # cert-manager, "Troubleshooting Problems with ACME / Let's Encrypt Certificates".
    _success(r"\bacme\b|\bchallenges?\b", r"\b[Cc]ertificate (?:has been successfully )?issued\b[^\n]*", lone=True),
    # Kubernetes, "kubectl rollout status".
    _success(
        r"ErrImagePull|ImagePullBackOff|CreateContainerConfigError|CrashLoopBackOff|FailedMount|failed to pull",
        r"(?:deployment|statefulset|daemon set) \"(?P<of>[\w.-]+)\" successfully rolled out",
        lone=True,
    ),
    _success(
        r"(?P<of>[\w-]+)\s+\|?\s*(?:CREATE|UPDATE|DELETE)_FAILED",
        r"(?P<of>[\w-]+)\s+\|?\s*(?:CREATE|UPDATE|DELETE)_COMPLETE\s+\|?\s*AWS::[^\n]*",
    ),
    # The requests of a server's log: the same route.
    _success(
        r"\b(?P<of>(?:GET|POST|PUT|DELETE|PATCH|HEAD) \S+(?: [\w=./-]+){0,4}?)\W{1,4}[45]\d\d\b",
        r"\b(?P<of>(?:GET|POST|PUT|DELETE|PATCH|HEAD) \S+(?: [\w=./-]+){0,4}?)\W{1,4}20\d\b[^\n]*",
    ),
    _success(r"serverless|\bsls\b", r"Service deployed to stack[^\n]*", r"(?:npx )?(?:serverless|sls) deploy\b"),
    # Pulumi, "pulumi up": a line for each resource, with its type, name and status
    # (https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/).
    _success(
        rf"{_PULUMI_THING} \**(?:creating|updating|deleting|replacing)\b",
        rf"{_PULUMI_THING} (?:created|updated|deleted|replaced)\b[^\n]*",
        named=True,
    ),
    _success(r"pulumi|\berror:", r"\bUpdate succeeded\b|^\s*[+~] \d+ (?:created|updated)\b", r"pulumi up\b"),
    # AWS CLI Command Reference, "s3 cp": what it prints for each file.
    _success(
        r"\b(?:upload|download|copy|move) failed: (?P<of>\S+ to s3://\S+|s3://\S+ to \S+)",
        r"\b(?:upload|download|copy|move): (?P<of>\S+ to s3://\S+|s3://\S+ to \S+)",
        named=True,
    ),
    _success(r"\bdelete failed: (?P<of>s3://\S+)", r"\bdelete: (?P<of>s3://\S+)", named=True),
    _success(r"retr(?:y|ying)|attempt", r"[^\n]{0,60}(?:succeeded (?:after|on)|retry succeeded)[^\n]{0,60}"),
    # AWS CLI User Guide, "Configuring IAM Identity Center authentication": what aws sso login prints
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
    _success(
        r"SSO (?:session|token)|Token has expired and refresh failed|UnauthorizedSSOToken",
        r"Successfully logged into Start URL[^\n]*",
        says_so=True,
    ),
    _success(
        r"no basic auth credentials|authorization token has expired|calling the GetAuthorizationToken operation",
        r"\bLogin Succeeded\b",
        says_so=True,
    ),
    _success(
        r"toomanyrequests|no basic auth credentials|authorization token has expired|pull access denied",
        r"Status: (?:Downloaded newer image|Image is up to date) for [^\n]*",
        r"(?:sudo )?(?:docker|podman) pull\b",
    ),
    # A session that is renewed, and the caller's identity with it: of the AWS CLI only, because another program may use
    # other credentials.
    _success(r"An error occurred \((?:Request)?Expired\w*\)", _IDENTITY, says_so=True),
    # A key that was not accepted and now is: only of the call that shows the identity, because another call may be
    # refused for its Region or its partition.
    _success(
        r"An error occurred \((?:Invalid(?:ClientToken|AccessKey)Id|UnrecognizedClient\w*)\) when calling the "
        r"GetCallerIdentity operation",
        _IDENTITY,
        says_so=True,
    ),
    # ExternalDNS goes on after an error in one of its runs, and says this after a run without an error.
    _success(r"(?P<of>Failed to do run once)", r"All records are already up to date"),
    # AWS CDK: it goes on with the caller's own credentials, and says so.
    _success(r"Proceeding anyway", r"\u2705 +[\w-]+[^\n]*", says_so=True),
)
