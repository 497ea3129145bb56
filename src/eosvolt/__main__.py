"""The command line of eosvolt."""

import sys

from eosvolt.console.app import run


def main() -> None:
    """Run the command that the arguments name; errors are one clear line and a non-zero exit."""
    sys.exit(run())


if __name__ == "__main__":
    main()
