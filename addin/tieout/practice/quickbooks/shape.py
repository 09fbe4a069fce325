"""What an object of the API may hold: field by field, with Intuit's names, lengths and enumerations.

A shape reads the JSON of a request into a clean document: unknown properties, wrong types, lengths and
enumerations are faults with Intuit's codes; empty text and null mean "no value", as in Intuit's own handling of
full updates; what Intuit computes itself (totals, balances, metadata) is accepted and dropped.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tieout.practice.quickbooks.faults import Fault, FaultError
from tieout.practice.quickbooks.figures import Doc, decimal_of

_AMOUNT_WHOLE_DIGITS = 11
_AMOUNT_PLACES = 5


@dataclass(frozen=True, slots=True)
class Field:
    """One property: its name, how its value is read, and (for references) what it points at."""

    name: str
    read: Callable[["Reading", str, Any], Any]
    length: int | None = None
    values: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    part: "Shape | None" = None
    many: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """An object or a part of one: `name` is the type's name in Intuit's schema."""

    name: str
    fields: Mapping[str, Field]

    def read(self, body: Any, *, keep_cleared: bool = False) -> Doc:
        """The clean document of a request's object; Fault if it does not fit.

        With `keep_cleared` (a sparse update) a property sent as null or "" stays, as None: it clears the field.
        """
        reading = Reading(keep_cleared)
        clean = reading.part(self, "", body)
        if reading.errors:
            raise Fault(*reading.errors)
        return clean if clean is not None else {}

    def references(self) -> Iterable[Field]:
        """The fields of this shape, not of its parts, that point at other objects."""
        return (field for field in self.fields.values() if field.targets)


class Reading:
    """One reading of a request body: collects every error, as Intuit lists them all in one fault."""

    def __init__(self, keep_cleared: bool) -> None:
        self.keep_cleared = keep_cleared
        self.errors: list[FaultError] = []

    def refuse(self, code: str, detail: str, element: str) -> None:
        """Note an error and go on reading."""
        self.errors.append(FaultError(code, detail, element))

    def part(self, shape: Shape, path: str, value: Any) -> Doc | None:
        """A part of the document; None if it is not a JSON object."""
        if not isinstance(value, dict):
            self.refuse("2010", f"Property Name:{path or shape.name} must be an object", path or shape.name)
            return None
        clean: Doc = {}
        for name, item in value.items():
            field = shape.fields.get(name)
            if field is None:
                self.refuse("2010", f"Property Name:{name} specified is unsupported or invalid", name)
            elif item is None or item == "":
                if self.keep_cleared and not path:
                    clean[name] = None
            else:
                read = self._field(field, name, item)
                if read is not None or (self.keep_cleared and not path and field.targets):
                    clean[name] = read  # {"value": ""} in a sparse update clears the reference
        return clean

    def _field(self, field: Field, name: str, item: Any) -> Any:
        if field.part is None:
            return field.read(self, name, item) if not field.values else _read_choice(self, field, item)
        if not field.many:
            return self.part(field.part, name, item)
        if not isinstance(item, list):
            self.refuse("2010", f"Property Name:{name} must be a list", name)
            return None
        parts = (self.part(field.part, name, element) for element in item)
        return [part for part in parts if part is not None]


def shape(name: str, *fields: Field) -> Shape:
    """A shape of the named fields."""
    return Shape(name, {field.name: field for field in fields})


def text(name: str, length: int | None = None) -> Field:
    """Text of at most `length` characters."""

    def read(reading: Reading, element: str, value: Any) -> str | None:
        if not isinstance(value, str):
            value = str(value) if isinstance(value, int) and not isinstance(value, bool) else None
        if value is None:
            reading.refuse("2010", f"Property Name:{element} must be text", element)
            return None
        if length is not None and len(value) > length:
            reading.refuse(
                "2050",
                "String length specified does not match the supported length."
                f" Min:0 Max:{length} supported. Supplied length:{len(value)}",
                element,
            )
            return None
        return str(value)

    return Field(name, read, length=length)


def flag(name: str) -> Field:
    """A boolean; the text "true" and "false" are taken too."""

    def read(reading: Reading, element: str, value: Any) -> bool | None:
        known = {True: True, False: False, "true": True, "false": False}
        if isinstance(value, (bool, str)) and value in known:
            return known[value]
        reading.refuse("2230", f"Invalid Boolean : {element}", element)
        return None

    return Field(name, read)


def day(name: str) -> Field:
    """A date, YYYY-MM-DD; a time zone or a time after it is cut off."""

    def read(reading: Reading, element: str, value: Any) -> str | None:
        try:
            return date.fromisoformat(str(value)[:10]).isoformat()
        except ValueError:
            reading.refuse("2070", f"Invalid date. Supplied value:{value}", element)
            return None

    return Field(name, read)


def number(name: str) -> Field:
    """A decimal in Intuit's 10.5 format, exact."""

    def read(reading: Reading, element: str, value: Any) -> Any:
        parsed = decimal_of(value)
        if parsed is None:
            reading.refuse("2140", f"Invalid amount. Supplied value:{value}", element)
            return None
        if parsed.adjusted() >= _AMOUNT_WHOLE_DIGITS:
            reading.refuse("2240", f"Supplied value:{value} is out of range", element)
            return None
        return round(parsed, _AMOUNT_PLACES) if -int(parsed.as_tuple().exponent) > _AMOUNT_PLACES else parsed

    return Field(name, read)


def rate(name: str) -> Field:
    """A decimal of any number of places (exchange rates, percentages)."""

    def read(reading: Reading, element: str, value: Any) -> Any:
        parsed = decimal_of(value)
        if parsed is None:
            reading.refuse("2090", f"Invalid number. Supplied value:{value}", element)
        return parsed

    return Field(name, read)


def choice(name: str, *values: str) -> Field:
    """One of Intuit's enumeration values."""
    return Field(name, _never_read, values=values)


def _read_choice(reading: Reading, field: Field, value: Any) -> str | None:
    if value in field.values:
        return str(value)
    reading.refuse("2170", f"Invalid Enumeration : {value}", field.name)
    return None


def ref(name: str, *targets: str) -> Field:
    """A reference {value, name, type}; `targets` are the kinds it may point at."""

    def read(reading: Reading, element: str, value: Any) -> Doc | None:
        if not isinstance(value, dict) or not set(value) <= {"value", "name", "type"}:
            reading.refuse("2010", f"Property Name:{element} is not a reference", element)
            return None
        if value.get("value") in (None, ""):
            return None
        kept = {"value": str(value["value"])}
        if value.get("type"):
            kept["type"] = str(value["type"])
        return kept

    return Field(name, read, targets=targets)


def inner(name: str, part: Shape) -> Field:
    """A part with its own shape."""
    return Field(name, _never_read, part=part)


def several(name: str, part: Shape) -> Field:
    """A list of parts."""
    return Field(name, _never_read, part=part, many=True)


def computed(*names: str) -> tuple[Field, ...]:
    """Properties QuickBooks sets itself; a request may carry them, they are dropped."""
    return tuple(Field(name, _drop) for name in names)


def loose(*names: str) -> tuple[Field, ...]:
    """Properties the practice company keeps as they are sent, without a rule of its own."""
    return tuple(Field(name, _keep) for name in names)


def _drop(_reading: Reading, _element: str, _value: Any) -> None:
    return None


def _keep(_reading: Reading, _element: str, value: Any) -> Any:
    return value


def _never_read(_reading: Reading, element: str, _value: Any) -> None:
    raise AssertionError(f"{element} is read by its part or its values")
