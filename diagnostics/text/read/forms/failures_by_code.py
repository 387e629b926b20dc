"""Read failures that are neither an IAM denial nor a name conflict, by their code or message."""

from __future__ import annotations

import re

from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.known_messages.not_refusals.taken_names import OTHER_RESOURCE
from diagnostics.text.read.clean.known_words import VOCABULARY
from diagnostics.text.read.forms import missing_entities
from diagnostics.text.read.forms.systems import SYSTEMS
from diagnostics.text.read.messages.context import read_context
from diagnostics.text.read.messages.fields import find_arn, is_no_name, trimmed
from diagnostics.text.read.messages.policy_size import SIGNALS as TOO_LARGE_SIGNALS
from diagnostics.text.read.messages.policy_size import TOO_LARGE
from iam.lazy_pattern import regex

SIGNALS = (
    *("durationseconds", "duration seconds", "exceeds the 1 hour session", "maxsessionduration"),
    *("protected role", "unmodifiableentity", "only modifiable by aws"),
    *("instance profile", "instanceprofile", "instance role found", "emptyrole", "no associated iam roles"),
    *("deleteconflict", "must detach", "must first detach", "must delete", "must first delete", "must remove"),
    *("must first remove", "cannot delete"),
    *("cannot exceed quota", "limitexceeded", "servicequotaexceeded", "maximum policy size of", "can have up to"),
    *("current vcpu limit", "resource limit exceeded"),
    *TOO_LARGE_SIGNALS,
    *(
        "concurrentmodification",
        "another request is currently modifying",
        "another request is modifying",
    ),
    *("invalid principal in policy", "invalid principals", "unsupported principal", "access key id you provided"),
    "token is malformed or otherwise invalid",
    "principalnotfound",
    *(
        "malformedpolicy",
        "policy document should not",
        "contain region",
        "service linked role",
        "invalid condition type",
        "may only specify sts",
        "has prohibited field",
        "missing required field",
        "prefaced by a vendor",
        "failed legacy parsing",
        "must be in arn format",
        "statement ids (sid)",
        "is not valid",
        "policy statement must contain",
        "policy document must contain",
    ),
    "service-linked role",
    *("throttl", "rate exceeded", "toomanyrequests", "slowdown", "throughputexceeded"),
    *("expiredtoken", "tokenrefreshrequired", "security token included in the request", "invalidclienttokenid"),
    *(
        "signaturedoesnotmatch",
        "signature we calculated",
        "invalidsignature",
        "unrecognizedclient",
        "invalidaccesskey",
        "invalidtoken",
    ),
    *("invalidsecuritytoken", "incompletesignature", "missingauthenticationtoken", "missing authentication token"),
    *(
        "timetooskewed",
        "requestexpired",
        "request has expired",
        "authfailure",
        "verification key from your identity",
        "credential",
        "config profile",
    ),
    *("nosuchentity", "cannot be found", "is not attachable", "provider not found for"),
    *(
        "profilenotfound",
        "sso session",
        "sso token",
        "ssotoken",
        "ssoprovider",
        "sso access token",
        "token has expired and refresh failed",
    ),
    *("authorization token has expired", "no basic auth credentials", "regiondisabled"),
    *("sts is not activated", "not yet current", "signature expired", "idpcommunicationerror", "invalididentitytoken"),
    *("token is expired", "token has expired", "no ec2 imds role found"),
    *("must be on the class path", "service account token cannot be parsed"),
    *(
        "only loopback hosts",
        "can only retrieve metadata from these hosts",
        "ec2rolerequesterror",
        "signature does not conform",
    ),
    *("assumeroletokenprovider", "with mfa enabled", "credentials_full_uri has an", "metadataretrievalerror"),
    *(
        "haven't specified the aws",
        "no credentials have been configured",
        "missing credentials in config",
        "static credentials are empty",
        "account id not previously found",
        "ec2imds",
        "169.254.169.254",
        "169.254.170.2",
        ".codeartifact.",
    ),
    *("login attempt to", "401 unauthorized", "authentication required"),
)
_TABLE: tuple[tuple[Trouble, str], ...] = (
    (
        Trouble.SESSION_DURATION,
        r"DurationSeconds\s+exceeds|'?durationSeconds'?\s+failed\s+to\s+satisfy[^\x1e\n]{0,80}less\s+than"
        r"|exceeds\s+the\s+(?:1\s+hour\s+session|MaxSessionDuration)",
    ),
    (Trouble.PROTECTED_ROLE, r"protected\s+role|\bUnmodifiableEntity(?:Exception)?\b|only\s+modifiable\s+by\s+AWS"),
    (
        Trouble.EMPTY_PROFILE,
        r"[Ii]nstance\s+[Pp]rofile(?:\s+[^\s.]{1,140})?\s+(?:associated\s+with\s+the\s+environment\s+)?(?:does\s+not"
        r"|doesn't)\s+(?:contain\s+a\s+role|exist\b)"
        r"|no\s+EC2\s+instance\s+role\s+found(?![^\x1e]{0,400}(?:time(?:d\s+)?out|refused|unreachable|deadline"
        r"|canceled))|for\s+parameter\s+iamInstanceProfile|InstanceProfileNotFound|EmptyRoleA?RN"
        r"|has\s+no\s+associated\s+IAM\s+Roles|Invalid\s+IAM\s+Instance\s+Profile",
    ),
    (
        Trouble.DELETE_CONFLICT,
        r"\bDeleteConflict(?:Exception)?\b|must\s+(?:first\s+)?(?:detach\s+all|delete"
        r"|remove)\s+(?:all\s+)?(?:policies|roles|login|access)\b[^.\x1e]{0,60}first"
        r"|Cannot\s+delete\s+(?:a\s+policy\s+attached|entity,\s+must)",
    ),
    (
        Trouble.QUOTA,
        r"Cannot\s+exceed\s+quota|\bLimitExceeded(?:Exception)?\b|ServiceQuotaExceeded|Maximum\s+policy\s+size\s+of"
        r"|can\s+have\s+up\s+to\s+\d+\s+versions"
        rf"|{TOO_LARGE}"
        # CloudFormation's handler for CloudWatch Logs leaves out the code.
        r"|Resource\s+limit\s+exceeded\.?\s+\(Service:\s+CloudWatchLogs"
        # EC2's codes, as the CLI, an SDK or the API prints them: other programs have limits of time, memory and size.
        r"|(?:\(|\bapi\s+error\s+|<Code>)(?!Request)\w+LimitExceeded\b|\bVcpuLimitExceeded\b"
        # The sentence of that code, which Auto Scaling's activities have without it.
        r"|\b(?:AccessPoint|FileSystem|ThroughputLimit)LimitExceeded\b"
        r"|requested\s+more\s+vCPU\s+capacity\s+than\s+your\s+current\s+vCPU\s+limit(?![\s\S]*\bVcpuLimitExceeded)",
    ),
    (
        Trouble.CONCURRENT,
        r"(?<!util\.)\bConcurrentModification(?:Exception)?\b|Another\s+request\s+is\s+(?:currently\s+)?modifying",
    ),
    (
        Trouble.INVALID_PRINCIPAL,
        r"(?i:invalid\s+principal\s+in\s+policy|\binvalid\s+principals\b|\bunsupported\s+principal\b)"
        r"|Policy\s+Error:\s+PrincipalNotFound\b|\bMalformedPolicy\w*:\s+Invalid\s+principal\b",
    ),
    (
        Trouble.MALFORMED_POLICY,
        r"\bMalformedPolicy(?:Document)?(?:Exception)?\b|\bresource\s+arn:\S+\s+cannot\s+contain\s+region"
        r"|[Pp]olicy\s+document\s+should\s+not|Invalid\s+Condition\s+[Tt]ype"
        # IAM's own sentences on a document, as CloudFormation hands them on without the code.
        r"|AssumeRole\s+policy\s+may\s+only\s+specify\s+STS|[Hh]as\s+prohibited\s+field\s+(?:Not)?(?:Resource"
        r"|Principal)"
        r"|[Mm]issing\s+required\s+field\s+(?:Principal|Resource|Action|Effect)|must\s+be\s+prefaced\s+by\s+a\s+vendor"
        r"|[Pp]olicy\s+failed\s+legacy\s+parsing|Resource\s+\S+\s+must\s+be\s+in\s+ARN\s+format"
        r"|Partition\s+\\?[\"'`][^\s\"'`\\]+\\?[\"'`]\s+is\s+not\s+valid\s+for\s+resource"
        r"|Statement\s+IDs\s+\(SID\)|\bVendor\s+\S+\s+is\s+not\s+valid"
        r"|[Pp]olicy\s+(?:statement|document)\s+must\s+contain\s+(?:resources|actions|valid|at\s+least)",
    ),
    (
        Trouble.SERVICE_ROLE_MISSING,
        r"(?i:service[\s-]+linked\s+role\b[^.\x1e]{0,80}?\s(?:does\s+not|doesn't)\s+exist"
        r"|service[\s-]+linked\s+role\b[^.\x1e]{0,80}?\sis\s+required"
        r"|must\s+enable\s+a\s+service[\s-]+linked\s+role\b)",
    ),
    (
        Trouble.THROTTLING,
        r"\bThrottl(?:ing|ed)Exception\b|\(Throttling\)|\bThrottling:\s|(?<!toomanyrequests:\s)\bRate\s+exceeded"
        r"|RequestLimitExceeded|TooManyRequestsException|\bRequestThrottled\w*|\(SlowDown\)|\bSlowDown:\s"
        r"|<Code>(?:SlowDown|Throttling)<|ProvisionedThroughputExceeded",
    ),
    (
        Trouble.CREDENTIALS,
        r"Access\s+Key\s+Id\s+you\s+provided\s+(?:does\s+not\s+exist|is\s+not\s+valid)"
        r"|\bExpiredToken(?:Exception)?\b|\bTokenRefreshRequired"
        r"|security\s+token\s+included\s+in\s+the\s+request\s+is\s+(?:expired|invalid)|InvalidClientTokenId"
        r"|SignatureDoesNotMatch|request\s+signature\s+we\s+calculated\s+does\s+not\s+match"
        r"|InvalidSignatureException|UnrecognizedClient\w*"
        r"|InvalidAccessKeyId|(?:\(|\berror\s+|<Code>)InvalidToken\b|\bInvalidToken:"
        r"|provided\s+token\s+is\s+malformed\s+or\s+otherwise\s+invalid|InvalidSecurityToken|IncompleteSignature"
        r"|MissingAuthenticationToken|Missing\s+Authentication\s+Token|RequestTimeTooSkewed|\bRequestExpired\b"
        r"|Request\s+has\s+expired|(?:(?:\(|\berror\s+|<Code>|Client\.)AuthFailure\b|\bAuthFailure(?=:\s+(?:AWS|Not"
        r"|The|You)\b))(?!\.\w|[^\x1e]{0,120}Not\s+authorized\s+for\s+images)"
        r"|not\s+able\s+to\s+validate\s+the\s+provided\s+access\s+credentials|Unable\s+to\s+locate\s+credentials"
        r"|Unable\s+to\s+load\s+(?:AWS\s+)?credentials|NoCredential\w*|No\s+credentials?\s+(?:specified|found"
        r"|providers)|[Nn]o\s+valid\s+credential|MissingCredentials\w*"
        r"|(?:Could\s+not|Failed\s+to|Unable\s+to)\s+(?:load|find|resolve|retrieve|refresh"
        r"|get)\s+(?:\w+\s+){0,3}credentials(?![^\x1e]{0,300}(?:\bAccess\s?Denied|Incorrect\s+token\s+audience"
        r"|No\s+OpenIDConnect))|CredentialsProviderError|Missing\s+credentials\s+in\s+config"
        r"|static\s+credentials\s+are\s+empty|AWS\s+account\s+ID\s+not\s+previously\s+found|module\s+must\s+be\s+on\s+the\s+class\s?path"
        r"|Partial\s+credentials\s+found|config\s+profile\s+\S+\s+could\s+not\s+be\s+found|ProfileNotFound"
        r"|failed\s+to\s+get\s+shared\s+config\s+profile"
        r"|could\s+not\s+be\s+found\s+or\s+parsed\s+in\s+shared\s+credentials|Cannot\s+read\s+credentials\s+from\s+\S+"
        r"|SSO\s+session\s+(?:associated\s+with\s+this\s+profile\s+)?has\s+expired|Error\s+loading\s+SSO\s+Token"
        r"|Token\s+has\s+expired\s+and\s+refresh\s+failed|UnauthorizedSSOToken\w*|SSOTokenLoad\w*"
        r"|SSOProviderInvalidToken|SSO\s+access\s+token\s+has\s+either\s+expired|(?:cached|load\w*|read\w*"
        r"|retrieve\w*|retrieving|refresh\w*)\s+(?:\w+\s+)?SSO\s+Token"
        r"|authorization\s+token\s+has\s+expired|no\s+basic\s+auth\s+credentials|RegionDisabled\w*"
        r"|STS\s+is\s+not\s+activated|Signature\s+not\s+yet\s+current|Signature\s+expired|IDPCommunicationError"
        r"|InvalidIdentityToken\w*(?![^\x1e]{0,200}(?:No\s+OpenIDConnect|Incorrect\s+token\s+audience))"
        r"|ExpiredTokenException|credentials\s+(?:have\s+)?expired|token\s+(?:is|has)\s+expired"
        r"|(?i:\b(?:aws|amazon\w*|s3|sts|ecr|boto\w*)\b[^\x1e]{0,200}?[\"'`:]\s*credentials?\s+not\s+found\b)"
        r"|(?i:[\"'`:]\s*credentials?\s+not\s+found\b(?=[^\x1e]{0,200}\b(?:aws|amazon\w*|s3|sts|ecr|boto\w*)\b))"
        r"|no\s+EC2\s+IMDS\s+role\s+found|only\s+loopback\s+hosts\s+are\s+allowed"
        r"|Can\s+only\s+retrieve\s+metadata\s+from\s+these\s+hosts|EC2RoleRequestError"
        r"|signature\s+does\s+not\s+conform|verification\s+key\s+from\s+your\s+identity\s+provider"
        r"|Service\s+account\s+token\s+cannot\s+be\s+parsed"
        r"|Error\s+when\s+retrieving\s+credentials\s+from\s+custom-process"
        r"|AssumeRoleTokenProvider|assume\s+role\s+with\s+MFA\s+enabled"
        r"|[Gg]et\s+credentials:\s+(?:request\s+canceled|context\s+(?:canceled|deadline))"
        r"|AWS_CONTAINER_CREDENTIALS_FULL_URI\s+has\s+an|MetadataRetrievalError|haven't\s+specified\s+the\s+aws\s+\w+"
        # Fluent Bit's signer (https://github.com/fluent/fluent-bit/blob/master/src/flb_signv4.c).
        r"|\[signv4\]\s+Provider\s+returned\s+no\s+credentials"
        r"|no\s+credentials\s+have\s+been\s+configured"
        r"|Error\s+retrieving\s+credentials\s+from\s+the\s+instance\s+profile"
        r"|no\s+providers\s+in\s+chain\s+provided\s+credentials|AWS\s+provider\s+credentials\s+not\s+found"
        # The library object_store (Polars, delta-rs, DataFusion): it asks for an instance's role last.
        r"|Error\s+performing\s+(?:PUT|GET)\s+http://169\.254\.(?:169\.254/latest|170\.2)"
        r"|ec2imds:[^\n]{0,120}StatusCode:\s*401|169\.254\.169\.254[^\n]{0,300}\b401\b"
        r"|\b401\b[^\n]{0,200}\n?[^\n]{0,60}169\.254\.169\.254"
        r"|\.codeartifact\.[\s\S]{0,300}\b(?:401|E401)\b|\b(?:401|E401)\b[\s\S]{0,300}\.codeartifact\."
        r"|\.dkr[.-]ecr\S*[^\n]{0,60}authentication\s+required"
        r"|login\s+attempt\s+to\s+https?://\S*\.dkr[.-]ecr\S*\s+failed|\.dkr[.-]ecr[\s\S]{0,300}\b401\s+Unauthorized",
    ),
    (Trouble.NOT_FOUND, missing_entities.RULE),
)
# What programs of any kind say of their own credentials.
_ANYBODYS = regex(
    r"No credentials? (?:specified|found|providers)|No valid credential"
    r"|(?:Could not|Failed to|Unable to) (?:load|find|resolve|retrieve|refresh|get) [\w ]{0,60}credentials"
    r"|credentials (?:have )?expired|token (?:is|has) expired|.*credentials? not found",
    re.IGNORECASE | re.DOTALL,
)
_OF_AWS = regex(
    r"\baws|amazon|\bboto|\b(?:s3|sts|ecr|ec2|iam|ssm|sso|sqs|sns|rds|eks|ecs|kms|imds|cdk)\b|bedrock|lambda|dynamodb"
    r"|cloudwatch|cloudfront|terraform|CredentialsProvider|credential-provider|persisted/shell defaults"
    r"|from any providers|refresh cached credentials|incoming token|\bCredentialsError: |SharedIniFileCredentials",
    re.IGNORECASE,
)
_OF_OTHERS = regex(
    r"GOOGLE_APPLICATION|google|gcloud|azure|AADSTS|\bjwt\b|npmjs|git-credential|\bgit\b|keycloak|\bokta\b|auth0"
    r"|gitlab",
    re.IGNORECASE,
)


