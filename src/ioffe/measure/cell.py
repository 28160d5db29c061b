"""Parameters of the unit cell from the angles of indexed reflections, by least squares, with errors.

>>> from ioffe.measure.diffraction import two_theta
>>> planes = [(0, 0, 6), (0, 1, 5), (1, 0, 10), (1, 1, 0), (0, 0, 15), (2, 0, 5)]
>>> noise = 0.005 * np.array([1.0, -1.0, 0.5, -0.5, 1.0, -1.0])
>>> angles = two_theta(planes, a=4.2967e-10, c=30.4862e-10) + noise
>>> print(cell_parameters(planes, angles, "hexagonal"))
hexagonal cell, 6 reflections
  a = 4.29714 ± 0.00016 angstrom
  c = 30.4824 ± 0.0015 angstrom
  volume = 487.458 ± 0.040 angstrom3
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, Faults, InputError, check_one_of
from ioffe.base.least_squares import LeastSquaresFit, linear_least_squares
from ioffe.base.least_squares_fit import far_off
from ioffe.base.result import EvidenceResult
from ioffe.base.table import ResultTable, table
from ioffe.material.checks import Finding
from ioffe.material.uncertainty import Estimate
from ioffe.measure._table import TableLayout, read_table
from ioffe.measure.diffraction import CU_K_ALPHA, Miller
from ioffe.measure.estimates import check_positive, estimate, in_words, read_arrays
from ioffe.measure.texture import miller_indices

System = Literal["cubic", "tetragonal", "hexagonal", "orthorhombic", "monoclinic", "triclinic"]
Shift = Literal["none", "zero", "displacement"]
SYSTEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "cubic": ("a",),
    "tetragonal": ("a", "c"),
    "hexagonal": ("a", "c"),
    "orthorhombic": ("a", "b", "c"),
    "monoclinic": ("a", "b", "c", "beta"),
    "triclinic": ("a", "b", "c", "alpha", "beta", "gamma"),
}
"""Free parameters of the cell by crystal system; trigonal crystals in the hexagonal setting."""
SHIFTS: Final = ("none", "zero", "displacement")
NAMES: Final = ("a", "b", "c", "alpha", "beta", "gamma", "volume")
LAYOUT: Final = TableLayout(
    names={
        "hkl": ("hkl", "h k l", "miller", "indices", "reflection"),
        **{index: (index,) for index in "hkl"},
        "angle": ("2theta", "2 theta", "two theta", "2θ", "tth"),
    },
    units={"angle": "rad"},
    needed=({"hkl", "angle"}, {"h", "k", "l", "angle"}),
    errors=("angle",),
    expected='the headers "hkl" and "2theta (deg)" are expected',
)
MOST_PASSES: Final = 30
"""Of the correction of the angles; each is smaller than the one before by the shift itself, in rad."""
SETTLED: Final = 1e-13
"""Change of the shift in rad at which the passes end."""
STEP: Final = 1e-6
"""Of the differences by which errors go from the reciprocal metric to the cell, over its largest element."""
FAR_OFF: Final = 5.0
"""Robust standard deviations off the fit beyond which the indices of a reflection are doubted."""
FEWEST_FOR_OUTLIERS: Final = 6
MISSED: Final = 0.1
"""Root mean square in degrees beyond which angles are not those of the cell; patterns are read to 0.05."""
ROUNDING: Final = 1e-6
"""Residual in rad, or in standard deviations, up to which a reflection is never doubted."""
IMPROBABLE: Final = 0.01
"""Probability of so large a gain by a shift below which it is proposed."""
SIGMA_OVER_MEDIAN: Final = 1.4826


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CellParameters(EvidenceResult):
    """Unit cell with standard errors, and what the reflections leave over.

    Parameters
    ----------
    system : str
    wavelength : float
        In m.
    reflections : tuple of (h, k, l)
    two_theta, fitted : ndarray, shape (n,)
        Measured and fitted, the shift included, in degrees.
    parameters : mapping of str to Estimate
        The free ones of a, b, c (m), alpha, beta, gamma (rad), and the volume (m3); `low` and `high` are the
        ends of the 68.3 % interval.
    shift : Estimate or None
        Shift of 2 theta in rad, or the displacement of the sample over the radius of the goniometer.
    shifted_by : {"none", "zero", "displacement"}
    findings : tuple of Finding
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.

    Examples
    --------
    >>> planes = [(1, 1, 1), (2, 2, 0), (3, 1, 1)]
    >>> cubic = cell_parameters(planes, [28.44, 47.30, 56.12], "cubic", wavelength=1.54056e-10)
    >>> round(float(cubic.parameters["a"].value) * 1e10, 3), cubic.degrees_of_freedom
    (5.431, 2)
    """

    kind: ClassVar[str] = "cell_parameters"

    system: str
    wavelength: float
    reflections: tuple[Miller, ...]
    two_theta: Array
    fitted: Array
    parameters: Mapping[str, Estimate]
    shift: Estimate | None
    shifted_by: str
    findings: tuple[Finding, ...]

    @property
    def degrees_of_freedom(self) -> int:
        """Reflections less the numbers that are fitted."""
        return len(self.reflections) - len(SYSTEMS[self.system]) - (self.shift is not None)

    def tables(self) -> dict[str, ResultTable]:
        """The reflections with measured and fitted angles.

        Returns
        -------
        dict of str to ResultTable
            ``reflections``, angles in degrees.
        """
        texts = [" ".join(str(index) for index in plane) for plane in self.reflections]
        columns = {"two_theta": self.two_theta, "fitted": self.fitted}
        columns["residual"] = self.two_theta - self.fitted
        index = {"hkl": (("reflection",), np.array(texts))}
        return {"reflections": table(index, columns, dict.fromkeys(columns, "deg"))}

    def _header(self) -> dict[str, Any]:
        return {
            "system": self.system,
            "wavelength": self.wavelength,
            **self.parameters,
            "shift": self.shift,
            "shifted_by": self.shifted_by,
            "degrees_of_freedom": self.degrees_of_freedom,
            "findings": self.findings,
        }

    def named(self) -> list[tuple[str, str]]:
        """Every number with its error, in the usual unit, as it is printed.

        Returns
        -------
        list of (str, str)
            Name and text.
        """
        lines = [(name, in_words(found, _quantity(name))) for name, found in self.parameters.items()]
        if self.shift is not None:
            word = {"zero": "zero shift of 2 theta", "displacement": "displacement over radius"}
            quantity = {"zero": "angle", "displacement": ""}
            lines.append((word[self.shifted_by], in_words(self.shift, quantity[self.shifted_by])))
        return lines

    def _title(self) -> str:
        return f"{self.system} cell, {len(self.reflections)} reflections"

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield from (("", f"{name} = {text}") for name, text in self.named())
        yield from (("", str(finding)) for finding in self.findings)


def cell_parameters(
    reflections: Sequence[Miller | str],
    two_theta: ArrayLike,
    system: System,
    *,
    wavelength: float = CU_K_ALPHA,
    std: ArrayLike | None = None,
    shift: Shift = "none",
) -> CellParameters:
    r"""Parameters of the unit cell by weighted linear least squares in the reciprocal metric tensor.

    .. math:: \frac{4 \sin^2 \theta}{\lambda^2} = \frac{1}{d^2} = \sum_{ij} h_i h_j G^*_{ij}, \qquad
              G = (G^*)^{-1}, \qquad V = \sqrt{\det G}

    Optionally with a shift of the scale, 2 theta + z, or of a sample that lies off the axis by s in a
    goniometer of radius R, 2 theta - 2 (s/R) cos theta. The errors come from those of the angles where they
    are stated, otherwise from the scatter, and go to the cell to first order with their correlations.

    Parameters
    ----------
    reflections : sequence of (h, k, l) or str
        As for `miller_indices`; of trigonal crystals in the hexagonal setting.
    two_theta : array_like, shape (n,)
        In degrees.
    system : str
        "cubic", "tetragonal", "hexagonal", "orthorhombic", "monoclinic" (b unique) or "triclinic".
    wavelength : float
        In m; by default the mean of copper K alpha: where the peak of K alpha 1 was read, give its own.
    std : array_like, optional
        Standard deviations of the angles in degrees, one or n.
    shift : {"none", "zero", "displacement"}
        What is fitted beside the cell.

    Returns
    -------
    CellParameters

    Raises
    ------
    InputError
        With everything that is wrong: indices, angles, too few reflections, or reflections that leave a
        parameter open.

    Notes
    -----
    Standard crystallography: International Tables for Crystallography B (2006), ch. 1.1, doi
    10.1107/97809553602060000549 (DOI remembered); M. U. Cohen, Rev. Sci. Instrum. 6 (1935) 68, doi
    10.1063/1.1751937 (remembered). No refinement of a pattern (Rietveld): the peaks and their indices are
    taken as they are.

    Examples
    --------
    >>> found = cell_parameters(["110", "200", "211"], [44.67, 65.02, 82.33], "cubic", shift="zero")
    >>> print(f"{found.parameters['a'].value * 1e10:.2f}")
    2.87
    """
    planes, angle, error = _checked(reflections, two_theta, system, wavelength, std, shift)
    basis = _tensors(system)
    h = np.array(planes, float)
    design = np.einsum("ni,mij,nj->nm", h, basis, h)
    offset, fit = 0.0, None
    for _ in range(MOST_PASSES if shift != "none" else 1):
        theta = 0.5 * (angle - offset * _course(angle, shift))
        square = 4.0 * np.sin(theta) ** 2 / wavelength**2
        slope = 2.0 * np.sin(2.0 * theta) / wavelength**2
        matrix = design if shift == "none" else np.column_stack([design, slope * _course(angle, shift)])
        fit = linear_least_squares(matrix, square, slope * (1.0 if error is None else error))
        if shift == "none" or abs(fit.parameters[-1]) < SETTLED:
            break
        offset += float(fit.parameters[-1])
    assert fit is not None
    fit = replace(fit, stated=error is not None)
    _refuse_open(fit, system, basis)
    found = _estimates(fit, basis, (*SYSTEMS[system], "volume"))
    of_shift = None if shift == "none" else _estimate(fit, offset, float(fit.standard_errors[-1]))
    inverse = np.sqrt(design @ fit.parameters[: len(basis)])
    fitted = 2.0 * np.arcsin(np.minimum(0.5 * wavelength * inverse, 1.0)) + offset * _course(angle, shift)
    return CellParameters(
        system=system,
        wavelength=wavelength,
        reflections=tuple(planes),
        two_theta=np.degrees(angle),
        fitted=np.degrees(fitted),
        parameters=found,
        shift=of_shift,
        shifted_by=shift,
        findings=(
            *_findings(planes, np.degrees(angle - fitted), fit),
            *(_shifted(fit, angle, error) if shift == "none" else ()),
        ),
    )


def read_reflections(path: str | Path) -> tuple[list[Miller], Array, Array | None]:
    r"""Read indexed reflections.

    Parameters
    ----------
    path : path
        Text table or Excel workbook with the headers ``hkl`` (or ``h``, ``k``, ``l``) and ``2theta (deg)``,
        and perhaps the standard deviations of the angles.

    Returns
    -------
    reflections : list of (h, k, l)
    two_theta : ndarray, shape (n,)
        In degrees.
    std : ndarray or None
        In degrees.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most twenty).

    Examples
    --------
    >>> _ = Path("peaks.csv").write_text("hkl,2theta (deg)\n0 0 6,17.45\n0 1 5,28.09\n")
    >>> read_reflections("peaks.csv")[0]
    [(0, 0, 6), (0, 1, 5)]
    """
    found = read_table(path, LAYOUT)
    planes = []
    with Faults(str(path)) as faults:
        apart = zip(*(found.texts[index] for index in "hkl"), strict=True) if "h" in found.texts else ()
        for text in found.texts.get("hkl", [" ".join(indices) for indices in apart]):
            with faults.collect():
                planes.append(miller_indices(text))
    std = found.stds.get("angle")
    return planes, np.degrees(found.numbers["angle"]), None if std is None else np.degrees(std)


def _checked(
    reflections: Sequence[Miller | str],
    two_theta: ArrayLike,
    system: str,
    wavelength: float,
    std: ArrayLike | None,
    shift: str,
) -> tuple[list[Miller], Array, Array | None]:
    """Indices, angles and their errors in rad."""
    check_one_of("system", system, SYSTEMS)
    check_one_of("shift", shift, SHIFTS)
    faults, planes = Faults(), []
    for given in reflections:
        with faults.collect():
            planes.append(miller_indices(given))
    (angle,) = read_arrays({"two_theta": two_theta}, faults, 1)
    if angle.shape != (len(reflections),):
        faults.add("two_theta", f"{angle.size} values", f"one for each of {len(reflections)} reflections")
    elif np.any((angle <= 0.0) | (angle >= 180.0)):
        faults.add("two_theta", expected="degrees between 0 and 180 are expected")
    check_positive(faults, "m", wavelength=wavelength)
    error = None if std is None else np.radians(np.broadcast_to(np.asarray(std, float), angle.shape))
    if error is not None and not np.all(error > 0.0):
        faults.add("std", std, "degrees above 0 are expected")
    least = len(SYSTEMS[system]) + (shift != "none")
    if len(reflections) < least:
        faults.add("reflections", len(reflections), f"at least {least} are expected for what is fitted")
    faults.raise_if_any()
    return planes, np.radians(angle), error


def _tensors(system: str) -> Array:
    """Symmetric tensors whose sum with free factors is the reciprocal metric, shape (m, 3, 3)."""
    ones = np.zeros((6, 3, 3))
    for k, (i, j) in enumerate(((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))):
        ones[k, i, j] = ones[k, j, i] = 1.0
    aa, bb, cc, bc, ac, ab = ones
    return np.array(
        {
            "cubic": [aa + bb + cc],
            "tetragonal": [aa + bb, cc],
            "hexagonal": [aa + bb + 0.5 * ab, cc],
            "orthorhombic": [aa, bb, cc],
            "monoclinic": [aa, bb, cc, ac],
            "triclinic": [aa, bb, cc, bc, ac, ab],
        }[system]
    )


def _cell(factors: Array, basis: Array, names: Sequence[str]) -> list[float]:
    """Lengths in m, angles in rad and the volume in m3 of a reciprocal metric."""
    G = np.linalg.inv(np.einsum("m,mij->ij", factors, basis))
    with np.errstate(invalid="ignore"):
        a, b, c = np.sqrt(np.diag(G))
        cosines = G[1, 2] / (b * c), G[0, 2] / (a * c), G[0, 1] / (a * b)
        every = (a, b, c, *np.arccos(cosines), np.sqrt(np.linalg.det(G)))
    return [float(value) for name, value in zip(NAMES, every, strict=True) if name in names]


def _course(angle: Array, shift: str) -> Array:
    """Shift of 2 theta at the angles for a shift of 1."""
    return -2.0 * np.cos(0.5 * angle) if shift == "displacement" else np.ones_like(angle)


def _estimates(fit: LeastSquaresFit, basis: Array, names: Sequence[str]) -> dict[str, Estimate]:
    """Parameters of the cell and its volume, with errors to first order."""
    factors = fit.parameters[: len(basis)]
    steps = STEP * np.max(np.abs(factors)) * np.eye(len(basis))
    ends = [(_cell(factors + step, basis, names), _cell(factors - step, basis, names)) for step in steps]
    derivative = np.array([np.subtract(*pair) for pair in ends]) / (2.0 * np.max(steps))
    variance = np.einsum("im,ij,jm->m", derivative, fit.covariance[: len(basis), : len(basis)], derivative)
    values = _cell(factors, basis, names)
    return {name: _estimate(fit, *pair) for name, *pair in zip(names, values, np.sqrt(variance), strict=True)}


def _estimate(fit: LeastSquaresFit, value: float, std: float) -> Estimate:
    half = fit.student_factor() * std
    return estimate(value, std, value - half, value + half, {"noise": 1.0})


def _refuse_open(fit: LeastSquaresFit, system: str, basis: Array) -> None:
    """Refuse reflections that leave something open, or that are those of no cell."""
    if fit.directions.size:
        expected = f"reflections that determine {', '.join(SYSTEMS[system])} and the shift are expected"
        raise InputError(Fault("reflections", expected=expected, advice="such as one with l and one with h"))
    metric = np.einsum("m,mij->ij", fit.parameters[: len(basis)], basis)
    if np.any(np.linalg.eigvalsh(metric) <= 0.0):
        raise InputError(Fault("two_theta", expected=f"angles and indices of a {system} cell are expected"))


def _findings(planes: Sequence[Miller], rest: Array, fit: LeastSquaresFit) -> Iterator[Finding]:
    from scipy.special import chdtrc

    free = fit.degrees_of_freedom
    if free == 0 and not fit.stated:
        yield Finding("note", "no-error", "as many reflections as fitted numbers: there are no errors")
    if fit.stated and free > 0 and chdtrc(free, fit.chi_squared) < 1e-3:
        text = f"the angles scatter more than stated, chi squared by degree {fit.reduced_chi_squared:.3g}"
        yield Finding("warning", "misfit", text)
    spread, missed = SIGMA_OVER_MEDIAN * float(np.median(np.abs(rest))), float(np.sqrt(np.mean(rest**2)))
    if missed > MISSED:
        text = (
            f"the angles are missed by {missed:.2g} deg: other indices or system, theta in place of 2 theta?"
        )
        yield Finding("warning", "missed", text)
    enough = len(rest) >= FEWEST_FOR_OUTLIERS and spread > 0.0
    wrong = set(np.flatnonzero(np.abs(rest) > FAR_OFF * spread).tolist() if enough else ())
    wrong |= set(far_off(fit.residuals, fit.jacobian, least=ROUNDING).tolist()[:1])
    for k in sorted(wrong):
        plane = " ".join(str(index) for index in planes[int(k)])
        yield Finding("warning", "indices", f"({plane}) is {rest[k]:+.3f} deg off the cell: other indices?")


def _shifted(fit: LeastSquaresFit, angle: Array, error: Array | None) -> Iterator[Finding]:
    """Whether residuals that run with the angle are those of a shift that was not fitted, by an F-test."""
    from scipy.special import fdtrc

    free, found = fit.degrees_of_freedom - 1, {}
    for word in SHIFTS[1:] if free > 0 else ():
        course = _course(angle, word) / (1.0 if error is None else error)
        design = np.column_stack([fit.jacobian, course])
        basis = np.linalg.qr(design / np.linalg.norm(design, axis=0))[0]
        left = fit.residuals - basis @ (basis.T @ fit.residuals)
        found[word] = max(float(left @ left), np.finfo(float).tiny)
    best = min(found, key=lambda word: found[word], default="")
    if best and fdtrc(1, free, free * (fit.chi_squared / found[best] - 1.0)) < IMPROBABLE:
        share = np.sqrt(found[best] / fit.chi_squared)
        text = f"the residuals run with the angle: --shift {best} would leave {100.0 * share:.0f} % of them"
        yield Finding("warning", "shift", text)


def _quantity(name: str) -> str:
    return {"volume": "cell_volume"}.get(name, "lattice_parameter" if name in "abc" else "angle")
