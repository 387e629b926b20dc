"""The pages on causes: one for each cause that the demo account shows, with the answer that rolescope gives."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.demo.failures import CONFLICTS, FAILURES, DemoConflict, DemoFailure
from tests.support.papers.manual.commands import one_demo, output
from tests.support.papers.manual.page import Page

LAYERS = {
    "identity": "the policies of the caller",
    "resource": "the policy of the resource",
    "boundary": "the permissions boundary of the caller",
    "session": "the policy that was passed with the session",
    "scp": "a service control policy of the organization",
    "rcp": "a resource control policy of the organization",
    "vpce": "the policy of the VPC endpoint",
    "trust": "the trust policy of the role",
}
FAULTS = {
    "explicit-deny": "a Deny statement matches: no Allow can help",
    "no-action": "no Allow statement names the action",
    "resource-mismatch": "an Allow names the action, but not this resource",
    "condition-unmet": "an Allow names action and resource, and a condition is false (a key that is absent counts)",
    "condition-unknown": "an Allow names action and resource, and a condition depends on a key whose value is unknown",
    "unresolved-variable": "a policy variable of the Allow has no value for this principal",
    "principal-mismatch": "no Allow names this principal",
    "orphan-principal": "the statement names the ID of a principal that was deleted",
    "provider-missing": "the identity provider that it names does not exist",
}
OTHERS = {
    "principal.not-found": "there is no such principal",
    "resource.not-found": "the resource does not exist here, and the nearest existing one is allowed",
    "entity.not-found": "there is no such policy, provider or other entity",
    "role.service-owned": "the role belongs to an AWS service",
    "instance-profile.missing": "there is no such instance profile",
    "instance-profile.empty": "the instance profile has no role",
    "credentials.invalid": "the credentials are wrong or have ended",
    "session.duration": "the session would be longer than the role permits",
    "allowed.now": "everything that can be read allows it",
    "unreadable": "the layer that decides cannot be read from here",
    "not-iam": "the text looks like a denial, and is none of IAM's",
    "name.taken": "the name belongs to another entity of the kind",
    "name.taken-other-case": "the name is taken in another spelling: IAM's names ignore case",
    "name.taken-other-path": "the name is taken under another path: names are unique across paths",
    "name.free": "nothing has the name now",
    "name.other-namespace": "a different kind of entity has the name: no conflict",
    "profile.empty": "the instance profile is there, without a role",
    "profile.other-role": "the instance profile is there, with another role",
    "profile.same-role": "the instance profile is there, with this role",
    "policy.taken": "a policy of the name is there",
    "provider.taken": "an identity provider of the URL is there",
    "deletion.unfinished": "a deletion is under way",
    "quota.reached": "the account has as many as it may",
}


def pages() -> Iterator[Page]:
    shown: dict[str, list[DemoFailure | DemoConflict]] = {}
    known: tuple[DemoFailure | DemoConflict, ...] = (*FAILURES, *CONFLICTS)
    for each in known:
        shown.setdefault(each.cause, []).append(each)
    yield Page("causes", "\n".join(_index(shown)))
    with one_demo():
        for cause, failures in sorted(shown.items()):
            yield Page(_name(cause), "\n".join(_page(cause, failures)))


def _name(cause: str) -> str:
    return f"cause-{cause.replace('.', '-')}"


def meaning(cause: str) -> str:
    """A cause in a sentence. Raises KeyError for what is none."""
    if cause in OTHERS:
        return f"{OTHERS[cause][:1].upper()}{OTHERS[cause][1:]}."
    layer, fault = cause.split(".")
    return f"{LAYERS[layer][:1].upper()}{LAYERS[layer][1:]}: {FAULTS[fault]}."


def _index(shown: dict[str, list[DemoFailure | DemoConflict]]) -> Iterator[str]:
    yield from ("# Causes", "", "Paste what the failing program printed; rolescope answers with a cause.", "")
    yield from (
        "## Shown here",
        "",
        "Each with a text as it is pasted, and the answer on the demo account.",
        "",
    )
    for cause in sorted(shown):
        yield f"- [{cause}]({_name(cause)}.md): {meaning(cause)}"
    yield from ("", "## All causes", "", "A denial's cause is `LAYER.FAULT`.", "", "| layer | |", "| --- | --- |")
    yield from (f"| `{layer}` | {text} |" for layer, text in LAYERS.items())
    yield from ("", "| fault | |", "| --- | --- |", *(f"| `{fault}` | {text} |" for fault, text in FAULTS.items()))
    yield from ("", "The others:", "", "| cause | |", "| --- | --- |")
    yield from (f"| `{cause}` | {text} |" for cause, text in OTHERS.items())


def _page(cause: str, failures: list[DemoFailure | DemoConflict]) -> Iterator[str]:
    yield from (f"# {cause}", "", meaning(cause))
    for number, failure in enumerate(failures, 1):
        title = "The text" if len(failures) == 1 else f"Text {number}"
        yield from ("", f"## {title}", "", "```", failure.text, "```", "", "rolescope answers:", "")
        yield from ("```", *output(_arguments(failure), most=60), "```")


def _arguments(failure: DemoFailure | DemoConflict) -> list[str]:
    arguments = ["diagnose", "--demo", failure.text]
    if isinstance(failure, DemoFailure):
        arguments += ["--role", failure.role] if failure.role else []
        for key, values in failure.context.items():
            arguments += [word for value in values for word in ("--context", f"{key}={value}")]
    return arguments
