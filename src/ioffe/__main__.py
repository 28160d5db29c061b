"""`python -m ioffe` is `ioffe`."""

import sys

from ioffe.cli.main import entry

if __name__ == "__main__":
    sys.exit(entry())
