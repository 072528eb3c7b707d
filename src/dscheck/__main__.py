"""`python -m dscheck`: the command line of this Python, also where its scripts are not on the path."""

from dscheck.cli import main

if __name__ == "__main__":
    main(prog_name="dscheck")
