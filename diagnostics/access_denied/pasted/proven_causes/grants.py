"""Permissions that a statement or program grants on a secret, task definition or function URL, or by a CDK method."""

from __future__ import annotations

import re
from difflib import get_close_matches

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import Arn
from iam.facts.cdk_grants import GRANTS, KINDS
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.words import listing

_GRANT = regex(
    r"(?<![\w.])(?P<on>[\w.]{1,60})\.(?P<method>grant(?:[A-Z]\w{2,30}|(?:_[a-z]{2,12}){1,4}))\((?P<to>[\w.]{0,60})"
)


_UNLISTED_GRANT = regex(r"\.grants?[.(]")
"""A grant with actions that the program lists itself, or one that uses a construct's newer `grants`."""


def of_a_grant(denial: Denial) -> Finding | None:
    """Return a finding if no grant of a CDK program in the text contains the denied action; None if a grant may."""
    text, action = denial.pasted or denial.text, denial.action or ""
    service = action.partition(":")[0].lower()
    methods = GRANTS.get(service)
    reason, _, layer = (denial.stated_reason or "").partition(":")
    if methods is None or reason == "explicit" or layer not in ("", "identity") or "PolicyStatement" in text:
        return None
    calls = [(each, _camel(each["method"])) for each in _GRANT.finditer(text)]
    own = [(each, name) for each, name in calls if name in methods and _is_on(each["on"], name, service, denial)]
    if not own or any(names_action(methods[name], action) for _, name in calls if name in methods):
        return None
    if _UNLISTED_GRANT.search(text):
        return None
    fitting = [name for name, had in methods.items() if names_action(had, action)]
    enough = min(fitting, key=lambda name: (f"{service}:*" in methods[name], len(methods[name])), default="")
    if not enough:
        return None
    call, method = own[0]
    snake = "_" in call["method"]
    wanted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enough).lower() if snake else enough
    written = f"{call['on']}.{call['method']}({call['to']})"
    said = f"the program calls {written}, which allows {listing(list(methods[method][:4]))}, but not {action}"
    if len(methods[method]) > len(methods[method][:4]):
        said = f"the program calls {written}, which does not allow {action}"
    note = Note("the CDK program", f"Also call {call['on']}.{wanted}({call['to']}), which allows {action}.")
    fix = Fix(f"Grant {action} with {wanted}", Who.CALLER, note)
    return Finding("identity.no-action", said, f"In the text, {said}. Use {wanted}.", fix=fix)


def _camel(method: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), method)


def _is_on(name: str, method: str, service: str, denial: Denial) -> bool:
    """Return whether a grant is on a construct of the service.

    Constructs of other services may have the same method.
    """
    if sum(method in methods for methods in GRANTS.values()) == 1:
        return True
    word = name.rpartition(".")[2].lower()
    return KINDS[service] in word or (len(word) >= _LONG_NAME and word in (denial.resource or "").lower())


_LONG_NAME = 4


_ENDS_LIKE_AN_ARN = regex(r"arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:(?P<name>\S*[^\s/-]-[a-z]{6})")


def of_a_secrets_name(denial: Denial) -> Finding | None:
    """Return a finding if the secret's own name ends with a hyphen and six letters, as a complete ARN does.

    None for any other name. Secrets Manager API reference, "CreateSecret", Name: such names should not be used
    (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html).
    """
    found = _ENDS_LIKE_AN_ARN.fullmatch(denial.resource or "")
    text = denial.pasted or denial.text
    if found is None or not (denial.action or "").lower().startswith("secretsmanager:"):
        return None
    name = found["name"]
    if not re.search(
        rf"(?:[\"'`]|--secret-id[ =]|secret[ _]?name\W{{1,4}}){re.escape(name)}(?![\w/-])", text, re.IGNORECASE
    ):
        return None
    said = f"the secret's name {name} ends with a hyphen and six characters, like the suffix of a complete ARN"
    sentence = (
        f"{said[0].upper()}{said[1:]}: Secrets Manager reads the ARN in the denial as a complete ARN, and a grant on "
        f"{name}-?????? does not cover it."
    )
    note = Note(
        "the program or template",
        "Name the secret by its complete ARN, with the random suffix (in CDK, use fromSecretCompleteArn, not "
        "fromSecretNameV2). Or give the secret a name that does not end this way. The permission for the action is "
        "not missing.",
    )
    fix = Fix("Use the secret's complete ARN", Who.CALLER, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, sentence, fix=fix)


_LISTED_SECRETS = regex(
    r"\blist-secrets\b[^\n]*(?:Name|name)[^\n]*\n"
    r"(?P<names>(?:[ \t]*[\[\]\"][^\n]*\n?|[ \t]*[\w/.+=@-]+[ \t]*(?:\n|$)){1,60})"
)


_SECRET_WITHOUT_SUFFIX = regex(r":secret:(?P<name>[\w/+=.@-]+)$")


