"""How values are represented in AWS's responses and in saved files: a kind for each value, a row for each field.

Both have the same keys. The API returns datetimes and stored document text; files contain ISO strings and often decoded
documents. Unknown keys are ignored. A value of the wrong kind raises `MalformedJson` with its location.
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
"""The documents in use, by their text or packed value.

Many roles of an account have exactly the same trust policy. It is then stored, parsed and compiled only once.
"""

# In rolescope's own files: the keys of an entry that could not be read when the file was saved.
UNREAD = "RolescopeUnread"


class MalformedJson(ValueError):
    """Raised for a value of the wrong kind. ``str()`` says where the value is, what it is, and what was expected."""

    def __init__(self, expected: str, got: object) -> None:
        super().__init__(expected)
        self._expected = expected
        self._got = _kind_of(got)
        self._place = ""

    def inside(self, place: str) -> MalformedJson:
        """Add the location of the object or list that contains the value, and return the error."""
        self._place = f"{place}{self._place}"
        return self

    def __str__(self) -> str:
        return f"{self._place.removeprefix('.') or 'The value'} is {self._got}, and should be {self._expected}"


class UnknownWord(MalformedJson):
    """Raised for a value from AWS that is newer than this version of rolescope. ``what`` describes it: "the effect"."""

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
    """How values of one kind are read and written. Neither function is called for null.

    ``expected`` describes a correct value. Values of the type ``plain``, and those for which ``fits`` returns True, are
    certain to be readable.
    """

    expected: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any] = _same
    fits: Callable[[Any], bool] = _never
    plain: type | None = None


@dataclass(frozen=True, slots=True)
class JsonRow:
    """One field of a type: its key in JSON, the type's attribute, and the kind of its values.

    ``api_key`` is AWS's own key, if the saved files have a simpler one; dots lead into objects. A missing value gets
    the type's default, or ``missing``, which also replaces an empty value; it may be a function of the other
    attributes. ``empty`` is what a missing list means in an entry with all details: the list is known to be empty,
    unless the entry marks it as unread. ``always``: AWS always sends the key, so a missing list was removed by somebody
    and is unknown. ``null``: the field is written even if it is unknown.
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
    """The JSON representation of a type, defined by one row for each field."""

    def __init__(self, make: Callable[..., T], *rows: JsonRow) -> None:
        self.rows = rows
        self._make = make
        # Computed once, because it is needed ten times for each of ten thousand roles.
        self._reads = tuple(
            (row.api_key.split(".") if row.api_key else (), row.key, row.kind.read, row) for row in rows
        )
        self._derived = tuple(row for row in rows if callable(row.missing))
        self._plain = {row.key: row.kind.plain for row in rows}
        self._fits = {row.key: row.kind.fits for row in rows}
        self._fits |= {row.api_key.partition(".")[0]: _never for row in rows if row.api_key}
        self._required = frozenset(row.key for row in rows if row.required)

    def read(self, entry: Entry, *, detailed: bool = False) -> T:
        """Return the value that an entry represents. Raises `MalformedJson`.

        ``detailed``: the entry comes from GetAccountAuthorizationDetails and has all details, so a missing list is
        known to be empty. Some tools leave out empty lists.
        """
        return self._make(**self.values(entry, detailed=detailed))

    def fits(self, entry: Any) -> bool:
        """Whether the entry is certain to be readable. False also for some readable entries."""
        if type(entry) is not dict:
            return False
        plain, fits = self._plain, self._fits
        for key, value in entry.items():
            if type(value) is not plain.get(key) and value is not None and key in fits and not fits[key](value):
                return False
        return not self._required or all(entry.get(key) is not None for key in self._required)

    def values(self, entry: Entry, *, detailed: bool = False) -> dict[str, Any]:
        """Return an entry's values by attribute."""
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
        """Return a JSON object for the value, without unknown fields.

        It lists those unknown fields whose absence would otherwise mean an empty list.
        """
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
    """Return the replacement for a missing value: empty, or None if the value is unknown.

    ``unread`` lists the keys that could not be read; it is None for an entry that may omit details.
    """
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
    """Return a time, always with a time zone. A time without one is in UTC, like AWS's."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise MalformedJson("a time like 2026-01-31T12:00:00+00:00", value) from None
    if isinstance(value, int | float) and not isinstance(value, bool):
        # The AWS CLI can be configured to write times as seconds since 1970.
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
    """Parse a document: stored text, URL-encoded text (as IAM's API sends it), or decoded JSON."""
    if isinstance(value, str | dict):
        try:
            key = value if isinstance(value, str) else pack(value)
        except ValueError:  # not a value that JSON can represent
            return Document.from_value(value)
        document = _DOCUMENTS.get(key)
        if document is None:
            made = Document.from_value(key) if isinstance(key, str) else Document.from_packed(key)
            document = _DOCUMENTS[key] = made
        return document
    raise MalformedJson("a policy document (an object or a text)", value)


def _decoded(document: Document) -> Any:
    """Return the document as an object, as the AWS CLI writes it; or as the stored text if that is not JSON."""
    try:
        return document.value
    except PolicyError:
        return document.text


TEXT = JsonKind("a text", _reader(str, "a text"), plain=str)
# An empty string is not written.
KNOWN_TEXT = JsonKind("a text", TEXT.read, lambda text: text or None)
NUMBER = JsonKind("an integer", _reader(int, "an integer"), plain=int)
FLAG = JsonKind("true or false", bool)
ANYTHING = JsonKind("anything", _same)
TIME = JsonKind("a time", _time, datetime.isoformat, _is_time)
DOCUMENT = JsonKind(
    "a policy document (an object or a text)", _document, _decoded, lambda value: type(value) is str, dict
)


def time_of(entry: Entry, key: str) -> datetime | None:
    """Return a time from AWS's response, or None if the key is missing. Raises `MalformedJson`."""
    value = entry.get(key)
    return None if value is None else _time(value)


def document_of(value: object) -> Document | None:
    """Return a policy from AWS's response, or None if it is missing. Raises `MalformedJson`."""
    return None if value is None else _document(value)


# Kinds of nested values.


def inside(kind: JsonKind, place: str, value: Any) -> Any:
    """Read ``value``. An error includes ``place``, the value's location in the containing object or list."""
    try:
        return kind.read(value)
    except MalformedJson as error:
        raise error.inside(place) from None


def list_of(kind: JsonKind) -> JsonKind:
    """Return the field type for a list of values of this type. Such a list is parsed as a tuple."""

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
    """Return the kind for an object whose keys are names.

    A null value is read as None, which means "known to have none".
    """

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


def unless_empty(kind: JsonKind) -> JsonKind:
    """Return the kind for a value that is written only if it is not empty."""
    return JsonKind(kind.expected, kind.read, lambda value: kind.write(value) or None)


def object_of(type_: JsonObject[Any]) -> JsonKind:
    return JsonKind("an object", type_.read, type_.write, type_.fits)


def objects_of(type_: JsonObject[Any]) -> JsonKind:
    return list_of(object_of(type_))


TEXTS = list_of(TEXT)
