"""Barriers from work functions, electron affinity and gap: the rule of Schottky and Mott.

Real interfaces pin the Fermi level; a barrier from work functions is what an interface without states of its
own would have.
"""

from __future__ import annotations

from typing import Literal

from ioffe.base.errors import Fault, InputError
from ioffe.interface._numbers import Written, numbers
from ioffe.transport._arrays import Array

__all__ = ["barrier_from_affinity", "barrier_from_work_functions", "bending_from_work_functions"]

Carrier = Literal["n", "p"]


def bending_from_work_functions(metal: Written, semiconductor: Written, carrier: Carrier) -> Array:
    r"""Band bending E_b in J: the difference of the work functions, in the sense that hinders the carriers.

    .. math::

        E_b = qV_\mathrm{bi} = \phi_\mathrm{m} - \phi_\mathrm{s}\ (n),\ \phi_\mathrm{s} - \phi_\mathrm{m}\ (p)

    The difference is the bending and not the barrier height: phi_B = E_b - zeta equals it only where the
    Fermi level lies at the band edge.

    Parameters
    ----------
    metal, semiconductor : array_like
        Work functions in J.
    carrier : {"n", "p"}

    Returns
    -------
    ndarray
        Negative for a contact that gathers carriers.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> print(f"{bending_from_work_functions('4.40 eV', '4.56 eV', 'p') / e:.2f} eV")  # Sb on MgAgSb
    0.16 eV
    """
    of_metal, of_semiconductor = numbers(
        metal=(metal, "barrier_height"), semiconductor=(semiconductor, "barrier_height")
    )
    return _sign(carrier) * (of_metal - of_semiconductor)


def barrier_from_work_functions(
    metal: Written, semiconductor: Written, carrier: Carrier, fermi_level: Written
) -> Array:
    r"""Barrier height in J of two work functions, :math:`\phi_B = E_b - \zeta`.

    Parameters
    ----------
    metal, semiconductor, carrier
        As for :func:`bending_from_work_functions`.
    fermi_level : array_like
        zeta in J, at the doping for which the work function of the semiconductor holds.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> print(f"{barrier_from_work_functions('4.40 eV', '4.56 eV', 'p', '-0.05 eV') / e:.2f} eV")
    0.21 eV
    """
    (zeta,) = numbers(fermi_level=(fermi_level, "energy"))
    return bending_from_work_functions(metal, semiconductor, carrier) - zeta


def barrier_from_affinity(
    metal: Written, affinity: Written, carrier: Carrier, band_gap: Written | None = None
) -> Array:
    r"""Barrier height in J from the electron affinity, which does not depend on the doping.

    .. math:: \phi_B = \phi_\mathrm{m} - \chi\ (n),\qquad E_g + \chi - \phi_\mathrm{m}\ (p)

    Parameters
    ----------
    metal : array_like
        Work function in J.
    affinity : array_like
        Electron affinity chi of the semiconductor in J.
    carrier : {"n", "p"}
    band_gap : array_like
        E_g in J; needed for holes alone.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> print(f"{barrier_from_affinity('4.40 eV', '4.36 eV', 'p', '0.2 eV') / e:.2f} eV")
    0.16 eV
    """
    of_metal, chi = numbers(metal=(metal, "barrier_height"), affinity=(affinity, "barrier_height"))
    sign = _sign(carrier)
    if sign > 0.0:
        return of_metal - chi
    if band_gap is None:
        raise InputError(
            Fault("band_gap", expected="a band gap is expected for holes", advice='such as "0.2 eV"')
        )
    return numbers(band_gap=(band_gap, "band_gap"))[0] + chi - of_metal


def _sign(carrier: str) -> float:
    if carrier not in ("n", "p"):
        raise InputError(Fault("carrier", carrier, '"n" or "p" is expected'))
    return 1.0 if carrier == "n" else -1.0