def of_an_unlisted_secret(denial: Denial) -> Finding | None:
    """Return a finding if the refused secret is not among those that the text lists; None otherwise.

    The ARN of a secret that exists ends with a hyphen and six characters (AWS Secrets Manager User Guide, "What's in a
    Secrets Manager secret?": https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html).
    """
    asked, text = _SECRET_WITHOUT_SUFFIX.search(denial.resource or ""), denial.pasted or denial.text
    listed = _LISTED_SECRETS.search(text)
    if asked is None or listed is None or not (denial.action or "").lower().startswith("secretsmanager:"):
        return None
    names = re.findall(r"[\w/+=.@-]{2,}", listed["names"])
    if not names or any(each == asked["name"] or asked["name"].startswith(f"{each}-") for each in names):
        return None
    said = f"the text does not list the secret {asked['name']}, but lists {listing(names, limit=4)}"
    near = get_close_matches(asked["name"], names, n=1)
    meant = f" If {near[0]} is intended, use that name, and allow :secret:{near[0]}-??????." if near else ""
    note = Note(
        "the program's setting",
        f"Correct the secret's name, or create the secret.{meant} Allowing a secret that does not exist only changes "
        "the error to ResourceNotFoundException.",
    )
    fix = Fix("Name a secret that exists", Who.CALLER, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)


_OF_URL = regex(r"Function URL authorization issues", re.IGNORECASE)


_URL_GRANT = regex(r"lambda:InvokeFunctionUrl(?![\w])")


_CALL_GRANT = regex(r"lambda:InvokeFunction(?!\w)")


_BY_CLOUDFRONT = regex(r"cloudfront\.amazonaws\.com|x-cache: Error from cloudfront", re.IGNORECASE)


def of_a_function_url(denial: Denial) -> Finding | None:
    """Return a finding if the text grants only one of the two actions that a function URL needs; None otherwise.

    AWS Lambda Developer Guide, "Control access to Lambda function URLs"
    (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).
    """
    text = denial.pasted or denial.text
    if not _OF_URL.search(text) or not _URL_GRANT.search(text) or _CALL_GRANT.search(text):
        return None
    who = "cloudfront.amazonaws.com" if _BY_CLOUDFRONT.search(text) else "the same principal"
    source = ", with the distribution's ARN as aws:SourceArn" if "cloudfront" in who else ""
    said = "the policy allows lambda:InvokeFunctionUrl but not lambda:InvokeFunction"
    sentence = f"In the text, {said}: function URLs created since October 2025 need both permissions."
    source = source or ", with the condition lambda:InvokedViaFunctionUrl = true (--invoked-via-function-url)"
    change = (
        f"Add a permission for lambda:InvokeFunction to {who}{source}. Keep the permission for "
        "lambda:InvokeFunctionUrl."
    )
    note = Note("the function's resource-based policy", change)
    fix = Fix("Allow lambda:InvokeFunction too", Who.RESOURCE_OWNER, note)
    return Finding("resource.no-action", said, sentence, fix=fix)


_RUNS_A_TASK = ("ecs:runtask", "ecs:starttask")


_RESOURCES = regex(r"[\"']?\bResources?\b[\"']?\s*[:=]\s*(?:\[[^\]]{0,8000}\]|[^\n,}]{1,400}[\n,}]?)")


_WRITTEN_TASK = regex(
    r"arn:[\w-]+:ecs:[\w*-]*:[\d*]*:task-definition/(?P<family>[\w-]+)(?P<rest>:[\w*?]+|\*)?(?=[\"'\s,\]]|$)"
)


def of_a_revision(denial: Denial) -> Finding | None:
    """Return a finding if a statement names a task definition without a revision, which ECS requires; None otherwise.

    Amazon ECS Developer Guide, "Identity-based policy examples", Run Amazon ECS tasks
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html).
    """
    text = denial.pasted or denial.text
    action = denial.missing_action or denial.action or ""
    asked = Arn.parse(denial.resource or "")
    if action.lower() not in _RUNS_A_TASK or asked is None or not asked.resource.startswith("task-definition/"):
        return None
    family = asked.id.partition(":")[0]
    written = [found[0] for found in _RESOURCES.finditer(text)]
    named = [found for each in written for found in _WRITTEN_TASK.finditer(each) if found["family"] == family]
    if not named or any(found["rest"] for found in named):
        return None
    arn = named[0][0]
    said = f"the policy names {arn}, without a revision"
    sentence = (
        f"In the text, {said}. ECS requires {action} on the task definition with its revision, whatever the message "
        f"shows: write {arn}:*."
    )
    note = Note("the policy in the text", f"Write {arn}:* instead of {arn}. The new ARN covers every revision.")
    fix = Fix(f"Let the policy name {arn}:*", Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, sentence, fix=fix)


_SANDBOX = regex(
    r"\bProductionAccessEnabled\b\W{1,6}(?:false|False)\b|\bProductionAccessEnabled,[^\n]*\n\s*\[\s*false\b"
    r"|\bSES sandbox\b"
)


def of_the_sandbox(denial: Denial) -> Finding | None:
    """Return a finding if the account is in the SES sandbox, where recipients are identities too; None otherwise.

    Amazon SES developer guide, "Request production access"
    (https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html).
    """
    action, resource = denial.action or "", denial.resource or ""
    if not action.lower().startswith("ses:send") or ":identity/" not in resource or "@" not in resource:
        return None
    if not _SANDBOX.search(denial.pasted or denial.text):
        return None
    address = resource.partition(":identity/")[2]
    said = (
        f"the account is in the SES sandbox and can send mail only to verified identities, so {address} must be "
        "verified, too"
    )
    note = Note(
        "the account, and the policies of the caller",
        "To send to unverified recipients, request production access for this Region. Until then, allow the caller "
        f"{action} on {resource}, in addition to the sender's identity. Each further recipient fails in the same "
        "way.",
    )
    fix = Fix("Request production access, or allow the recipient's identity too", Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)
