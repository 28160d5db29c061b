"""`ioffe studio`: the whole tool in a page of the browser."""

from __future__ import annotations

from contextlib import suppress
from importlib.util import find_spec

import click

from ioffe.base.errors import Fault, InputError
from ioffe.cli import terminal

INSTALL = 'run `make studio` in a clone of the repository, or pip install "ioffe[studio]"'
HOST_HELP = "Address to listen at; one that other computers reach asks for a token, which is printed."
PORT_HELP = "Port; if it is taken, the next free one."
BROWSER_HELP = "Print the address, and open no browser."
WORKERS_HELP = (
    "Processes that answer, each with one thread; by default one for each processor, and two at least."
)

ENGINE_HELP = "auto: compiled code, made in the background if it is not there; numpy: NumPy alone."


class _WithLimits(click.Command):
    """A command whose help ends with the limits of the studio, if it is installed."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the limits, or what to install."""
        self.epilog = f"Not installed: {INSTALL}."
        with suppress(ImportError):
            from ioffe_studio.limits import TEXT as limits

            self.epilog = limits
        super().format_epilog(ctx, formatter)


@click.command(cls=_WithLimits, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help=HOST_HELP)
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help=PORT_HELP)
@click.option("--no-browser", is_flag=True, help=BROWSER_HELP)
@click.option("--workers", type=click.IntRange(1, 64), metavar="N", help=WORKERS_HELP)
@click.option("--engine", type=click.Choice(("auto", "numpy")), default="auto", help=ENGINE_HELP)
def studio(host: str, port: int, no_browser: bool, workers: int | None, engine: str) -> None:
    """Open the studio: materials, devices and their curves in a page of the browser.

    Everything runs on this computer, and nothing is sent anywhere. The page holds one device document, the
    TOML file that the other commands read; the server keeps none, and files that are dropped into the page
    stay in memory or in a private temporary folder that is removed with the answer. End it with Ctrl-C.
    """
    if find_spec("ioffe_studio") is None:
        raise InputError(Fault("", expected="the studio is not installed", advice=INSTALL))
    from ioffe_studio.server import run

    def ready(address: str) -> None:
        opened = not no_browser and _open(address)
        click.echo(f"The studio: {address}" + ("" if opened else "\nOpen this address in a browser."))

    try:
        run(host, port, workers, engine=engine, ready=ready)
    except OSError as error:
        fault = Fault("--host", host, "an address of this computer with a free port is expected", str(error))
        raise InputError(fault) from None
    terminal.print_text("ended")


def _open(address: str) -> bool:
    """Show an address in a browser; False if there is none."""
    import webbrowser

    with suppress(webbrowser.Error):
        browser = webbrowser.get()
        text = isinstance(browser, webbrowser.GenericBrowser) and not isinstance(
            browser, webbrowser.BackgroundBrowser
        )
        return not text and browser.open(address)
    return False
