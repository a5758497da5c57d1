"""What every command of the parser has: a sentence and an example in its help."""

from __future__ import annotations

import argparse


def add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    what: str,
    example: str,
) -> argparse.ArgumentParser:
    """A command that does ``what`` (a phrase without a full stop), shown by ``example``."""
    return commands.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