def of_another_program(failure: OtherFailure, pasted: str) -> bool:
    """Return whether the failure is about credentials in words that any program may use, and nothing shows AWS."""
    if failure.trouble is not Trouble.CREDENTIALS:
        return False
    said = _CREDENTIALS.search(failure.text)
    if said is None or not _ANYBODYS.fullmatch(" ".join(said[0].split())):
        return False
    return bool(_OF_OTHERS.search(failure.text)) or not _OF_AWS.search(pasted)


_RULES = tuple(
    (trouble, regex(rule, re.IGNORECASE if trouble is Trouble.CREDENTIALS else 0)) for trouble, rule in _TABLE
)
_EXACT, _LOOSE = _RULES[:4], _RULES[4:]
_CREDENTIALS = next(rule for trouble, rule in _RULES if trouble is Trouble.CREDENTIALS)
_KUBERNETES_USER = regex(r"User\s+\"([^\"]{1,200})\"\s+cannot")
# CloudFormation's rows and Serverless's, without a type: a name that IAM does not take, or a logical ID that says what.
_FOREIGN_NAME = regex(
    r"(?<!\S)[\"'`]?(?P<name>(?!arn:|https?:)[\w+=,.@-]*/[\w+=,.@/-]*)[\"'`]?\s+already\s+exists(?:\s+in\s+stack\b"
    r"|\.?\s*$)"
    r"|An\s+error\s+occurred:\s+\w*(?:Table|Bucket|Queue|Topic|LogGroup|Function|Api|Stream|SecurityGroup|Alarm"
    r"|Cluster|Pool)"
    r"\s+-\s+(?P<other>\S{1,300})\s+already\s+exists"
)
_FOREIGN_TYPE = regex(r"AWS::(?!IAM::)\w+::\w+")

