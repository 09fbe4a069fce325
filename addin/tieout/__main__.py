"""`python -m tieout`: the command line, also where the folder of the `tieout` program is not on the path."""

from tieout.cli import main

if __name__ == "__main__":
    main()
