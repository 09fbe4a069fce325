"""Every bound, with its unit in its name and its source. Nothing retries or grows for ever.

Tests try each bound at N and at N + 1.
"""

# Files of the user. A settlement of 1,000,000 lines has about 170 MB; ten times that is not a settlement.
FILE_BYTES_MAX = 2_000_000_000
FILES_MAX = 10_000
