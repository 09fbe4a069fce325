"""The `tieout` command and its parts. Heavy libraries are imported by the command that needs them, not here."""

import typer

from tieout.cli import (
    check_up,
    company,
    connect,
    connect_quickbooks,
    demo,
    disconnect,
    download,
    export,
    import_files,
    new,
    practice,
    press,
    settlement,
    store,
)
from tieout.cli.command_words import name_commands

app = typer.Typer(
    name="tieout",
    help="Amazon's orders and settlements, in QuickBooks, tied out to the cent.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # or the lines of a paragraph of help would break where the source's do
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo.demo)
app.command("new")(new.new)
app.command("repair")(new.repair)
app.command("press")(press.press)
app.command("stop")(press.stop)
app.command("check-up")(check_up.check_up)
app.command()(download.download)
app.command("import")(import_files.import_files)
app.command()(export.export)
for command in (store.backup, store.restore, store.rebuild, store.log):
    app.command()(command)
app.add_typer(settlement.app, name="settlement")
app.add_typer(company.app, name="company")
app.add_typer(practice.app, name="practice")
connect.app.command("quickbooks")(connect_quickbooks.connect)
app.add_typer(connect.app, name="connect")
app.add_typer(disconnect.app, name="disconnect")
name_commands(app, "tieout")


def _version(wanted: bool) -> None:
    if wanted:
        from tieout import __version__

        typer.echo(f"tieout {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Say the version."),
) -> None:
    """Amazon's orders and settlements, in QuickBooks, tied out to the cent."""
