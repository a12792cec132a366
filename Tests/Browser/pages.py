"""Judges pages: all of a hall that links lead to, or files. Prints each that was looked at.

pages.py hall ORIGIN LANGUAGE      from the start page on
pages.py files LANGUAGE FILE…      pages that were written to files
"""

import pathlib
import sys

from hall import Hall, crawl


def name(path):
    """A name for the pictures of a page."""
    return path.strip("/").replace("/", "-") or "start"


def main(what, *arguments):
    if what == "hall":
        origin, language = arguments
        with Hall(origin, language=language) as hall:
            for path in crawl(hall):
                assert hall.response().status == 200, f"{path}: {hall.response().status}"
                hall.judge(name(path))
                print(path, flush=True)
    else:
        language, *files = arguments
        with Hall("file://", language=language) as hall:
            for path in files:
                hall.open(str(pathlib.Path(path).resolve()))
                hall.judge(pathlib.Path(path).stem, headers=False)
                print(path, flush=True)


main(*sys.argv[1:])
