"""``python -m spmatch``: the command line where the installed command is not on the path."""

import sys

from spmatch.cli import main

if __name__ == "__main__":
    sys.exit(main())
