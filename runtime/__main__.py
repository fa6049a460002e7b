"""`python -m runtime` is the command `noren`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from runtime.cli.main import cli

    cli(prog_name="noren")


if __name__ == "__main__":
    main()
