"""Run the commands: `python -m analysis`."""

import sys

try:
    from analysis.cli.app import main  # takes half a second, in which Ctrl-C may come
except KeyboardInterrupt:
    sys.exit(130)

if __name__ == "__main__":
    main()
