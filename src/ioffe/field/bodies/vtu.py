"""VTU files of rectangular bodies: hexahedra with values at their corners, in one XML file.

The format is that of the Visualization Toolkit's ``UnstructuredGrid``, numbers inline as base64 behind their
length in bytes (https://docs.vtk.org/en/latest/design_documents/VTKFileFormats.html).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
HEXAHEDRON = 12
"""VTK's number of a cell with eight corners."""
TYPES = {"f": "Float64", "i": "Int32", "u": "UInt8"}
_CORNERS = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)])


def vtu_text(bodies: Sequence[tuple[str, Sequence[Array], Mapping[str, Array]]]) -> str:
    """Text of a VTU file.

    `bodies`: a label, grid lines along x, y and z, and values at the points of the grid, of shape (x, y, z),
        or (x, y, z, 3) of vectors. Points of different bodies stay apart.
    Returns: with every field at all points, NaN where a body has none of it; cells carry the number of their
        body, whose label is in the field data ``bodies``.

    >>> axes = [np.array([0.0, 1.0])] * 3
    >>> text = vtu_text([("cube", axes, {"temperature": np.full((2, 2, 2), 300.0)})])
    >>> text.count("<DataArray"), 'NumberOfPoints="8" NumberOfCells="1"' in text
    (6, True)
    """
    widths = {k: v.shape[3:] for _, _, values in bodies for k, v in values.items()}
    points, cells, owner, first = [], [], [], 0
    data: dict[str, list[Array]] = {name: [] for name in widths}
    for k, (_, axes, values) in enumerate(bodies):
        shape = tuple(len(a) for a in axes)
        points.append(np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3))
        cells.append(first + _hexahedra(shape))
        owner.append(np.full(len(cells[-1]), k))
        for name, width in widths.items():
            found = values.get(name, np.full((*shape, *width), np.nan))
            data[name].append(found.reshape(-1, *width))
        first += len(points[-1])
    corners = np.concatenate(cells).astype(np.int32)
    offsets = np.arange(8, corners.size + 1, 8, dtype=np.int32)
    kinds = np.full(len(corners), HEXAHEDRON, np.uint8)
    # the labels one behind the other, each ended by a zero byte, as VTK keeps texts
    names = "".join(f"{label}\0" for label, *_ in bodies).encode("utf-8")
    labels = " ".join(str(byte) for byte in names)
    lines = [
        '<?xml version="1.0"?>',
        '<VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">',
        "<UnstructuredGrid>",
        "<FieldData>",
        f'<Array type="String" Name="bodies" NumberOfTuples="{len(bodies)}" format="ascii">{labels}</Array>',
        "</FieldData>",
        f'<Piece NumberOfPoints="{first}" NumberOfCells="{len(corners)}">',
        "<PointData>",
        *(_array(name, np.concatenate(parts)) for name, parts in data.items()),
        "</PointData>",
        "<CellData>",
        _array("body", np.concatenate(owner).astype(np.int32)),
        "</CellData>",
        "<Points>",
        _array("Points", np.concatenate(points)),
        "</Points>",
        "<Cells>",
        _array("connectivity", corners.ravel()),
        _array("offsets", offsets),
        _array("types", kinds),
        "</Cells>",
        "</Piece>",
        "</UnstructuredGrid>",
        "</VTKFile>",
    ]
    return "\n".join(lines) + "\n"


def _hexahedra(shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Corners of all cells of a grid as VTK counts them, (cells, 8)."""
    low = np.stack(np.meshgrid(*(np.arange(n - 1) for n in shape), indexing="ij"), axis=-1).reshape(-1, 1, 3)
    return np.asarray(np.ravel_multi_index(tuple(np.moveaxis(low + _CORNERS, -1, 0)), shape))


def _array(name: str, values: NDArray[Any]) -> str:
    """Numbers with their length in bytes in front, as base64."""
    kind = values.dtype.kind
    content = np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes()
    text = base64.b64encode(np.uint64(len(content)).tobytes() + content).decode("ascii")
    width = f' NumberOfComponents="{values.shape[1]}"' if values.ndim == 2 else ""
    return f'<DataArray type="{TYPES[kind]}" Name={quoteattr(name)}{width} format="binary">{text}</DataArray>'
