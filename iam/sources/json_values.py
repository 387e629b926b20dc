"""How values stand in JSON, in AWS's answers and in saved files: a kind for each value, a row for each field.

Both have the same keys. The API gives datetimes and stored document text, files give ISO strings and often decoded
documents. Unknown keys are ignored. A value of another kind than its row's raises `MalformedJson` with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

from iam.foreign_text import shortened
from iam.policy.document import Document, PolicyError, pack

T = TypeVar("T")
Entry = Mapping[str, Any]

_DOCUMENTS: WeakValueDictionary[str | bytes, Document] = WeakValueDictionary()
"""Those in use, by their text or by their packed value. Many roles of an account have one trust policy, word for word:
it is kept, parsed and compiled once."""

# In our own files: the keys of an entry that could not be read when it was saved.
UNREAD = "RolescopeUnread"


class MalformedJson(ValueError):
    """A value of the wrong kind. ``str()`` names the place, what is there and what was expected."""

    def __init__(self, expected: str, got: object) -> None:
        super().__init__(expected)
        self._expected = expected
        self._got = _kind_of(got)
        self._place = ""

    def inside(self, place: str) -> MalformedJson:
        """The same error, seen from outside of the object or list in which it is."""
        self._place = f"{place}{self._place}"
        return self

    def __str__(self) -> str:
        return f"{self._place.removeprefix('.') or 'The value'} is {self._got}, and should be {self._expected}"


class UnknownWord(MalformedJson):
    """A word of AWS's that is newer than this program: ``what`` it is, such as "the effect"."""

    def __init__(self, what: str, word: object) -> None:
        super().__init__(what, word)
        self._word = shortened(str(word), 60)

    def __str__(self) -> str:
        return f"{self._expected} {self._word} is unknown to this version of rolescope"


def _kind_of(value: object) -> str:
    names: dict[type, str] = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        type(None): "null",
    }
    return names.get(type(value), "a number" if isinstance(value, int | float) else "something else")


def _same(value: Any) -> Any:
    return value


def _never(value: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class JsonKind:
    """How one value is read and written; neither is asked for null. ``expected`` says in words what it should be.
    Every value of the type ``plain`` can be read for sure, and so can those that ``fits`` is true of.
    """

    expected: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any] = _same
    fits: Callable[[Any], bool] = _never
    plain: type | None = None


@dataclass(frozen=True, slots=True)
class JsonRow:
    """One field of a type: its key, the type's attribute, and its kind.

    ``api_key`` is AWS's own key where our files have a simpler one; dots lead into objects. What is absent is left to
    the type's default, or ``missing`` stands for what is absent or empty; a function makes it of the other attributes.
    ``empty`` is what an absent list means in an entry that has all details: there it is known to be empty, unless the
    entry says that it is unread, or AWS ``always`` has the key and the entry does not: then somebody took it out.
    ``null``: written even when it is not known.
    """

    key: str
    attribute: str
    kind: JsonKind
    api_key: str = ""
    missing: Any = None
    empty: Any = None
    always: bool = False
    required: bool = False
    null: bool = False


class JsonObject(Generic[T]):
    """A type as an object of JSON, by its rows."""

    def __init__(self, make: Callable[..., T], *rows: JsonRow) -> None:
        self.rows = rows
        self._make = make
        # What is asked ten times for each of ten thousand roles.
        self._reads = tuple(
            (row.api_key.split(".") if row.api_key else (), row.key, row.kind.read, row) for row in rows
        )
        self._derived = tuple(row for row in rows if callable(row.missing))
        self._plain = {row.key: row.kind.plain for row in rows}
        self._fits = {row.key: row.kind.fits for row in rows}
        self._fits |= {row.api_key.partition(".")[0]: _never for row in rows if row.api_key}
        self._required = frozenset(row.key for row in rows if row.required)

    def read(self, entry: Entry, *, detailed: bool = False) -> T:
        """``detailed``: the entry has all details (GetAccountAuthorizationDetails, some of whose tools leave out empty
        lists), so that what is absent is known to be empty. Raises `MalformedJson`.
        """
        return self._make(**self.values(entry, detailed=detailed))

    def fits(self, entry: Any) -> bool:
        """Whether it can be read for sure; some that can are not said to."""
        if type(entry) is not dict:
            return False
        plain, fits = self._plain, self._fits
        for key, value in entry.items():
            if type(value) is not plain.get(key) and value is not None and key in fits and not fits[key](value):
                return False
        return not self._required or all(entry.get(key) is not None for key in self._required)

    def values(self, entry: Entry, *, detailed: bool = False) -> dict[str, Any]:
        """By attribute."""
        if not isinstance(entry, dict):
            raise MalformedJson("an object", entry)
        unread = entry.get(UNREAD, ())
        found: dict[str, Any] = {}
        for api_path, key, read, row in self._reads:
            value = _at(entry, api_path) if api_path else None
            if value is None:
                value = entry.get(key)
            if value is not None:
                try:
                    value = read(value)
                except MalformedJson as error:
                    raise error.inside(f".{key}") from None
            else:
                value = _absent(row, unread if detailed and (not row.always or key in entry) else None)
            if not value and row.missing is not None:
                value = row.missing
            if value is not None:
                found[row.attribute] = value
        for row in self._derived:
            if found[row.attribute] is row.missing:
                found[row.attribute] = row.missing(found)
        return found

    def write(self, value: T) -> dict[str, Any]:
        """The object, without what is not known: but it says which lists with a meaning of their own are."""
        written: dict[str, Any] = {}
        unread: list[str] = []
        for row in self.rows:
            attribute = getattr(value, row.attribute)
            if attribute is not None:
                attribute = row.kind.write(attribute)
            elif row.empty is not None:
                unread.append(row.key)
            if attribute is not None or row.null:
                written[row.key] = attribute
        return {**written, UNREAD: unread} if unread else written