_QUOTA = regex(r"Cannot\s+exceed\s+quota\s+for\s+(?P<name>\w+)\s*:\s*(?P<number>\d+)")
_PROTECTED = regex(r"protected\s+role\s+[\"'`]?(?P<name>[\w+=,.@-]+)")
_PROFILE_ARN = regex(r"instance-profile/(?:[^\s\"'`/]+/)*(?P<name>[\w+=,.@-]+)")
# A name in brackets or quotes, or one word after "Instance Profile": what an SDK adds, "(Service: Ec2, …)", is no name.
_PROFILE = regex(
    r"Value\s+\((?P<value>[\w+=,.@-]{1,128})\)\s+for\s+parameter\s+iamInstanceProfile"
    r"|Instance\s+Profile\s+(?:name\s+|ARN\s+)?(?:\((?P<bracketed>[\w+=,.@-]{1,128})\)"
    r"|(?P<mark>[\"'`])(?P<quoted>[\w+=,.@-]{1,128})(?P=mark)|(?P<name>[\w+=,.@-]{1,128})(?![\w+=,.@-]|:\s))",
    re.I,
)
_SUBJECT = regex(
    r"IAM\s+(?:Role|User|Group|Policy|Instance Profile)\s+\(([^()\s]{1,300})\)"
    r"|\b(?:role|user|group)\s+[\"'`]([\w+=,.@-]{1,64})[\"'`]",
    re.IGNORECASE,
)


