"""Run the commands: `python -m analysis`."""

import sys

try:
    from analysis.cli.app import main  # which loads more, for half a second
except KeyboardInterrupt:
    sys.exit(130)

if __name__ == "__main__":
    main()