def _absent(row: JsonRow, unread: Any) -> Any:
    """What stands for an absent value; ``unread`` is None for an entry that need not have all details."""
    if row.required:
        raise MalformedJson(row.kind.expected, None).inside(f".{row.key}")
    known = unread is not None and not (isinstance(unread, list) and row.key in unread)
    return row.empty if known else None


def _at(entry: Any, path: Sequence[str]) -> Any:
    for key in path:
        if not isinstance(entry, dict):
            return None
        entry = entry.get(key)
    return entry


# Kinds of single values.


def _reader(kind: type, expected: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        raise MalformedJson(expected, value)

    return read


def _time(value: Any) -> datetime:
    """A moment, always with a time zone: times without one are UTC, as AWS's are."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise MalformedJson("a time like 2026-01-31T12:00:00+00:00", value) from None
    if isinstance(value, int | float) and not isinstance(value, bool):
        # The AWS CLI can be told to write times as seconds since 1970.
        try:
            value = datetime.fromtimestamp(value, UTC)
        except (OverflowError, OSError, ValueError):
            raise MalformedJson("a time", value) from None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    raise MalformedJson("a time", value)


def _is_time(value: Any) -> bool:
    try:
        return 1 < datetime.fromisoformat(value).year < 9999  # in any time zone
    except (TypeError, ValueError):
        return False


def _document(value: Any) -> Document:
    """Stored text, URL-encoded text (as IAM's API sends it), or decoded JSON."""
    if isinstance(value, str | dict):
        try:
            key = value if isinstance(value, str) else pack(value)
        except ValueError:  # nothing that JSON gives
            return Document.from_value(value)
        document = _DOCUMENTS.get(key)
        if document is None:
            made = Document.from_value(key) if isinstance(key, str) else Document.from_packed(key)
            document = _DOCUMENTS[key] = made
        return document
    raise MalformedJson("a policy document (an object or a text)", value)


def _decoded(document: Document) -> Any:
    """An object, as the AWS CLI writes it; the stored text where that is no JSON."""
    try:
        return document.value
    except PolicyError:
        return document.text


TEXT = JsonKind("a text", _reader(str, "a text"), plain=str)
# An empty text is not written.
KNOWN_TEXT = JsonKind("a text", TEXT.read, lambda text: text or None)
NUMBER = JsonKind("a whole number", _reader(int, "a whole number"), plain=int)
FLAG = JsonKind("true or false", bool)
ANYTHING = JsonKind("anything", _same)
TIME = JsonKind("a time", _time, datetime.isoformat, _is_time)
DOCUMENT = JsonKind(
    "a policy document (an object or a text)", _document, _decoded, lambda value: type(value) is str, dict
)


def time_of(entry: Entry, key: str) -> datetime | None:
    """One time of an answer of AWS. Raises `MalformedJson`."""
    value = entry.get(key)
    return None if value is None else _time(value)


def document_of(value: object) -> Document | None:
    """A policy of an answer of AWS, if there is one. Raises `MalformedJson`."""
    return None if value is None else _document(value)


# Kinds of values in values.


def inside(kind: JsonKind, place: str, value: Any) -> Any:
    """``value`` read, with its place in what contains it."""
    try:
        return kind.read(value)
    except MalformedJson as error:
        raise error.inside(place) from None


def list_of(kind: JsonKind) -> JsonKind:
    """A list as a tuple."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise MalformedJson("a list", value)
        found: list[Any] = []
        try:
            for each in value:
                found.append(kind.read(each))
        except MalformedJson as error:
            raise error.inside(f"[{len(found)}]") from None
        return tuple(found)

    plain, one_fits = kind.plain, kind.fits

    def fits(value: Any) -> bool:
        if type(value) is not list:
            return False
        for each in value:  # noqa: SIM110  # the usual list is empty
            if type(each) is not plain and not one_fits(each):
                return False
        return True

    return JsonKind("a list", read, lambda values: [kind.write(each) for each in values], fits)


def by_key(kind: JsonKind) -> JsonKind:
    """An object whose keys are names. Null as a value stays None: "known to have none"."""

    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise MalformedJson("an object", value)
        return {
            key: None if each is None else inside(kind, f".{key}" if key.isidentifier() else f"[{key!r}]", each)
            for key, each in value.items()
        }

    def write(values: Mapping[str, Any]) -> dict[str, Any]:
        return {key: None if each is None else kind.write(each) for key, each in values.items()}

    return JsonKind("an object", read, write)


def object_of(type_: JsonObject[Any]) -> JsonKind:
    return JsonKind("an object", type_.read, type_.write, type_.fits)


def objects_of(type_: JsonObject[Any]) -> JsonKind:
    return list_of(object_of(type_))


TEXTS = list_of(TEXT)