def not_iam(text: str, service_hint: str | None = None) -> tuple[int, OtherFailure] | None:
    """Return a denial or a conflict of another system that looks like IAM's; None if there is none."""
    for system in SYSTEMS:
        if match := system.made(text):
            context = read_context(text, at=match.start(), service_hint=service_hint)
            user = _KUBERNETES_USER.search(text)
            return match.start(), OtherFailure(
                text=text,
                trouble=Trouble.NOT_IAM,
                code=context.code,
                operation=context.operation,
                principal=user[1] if user else None,
                name=system.named(text),
                detail=system.name,
            )
    if foreign_name := _FOREIGN_NAME.search(text):
        name = trimmed(foreign_name["name"] or foreign_name["other"])
        return foreign_name.start(), OtherFailure(text=text, trouble=Trouble.NOT_IAM, name=name, detail=OTHER_RESOURCE)
    foreign = _FOREIGN_TYPE.search(text)
    if foreign and "AWS::IAM::" not in text and (row := re.search(r"(\S+)\s+already\s+exists?\b", text)):
        identifier = _IDENTIFIER.search(row[1])
        name = trimmed(identifier["name"] if identifier else row[1].strip("\"'|"))
        return row.start(), OtherFailure(text=text, trouble=Trouble.NOT_IAM, name=name, detail=foreign[0])
    return None


