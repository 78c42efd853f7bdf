"""Joins speech over several paragraphs: its regions, each left open and then reopened, form one quotation.

The cue may be in any of the paragraphs: the first ("X said: “A / “B”) or the last (“A / “B,” X said). A region
without a cue belongs to the claim on the next member of its chain, or else on the previous one.
"""

from dataclasses import replace
from functools import reduce

from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse, StartEnd


def find_chains(parsed: QuotationParse) -> list[list[int]]:
    """The region numbers of each speech that has two or more regions."""
    chains: list[list[int]] = []
    for number, region in enumerate(parsed.regions):
        goes_on = number > 0 and region.reopened and not parsed.regions[number - 1].closed
        if goes_on:
            chains[-1].append(number)
        else:
            chains.append([number])
    return [chain for chain in chains if len(chain) > 1]


def join_chains(parsed: QuotationParse, claims: list[Claim]) -> list[Claim]:
    """The claims, each with the regions of its chain that no other claim covers."""
    owners = find_owners(parsed, claims)
    added: dict[int, list[StartEnd]] = {}
    for chain in find_chains(parsed):
        held = [number for number in chain if number in owners]
        for number in chain:
            if held and number not in owners:
                nearest = next((other for other in held if other > number), held[-1])
                added.setdefault(owners[nearest], []).append(inner_span(parsed, number))
    return [reduce(_extend_claim, added.get(position, []), claim) for position, claim in enumerate(claims)]


def find_owners(parsed: QuotationParse, claims: list[Claim]) -> dict[int, int]:
    """The regions covered by claims, each with the position of its first claim."""
    owners: dict[int, int] = {}
    for position, claim in enumerate(claims):
        for start, end in claim.spans:
            first, last = parsed.parse.tokens_within(start, end)
            for number in {int(n) for n in parsed.region_at[first:last] if n >= 0}:
                owners.setdefault(number, position)
    return owners


def inner_span(parsed: QuotationParse, number: int) -> StartEnd:
    """The span inside the marks of a region."""
    return parsed.regions[number].inner_start, parsed.regions[number].inner_end


def _extend_claim(claim: Claim, span: StartEnd) -> Claim:
    return replace(claim, spans=tuple(sorted((*claim.spans, span))))
