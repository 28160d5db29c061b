"""Files of elastic data and strengths of materials."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ioffe.base.errors import Faults
from ioffe.base.schema import Model, Several, read_toml, validate
from ioffe.device_file.stress_models import ElasticRow
from ioffe.field.stress.data import ELASTIC, SOURCE, BrittleStrength


class ElasticTable(Model):
    """File of elastic data: one row a material."""

    material: Several[ElasticRow]


def read_elastic_table(path: str | Path) -> tuple[dict[str, dict[str, Any]], dict[str, BrittleStrength]]:
    r"""Elastic data and strengths by the name of the material, as `stress` takes them.

    `path`: TOML with tables ``[[material]]`` of ``name``, ``youngs_modulus``, ``poisson_ratio``,
        ``thermal_expansion``, and ``strength`` with ``weibull_modulus`` and ``sample_volume``.
    Raises `InputError` with everything that is wrong with the file.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "elastic.toml"
    ...     _ = file.write_text('[[material]]\nname = "Cu"\nyoungs_modulus = "120 GPa"')
    ...     read_elastic_table(file)
    ({'Cu': {'youngs_modulus': 120000000000.0}}, {})
    """
    rows = validate(ElasticTable, read_toml(path), path).material
    with Faults(str(path)) as faults:
        return elastic_data(rows, faults)


def elastic_data(
    rows: Sequence[ElasticRow], faults: Faults, where: str = "material"
) -> tuple[dict[str, dict[str, Any]], dict[str, BrittleStrength]]:
    """Elastic data and strengths of rows, what is wrong noted among the faults."""
    elastic: dict[str, dict[str, Any]] = {}
    brittle: dict[str, BrittleStrength] = {}
    for i, row in enumerate(rows):
        if row.name in elastic:
            faults.add(f"{where}[{i}].name", row.name, "one row for each material is expected")
        own = {k: v for k in ELASTIC if (v := getattr(row, k)) is not None}
        elastic[row.name] = {**own, SOURCE: row.source} if own and row.source else own
        weibull = [v for v in (row.strength, row.weibull_modulus, row.sample_volume) if v is not None]
        if len(weibull) == 3:
            brittle[row.name] = BrittleStrength(weibull[0], weibull[1], weibull[2], row.source)
        elif weibull:
            expected = "strength, weibull_modulus and sample_volume are expected together"
            faults.add(f"{where}[{i}]", row.name, expected)
    return {k: v for k, v in elastic.items() if v}, brittle
