"""Report that the caller's policies allow only other services' actions, or use a prefix that IAM does not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.access_denied.pasted.aws_managed_policies import names_managed
from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.access_denied.pasted.fixes.caller_statement import statement_to_add
from diagnostics.access_denied.pasted.fixes.place import place_of
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.access_denied.pasted.shown_calls import with_further_calls
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import OWNERS, Who
from iam.claims import only
from iam.policy.match import names_action
from iam.policy.statements import Statement
from iam.service_reference import services, spelled
from iam.services import iam_prefix
from iam.words import listing


def of_wrong_prefix(pasted: Sequence[PastedPolicy], action: str, word: str) -> Iterator[Finding]:
    """Yield the statement that names the action with a prefix that IAM does not have.

    For example, ``monitoring:`` for CloudWatch.
    """
    service = action.partition(":")[0]
    for one in pasted:
        for number, statement in enumerate(one.document.statements):
            for named in statement.action or () if statement.effect == "Allow" else ():
                prefix, _, rest = named.partition(":")
                if prefix.lower() in services() or iam_prefix(prefix) != service.lower():
                    continue
                if names_action((f"{service}:{rest}",), action):
                    which = statement.sid or number + 1
                    said = f"statement {which} names {named}, but IAM has no such prefix: write {service}:{rest}"
                    said += _with_same_prefix(statement, named, prefix, service)
                    yield Finding(f"{word}.no-action", said, f"In the text, {said}.")
                    return


def _with_same_prefix(statement: Statement, named: str, prefix: str, service: str) -> str:
    """Return which other actions and ARNs of the statement have the same invalid prefix."""
    actions = [
        each.partition(":")[2] for each in statement.action or () if each.startswith(f"{prefix}:") and each != named
    ]
    arns = [each for each in statement.resource or () if each.split(":")[2:3] == [prefix]]
    other = f", and {listing([f'{service}:{each}' for each in actions])} for its other actions" if actions else ""
    right = [each.replace(f":{prefix}:", f":{service}:", 1) for each in arns]
    return f"{other}; the statement's Resource must be {listing(right)}, not {listing(arns)}" if arns else other


def of_other_services(
    pasted: Sequence[PastedPolicy], denial: Denial, action: str, word: str, *, parts: bool
) -> Iterator[Finding]:
    """Yield a finding if the documents allow only other services' actions and no document is cut off.

    ``parts``: include statements that are outside a document. The text then has no document that could be truncated.
    """
    if not all(one.whole and (parts or not one.part) and not one.speaks for one in pasted):
        return
    allows = [each for one in pasted for each in one.document.statements if each.effect == "Allow"]
    named = dict.fromkeys(name.partition(":")[0] for each in allows for name in each.action or ())
    if not named or any(each.action is None for each in allows):
        return
    service = action.partition(":")[0].lower()
    assumes = [name for each in allows for name in each.action or ()]
    written = not all(one.listed for one in pasted)
    if not written and len(assumes) == 1:
        return  # a sentence about one action: "it can s3:GetObject", which does not exclude others
    if word == "identity" and written and all(name.lower().startswith("sts:assumerole") for name in assumes):
        said = f"the policy allows only assuming roles, and {action} was called without any of these roles"
        text = (
            "Find out why the program did not assume the role: check the role's ARN in the profile or program, "
            "and the program's version."
        )
        note = Note("the call", f"{text} Allow this caller to perform {action} only if it should make the call itself.")
        fix = Fix("Make the call with the role that is to be assumed", Who.CALLER, note)
        yield Finding("identity.no-action", said, f"In the text, {said}.", fix=fix)
        return
    if word == "identity" and any(one.listed for one in pasted) and names_managed(denial.text):
        return
    kin = next((f"{each}:*" for each in named if each and service.startswith(each.lower()) and each != service), "")
    apart = f": {kin} does not cover it, because {service} is a separate prefix" if kin else ""
    said = f"names {only(listing(list(named)), complete=True)}, but no {service} action{apart}"
    layer = LAYERS_IN_WORDS.get(word, "policy")
    limits = f" Other policies can grant only what this policy allows, so this policy must contain {action}."
    more_of_it = limits if word in LAYERS_IN_WORDS else ""
    own = word == "identity" and denial.principal is not None
    how = statement_to_add(denial, action)
    if word == "identity":
        how = with_further_calls(how, denial, action)
    if word == "scp":
        how = f"Add {service}:* to its Action, or attach FullAWSAccess. Each level above the account must allow it."
    note = Note(place_of(denial.principal or "") if own else f"the {layer} in the text", how)
    fix = Fix(f"Allow {spelled(action)}", OWNERS.get(word, Who.ACCOUNT_ADMIN), note)
    yield Finding(f"{word}.no-action", f"it {said}", f"The {layer} in the text {said}.{more_of_it}", fix=fix)
