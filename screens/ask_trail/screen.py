"""Choose a trail, and see the query and its cost. The result is the query after confirmation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from diagnostics.trail_query.offer import cost_words, offer_lines
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.trail_queries import TrailEngine, TrailQuery, TrailQuestion, TrailSettings, TrailTable
from iam.sources.reader.trail_query_source import TrailQuerySource
from iam.sources.source_error import SourceError
from screens.commands import Command, bindings
from screens.text import marks, visible
from screens.widgets.line import Line
from screens.widgets.modal import CLOSE, TextLines, Window
from screens.widgets.styles import FAINT, KEY, PLAIN, STRONG, WARN
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import run_in_thread

RUN = Command("ask-trail.run", "y", "run it", "Run the query shown.", "This window", True, palette=False)

NONE = (
    "No trail can be queried. The Regions in use have no table of CloudTrail's files in Athena's catalog, and no "
    "event data store."
)


@dataclass(frozen=True, slots=True)
class TrailChoice:
    """A trail and the query for it. ``scope`` distinguishes two queries of the same trail."""

    table: TrailTable
    question: TrailQuestion
    scope: str = ""


@dataclass(frozen=True, slots=True)
class AgreedQuery:
    """A query that the operator agreed to, with the source that runs it."""

    query: TrailQuery
    source: TrailQuerySource


class TrailsFound(Message):
    def __init__(self, source: TrailQuerySource | None, choices: Sequence[TrailChoice], said: str) -> None:
        super().__init__()
        self.source, self.choices, self.said = source, tuple(choices), said


@dataclass(eq=False, repr=False)
class QueryOffered(Message):
    """The query for a choice, or the reason why there is none."""

    choice: TrailChoice
    query: TrailQuery | None
    why: str


COLUMNS = (
    Column("TRAIL", 12, grow=2),
    Column("ASKED BY", 8, grow=1),
    Column("REGION", 9, grow=1),
    Column("", 10, grow=2, style=FAINT),
)


class AskTrail(Window[AgreedQuery]):
    """A window in which the user selects a query.

    ``questions`` are the possible queries by their label in the list ("" if there is only one).
    """

    AUTO_FOCUS = "VirtualTable"
    DECLARED = (CLOSE, RUN)
    BINDINGS: ClassVar[list[BindingType]] = bindings((RUN,))

    def __init__(self, reader: AccountReader, questions: dict[str, TrailQuestion], settings: TrailSettings) -> None:
        super().__init__("Query a trail in place")
        self.reader, self.questions, self.settings = reader, questions, settings
        self.choices: tuple[TrailChoice, ...] = ()
        self.source: TrailQuerySource | None = None
        self.offered: TrailQuery | None = None
        self._wanted: TrailChoice | None = None

    def compose_inside(self) -> Iterable[Widget]:
        yield Line([(f"looking for tables and event data stores {marks().ellipsis}", FAINT)], id="ask-trail-state")
        table = VirtualTable(COLUMNS)
        table.styles.height = 3
        yield table
        yield Line()
        yield TextLines(id="ask-trail-query")

    def on_mount(self) -> None:
        run_in_thread(self, self._find, "ask-trail")

    def _find(self) -> None:
        from iam.sources.aws.reader import trail_source

        try:
            source = trail_source(self.reader, self.settings)
        except SourceError as error:
            self.post_message(TrailsFound(None, (), str(error)))
            return
        choices, said = [], []
        for engine in TrailEngine:
            found = source.trail_tables(engine)
            said += [each for each in (found.why, found.note) if each]
            for table in found.value or ():
                choices += [TrailChoice(table, question, scope) for scope, question in self.questions.items()]
        self.post_message(TrailsFound(source, choices, " ".join(dict.fromkeys(said))))

    def on_trails_found(self, message: TrailsFound) -> None:
        message.stop()
        self.source, self.choices = message.source, message.choices
        table = self.query_one(VirtualTable)
        table.styles.height = 1 + max(1, min(len(self.choices), 6))
        rows = [
            Row(str(at), (visible(each.table.name), each.table.engine.value, each.table.region, each.scope))
            for at, each in enumerate(self.choices)
        ]
        table.show(rows, columns=fitted(COLUMNS, rows))
        self.fit(self.size.height)
        if len(self.choices) == 1:
            self._offer(self.choices[0])
        elif self.choices:
            self._say("enter shows the query and its cost", PLAIN)
        elif message.said:
            self.query_one("#ask-trail-query", TextLines).show(message.said)
            self._say("no trail can be queried", WARN)
        else:
            self._say(NONE, WARN)

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        self._offer(self.choices[int(message.row.id)])

    def _offer(self, choice: TrailChoice) -> None:
        source = self.source
        if source is None:
            return
        self._wanted, self.offered = choice, None
        self._say(f"estimating how much of {visible(choice.table.name)} the query will scan {marks().ellipsis}", FAINT)
        self.query_one("#ask-trail-query", TextLines).show("")

        def work() -> None:
            found = source.trail_query(choice.table, choice.question, self.settings)
            self.post_message(QueryOffered(choice, found.value, found.why))

        run_in_thread(self, work, "ask-trail")

    def on_query_offered(self, message: QueryOffered) -> None:
        message.stop()
        if message.choice is not self._wanted:
            return
        self.offered = message.query
        self.refresh_bindings()
        text = self.query_one("#ask-trail-query", TextLines)
        if message.query is None:
            self._say("this trail cannot be queried", WARN)
            text.show(message.why)
            return
        words = cost_words(message.query)
        self.query_one("#ask-trail-state", Line).show(
            (f"{words[:1].upper()}{words[1:]}. ", STRONG), ("y", KEY), (" runs it", PLAIN)
        )
        text.show("\n".join(list(offer_lines(message.query))[1:]))

    def _say(self, words: str, style: Style) -> None:
        self.query_one("#ask-trail-state", Line).show((words, style))

    def why_not(self, command: Command) -> str:
        if command is RUN and self.offered is None:
            return "There is no query to run yet."
        return super().why_not(command)

    def action_run(self) -> None:
        if self.offered is not None and self.source is not None:
            self.dismiss(AgreedQuery(self.offered, self.source))
