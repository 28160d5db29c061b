"""Which losses explain the efficiencies of two published generators and a leg, and how sure that is.

    python examples/published-losses.py

The sources print open-circuit voltage, resistance, largest power and efficiency. Each is written as points
of a sweep: no current, and the current of the largest power with the heat P/eta - P at the cold side. Noise:
what the prints and the spread of the resistance allow; 5 % of the heat are assumed, which no source states.
The stated errors of S, sigma and kappa come without a coverage: they are taken for two standard deviations.
"""

import numpy as np

import ioffe as te

GENERATOR = te.Generator(T_hot=600.0, T_cold=298.0)


def points(rows, noise):
    """Rows of (T_hot, T_cold, V_oc, R, efficiency or None) as a measurement."""
    columns = {"current": [], "voltage": [], "heat_cold": [], "T_hot": [], "T_cold": []}
    for hot, cold, voltage, resistance, efficiency in rows:
        current, power = voltage / (2 * resistance), voltage**2 / (4 * resistance)
        heat = power / efficiency - power if efficiency else np.nan
        for name, values in zip(
            columns,
            ([0, current], [voltage, voltage / 2], [np.nan, heat], [hot] * 2, [cold] * 2),
            strict=True,
        ):
            columns[name] += values
    return te.measured.measurement_of(columns, noise=noise)


def known(legs, seebeck, conductivity, thermal):
    """What is known of the curves: the stated errors, or about what separates a stand-in from its like."""
    errors = {"seebeck": seebeck, "electrical_conductivity": conductivity, "thermal_conductivity": thermal}
    return {f"{leg}material.{name}": error for leg in legs for name, error in errors.items()}


def raut_leg():
    """CuNi/Mg1.18Cu0.02Yb0.6Zn1.2Sb2/CuNi, 5.5 % at 365 K (PMC12954663); its contacts were measured."""
    contact = te.Contact("2.76 uohm cm2")
    leg = te.Leg("Mg1.18Cu0.02Yb0.6Zn1.2Sb2", "5 mm", "3 mm x 3 mm", contact=contact, name="leg, 5.5 %")
    rows = [(373.0, 296.0, 10.6e-3, 14.7e-3, None), (663.0, 298.0, 60.5e-3, 17.7e-3, 0.055)]
    measured = points(rows, {"voltage": "0.3 mV", "heat_cold": "45 mW"})
    return leg, measured, {**known([""], "3 %", "4 %", "5.5 %"), "contact.electrical": "0.1 uohm cm2"}


def raut_module():
    """Two pairs with Mg3Sb1.5Bi0.49Te0.01Cu0.01, 9.2 % at 374 K; its n-type leg has a stand-in."""
    contact = te.Contact("2.76 uohm cm2")
    p, n = (
        te.Leg(name, "5 mm", "3 mm x 3 mm", contact=contact)
        for name in ("Mg1.18Cu0.02Yb0.6Zn1.2Sb2", "Mg3.2Sb1.5Bi0.49Te0.01")
    )
    module = te.Module(p, n, couples=2, footprint="10 mm x 10 mm", name="module, 9.2 %")
    rows = [(377.0, 298.0, 55e-3, 89.5e-3, None), (672.0, 298.0, 312e-3, 89.5e-3, 0.092)]
    measured = points(rows, {"voltage": "3 mV", "heat_cold": "140 mW"})
    return module, measured, known(["p.", "n."], "3 %", "4 %", "5.5 %")


def li_module():
    """Two pairs MgAgSb/Mg3(Sb,Bi)2, 0.41 W and 8.1 % at 294 K (10.1038/s41467-025-56861-3); stand-in legs.

    The text prints neither V_oc nor R: the power is taken at the computed current, where it is flat.
    """
    module, _ = te.read_device("examples/mgagsb-module.toml")
    current, power = 3.63, 0.41
    numbers = {"current": [current], "voltage": [power / current], "heat_cold": [power / 0.081 - power]}
    noise = {"voltage": "2.3 mV", "heat_cold": "0.23 W"}
    measured = te.measured.measurement_of(numbers, T_hot=587.0, T_cold=293.0, noise=noise)
    return module.replace(name="module, 8.1 %"), measured, known(["p.", "n."], "5 %", "10 %", "10 %")


HYPOTHESES = (("bypass_conductance",), ("lead_resistance",), ("lead_resistance", "bypass_conductance"))


def explain(make, parameters, **options):
    """Calibration of one device with some losses; squares, because few points hold no outliers."""
    device, measured, errors = make()
    return te.calibrate(device, GENERATOR, measured, parameters, known=errors, loss="squares", **options)


def main():
    for make in (raut_leg, raut_module, li_module):
        for parameters in HYPOTHESES:
            found = explain(make, parameters)
            shown = "; ".join(f"{name} {found.shown(name)}" for name in parameters)
            print(f"{found.device.name}: {shown}; probability of such residuals {found.probability_words}")


if __name__ == "__main__":
    main()
