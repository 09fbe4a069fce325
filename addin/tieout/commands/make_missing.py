"""Making what documents lack in the books' lists: accounts, customers, vendors and items, as far as was agreed.

Nothing is made for a document that can't be posted then: everything else that is wrong with it is known before, and
whether its number is free is asked before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tieout.commands import document_findings as say
from tieout.commands.document_parcels import key_of
from tieout.commands.documents_check import Checked
from tieout.commands.list_entries import MISSING, Making, items_named, parties_named
from tieout.commands.numbers_taken import numbers_taken
from tieout.commands.posting_run import Parcel, PostingRun
from tieout.commands.preflight import make_missing as make_accounts
from tieout.commands.sale_desk import Bundle, SaleDesk
from tieout.domain.draft import Draft, hash_of, is_empty
from tieout.domain.finding import Finding
from tieout.domain.payment import Transfer
from tieout.domain.proposal import ACCOUNT, CUSTOMER, ITEM, VENDOR
from tieout.domain.sale import SaleItem
from tieout.limits import QUICKBOOKS_QUERY_VALUES_MAX

# An entry that is to be made: its kind and its name.
Entry = tuple[str, str]


@dataclass(slots=True)
class Made:
    """The check with what was made, and why bundles can't be posted after all, by subject."""

    checked: Checked
    problems: dict[str, list[Finding]] = field(default_factory=dict)

    def say(self, subject: str, finding: Finding) -> None:
        """Note that something is in a bundle's way."""
        if finding not in self.problems.setdefault(subject, []):
            self.problems[subject].append(finding)


def make_missing(checked: Checked, bundles: Sequence[Bundle], run: PostingRun, desk: SaleDesk) -> Made:
    """Make what `bundles`, with which nothing else is wrong, lack; BooksUnavailable where the run can't go on."""
    made = Made(checked)
    needs = {bundle.subject: frozenset(_needed(checked, bundle)) for bundle in bundles}
    lacking = [bundle for bundle in bundles if needs[bundle.subject]]
    if not lacking:
        return made
    wanted = _wanted(made, lacking, needs, run)
    free = [bundle for bundle in lacking if bundle.subject not in made.problems]
    _accounts(made, free, wanted, run)
    making = Making(desk.books, run.writer, run.clock, run.who)
    failed = _parties(made, free, wanted, making) | _items(made, free, wanted, making)
    for bundle in free:
        for entry in sorted(needs[bundle.subject] & failed.keys()):
            made.say(bundle.subject, failed[entry])
    created = {(kind, name) for kind, name in wanted if (kind, name) not in failed}
    proposed = tuple(each for each in checked.proposed if (each.kind, each.name) not in created)
    made.checked = replace(made.checked, proposed=proposed)
    return made


def _needed(checked: Checked, bundle: Bundle) -> Iterator[Entry]:
    """What has to be made before a bundle can be posted."""
    drafts = [draft for draft in bundle.documents if not is_empty(draft)]
    for draft in drafts:
        for line in checked.stand_ins[id(draft)].posted_lines:
            if line.account in checked.before.found.to_make:
                yield ACCOUNT, line.account
    customers, vendors = parties_named(drafts)
    items = {item.name for item in items_named(drafts)}
    for kind, names in ((CUSTOMER, customers), (VENDOR, vendors), (ITEM, items)):
        yield from ((kind, name) for name in names if name in checked.entries[kind].to_make)


def _wanted(
    made: Made, lacking: Sequence[Bundle], needs: Mapping[str, frozenset[Entry]], run: PostingRun
) -> frozenset[Entry]:
    """The entries that a bundle needs whose numbers are free; bundles whose numbers are taken get the finding.

    As many numbers are asked about as it takes to know of each entry; the others are asked about when they are sent.
    """
    unsure = frozenset(entry for bundle in lacking for entry in needs[bundle.subject])
    wanted: frozenset[Entry] = frozenset()
    waiting = list(lacking)
    while unsure and waiting:
        asked: list[Bundle] = []
        rest: list[Bundle] = []
        for bundle in waiting:
            full = sum(len(each.documents) for each in asked) >= QUICKBOOKS_QUERY_VALUES_MAX
            (rest if full or not needs[bundle.subject] & unsure else asked).append(bundle)
        if not asked:
            break
        for bundle in _free(made, asked, run):
            wanted |= needs[bundle.subject]
        unsure -= wanted
        waiting = rest
    return wanted


