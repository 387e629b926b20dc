"""Answer a failure in its sequence: it succeeded later, another failure caused it, or it did not stop the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import NOT_READ, PASTED, Evidence, Status, Step, Verdict
from diagnostics.failure_details import Sequel
from diagnostics.fix import Fix
from diagnostics.text.answer.service_error import DRY_RUN, stated_error
from diagnostics.text.read.messages.exit_status import signal_words
from iam.claims import Ground, at_most_likely, confidence
from iam.lazy_pattern import regex

T = TypeVar("T")


def in_sequence(sequel: Sequel, parts: Iterator[T], instead: Sentence | None = None) -> Iterator[T | Step]:
    """Yield the parts and a step on the sequence, with which the verdict begins; the verdict is at most likely.

    The fixes are left out if the call succeeded later. If only the text is known, they are also left out if another
    failure is the one to explain (`Sequel.beside`). A success that may belong to another call is shown in the step and
    not in the verdict. ``instead`` replaces the sentence on the sequence.
    """
    sentence = instead or sentence_of(sequel)
    decides = sentence.text != _of_something_else(sequel).text
    over = sequel.over
    added = unread = refuted = False
    for part in parts:
        unread = unread or (isinstance(part, Step) and part.id == NOT_READ)
        unread = unread or (isinstance(part, Verdict) and part.by_text)
        match part:
            case Verdict() if sequel.beside and unread:
                yield replace(
                    part, confidence=at_most_likely(part.confidence), summary=sentence.text, sentences=(sentence,)
                )
                continue
            case Step(id=id, status=Status.FAIL) if over and id == PASTED:
                refuted = True  # the same call succeeded although the policy that the text shows lacks something
                continue
            case Verdict() if over and unread:
                # The text alone does not show why the call failed: the success may refute a cause that the text quotes.
                cause, sure = part.cause, at_most_likely(part.confidence)
                if refuted or cause.startswith("trust."):
                    cause, sure = "unreadable", confidence(Ground.NOTHING)
                yield replace(part, cause=cause, confidence=sure, summary=sentence.text, sentences=(sentence,))
                continue
            case Verdict() if over:
                summary = f"{sentence.text} Why it failed before: {part.summary}"
                said = (sentence, Sentence("Why it failed before:"), *(part.sentences or (Sentence(part.summary),)))
                yield replace(part, confidence=at_most_likely(part.confidence), summary=summary, sentences=said)
                continue
            case Verdict() if decides:
                summary = f"{sentence.text} {part.summary}"
                said = (sentence, *(part.sentences or (Sentence(part.summary),)))
                yield replace(part, confidence=at_most_likely(part.confidence), summary=summary, sentences=said)
                continue
            case Step(id="next") if over or sequel.beside:
                continue
            case Fix() if over or (sequel.beside and unread) or sequel.otherwise == "path":
                continue
        yield part
        if isinstance(part, Step) and not added:
            added = True
            evidence = (Evidence(text=sentence.text, layer="message"),)
            status = Status.PASS if decides else Status.UNKNOWN
            yield Step("sequence", "Before and after", status, sentence.text, evidence)


def settled_first(
    sentence: str, parts: Iterator[T], fix: Fix | None = None, *, alone: bool = False
) -> Iterator[T | Fix]:
    """Yield the parts; the verdict begins with ``sentence``, and its confidence is "likely" at most.

    ``fix`` precedes the other fixes.
    ``alone``: the sentence replaces the verdict's other sentences, unless policies were read that decide the request.
    """
    unread = asked = False
    for part in parts:
        unread = unread or (isinstance(part, Step) and part.id == NOT_READ)
        match part:
            case Verdict() if alone and (unread or part.by_text or part.left_open is not None):
                asked = bool(part.unread) and part.cause == "unreadable"
                sure = at_most_likely(part.confidence)
                yield replace(part, confidence=sure, summary=sentence, sentences=(), by_text=not unread)
            case Verdict():
                said = (Sentence(sentence), *(part.sentences or (Sentence(part.summary),)))
                summary = f"{sentence} {part.summary}"
                yield replace(part, confidence=at_most_likely(part.confidence), summary=summary, sentences=said)
            case Fix() if asked:
                continue  # nobody has to be asked for what could not be read
            case _:
                yield part
        if isinstance(part, Verdict) and fix is not None:
            yield fix


_OTHERWISE = {
    "profile": " with another profile",
    "region": " in another Region",
    "host": " at the prompt of another host or user",
    "another path": " at another path",
}


# Terraform's documentation, "The depends_on meta-argument"
# (https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on).
_NEW_RUN = regex(r"\bApply complete!")
_ORDER = (
    " Change no policy. If a new deployment fails in the same way, add depends_on to the failed resource: most likely "
    "it needs something that the same run creates, such as a permission or a role."
)


def sentence_of(sequel: Sequel) -> Sentence:
    """Return a sentence that quotes what the rest of the text says about the failure."""
    other = _OTHERWISE.get(sequel.otherwise, "")
    if sequel.overcome:
        return Sentence(
            f"That call succeeded later{other}: {_quoted(sequel.succeeded)} The other failure is the current one."
        )
    if sequel.there and not sequel.now:
        return Sentence(
            f"The same command worked in {sequel.there}, so most likely the refusing policy limits the Region: "
            f"make the call in {sequel.there}, or have that policy changed. The command that worked: "
            f"{_quoted(sequel.succeeded)}{' It created the resource there.' if sequel.creates else ''}"
        )
    if sequel.otherwise == "path":
        return Sentence(
            f"The API does not have this path, but another path works: {_quoted(sequel.succeeded)} Correct the "
            "path, or deploy the API if the path is new. No credentials are missing."
        )
    if sequel.profile and not (sequel.now or sequel.settled):
        return Sentence(
            f"The same call works with the profile {sequel.profile}: use this profile, if its identity is meant to "
            f"make this call. The call had output: {_quoted(sequel.succeeded)} Change a policy only if the refused "
            "caller should also make this call."
        )
    if sequel.otherwise and not sequel.now:
        advice = "Use that identity; then no policy has to change." if sequel.settled else "Compare the two first."
        return Sentence(f"The same command worked{other}: {_quoted(sequel.succeeded)} {advice}")
    if sequel.succeeded and sequel.now:
        return Sentence(
            "That failure is over: "
            f"{f'the same command worked{other}, ' if other else 'the text later says '}{_quoted(sequel.succeeded)} "
            f"Something else fails now: {_quoted(sequel.now)} First look at the current "
            f"failure.{_what_it_means(sequel.now)}"
        )
    if sequel.earlier:
        return Sentence(
            f"This failure is from an earlier time: {_quoted(sequel.aside)} First fix the other failure, then try "
            "this call again: only a new try shows whether the call still fails."
        )
    if sequel.stated and sequel.aside:
        return Sentence(f"The text says of this failure: {_quoted(sequel.aside)} Fix the other failure first.")
    if sequel.stated:
        return Sentence(
            f"The author says that this is solved: {_quoted(sequel.succeeded)} No further change is needed."
        )
    if sequel.left_out:
        how = "A dry run of the same call" if sequel.dry else "The same call"
        would = f"would succeed. {DRY_RUN}" if sequel.dry else "works, as the text shows."
        return Sentence(
            f"{how} without {sequel.left_out} {would} The refused action is needed only for {sequel.left_out}: "
            f"also allow the action, or leave out {sequel.left_out}."
        )
    if sequel.dry:
        return Sentence(
            f"The call is allowed now: its later dry run says {_quoted(sequel.succeeded)} {DRY_RUN} Repeat the call "
            "without --dry-run; no policy needs to change."
        )
    if sequel.succeeded:
        why = _why_it_failed(sequel)
        advice = "" if why == _NOT_YET else " Change nothing unless it fails again."
        if advice and _NEW_RUN.search(sequel.succeeded):
            advice = _ORDER
        return Sentence(f"The call works again: the text later says {_quoted(sequel.succeeded)}{advice}{why}")
    if sequel.caused_by:
        then = f" {sequel.then}" if sequel.then else ""
        return Sentence(
            f"This failure follows from the failure of {sequel.caused_by}: explain and fix that failure first.{then}"
        )
    if sequel.rolled_back:
        return Sentence(
            f"This call belongs to the rollback after {sequel.rolled_back} was refused. First fix that refusal, and "
            "also allow this call, so that the rollback can finish and the stack can be deleted."
        )
    if sequel.made_by:
        return Sentence(
            f"This is a failure of {sequel.made_by}, not of {sequel.stopped}: explain the other failure first."
        )
    if sequel.fails_otherwise:
        error = stated_error(f"{sequel.fails_otherwise}\n") if sequel.unlisted else None
        return Sentence(
            "The same call later fails for another reason. Continue with the later failure: "
            f"{_quoted(sequel.fails_otherwise)}{f' {error.sentence}' if error is not None else ''}"
        )
    if sequel.missing:
        return Sentence(
            f"A later command shows why: {_quoted(sequel.missing)} The resource that the call names does not "
            "exist, so look at that first."
        )
    if sequel.exists:
        return Sentence(
            f"The resource that this call creates exists already: {_quoted(sequel.exists)} Most likely the call is "
            "not needed now: repeat the step that needed it, and see whether the step still fails."
        )
    if sequel.emptied:
        return Sentence(
            f"After this failure, {sequel.emptied} is empty: later failures caused by its missing value follow from "
            "this failure."
        )
    if sequel.stopped_by and (found := _OWN_ANSWER.search(sequel.stopped_by)):
        return Sentence(
            f"The {found['status']} is a separate failure: {_quoted(sequel.stopped_by)} First look at "
            f"{found['by']}, which returned that status itself. AWS denied a call of another program."
        )
    if sequel.stopped_by:
        return Sentence(
            f"Something else stopped the program: {_quoted(sequel.stopped_by)} Look at that failure first, because "
            f"the program continued after this refusal.{_what_it_means(sequel.stopped_by)}"
        )
    if sequel.alone:
        return Sentence(
            f"The author says that this is not the current failure ({_quoted(sequel.aside).rstrip('.')}), and the "
            "current failure has no message that is known here. Start with the text's words about the current "
            f"failure: {_quoted(sequel.now)}"
        )
    if sequel.aside:
        return Sentence(
            f"The program continued after this refusal: {_quoted(sequel.aside)} The other failure stopped it."
        )
    if sequel.ended:
        return Sentence(f"This refusal did not stop the program, which continued: {_quoted(sequel.ended)}")
    return _of_something_else(sequel)


def _why_it_failed(sequel: Sequel) -> str:
    """The possible reason, as far as the text shows it.

    IAM User Guide, "Changes that I make are not always immediately visible"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency), and
    "Secure API access with MFA"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
    """
    if sequel.with_mfa:
        return (
            " The successful call was made with MFA, but the event of the refused call shows no MFA: a condition "
            "on aws:MultiFactorAuthPresent refuses calls without MFA."
        )
    if sequel.external_id:
        return (
            f" The successful call sent the external ID {sequel.external_id}, which the text's trust policy "
            "requires. Most likely the refused call sent a different ID or none. Keep the condition."
        )
    if sequel.changed:
        return f" Between the two calls, the text has a change, which may be the reason: {_quoted(sequel.changed)}"
    if sequel.recent:
        return _NOT_YET if sequel.run_again else _PERHAPS_NOT_YET
    return ""


_PERHAPS_NOT_YET = (
    " New policies, keys and roles take a few seconds to take effect, which may have been the reason. If the "
    "failure happens again, let the call wait for them (depends_on, DependsOn), or retry the call."
)
_NOT_YET = (
    " Add no permission: most likely a new policy, key or role had not taken effect yet, which takes a few "
    "seconds. Let the call wait for that resource (depends_on, DependsOn), or retry the call."
)


_OWN_ANSWER = regex(r"\b(?P<by>[A-Za-z][\w-]{1,40})\[\d+\][^\n]*? /\S*\W{1,5}(?P<status>40[13])\b[^\n{]*\{")


def _what_it_means(line: str) -> str:
    """The meaning of the status of a health check, or of a request for a missing object.

    The target or the container answers a health check, not an AWS service (Elastic Load Balancing, "Troubleshoot
    your Application Load Balancers":
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html;
    Kubernetes, "Configure Liveness, Readiness and Startup Probes":
    https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/). S3 answers
    404 for a missing object to a caller that may list the bucket, and 403 to others
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    """
    if _CHECK_REFUSED.search(line):
        return " The program itself, not IAM, refuses this check: give the check a path that needs no sign-in."
    if _CLUSTER_REFUSED.search(line):
        return " Kubernetes refuses this: allow it in a Role or ClusterRole (RBAC). IAM is not involved."
    if _NOT_READY.search(line):
        return " Helm waited for pods that did not become ready: look at the pods' state and events (kubectl)."
    if _SERVER_REFUSED.search(line):
        return (
            " The server that curl called rejected the request: check the token that you sent or the server's allow "
            "list, not these policies."
        )
    if _NO_ANSWER.search(line):
        return " curl got no connection or answer: look at the network path. No permission was checked."
    if _NO_OBJECT.search(line):
        return " No object has this key: list the bucket. No permission is missing."
    ended = signal_words(line)
    return f" {ended}" if ended else ""


# Kubernetes, "Using RBAC Authorization" (https://kubernetes.io/docs/reference/access-authn-authz/rbac/).
_CLUSTER_REFUSED = regex(r"\bis forbidden: User \"")
# Helm, "helm upgrade": --wait and --timeout (https://helm.sh/docs/helm/helm_upgrade/).
_NOT_READY = regex(
    r"\b(?:UPGRADE|INSTALLATION) FAILED: (?:context deadline exceeded|timed out waiting for the condition)"
)
_NO_OBJECT = regex(r"\(404\) when calling the HeadObject operation|\(NoSuchKey\) when calling the GetObject operation")
# curl's manual, "Exit codes" (https://curl.se/docs/manpage.html).
_SERVER_REFUSED = regex(r"curl: \(22\)[^\n]*\b40[13]\b")
_NO_ANSWER = regex(r"curl: \((?:5|6|7|28|56)\)")
_CHECK_REFUSED = regex(r"(?:probe failed|health checks? failed)[^\n]*\b40[13]\b", re.IGNORECASE)


def _of_something_else(sequel: Sequel) -> Sentence:
    return Sentence(f"Later in the text: {_quoted(sequel.later)} It may belong to another run.")


def _quoted(words: str) -> str:
    """The words in quotation marks, with one full stop at the end."""
    return f"“{words.rstrip('.')}”."
