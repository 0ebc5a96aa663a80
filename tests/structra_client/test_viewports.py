from pathlib import Path

import pytest
from typer.testing import CliRunner

from structra_client import StructraClient, ViewportWidthsError
from structra_client.cli.main import app
from structra_client.viewports import with_viewport_widths


def test_where_no_width_is_given_the_image_tells():
    assert with_viewport_widths("ab", ()) == [("a", 0), ("b", 0)]
    assert with_viewport_widths("ab", [390]) == [("a", 390), ("b", 0)]
    assert with_viewport_widths("ab", [390, 1280]) == [("a", 390), ("b", 1280)]


async def test_the_client_refuses_more_widths_than_images_before_it_reads_or_calls():
    async with StructraClient("http://127.0.0.1:1", "a key") as client:
        with pytest.raises(ViewportWidthsError, match="2 viewport widths") as caught:
            await client.analyze([Path("absent.png")], viewport_widths=[390, 1280])
    assert (caught.value.images, caught.value.widths) == (1, 2)


def test_the_command_says_how_many_widths_it_takes(tmp_path):
    page = tmp_path / "page.png"
    page.write_bytes(b"never read")
    told = CliRunner().invoke(app, ["analyze", str(page), "-w", "1280", "-w", "390"])
    assert told.exit_code == 2
    assert "at most one --viewport-width" in told.output
