"""Facts that a text states outside IAM's own message.

If the text is only one message, the modules that read other facts are not loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostics.text.read.one_message import is_alone, message_alone

if TYPE_CHECKING:
    from diagnostics.failure import Failure
    from diagnostics.text.read.author.contrasts import Contrast
    from diagnostics.text.read.author.stated_facts import Fact, Facts
    from diagnostics.text.read.messages.service_sentences import FoundSentence
    from diagnostics.text.read.messages.stated_reasons import Stated


def prose_in(text: str) -> FoundSentence | None:
    """Return the service's sentence in the text, or None."""
    if message_alone(text) is not None:
        return None
    from diagnostics.text.read.messages import refusals_in_own_words

    return refusals_in_own_words.prose_in(text)


def granted_in(text: str) -> frozenset[str]:
    """Return the actions, in lower case, that the text says a policy contains."""
    if message_alone(text) is not None:
        return frozenset()
    from diagnostics.text.read.author import granted

    return granted.granted_in(text)


def allowed_by(action: str, text: str, *, managed: bool = False) -> str:
    """Return the words by which the text says that a policy allows the action; "" if it does not say so."""
    if message_alone(text) is not None:
        return ""
    from diagnostics.text.read.author import granted

    return granted.allowed_by(action, text, managed=managed)


def stated_in(text: str) -> Stated | None:
    """Return the reason that the text states in its own words, or None."""
    if message_alone(text) is not None:
        return None
    from diagnostics.text.read.messages import stated_reasons

    return stated_reasons.stated_in(text)


def identity_answered(text: str) -> str | None:
    """Return the ARN of the caller that the text shows as the output of ``get-caller-identity``, or None."""
    if message_alone(text) is not None:
        return None
    from diagnostics.text.read import command_outputs

    return command_outputs.identity_answered(text)


def differences(text: str) -> tuple[Contrast, ...]:
    """Return the differences between what works and what fails that the text mentions."""
    if message_alone(text) is not None:
        return ()
    from diagnostics.text.read.author import contrasts

    return contrasts.differences(text)


def facts_of(failure: Failure) -> Facts:
    """Return the facts that the failure's text states."""
    if is_alone(failure):
        return {}
    from diagnostics.text.read.author import stated_facts

    return stated_facts.facts_of(failure)


def attached_policy(sentence: str, text: str) -> Fact | None:
    """Return the words that say that a managed policy named in the sentence is attached, or None."""
    if message_alone(text) is not None:
        return None
    from diagnostics.text.read.author import stated_facts

    return stated_facts.attached_policy(sentence, text)
