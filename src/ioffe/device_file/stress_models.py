"""The table `[stress]` of a device file: how parts are joined and held, elastic data that cards lack."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ioffe.base.schema import Model, Quantified, Several


class ElasticRow(Model):
    """Row of a table of elastic data: a material, what its card lacks, its strength, the source."""

    name: str
    youngs_modulus: Annotated[float, Quantified("youngs_modulus")] | None = None
    poisson_ratio: Annotated[float, Quantified("poisson_ratio")] | None = None
    thermal_expansion: Annotated[float, Quantified("thermal_expansion")] | None = None
    strength: Annotated[float, Quantified("strength")] | None = None
    weibull_modulus: float | None = Field(default=None, ge=1.0, le=200.0)
    sample_volume: Annotated[float, Quantified("volume")] | None = None
    source: str = ""


class StressTable(Model):
    """How the parts of a module are joined and held, for `ioffe stress`."""

    free: Annotated[float, Quantified("temperature")] | None = Field(
        default=None, description="Temperature at which all parts are free of stress; by default 20 degC."
    )
    pressure: Annotated[float, Quantified("pressure")] | None = Field(
        default=None, description="By which both outer faces are pressed together."
    )
    cold_spring: Annotated[float, Quantified("support_stiffness")] | None = Field(
        default=None,
        description="Stiffness of what the outer cold face lies on; by default nothing holds it.",
    )
    hot_spring: Annotated[float, Quantified("support_stiffness")] | None = Field(
        default=None, description="As cold_spring, of the hot face."
    )
    distance: Annotated[float, Quantified("length")] | None = Field(
        default=None, description="Width of the rims of joints; by default a tenth of the narrowest leg."
    )
    material: Several[ElasticRow] = Field(default=(), description="Elastic data and strengths by material.")
