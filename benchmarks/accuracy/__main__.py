"""`make accuracy`: measure how right quotations and names are on gold, and fail where a figure is below its floor."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.accuracy.figures import Measured, measure_figures
from benchmarks.accuracy.floors import list_faults, raise_floors, read_floors, write_floors
from benchmarks.accuracy.gold import GoldSet, UnreadableGold, parse_part, read_gold
from benchmarks.accuracy.name_score import NAME_FIGURES, count_names
from benchmarks.accuracy.pages import KeptBin, KeptFigure, fill_page, keep_bin, keep_figure, read_kept, write_kept
from benchmarks.accuracy.quotation_score import QUOTATION_FIGURES, count_quotations
from benchmarks.accuracy.reliability import Bin, measure_reliability
from benchmarks.accuracy.tables import Found, annotate_gold
from samestory import __version__
from samestory.annotate.models import DEFAULT_MODEL
from samestory.base.errors import SameStoryError
from samestory.base.resources import resource

CHECKOUT = Path(__file__).resolve().parents[2]
GOLD_FOLDER = resource("data/gold")
FLOORS_FILE, FIGURES_FILE, BINS_FILE = (GOLD_FOLDER / f"{name}.csv" for name in ("floors", "accuracy", "reliability"))
PAGES = (CHECKOUT / "README.md", CHECKOUT / "docs" / "accuracy.md")


def measure_set(gold: GoldSet, found: Found) -> list[Measured]:
    """The figures of one gold set."""
    if gold.kind == "names":
        return measure_figures([count_names(record, found.get(record["id"], [])) for record in gold.records],
                               NAME_FIGURES)
    return measure_figures([count_quotations(record, found.get(record["id"], [])) for record in gold.records],
                           QUOTATION_FIGURES)


def show_set(gold: GoldSet, figures: Sequence[Measured], floors: dict[tuple[str, str], float]) -> None:
    """Print the figures of one set, each with its interval and floor."""
    print(f"\n{gold.name}: {len(gold.records)} articles, {figures[0].n_gold} {gold.kind}")
    for figure in figures:
        floor = floors.get((gold.name, figure.name))
        limit = "" if floor is None else f"   floor {floor:5.1f}" + ("   BELOW IT" if figure.value < floor else "")
        print(f"  {figure.name:20}{figure.value:7.1f}   ({figure.low:5.1f} to {figure.high:5.1f}){limit}")


def show_bins(bins: Sequence[Bin]) -> None:
    """Print the share of right rows at each confidence."""
    for made in bins:
        print(f"  {made.column:20} from {made.lowest:.2f}   mean {made.mean:.2f}   right {made.right:4.0f} %"
              f"   of {made.n}")


def keep(measured: dict[str, list[Measured]], bins: dict[str, list[Bin]], kinds: dict[str, str], texts: str) -> None:
    """Write the figures into data/gold/, and the pages' tables of them."""
    today = datetime.now(UTC).date().isoformat()
    write_kept(FIGURES_FILE, KeptFigure, [keep_figure(name, kinds[name], texts, figure, today, __version__)
                                          for name, figures in measured.items() for figure in figures])
    write_kept(BINS_FILE, KeptBin, [keep_bin(name, made, today, __version__)
                                    for name, of_set in bins.items() for made in of_set])
    rows = read_kept(FIGURES_FILE, KeptFigure), read_kept(BINS_FILE, KeptBin)
    for page in PAGES:
        page.write_text(fill_page(page.read_text(encoding="utf-8"), *rows), encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(prog="make accuracy", description=__doc__)
    parser.add_argument("gold", nargs="?", default="", help="a folder of gold, or one file; data/gold if empty")
    parser.add_argument("--part", type=parse_part, help="'1/3' for a third of the articles, 'not 0/3' for the others")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--raise", dest="raises", action="store_true", help="raise the floors to what was measured")
    parser.add_argument("--keep", action="store_true", help="write the figures into data/gold/ and the pages")
    parser.add_argument("--name", help="the set's name in these files, if there is one set")
    parser.add_argument("--new", action="store_true", help="no rule was written on these articles")
    return parser.parse_args()


def main() -> int:
    """Measure, show, and say what is below its floor; the exit status is 1 if anything is."""
    options = parse_arguments()
    measured, bins, kinds = {}, {}, {}
    floors = {} if options.gold else dict(read_floors(FLOORS_FILE))
    for whole in read_gold(Path(options.gold or GOLD_FOLDER), options.part):
        found, changed, gold = annotate_gold(whole, options.model)
        name = options.name or gold.name
        measured[name], kinds[name] = measure_set(gold, found), gold.kind
        show_set(gold, measured[name], floors)
        if repeats := sorted(whole.ids - gold.ids):
            print(f"  {len(repeats)} articles repeat others and are not read: {', '.join(repeats[:3])}")
        if changed:
            print(f"  {len(changed)} articles were read with another text: {', '.join(changed[:3])}")
        if gold.kind == "quotations":
            bins[name] = measure_reliability(gold, found)
            show_bins(bins[name])
    if options.keep:
        keep(measured, bins, kinds, "new" if options.new else "known")
    if options.raises:
        write_floors(FLOORS_FILE, raise_floors(measured, floors))
        floors = dict(read_floors(FLOORS_FILE))
    faults = list_faults(measured, floors)
    print("", *faults, sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (UnreadableGold, SameStoryError) as problem:
        sys.exit(f"cannot measure: {problem}")
