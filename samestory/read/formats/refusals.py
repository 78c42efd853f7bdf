"""Refusals: what a file without a reader is, and what to do with it, by its ending."""

REFUSED_KINDS = {
    "an old Word file; open it and save it as .docx": (".doc", ".dot", ".wps", ".wpd"),
    "an old Excel file; open it and save it as .xlsx or CSV": (".xls", ".xlsb", ".xlsm", ".numbers", ".wk1"),
    "a document of Pages; export it as Word": (".pages",),
    "slides; save their text as .docx or .txt": (".ppt", ".pptx", ".odp", ".key"),
    "a picture; recognise its text (OCR), and save that as .txt": (
        ".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic", ".djvu", ".svg"),
    "a recording; save its transcript as .txt": (".mp3", ".mp4", ".wav", ".m4a", ".mov", ".avi", ".mkv", ".ogg", ".srt",
                                                ".vtt"),
    "an archive of another kind; unpack it, or pack it as .zip": (".7z", ".rar", ".bz2", ".xz", ".zst", ".lz4", ".dmg",
                                                                 ".iso"),
    "a table of another program; export it as CSV": (".sav", ".dta", ".rds", ".rdata", ".rda", ".sas7bdat", ".feather",
                                                    ".arrow", ".avro", ".orc", ".h5", ".pkl", ".mdb", ".accdb"),
    "a database; export its articles as CSV": (".sqlite", ".sqlite3", ".db", ".dump", ".sql"),
    "references without texts; save the articles themselves": (".bib", ".ris", ".enw", ".nbib"),
    "a web archive of Safari; save the page as page source (.html)": (".webarchive",),
    "an e-book of Kindle; convert it to .epub": (".mobi", ".azw", ".azw3"),
    "mail of Outlook; save the message as .eml or .txt": (".msg", ".pst", ".mbox"),
    "a link; save the page that it leads to": (".url", ".lnk", ".webloc", ".desktop"),
    "a file of settings; if it has articles, write them as JSON or CSV": (".yaml", ".yml", ".toml", ".ini", ".cfg"),
    "a source of TeX; save its text as .txt": (".tex", ".ltx"),
    "a program; move it out of the folder of articles": (
        ".py", ".r", ".js", ".css", ".exe", ".dll", ".sh", ".ipynb", ".do"),
}
UNKNOWN_KIND_ADVICE = "save its articles as text, HTML, Word or CSV"
REFUSAL_BY_ENDING = {ending: advice for advice, endings in REFUSED_KINDS.items() for ending in endings}


def describe_refusal(ending: str) -> str:
    """Why a file with this ending is not read, and what to do.

    >>> describe_refusal(".doc")
    'no reader for .doc, an old Word file; open it and save it as .docx'
    """
    if not ending:
        return f"no reader for a file without ending; name it after its kind, such as .txt, or {UNKNOWN_KIND_ADVICE}"
    return f"no reader for {ending}" + (f", {REFUSAL_BY_ENDING[ending]}" if ending in REFUSAL_BY_ENDING
                                       else f"; {UNKNOWN_KIND_ADVICE}")
