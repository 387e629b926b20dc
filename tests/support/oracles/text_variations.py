"""The same text in other clothes: pasted twice, with time stamps, escaped, wrapped, quoted, within a long log.

``python -m tests.support.oracles.text_variations [NUMBER] [SEED]`` prints each variation with another answer than the
plain text's, and counts by kind. The answer is the verdict's code and the fields of the failure.
"""

from __future__ import annotations

import json
import random
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.parsed import parsed

ROLE = "arn:aws:sts::444455556666:assumed-role/deploy-prod/ci-run"
EVA = "arn:aws:iam::444455556666:user/eva"
_WHY = "because no identity-based policy allows the {} action"


def _denied(action: str, on: str, who: str = ROLE, why: str = _WHY) -> str:
    operation = action.partition(":")[2]
    return (
        f"An error occurred (AccessDenied) when calling the {operation} operation: User: {who} is not authorized to "
        f"perform: {action} on resource: {on} {why.format(action)}"
    )


TEXTS = (
    _denied("s3:GetObject", "arn:aws:s3:::media-prod/a/b.txt"),
    _denied("sqs:SendMessage", "arn:aws:sqs:eu-west-1:444455556666:jobs", EVA),
    _denied("dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:444455556666:table/orders"),
    _denied(
        "iam:PassRole", "arn:aws:iam::444455556666:role/app", why="with an explicit deny in a permissions boundary"
    ),
    _denied("kms:Decrypt", "arn:aws:kms:eu-west-1:444455556666:key/0c3a1b2d-1111", why=""),
    "EntityAlreadyExists: Role with name deploy-prod already exists.",
    "Job failed: The execution role arn:aws:iam::444455556666:role/emr-jobs does not have permission to perform "
    "s3:GetObject on s3://spark-code/main.py",
    "An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided token has expired.",
)


def twice(text: str, chosen: random.Random) -> str:
    """Pasted twice."""
    return f"{text}{chosen.choice([chr(10), chr(10) * 2])}{text}\n"


def stamped(text: str, chosen: random.Random) -> str:
    """Each line behind a time and a level."""
    hour, minute = chosen.randrange(24), chosen.randrange(60)
    stamp = chosen.choice(
        [f"2026-11-0{chosen.randint(1, 9)}T{hour:02}:{minute:02}:07.123Z", f"[{hour:02}:{minute:02}:07]"]
    )
    return "".join(f"{stamp} {chosen.choice(['ERROR ', ''])}{line}\n" for line in text.splitlines())


def coloured(text: str, chosen: random.Random) -> str:
    """With a terminal's escapes around it."""
    return f"\x1b[{chosen.choice(['31', '1;31', '0;33'])}m{text}\x1b[0m"


def escaped(text: str, chosen: random.Random) -> str:
    """As a value of JSON."""
    return json.dumps({chosen.choice(["message", "msg", "error"]): text, "level": "error"})


def wrapped(text: str, chosen: random.Random) -> str:
    """Cut at 80 columns, as a terminal does."""
    width = chosen.choice([72, 80, 100])
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


def filled(text: str, chosen: random.Random) -> str:
    """Broken between words."""
    return textwrap.fill(text, chosen.choice([60, 80]), break_long_words=False, break_on_hyphens=False)


def quoted(text: str, chosen: random.Random) -> str:
    """Quoted, as in a mail or in Markdown."""
    mark = chosen.choice(["> ", "| ", "    "])
    return "\n".join(f"{mark}{line}" for line in text.splitlines())


def logged(text: str, chosen: random.Random) -> str:
    """One line of a log of 10,000."""
    lines = [f"2026-11-01T10:{at % 60:02}:00Z INFO request {at} done in {at % 97} ms" for at in range(10_000)]
    lines[chosen.randrange(len(lines))] = f"2026-11-01T10:00:00Z ERROR {text}"
    return "\n".join(lines)


KINDS: tuple[Callable[[str, random.Random], str], ...] = (
    twice,
    stamped,
    coloured,
    escaped,
    wrapped,
    filled,
    quoted,
    logged,
)


def answer(text: str) -> list[tuple[object, ...]]:
    """What is answered: of each failure its fields and the verdict's code."""
    found: list[tuple[object, ...]] = []
    for failure in read_text(text):
        fields = parsed(failure)
        said = (fields.principal, fields.action, fields.resource, fields.stated_reason, fields.entity_type, fields.name)
        found.append((type(failure).__name__, *said, collect_offline(failure).verdict.cause))
    return found


def differing(number: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Kind, text and variation where the answer differs; the kind alone where it is the same."""
    chosen = random.Random(seed)
    for at in range(number):
        kind = KINDS[at % len(KINDS)] if at % 40 != 39 else logged
        kind = twice if kind is logged and at % 40 != 39 else kind
        text = chosen.choice(TEXTS)
        made = kind(text, chosen)
        same = answer(made) == answer(text)
        yield kind.__name__, "" if same else text, "" if same else made


def main(arguments: list[str]) -> int:
    number = int(arguments[0]) if arguments else 500
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    counts: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for kind, text, made in differing(number, seed):
        counts[kind] += 1
        if text:
            wrong[kind] += 1
            print(f"{kind}: {answer(text)}\n  {answer(made)}\n  {made[:400]!r}")
    print(f"{sum(counts.values())} variations, {sum(wrong.values())} with another answer: {dict(counts)} {dict(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
