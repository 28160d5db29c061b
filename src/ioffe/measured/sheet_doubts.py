r"""Numbers of a data sheet that no cooler of one stage has, in the words of a data sheet.

With constant properties (`ioffe.measured.data_sheets`) the four numbers give

.. math:: Z = \frac{2 \Delta T_\mathrm{max}}{T_\mathrm{c}^2}, \qquad
          S_p - S_n = \frac{V_\mathrm{max}}{N T_\mathrm{h}}

and a kappa above its electronic part, :math:`S^2/Z > L T` with the Lorenz number of the non-degenerate
limit, needs more than 0.2 mV/K of a couple.

>>> [column for column, *_ in sheet_doubts(127, 298.0, 6.4, 14.4, 119.0)]  # 66 K in degrees Fahrenheit
['dT_max']
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

COUPLE: Final = (0.2e-3, 0.8e-3)
"""Seebeck coefficient of a couple in V/K: below, kappa were less than the electrons conduct; above, the legs
have no conductivity left."""
HOT: Final = (150.0, 500.0)
"""Hot sides of coolers in K."""
LARGEST: Final = 1.5
"""Z T_hot beyond which no cooler of one stage was made; 66 K at 298 K are 0.7."""
FAHRENHEIT: Final = 1.8
CELSIUS: Final = 273.15


def sheet_doubts(
    couples: int, T_hot: float, I_max: float, V_max: float, delta_T_max: float
) -> Iterator[tuple[str, float, str]]:
    """What speaks against the numbers of a data sheet.

    `T_hot`, `I_max`, `V_max`, `delta_T_max`: in K, A, V, K.
    Yields `column, value, words`: which number, in the unit of the column, and what it may mean.
    """
    if not HOT[0] <= T_hot <= HOT[1]:
        meant = "kelvin in a column of degC?" if HOT[0] <= T_hot - CELSIUS <= HOT[1] else "unit?"
        yield "T_hot", T_hot, f"a hot side from {HOT[0]:g} K to {HOT[1]:g} K is expected: {meant}"
        return
    if 2.0 * delta_T_max * T_hot / (T_hot - delta_T_max) ** 2 > LARGEST:
        meant = f"degrees Fahrenheit (then {delta_T_max / FAHRENHEIT:.3g} K), or several stages?"
        yield "dT_max", delta_T_max, f"no cooler of one stage reaches this from {T_hot:g} K: {meant}"
        return
    S = V_max / (couples * T_hot)
    if not COUPLE[0] <= S <= COUPLE[1]:
        ends = " to ".join(f"{1e6 * end:.0f}" for end in COUPLE)
        expected = (
            f"{ends} uV/K of a couple are expected, {couples} couples at {T_hot:g} K have {1e6 * S:.3g}"
        )
        exchanged = COUPLE[0] <= I_max / (couples * T_hot) <= COUPLE[1]
        meant = "I_max and V_max exchanged?" if exchanged else "number of couples?"
        yield "V_max", V_max, f"{expected}: {meant}"
