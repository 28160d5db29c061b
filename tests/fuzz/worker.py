"""A process that runs commands one after another, as they come in on stdin, and says how each ended.

A line in is ``[folder, [argument, ...]]``; a line out is an `Outcome` as JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import time
import traceback
import warnings

LONGEST = 60
"""Seconds of processor time after which a command is ended."""


def _megabytes() -> float:
    """Memory in use, the largest so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def once(folder: str, arguments: list[str]) -> dict[str, object]:
    """Run a command in a folder of its own; how it ended, what it cost, and what it wrote."""
    from ioffe.cli.main import entry

    os.chdir(folder)
    out, err = io.StringIO(), io.StringIO()
    begin, before = time.process_time(), _megabytes()
    resource.setrlimit(resource.RLIMIT_CPU, (int(begin) + LONGEST, resource.RLIM_INFINITY))
    code: object = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            code = entry(arguments)
        except BaseException:  # whatever leaves the command line is what is looked for
            err.write(traceback.format_exc())
    return {
        "code": code,
        "seconds": time.process_time() - begin,
        "megabytes": _megabytes() - before,
        "error": err.getvalue()[-4000:],
        "said": bool(err.getvalue().strip() or out.getvalue().strip()),
    }


def main() -> None:
    """Serve until stdin ends."""
    import numpy as np

    np.seterr(all="ignore")
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for line in sys.stdin:
        folder, arguments = json.loads(line)
        replies.write(json.dumps(once(folder, arguments)) + "\n")
        replies.flush()


if __name__ == "__main__":
    main()
