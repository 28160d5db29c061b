"""The notebooks of the documentation run, and show their objects as a person wants to see them.

They need the extra docs; the documentation runs them as well, at every build.
"""

from pathlib import Path

import pytest

nbclient = pytest.importorskip("nbclient", reason="notebooks need the extra docs")
pytest.importorskip("ipykernel", reason="notebooks need the extra docs")
nbformat = pytest.importorskip("nbformat", reason="notebooks need the extra docs")

NOTEBOOKS = Path(__file__).parents[2] / "docs" / "notebooks"
PATIENCE = 600
"""Seconds that a cell or the start of Python may take on a busy machine."""


def shown(path: Path) -> dict[str, dict]:
    """Run a notebook: what each cell shows, by the last line of the cell, as texts by their type."""
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook,
        timeout=PATIENCE,
        startup_timeout=PATIENCE,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    return {
        cell.source.splitlines()[-1]: output.data
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type in ("execute_result", "display_data")
    }


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_notebook_is_kept_without_output(path):
    cells = nbformat.read(path, as_version=4).cells
    assert all(
        not cell.outputs and cell.execution_count is None for cell in cells if cell.cell_type == "code"
    )


def test_first_device(monkeypatch):
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the notebook chooses its own
    found = shown(NOTEBOOKS / "first-device.ipynb")
    for name in ("module", "result", "batch", "analysis"):
        assert found[name]["text/html"].startswith("<table>"), name
        assert len(found[name]["text/plain"].splitlines()) > 3, name
    assert "MgAgSb0.99In0.01" in found["module"]["text/html"]
    assert "max_efficiency" in found["result"]["text/html"]
    assert "12 devices" in found["batch"]["text/html"]
    assert "zT" in found["analysis"]["text/html"]
    assert "image/png" in found['result.plot("max_efficiency");']
    assert "<table" in found["result.to_frame().head()"]["text/html"]
