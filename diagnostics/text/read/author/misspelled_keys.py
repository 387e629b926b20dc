"""Find a configuration key, name or address that is almost a valid one: the mistake, and the correct word.

One table: each family finds the words of its kind in a text and knows the valid ones. An invalid word is reported with
the valid word that it resembles. A word that resembles none is not reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from diagnostics.text.read.author.role_annotations import ANNOTATION, unread_annotations
from diagnostics.text.read.author.role_settings import MEANT, no_roles
from iam.facts.service_principals import TAKING_ROLES
from iam.lazy_pattern import regex

_LONGEST = 40_000
_LIKE = 0.82


@dataclass(frozen=True, slots=True)
class Mistake:
    """``said`` is what the text has, ``meant`` is the valid word, ``sentence`` names both and what to do.

    ``decides``: until it is corrected, no other cause matters. ``code`` is the code of the cause, if the mistake is the
    cause itself.
    """

    said: str
    meant: str
    sentence: str
    decides: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Family:
    """Words of one kind.

    ``found`` has the group ``word``; ``listed`` are the valid words; ``near`` searches the text for a sign that it is
    about this kind of word.

    ``other`` are correct words that are never a misspelling of a listed word. ``exact``: letter case matters.
    ``sentence`` contains {said} and {meant}.
    """

    found: re.Pattern[str]
    listed: Sequence[str] | Callable[[], Sequence[str]]
    sentence: str
    near: re.Pattern[str] | None = None
    other: frozenset[str] = frozenset()
    decides: bool = False
    exact: bool = False
    code: str = ""

    @property
    def known(self) -> Sequence[str]:
        return self.listed() if callable(self.listed) else self.listed


@cache
def _operators() -> tuple[str, ...]:
    """Return the condition operators, including those for several values."""
    sets = (f"{kind}:{base}" for kind in ("ForAllValues", "ForAnyValue") for base in OPERATORS)
    return (*OPERATORS, *(f"{base}IfExists" for base in OPERATORS if base != "Null"), *sets)


@cache
def _global_keys() -> tuple[str, ...]:
    from iam.policy.lint.reference import GLOBAL_KEYS

    return tuple(key for key in GLOBAL_KEYS if not key.endswith(("/", "}")))


OPERATORS = tuple(
    f"{kind}{test}"
    for kind, tests in (
        ("String", ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike")),
        ("Numeric", ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")),
        ("Date", ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")),
        ("Arn", ("Equals", "NotEquals", "Like", "NotLike")),
        ("", ("Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "Null")),
    )
    for test in tests
)
"""The condition operators, without IfExists and the set operators."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SERVICE_HOST = ".amazonaws.com"
_PRINCIPALS = tuple(f"{each}{_SERVICE_HOST}" for each in sorted(TAKING_ROLES))
_ISSUERS = _words(
    "token.actions.githubusercontent.com gitlab.com app.terraform.io api.bitbucket.org agent.buildkite.com "
    "oidc.circleci.com accounts.google.com oidc.vercel.com api.pulumi.com/oidc app.harness.io"
)
_FAMILIES: tuple[_Family, ...] = (
    # https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    # https://docs.aws.amazon.com/eks/latest/userguide/configure-sts-endpoint.html
    _Family(
        regex(r"(?<![\w.-])(?P<word>eks\\?\.amazon\w*\\?\.com/[A-Za-z][\w-]*)[\"']?\s*[:=]"),
        _words(
            "eks.amazonaws.com/role-arn eks.amazonaws.com/audience eks.amazonaws.com/sts-regional-endpoints "
            "eks.amazonaws.com/token-expiration eks.amazonaws.com/skip-containers"
        ),
        "The annotation {said} is misspelled and has no effect: EKS reads {meant}. Correct it on the service account "
        "and restart the pods; without the annotation they use the node's role, which needs no more permissions.",
        other=frozenset(_words("eks.amazonaws.com/nodegroup eks.amazonaws.com/compute-type")),
        decides=True,
    ),
    # https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#EVarSettings
    _Family(
        regex(r"(?<![\w$.-])\$?\{?(?P<word>AWS_[A-Z][A-Z_]{4,})(?![\w])"),
        _words(
            "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE AWS_REGION "
            "AWS_DEFAULT_REGION AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE "
            "AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONFIG_FILE "
            "AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_SHARED_CREDENTIALS_FILE "
            "AWS_SDK_LOAD_CONFIG AWS_STS_REGIONAL_ENDPOINTS AWS_EC2_METADATA_DISABLED AWS_CA_BUNDLE AWS_ENDPOINT_URL "
            "AWS_BEARER_TOKEN_BEDROCK"
        ),
        "The variable {said} is misspelled, and no SDK reads it. Rename it to {meant}; until then, the program uses "
        "other credentials or settings, or finds none.",
        other=frozenset(
            _words(
                "AWS_SECRET_KEY AWS_ACCESS_KEY AWS_SECURITY_TOKEN AWS_ACCOUNT_ID AWS_EC2_METADATA_V1_DISABLED "
                "AWS_SESSION_TOKEN_TTL AWS_ENDPOINT_URL_S3 AWS_ROLE_ARNS AWS_REGIONS AWS_PROFILES"
            )
        ),
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    _Family(
        regex(r"[\"'](?P<word>(?!Resources\"\s*:\s*\{)(?!Conditions\"\s*:\s*\{\s*\")[A-Z][A-Za-z]{4,14})[\"']\s*:"),
        _words("Version Statement Effect Principal NotPrincipal Action NotAction Resource NotResource Condition"),
        "A policy has no element {said}: write {meant}. IAM rejects an unknown element, and elsewhere the statement "
        "does not do what you intended.",
        near=regex(r"[\"']Effect[\"']\s*:|[\"']Statement[\"']\s*:"),
        # Members of what the AWS CLI prints beside a policy, such as the tags of aws ec2 describe-tags.
        other=frozenset(
            _words("Actionable Versions ResourceId ResourceIds ResourceType ResourceTypes ResourceArn ResourceARN")
        ),
        decides=True,
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    _Family(
        regex(r"(?<![\w./@-])(?P<word>[a-z][a-z0-9.-]{1,60}\.(?:amazon|aws)\w{0,6}\.com)(?=[\"'])"),
        _PRINCIPALS,
        "No service has the principal {said}; did you mean {meant}? Correct it in the trust policy; a service that the "
        "policy does not name cannot assume the role.",
        near=regex(r"[\"']?Service[\"']?\s*[:=]|identifiers\s*=|ServicePrincipal"),
        decides=True,
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
    _Family(
        regex(
            r"(?:\b(?:aud|audiences?|client[_-]?ids?(?:[_-]list)?|ClientIDList)|:aud)[\"']?\s*[:=]+\s*[\[{\"'\s]*"
            r"(?P<word>(?:https?://)?[a-z]+\.[a-z.]+[a-z]/?)(?=[\"'\s,\]]|$)",
            re.IGNORECASE,
        ),
        ("sts.amazonaws.com",),
        "The audience {said} is misspelled: AWS's own is {meant}, without scheme and slash. Token, provider and trust "
        "policy must all have the same value.",
        other=frozenset(_words("sts.amazonaws.com.cn")),
        decides=True,
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
    _Family(
        regex(
            r"(?:https?://|oidc-provider/|[\"'])(?P<word>[a-z][\w.-]+\.(?:com|io|org))(?=[\"'/:\s]|$)", re.IGNORECASE
        ),
        _ISSUERS,
        "The provider's address {said} is misspelled: the issuer is {meant}. IAM compares it letter by letter.",
        near=regex(r"oidc|web ?identity|:sub\b|:aud\b", re.IGNORECASE),
        decides=True,
    ),
    # https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
    _Family(
        regex(r"(?<![\w./@-])(?P<word>c\w{2,8}-\w{4,12}\.(?:amazon|aws)\w{0,6}\.com:[a-z]{3})(?=[\"']?\s*[:=])"),
        _words(
            "cognito-identity.amazonaws.com:aud cognito-identity.amazonaws.com:amr cognito-identity.amazonaws.com:sub"
        ),
        "The condition key {said} is misspelled: write {meant}. No token has the wrong key, so the condition is never "
        "met, and the pool's users cannot use the role.",
        decides=True,
        code="trust.condition-unmet",
    ),
    # https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#ConfigFileSettings
    _Family(
        regex(r"^[ \t]*(?P<word>[a-z][a-z]*[_-][a-z_-]+)[ \t]*=", re.MULTILINE),
        _words(
            "sso_session sso_start_url sso_region sso_account_id sso_role_name sso_registration_scopes role_arn "
            "source_profile credential_source credential_process external_id mfa_serial role_session_name "
            "duration_seconds web_identity_token_file aws_access_key_id aws_secret_access_key aws_session_token "
            "ca_bundle endpoint_url"
        ),
        "The profile's setting {said} is misspelled and is ignored: it is {meant}.",
        near=regex(r"^[ \t]*\[(?:profile [^\]]+|default|sso-session [^\]]+)\]", re.MULTILINE),
    ),
    # https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html
    _Family(
        regex(r"^[ \t]*(?:-[ \t]+)?(?P<word>[A-Za-z_-]{5,10})[ \t]*:[ \t]+[\"']?arn:", re.MULTILINE),
        _words("rolearn userarn"),
        "aws-auth has no key {said}: write {meant}. An entry without this key maps nobody.",
        near=regex(r"\bmap(?:Roles|Users)\b"),
        decides=True,
        exact=True,
    ),
    # https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    _Family(
        regex(r"^[ \t]*(?P<word>an[a-z]{5,12})[ \t]*:[ \t]*$", re.MULTILINE),
        _words("annotations"),
        "The key {said} is misspelled: a service account has {meant}. Kubernetes ignores the wrong key, so the role is "
        "not used.",
        near=regex(r"eks\.amazonaws\.com/|kind:[ \t]*ServiceAccount"),
        decides=True,
        exact=True,
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    _Family(
        regex(
            r"[\"'](?P<word>(?:For\w{0,12}:)?(?:St\w{0,3}ng|Arn|ARN|Bool|Ip|IP|Numeric|Date|Null|Not)[A-Za-z]*)[\"']\s*:\s*\{"
        ),
        _operators,
        "IAM has no condition operator {said}: write {meant}.",
        near=regex(r"[\"']Condition[\"']\s*:"),
        decides=True,
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html
    _Family(
        regex(r"[\"']Effect[\"']\s*:\s*[\"'](?P<word>[A-Za-z]{3,8})[\"']"),
        _words("Allow Deny"),
        (
            "The Effect of a statement must be exactly Allow or Deny, with a capital first letter: write {meant} "
            "instead of {said}."
        ),
        decides=True,
        exact=True,
    ),
    # https://github.com/aws-actions/configure-aws-credentials
    _Family(
        regex(r"^[ \t]+(?P<word>[a-z]+(?:[_-][a-z]+)+)[ \t]*:[ \t]+\S", re.MULTILINE),
        _words(
            "role-to-assume aws-region role-session-name role-duration-seconds role-external-id role-chaining "
            "web-identity-token-file aws-access-key-id aws-secret-access-key aws-session-token mask-aws-account-id "
            "audience id-token"
        ),
        "The input {said} is misspelled and is ignored: it is {meant}.",
        near=regex(r"configure-aws-credentials"),
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    _Family(
        regex(r"(?:[\"']|^[ \t]+)(?P<word>aws:[A-Z][A-Za-z0-9]{4,40})[\"']?\s*:", re.MULTILINE),
        _global_keys,
        "AWS has no condition key {said}: write {meant}. No request has an unknown key, so the condition does not test "
        "what you intended.",
        near=regex(r"Condition|StringEquals|StringLike|Bool|ArnLike"),
    ),
)
_SCHEME = regex(r"oidc-provider/https?://(?P<host>[\w./-]+)|https?://(?P<key>[\w./-]+):(?:sub|aud)\b")
_SLASH = regex(
    r"(?P<whole>oidc-provider/(?P<host>[\w.-]+(?:/[\w.-]+)*)/)(?=[\"'\s,]|$)|(?P<key>[\w.-]+\.\w+)/:(?P<claim>sub|aud)\b"
)

_PROVIDER = regex(r"oidc-provider/(?P<address>[a-z][\w.-]+\.[\w-]+(?:/[\w.-]+)*/?)(?=[\"'\s,]|$)")
_CLAIM_KEY = regex(r"[\"'](?P<key>(?P<host>[a-z][\w.-]+\.[a-z]+):(?P<claim>sub|aud))[\"']")


def mistakes(text: str) -> tuple[Mistake, ...]:
    """Return the words of the configuration that are almost right, in the order of the families."""
    text = text[:_LONGEST]
    return tuple(
        dict.fromkeys(
            (
                *_addresses(text),
                *_versions(text),
                *(
                    Mistake(said, meant, sentence, decides=True)
                    for said, meant, sentence in unread_annotations(text)
                    if _nearest(said, (ANNOTATION,)) is None or said == ANNOTATION
                ),
                *(Mistake(each.said, MEANT, each.sentence, decides=True) for each in no_roles(text)),
                *(each for family in _FAMILIES for each in _of_family(family, text)),
            )
        )
    )


def deciding_mistake(text: str) -> Mistake | None:
    """Return the text's first mistake that rules out other causes; None if there is none."""
    return next((each for each in mistakes(text) if each.decides), None)


# IAM User Guide, "IAM JSON policy elements: Version"
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html).
_VERSION = regex(
    r"[\"']Version[\"']\s*:\s*[\"'](?P<word>20\d\d-\d{1,2}-\d{1,2})[\"'](?=[\s\S]{0,200}[\"']Statement[\"'])"
)
_VERSIONS = ("2012-10-17", "2008-10-17")


def _versions(text: str) -> Iterator[Mistake]:
    for found in _VERSION.finditer(text):
        if found["word"] not in _VERSIONS:
            said, meant = found["word"], _VERSIONS[0]
            sentence = f"A policy has no Version {said}: write {meant}, which is not the policy's own date."
            yield Mistake(said, meant, sentence, decides=True)


def _addresses(text: str) -> Iterator[Mistake]:
    """Yield mistakes in the issuer of a provider's ARN or of a condition key.

    Both contain the issuer without its scheme, spelled as in the token.
    """
    if found := _SCHEME.search(text):
        said, meant = found[0], found[0].replace("https://", "").replace("http://", "")
        yield Mistake(
            said,
            meant,
            f"Write {meant} without https://: providers' ARNs and condition keys omit the scheme.",
            decides=True,
        )
    yield from _without_path(text)
    if (found := _SLASH.search(text)) and not _ends_with_a_slash(found["host"] or found["key"], text):
        said = found["whole"] or found[0]
        meant = said.rstrip("/").replace("/:", ":")
        yield Mistake(
            said,
            meant,
            f"Write {meant} without the slash at the end, unless the token's iss ends with one: IAM compares letter by "
            "letter.",
        )


def _ends_with_a_slash(issuer: str, text: str) -> bool:
    """Whether the text contains this address with a slash at its end, as the issuer spells it."""
    return re.search(rf"https?://{re.escape(issuer)}/(?=[\"'\s,;)]|$)", text) is not None


def _without_path(text: str) -> Iterator[Mistake]:
    """Yield condition keys that lack the path of the provider's address.

    IAM User Guide, "Available keys for AWS OIDC federation"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html).
    """
    providers = dict.fromkeys(found["address"] for found in _PROVIDER.finditer(text))
    for key in _CLAIM_KEY.finditer(text):
        of_host = [each for each in providers if each.partition("/")[0] == key["host"]]
        if len(of_host) == 1 and "/" in of_host[0]:
            said, meant = key["key"], f"{of_host[0]}:{key['claim']}"
            yield Mistake(
                said,
                meant,
                f"The condition key {said} lacks the path of its provider: write {meant}, and do the same for each "
                "claim. No token has the shorter key, so the condition is never met. IAM supports the claims sub and "
                "aud for every provider, and other claims for only a few.",
                decides=True,
            )
            return


def _of_family(family: _Family, text: str) -> Iterator[Mistake]:
    if family.near is not None and not family.near.search(text):
        return
    words = [found["word"] for found in family.found.finditer(text)]
    known = family.known if words else ()
    for said in words:
        plain = said.replace("\\", "")
        if plain in family.other or plain in known or (not family.exact and plain.lower() in map(str.lower, known)):
            continue
        if meant := _nearest(plain, known):
            yield Mistake(said, meant, family.sentence.format(said=said, meant=meant), family.decides, family.code)


def _nearest(said: str, known: Sequence[str]) -> str | None:
    """Return the valid word with the same letters, or else the most similar one.

    None if none is similar, or two are.
    """
    same = [each for each in known if _letters(each) == _letters(said)]
    if len(same) == 1:
        return same[0]
    tail = len(said.rpartition("/")[2].partition(".")[0])
    rated = sorted(((_likeness(said, each), each) for each in known if _may_be(said, each)), reverse=True)
    if not rated or (len(rated) > 1 and rated[0][0] == rated[1][0]):
        return None
    return rated[0][1] if tail > _SHORT - 1 or rated[0][0] > _VERY_LIKE else None


_SHORT = 3
_VERY_LIKE = 0.93
_MOST_EDITS = 3


def _may_be(said: str, known: str) -> bool:
    """Whether two words differ in few letters, and not in a number."""
    if abs(len(said) - len(known)) > _MOST_EDITS or re.findall(r"\d+", said) != re.findall(r"\d+", known):
        return False
    return _likeness(said, known) >= _LIKE and _apart(said, known) <= _MOST_EDITS


def _apart(said: str, known: str) -> int:
    """Return an upper bound of the number of letters that only one of the two words has."""
    blocks = SequenceMatcher(None, said, known, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks)
    return max(len(said), len(known)) - same


def _likeness(said: str, known: str) -> float:
    return SequenceMatcher(None, said.lower(), known.lower(), autojunk=False).ratio()


def _letters(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^https?://", "", word.lower()))