def _free(made: Made, bundles: Sequence[Bundle], run: PostingRun) -> Iterator[Bundle]:
    """The bundles of which no number is taken by another document."""
    parcels = {key_of(draft, run.books.realm_id): bundle for bundle in bundles for draft in _numbered(bundle)}
    taken = numbers_taken(
        run,
        [
            Parcel(key_of(draft, run.books.realm_id), bundle.subject, hash_of(draft), b"")
            for bundle in bundles
            for draft in _numbered(bundle)
        ],
    )
    for key, finding in taken.items():
        made.say(parcels[key].subject, finding)
    return (bundle for bundle in bundles if bundle.subject not in made.problems)


def _numbered(bundle: Bundle) -> Iterator[Draft]:
    """The documents that can be asked for by number: a transfer has none in the books."""
    return (draft for draft in bundle.documents if not is_empty(draft) and not isinstance(draft, Transfer))


def _accounts(made: Made, bundles: Sequence[Bundle], wanted: frozenset[Entry], run: PostingRun) -> None:
    checked = made.checked
    to_make = {name: one for name, one in checked.before.found.to_make.items() if (ACCOUNT, name) in wanted}
    before = replace(checked.before, found=replace(checked.before.found, to_make=to_make))
    journals = [
        checked.stand_ins[id(draft)] for bundle in bundles for draft in bundle.documents if not is_empty(draft)
    ]
    after = make_accounts(before, journals, books=run.books, writer=run.writer, clock=run.clock, who=run.who)
    for bundle in bundles:
        known = checked.before.findings.get(bundle.subject, ())
        for finding in after.findings.get(bundle.subject, ()):
            if finding not in known:
                made.say(bundle.subject, finding)
    made.checked = replace(
        checked,
        before=after,
        encoder=after.encoder,
        account_names=after.account_names,
        names=replace(checked.names, accounts=after.encoder.names.accounts),
        created=(*checked.created, *(f"account {name}" for name in after.created_accounts)),
    )


def _parties(made: Made, bundles: Sequence[Bundle], wanted: frozenset[Entry], making: Making) -> dict[Entry, Finding]:
    failed: dict[Entry, Finding] = {}
    ids = {CUSTOMER: dict(made.checked.names.customers), VENDOR: dict(made.checked.names.vendors)}
    created: list[str] = []
    named = parties_named([draft for bundle in bundles for draft in bundle.documents if not is_empty(draft)])
    for kind, names in zip((CUSTOMER, VENDOR), named, strict=True):
        for name in names:
            if (kind, name) not in wanted:
                continue
            proposal = made.checked.entries[kind].missing[name]
            found, problem = making.party(proposal, multicurrency=made.checked.terms.multicurrency)
            if found:
                ids[kind][name] = found
                created.append(f"{kind.lower()} {name}")
            else:
                failed[kind, name] = problem or MISSING[kind](name)
    names_now = replace(made.checked.names, customers=ids[CUSTOMER], vendors=ids[VENDOR])
    made.checked = replace(made.checked, names=names_now, created=(*made.checked.created, *created))
    return failed


def _items(made: Made, bundles: Sequence[Bundle], wanted: frozenset[Entry], making: Making) -> dict[Entry, Finding]:
    """An item whose account is not there is not made: that is said of its bundle already."""
    checked = made.checked
    failed: dict[Entry, Finding] = {}
    found: dict[SaleItem, str] = {}
    named = items_named([draft for bundle in bundles for draft in bundle.documents if not is_empty(draft)])
    for item in sorted(named, key=lambda each: each.name):
        account = checked.names.accounts.get(item.account, "")
        if (ITEM, item.name) not in wanted or not account:
            continue
        made_id, problem = making.item(checked.entries[ITEM].missing[item.name], account)
        if made_id:
            found[item] = made_id
        else:
            failed[ITEM, item.name] = problem or say.item_missing(item)
    names = replace(
        checked.names,
        items={**checked.names.items, **{item.name: one for item, one in found.items() if not item.by_sku}},
        skus={**checked.names.skus, **{item.name: one for item, one in found.items() if item.by_sku}},
    )
    created = tuple(f"item {item.name}" for item in found)
    made.checked = replace(checked, names=names, created=(*checked.created, *created))
    return failed
