"""`python -m tests.torture`: see run.py."""

import sys

from tests.torture.run import main

sys.exit(main())
