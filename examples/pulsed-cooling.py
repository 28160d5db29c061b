"""Pulsed supercooling: how far below its steady limit a pulse of current takes the cold end of a leg.

Peltier cooling acts at the cold end at once, the Joule heat of the leg arrives later: at about
L^2/(4 D (P + 1)^2) for a pulse of P times the best steady current (thermal diffusivity D; Snyder et al.,
J. Appl. Phys. 92 (2002) 1564, doi 10.1063/1.1489713). An object on the cold end takes most of it away.

    python examples/pulsed-cooling.py
"""

import ioffe as te

T_HOT = 300.0
FACTORS = (1.5, 2.0, 3.0, 4.0)
"""Height of the pulse over the best steady current."""
CHIPS = ("0 J/K", "0.5 mJ/K", "2 mJ/K")
"""Heat capacity of the object on the cold end."""

material = te.load_material("generic p cooler leg").replace(
    density="7.74 g/cm3", heat_capacity="154 J/(kg K)"
)
leg = te.Leg(material, length="1.6 mm", area="1.4 mm x 1.4 mm", contact=te.Contact(electrical="1 uohm cm2"))


def pulsed(factor, chip, limit):
    """The leg through one pulse that ends when a bare leg is coldest, and the time behind it."""
    best = limit.delta_T_max_current
    T = T_HOT - 0.5 * limit.delta_T_max
    diffusivity = material.thermal_conductivity(T) / (material.density * material.heat_capacity)
    duration = leg.length**2 / (4.0 * diffusivity * (factor + 1.0) ** 2)
    pulse = te.pulse(best, factor * best, start="0.2 s", duration=duration)
    return leg.solve(
        te.Transient(mode="cool", T_hot=T_HOT, heat=0, current=pulse, cold_mass=chip, duration="8 s")
    )


def main():
    """Print the steady limit, and for every pulse the lowest and the highest temperature."""
    limit = leg.delta_T_max(T_HOT)
    print(f"steady: {limit.delta_T_max:.2f} K at {limit.delta_T_max_current:.2f} A")
    print("chip        pulse   below the limit   after     above the limit   balance")
    for chip in CHIPS:
        for factor in FACTORS:
            r = pulsed(factor, chip, limit)
            k = r.T_cold.argmin()
            below, above = r.T_cold[0] - r.T_cold[k], r.T_cold.max() - r.T_cold[0]
            after = 1e3 * (r.time[k] - 0.2)
            head = f"{chip:10s} {factor:5.1f} x {below:12.2f} K {after:10.1f} ms"
            print(f"{head} {above:13.2f} K {r.energy_balance:12.0e}")


if __name__ == "__main__":
    main()
