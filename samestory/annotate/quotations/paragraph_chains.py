"""Joins speech over several paragraphs: its regions, each left open and then reopened, form one quotation.

The cue may be in any of the paragraphs: the first ("X said: “A / “B”) or the last (“A / “B,” X said). A region
without a cue belongs to the claim on the next member of its chain, or else on the previous one.
"""

from dataclasses import replace
from functools import reduce

from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse, StartEnd


def find_chains(reading: QuotationParse) -> list[list[int]]:
    """The region numbers of each speech that has two or more regions."""
    chains: list[list[int]] = []
    for number, region in enumerate(reading.regions):
        goes_on = number > 0 and region.reopened and not reading.regions[number - 1].closed
        if goes_on:
            chains[-1].append(number)
        else:
            chains.append([number])
    return [chain for chain in chains if len(chain) > 1]


def join_chains(reading: QuotationParse, claims: list[Claim]) -> list[Claim]:
    """The claims, each with the regions of its chain that no other claim covers."""
    owners = find_owners(reading, claims)
    added: dict[int, list[StartEnd]] = {}
    for chain in find_chains(reading):
        held = [number for number in chain if number in owners]
        for number in chain:
            if held and number not in owners:
                nearest = next((other for other in held if other > number), held[-1])
                added.setdefault(owners[nearest], []).append(inner_span(reading, number))
    return [reduce(_extend_claim, added.get(position, []), claim) for position, claim in enumerate(claims)]


def find_owners(reading: QuotationParse, claims: list[Claim]) -> dict[int, int]:
    """The regions covered by claims, each with the position of its first claim."""
    owners: dict[int, int] = {}
    for position, claim in enumerate(claims):
        for start, end in claim.spans:
            first, last = reading.parse.tokens_within(start, end)
            for number in {int(n) for n in reading.region_at[first:last] if n >= 0}:
                owners.setdefault(number, position)
    return owners


def inner_span(reading: QuotationParse, number: int) -> StartEnd:
    """The span inside the marks of a region."""
    return reading.regions[number].inner_start, reading.regions[number].inner_end


def _extend_claim(claim: Claim, span: StartEnd) -> Claim:
    return replace(claim, spans=tuple(sorted((*claim.spans, span))))