# CloudFormation's registry writes the identifier as JSON: {"/properties/LogGroupName":"/aws/lambda/f"}.
_IDENTIFIER = regex(r"\{\\?\"/properties/\w+\\?\":\s*\\?\"(?P<name>[^\"\\]+)")


def exact(text: str, service_hint: str | None = None) -> tuple[int, OtherFailure] | None:
    """Return the failure whose words are AWS's own and have only one meaning; None if there is none."""
    return _first(text, service_hint, _EXACT)


def loose(text: str, service_hint: str | None = None) -> tuple[int, OtherFailure] | None:
    """Return the failure that is recognized by wording that other texts may also contain.

    Use it only if nothing else was recognized.
    """
    return _first(text, service_hint, _LOOSE)


_ENDED = regex(r"\(ExpiredToken(?:Exception)?\) when calling|\bExpiredToken(?:Exception)?: ")


def _first(
    text: str, hint: str | None, rules: tuple[tuple[Trouble, re.Pattern[str]], ...]
) -> tuple[int, OtherFailure] | None:
    for trouble, rule in rules:
        if trouble is Trouble.SESSION_DURATION and _ENDED.search(text):
            continue  # what was said of the length when the session began; the failure is its end
        if match := rule.search(text):
            context = read_context(text, at=match.start(), service_hint=hint)
            name, detail = _particulars(trouble, text, match)
            kind = missing_entities.missing_entity(text)[0] if trouble is Trouble.NOT_FOUND else None
            return match.start(), OtherFailure(
                text=text,
                trouble=trouble,
                code=context.code,
                operation=context.operation,
                principal=find_arn(text) if trouble is Trouble.CREDENTIALS else None,
                name=name,
                detail=detail,
                entity_type=kind,
            )
    return None


