"""The command line: run, annotate, check, sample and export; other modules do the work."""

import argparse
import io
import os
import re
import shlex
import signal
import sys
import warnings
from collections.abc import Sequence

from samestory import __version__
from samestory.base.errors import SameStoryError
from samestory.base.garbage import collect_garbage_rarely
from samestory.commands.interrupts import listen_for_interrupts

BROKEN_PIPE_STATUS = 141  # that of a program that SIGPIPE ended
PATH_BYTES_PATTERN = re.compile("[\udc80-\udcff]+")  # bytes of a path that are no text, as Python decodes them

PROJECT_ENDING = ".qdpx"
# of samestory.export.exports, for which help is not to wait
EXPORT_FORMAT_NAMES = ("w3c", "conllu", "tei", "qdpx", "rocrate", "docx", "xlsx")
MOST_EVENT_REPORTS = 200  # reports that --each-event makes unless a number is given


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0, 1 if a notebook failed, 2 for a usage error, or 128 and a signal's number.

    Without `arguments` it is the command itself: it listens for signals, and ends the process at once, without
    waiting for its threads or for Python to take its modules apart, which takes most of a second.
    """
    if arguments is not None:
        return _run(arguments)
    status = _run(None)
    sys.stderr.flush()
    os._exit(status)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        if arguments is None:
            listen_for_interrupts()
            collect_garbage_rarely()
            # requests ignores it while it is imported, which a thread that restores the filters at that moment undoes
            warnings.filterwarnings("ignore", message="SOCKS support in urllib3")
        _print_any_character()
        options = _make_parser().parse_args(arguments)
        status = int(options.act(options))
        print(end="", flush=True)
        return status
    except SameStoryError as error:
        print(f"samestory: {error}", file=sys.stderr)
        return 2
    except UnicodeEncodeError as error:
        if not PATH_BYTES_PATTERN.fullmatch(error.object[error.start:error.end]):
            raise
        print(f"samestory: {error.object!r} is no name in {sys.getfilesystemencoding()}, the encoding of paths here;"
              " choose another folder with --out, --reports, TMPDIR or SAMESTORY_CACHE", file=sys.stderr)
        return 2
    except BrokenPipeError:  # nobody reads on, as in `samestory check FOLDER | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE_STATUS
    except KeyboardInterrupt as interrupt:
        print("samestory: stopped; finished articles are kept", file=sys.stderr, flush=True)
        return 128 + (interrupt.args[0] if interrupt.args else signal.SIGINT)


def _print_any_character() -> None:
    """Escape characters that the terminal's encoding lacks, rather than fail on them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="samestory", allow_abbrev=False,
                                     description="Compare how news outlets report the same event.")
    parser.add_argument("--version", action="version", version=f"samestory {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    corpus_help = "folder, file or glob of articles, or the URL of one (s3://...)"

    run = commands.add_parser("run", help="write the report of a corpus", allow_abbrev=False)
    run.add_argument("corpus", nargs="?", help=f"{corpus_help}; default: the two seed articles")
    run.add_argument("--reports", default="reports", metavar="DIR", help="where reports are written")
    run.add_argument("--only", action="append", default=[], metavar="NOTEBOOK", help="this notebook; repeatable")
    run.add_argument("-p", dest="assignments", action="append", default=[], metavar="NAME=VALUE",
                     help="a parameter of the notebooks; repeatable")
    run.add_argument("-f", "--parameters-file", dest="files", action="append", default=[], metavar="FILE",
                     help="parameters in YAML, as for papermill; -p overrides it; repeatable")
    run.add_argument("--each-event", type=_parse_positive_number, nargs="?", const=MOST_EVENT_REPORTS, metavar="N",
                     help="a report of each event and an index of them, in DIR/<corpus>-events; of the N events that"
                     f" most outlets report, {MOST_EVENT_REPORTS} by default")
    run.set_defaults(act=_run_command)

    annotate = commands.add_parser("annotate", help="write the tables of a corpus as Parquet", allow_abbrev=False)
    annotate.add_argument("corpus", help=corpus_help)
    annotate.add_argument("--out", required=True, metavar="DIR", help="folder or URL where the tables are written")
    annotate.add_argument("--model", metavar="NAME", help="name or path of a spaCy pipeline, or python:module:function")
    annotate.add_argument("--workers", type=_parse_positive_number, metavar="N",
                          help="local processes; default: this one for up to 100 new articles, else one per core")
    annotate.add_argument("--cluster", metavar="ADDRESS",
                          help="address of a Dask scheduler, such as tcp://10.0.0.1:8786")
    annotate.add_argument("--dashboard", action="store_true", help="print the address of Dask's dashboard")
    annotate.set_defaults(act=_annotate_command)

    _add_check_command(commands, corpus_help)
    _add_sample_command(commands, corpus_help)
    _add_export_command(commands, corpus_help)
    return parser


def _add_check_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", corpus_help: str) -> None:
    check = commands.add_parser("check", help="report what would be read, and what is odd", allow_abbrev=False)
    check.add_argument("corpus", help=corpus_help)
    check.set_defaults(act=_check_command)


def _add_sample_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", corpus_help: str) -> None:
    sample = commands.add_parser("sample", help="draw a sample to be checked by people, as a coding sheet",
                                 allow_abbrev=False)
    sample.add_argument("corpus", help=corpus_help)
    sample.add_argument("--out", required=True, metavar="SHEET", help="the sheet to write, such as sheet.xlsx")
    sample.add_argument("--n", type=_parse_positive_number, default=100, metavar="N", help="rows; default: 100")
    sample.add_argument("--coders", type=_parse_positive_number, default=2, metavar="N",
                        help="people who code the same rows, each with a sheet; default: 2")
    sample.add_argument("--seed", type=_parse_positive_number, default=1, metavar="N",
                        help="another number draws another sample; default: 1")
    sample.add_argument("--only", action="append", default=[], metavar="SUBJECT",
                        help="statements, pairs or names; repeatable; default: all")
    sample.set_defaults(act=_sample_command)


def _add_export_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", corpus_help: str) -> None:
    export = commands.add_parser("export", help="write a corpus in a format of other programs", allow_abbrev=False)
    export.add_argument("corpus", help=corpus_help)
    export.add_argument("--to", required=True, metavar="FORMAT", help=", ".join(EXPORT_FORMAT_NAMES))
    export.add_argument("--out", metavar="PATH", help="file or folder to write, which must not exist; default: named"
                        " after the corpus, in the working folder")
    export.add_argument("--reports", default="reports", metavar="DIR", help="for docx and rocrate: where `samestory"
                        " run` wrote the report")
    export.set_defaults(act=_export_command)
    back = commands.add_parser("import", help="turn coded sheets, or the codes of a REFI-QDA project,"
                               " into corrections", allow_abbrev=False)
    back.add_argument("corpus", help="folder of the articles that were sampled or exported")
    back.add_argument("files", nargs="+", metavar="FILE", help="coded sheets (.xlsx, .csv, .ods), or a project (.qdpx)"
                      " that another program wrote")
    back.add_argument("--key", default="", metavar="FILE", help="the key of the sheets; default: the file next to them")
    back.set_defaults(act=_import_command)


def _parse_positive_number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, found {text!r}")
    return int(text)


def _run_command(options: argparse.Namespace) -> int:
    if options.each_event:
        from samestory.report.event_reports import run_each_event
        return run_each_event(options.corpus, reports=options.reports, only=options.only,
                              assignments=options.assignments, files=options.files, most=options.each_event)
    from samestory.report.report import run_report
    return run_report(options.corpus, reports=options.reports, only=options.only, assignments=options.assignments,
                      files=options.files)


def _annotate_command(options: argparse.Namespace) -> int:
    from pyarrow.parquet import read_metadata

    from samestory.annotate.models import DEFAULT_MODEL
    from samestory.base.schema import TABLES
    from samestory.cache.folder import open_run_folder
    from samestory.tables.tables import write_tables
    _say_which_bundled(options.corpus)
    with open_run_folder():
        tables = write_tables(options.corpus, options.out, model=options.model or DEFAULT_MODEL,
                              workers=options.workers, cluster=options.cluster, dashboard=options.dashboard)
    for name in TABLES:
        print(f"{name:<12} {read_metadata(tables.path(name)).num_rows:>9,} rows")
    print(f"written to {options.out}")
    return 0


def _import_command(options: argparse.Namespace) -> int:
    from samestory.cache.folder import open_run_folder
    from samestory.commands.check import make_line_safe
    is_project = [name.lower().endswith(PROJECT_ENDING) for name in options.files]
    if any(is_project) and len(options.files) > 1:
        raise SameStoryError("expected coded sheets, or one project (.qdpx); import them one after the other")
    with open_run_folder():
        if any(is_project):
            from samestory.export.returned_codes import import_codes, list_import_lines
            lines = list_import_lines(import_codes(options.corpus, options.files[0]))
        else:
            from samestory.coding.imported_sheets import import_sheets, list_sheet_import_lines
            lines = list_sheet_import_lines(import_sheets(options.corpus, options.files, key=options.key))
    for line in lines:
        print(make_line_safe(line))
    return 0


def _export_command(options: argparse.Namespace) -> int:
    from samestory.cache.folder import open_run_folder
    from samestory.export.exports import export_corpus
    _say_which_bundled(options.corpus)
    with open_run_folder():
        place = export_corpus(options.corpus, to=options.to, out=options.out, reports=options.reports)
    print(f"written to {place}")
    return 0


def _say_which_bundled(corpus: str) -> None:
    from samestory.read.corpus import BUNDLED_CORPORA, describe_bundled, find_corpus
    if corpus in BUNDLED_CORPORA:
        print(describe_bundled(corpus, find_corpus(corpus)))


def _check_command(options: argparse.Namespace) -> int:
    from samestory.commands.check import check_corpus
    from samestory.read.corpus import find_corpus
    _say_which_bundled(options.corpus)
    for line in check_corpus(find_corpus(options.corpus)):
        print(line)
    return 0


def _sample_command(options: argparse.Namespace) -> int:
    from samestory.cache.folder import open_run_folder
    from samestory.coding.sheets import write_sheets
    _say_which_bundled(options.corpus)
    with open_run_folder():
        paths = write_sheets(options.corpus, options.out, n=options.n, coders=options.coders, seed=options.seed,
                             subjects=options.only)
    for path in paths:
        print(path)
    print(f"the key {paths[-2].name} has the answers of the program: open it only when all sheets are coded")
    books = ",".join(str(path) for path in paths if path.suffix == ".xlsx")
    print(f"when they are: samestory run {shlex.quote(options.corpus)} -p {shlex.quote(f'sheets={books}')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
