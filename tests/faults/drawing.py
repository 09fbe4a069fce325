"""A schedule of misfortunes from its seed: one kind for certain, others by chance."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.misfortunes import LOST, STORM, UNDONE, Kind, Meddling, Misfortune

Fault = dict[str, Any]


@dataclass
class Schedule:
    """What is to go wrong: the faults of the server, and how each press may end."""

    seed: int
    kinds: list[Kind]
    mood: str
    chance: random.Random
    effects: int
    kills: bool = False
    full: bool = False
    faults: list[Fault] = field(default_factory=list)

    def process(self) -> Misfortune:
        """The process of one press: it dies or meets a full disk where the schedule says so."""
        kill_at = self.chance.randrange(1, self.effects) if self.kills else 0
        start = self.chance.randrange(1, 6)
        full = range(start, start + self.chance.randrange(1, 6)) if self.full else range(0)
        return Misfortune(kill_at, self.chance.random() < 0.5, full)

    def __str__(self) -> str:
        shown = [{**fault, "do": getattr(fault["do"], "__name__", fault["do"])} for fault in self.faults]
        return f"seed {self.seed}: {', '.join(self.kinds)}; request ids {self.mood}; {shown}"


def draw(seed: int, kinds: Sequence[Kind], effects: int) -> Schedule:
    """The schedule of a seed, of these kinds, for presses of about so many effects; `faults_of` gives its faults."""
    chance = random.Random(seed)
    drawn = [kinds[seed % len(kinds)], *chance.sample(list(kinds), chance.choice([0, 1, 1, 2]))]
    drawn = list(dict.fromkeys(drawn))
    mood = "ignored" if Kind.ID_IGNORED in drawn else chance.choice(["replay", "error600", "ignored"])
    return Schedule(seed, drawn, mood, chance, effects, kills=Kind.KILLED in drawn, full=Kind.DISK_FULL in drawn)


def faults_of(schedule: Schedule, meddling: Meddling, writes: Sequence[Mapping[str, str]]) -> list[Fault]:
    """The faults of a schedule. `writes` match the requests that post: the first is the most usual one."""
    schedule.faults = [fault for kind in schedule.kinds for fault in _FAULTS[kind](schedule.chance, meddling, writes)]
    return schedule.faults


Writes = Sequence[Mapping[str, str]]
Maker = Callable[[random.Random, Meddling, Writes], list[Fault]]


def _on(match: Mapping[str, str], nth: int, times: int = 1) -> Fault:
    return {**match, "nth": nth, "times": times}


def _anywhere(chance: random.Random, writes: Writes) -> Mapping[str, str]:
    return chance.choice([writes[0], writes[0], *writes, {"op": "query"}, {"op": "read"}, {"op": "token"}])


def _lost(chance: random.Random, _: Meddling, writes: Writes) -> list[Fault]:
    first = {"match": _on(writes[0], 1, chance.choice([1, 1, 2])), "do": chance.choice(LOST)}
    return [first, {"match": _on(_anywhere(chance, writes), chance.randrange(1, 5)), "do": chance.choice(LOST)}]


def _never(chance: random.Random, _: Meddling, writes: Writes) -> list[Fault]:
    dos = ("reset", "timeout_before")
    first = {"match": _on(writes[0], chance.choice([1, 1, 2])), "do": chance.choice(dos)}
    return [first, {"match": _on(_anywhere(chance, writes), chance.randrange(1, 5)), "do": chance.choice(dos)}]


def _ignored(chance: random.Random, _: Meddling, writes: Writes) -> list[Fault]:
    """Sent twice under one id: what went first was lost before any work, or after it with the answer unheard."""
    return [
        *({"match": _on(match, 1, chance.choice([1, 2])), "do": chance.choice(UNDONE)} for match in writes),
        {"match": _on(writes[-1], 3), "do": chance.choice(LOST)},
    ]


def _lag(chance: random.Random, _: Meddling, writes: Writes) -> list[Fault]:
    lag = {"match": _on({"op": "query"}, 1, 0), "do": "lag", "seconds": chance.randrange(1, 100)}
    return [lag, {"match": _on(writes[0], chance.choice([1, 2])), "do": chance.choice(LOST)}]


def _storm(*dos: str) -> Maker:
    def storm(chance: random.Random, _: Meddling, writes: Writes) -> list[Fault]:
        match = chance.choice([writes[0], {"op": "query"}, {"method": "POST"}])
        return [
            {"match": _on(match, chance.choice([1, 2]), chance.choice([STORM, 5, 9, 40])), "do": chance.choice(dos)}
        ]

    return storm


def _expired(chance: random.Random, meddling: Meddling, writes: Writes) -> list[Fault]:
    match = chance.choice([writes[0], writes[0], {"op": "query"}, {"op": "read"}])
    do = chance.choice([meddling.expire, meddling.expire, "unauthorized"])
    return [{"match": _on(match, chance.choice([1, 1, 2]), chance.choice([1, 1, 2])), "do": do}]


def _raced(chance: random.Random, meddling: Meddling, writes: Writes) -> list[Fault]:
    match = chance.choice([{"op": "token"}, {"op": "token"}, writes[0], {"op": "query"}])
    return [{"match": _on(match, 1), "do": meddling.race}]


def _at_a_write(name: str) -> Maker:
    """Somebody acts once, while one of our writes, or a question of ours, is on its way."""

    def act(chance: random.Random, meddling: Meddling, writes: Writes) -> list[Fault]:
        do = meddling.once(name)
        nth = chance.choice([1, 1, 2])
        first = [{"match": _on(match, nth, 0), "do": do} for match in writes]
        question = {"match": _on({"op": "query"}, chance.randrange(3, 7), 0), "do": do}
        return [*first, question] if chance.random() < 0.5 else first

    return act


def _on_ours(name: str) -> Maker:
    """A person acts on a document of ours, as soon as there is one after some requests."""

    def act(chance: random.Random, meddling: Meddling, writes: Writes) -> list[Fault]:
        do = meddling.once(name, on_ours=True)
        lost = {"match": _on(writes[0], 1), "do": chance.choice(LOST)}
        return [{"match": {"nth": chance.randrange(2, 10), "times": 0}, "do": do}, *([lost] * chance.randrange(2))]

    return act


def _added(chance: random.Random, meddling: Meddling, writes: Writes) -> list[Fault]:
    """Before there is one of ours, or after."""
    return chance.choice([_at_a_write("add"), _on_ours("add")])(chance, meddling, writes)


def _nothing(_chance: random.Random, _meddling: Meddling, _writes: Writes) -> list[Fault]:
    return []


_FAULTS: Mapping[Kind, Maker] = {
    Kind.KILLED: _nothing,
    Kind.DISK_FULL: _nothing,
    Kind.ANSWER_LOST: _lost,
    Kind.NEVER_DONE: _never,
    Kind.ID_IGNORED: _ignored,
    Kind.LAG: _lag,
    Kind.THROTTLED: _storm("throttle"),
    Kind.ERRORS: _storm("error5xx", "html503"),
    Kind.EXPIRED: _expired,
    Kind.RACED: _raced,
    Kind.PRESSED_TWICE: _at_a_write("somebody_presses"),
    Kind.LEASE_TAKEN: _at_a_write("take_lease"),
    Kind.EDITED: _on_ours("edit"),
    Kind.DELETED: _on_ours("remove"),
    Kind.ADDED: _added,
    Kind.INACTIVE: _at_a_write("inactivate"),
    Kind.CLOSED: _at_a_write("close"),
}