def _particulars(trouble: Trouble, text: str, match: re.Match[str]) -> tuple[str | None, str | None]:
    sentence = _sentence_around(text, match)
    if trouble is Trouble.NOT_FOUND:
        name = missing_entities.missing_entity(text)[1]
        return name, None if name else sentence
    if trouble is Trouble.QUOTA:
        quota = _QUOTA.search(text)
        return (quota["name"], quota["number"]) if quota else (None, sentence)
    if trouble is Trouble.PROTECTED_ROLE and (role := _PROTECTED.search(text)):
        return role["name"], sentence
    if trouble is Trouble.EMPTY_PROFILE and (name := _profile_name(text)):
        return name, sentence
    if subject := _SUBJECT.search(text):
        return subject[1] or subject[2], sentence
    return None, sentence


def _profile_name(text: str) -> str | None:
    """Return the instance profile that the text names, by its ARN or where a sentence gives its name."""
    if of_arn := _PROFILE_ARN.search(text):
        return trimmed(of_arn["name"])
    for found in _PROFILE.finditer(text):
        certain = found["value"] or found["bracketed"] or found["quoted"]
        word = trimmed(found["name"] or "") or ""
        if certain or (word and not is_no_name(word) and word.lower() not in VOCABULARY):
            return certain or word
    return None


# A command before the message that it printed.
_PROMPT = regex(r"^\s*[$#>%\u276f] [^\u2716\u2717]{1,300}?(?=[\u2716\u2717\u2502]|\b[Ee]rror\b)")


def _sentence_around(text: str, match: re.Match[str]) -> str:
    start = max(text.rfind(mark, 0, match.start()) for mark in ("\n", "\r", "\x1e", ". ")) + 1
    stop = min(
        (at for mark in ("\n", "\r", "\x1e", ". ") if (at := text.find(mark, match.end())) >= 0), default=len(text)
    )
    said = _PROMPT.sub("", text[start:stop])
    return re.sub(r"^.*?\boperation(?:\s+\([^()]*\))?:\s+", "", said).strip()[:400]
