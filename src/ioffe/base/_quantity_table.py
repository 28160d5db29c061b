"""The rows of the quantity table: one line a quantity, grouped by subject.

A row is (name, symbol, SI unit, display unit, bounds, description, noun, example); the noun is what messages
call it, the example is how one would write it.
"""

# One row stays on one line, so that the columns can be read down the page.
# ruff: noqa: E501 - one quantity a line
# fmt: off

from __future__ import annotations

from math import inf
from typing import Final, NamedTuple

__all__ = ["ROWS", "Row"]


class Bounds(NamedTuple):
    """Smallest and largest allowed value in SI; `exclusive` excludes the smallest one itself."""

    lower: float
    upper: float
    exclusive: bool = False


class Row(NamedTuple):
    """One line of the table."""

    name: str
    symbol: str
    unit: str
    display_unit: str
    bounds: Bounds
    description: str
    noun: str
    example: str


ANY: Final = Bounds(-inf, inf)
FROM_ZERO: Final = Bounds(0.0, inf)
POSITIVE: Final = Bounds(0.0, inf, exclusive=True)
SHARE: Final = Bounds(0.0, 1.0)
PART: Final = Bounds(0.0, 1.0, exclusive=True)

_TEMPERATURE: Final = ("a temperature", "300 K")
_DIFFERENCE: Final = ("a temperature difference", "20 K")
_LENGTH: Final = ("a length", "1.6 mm")
_VOLTAGE: Final = ("a voltage", "60 mV")
_CURRENT: Final = ("an electric current", "2 A")
_CURRENT_DENSITY: Final = ("a current density", "50 A/cm2")
_POWER: Final = ("a power", "10 W")
_RESISTANCE: Final = ("an electrical resistance", "20 mohm")
_KAPPA: Final = ("a thermal conductivity", "1.6 W/(m K)")
_SIGMA: Final = ("an electrical conductivity", "900 S/cm")
_ENERGY: Final = ("an energy", "0.16 eV")
_HEAT: Final = ("an energy", "5 J")
_MOBILITY: Final = ("a mobility", "80 cm2/(V s)")
_NUMBER: Final = ("a number", "0.5")
_MODULUS: Final = ("an elastic modulus", "50 GPa")
_STRESS: Final = ("a stress", "70 MPa")
_DIFFUSION: Final = ("a diffusion coefficient", "1e-12 cm2/s")

_GENERAL: Final = (
    Row("temperature", "$T$", "K", "K", FROM_ZERO, "absolute temperature", *_TEMPERATURE),
    Row("length", "$L$", "m", "mm", POSITIVE, "length, of a leg along the current", *_LENGTH),
    Row("spacing", "$d$", "m", "mm", FROM_ZERO, "distance between neighbouring parts", *_LENGTH),
    Row("thickness", "$d$", "m", "mm", POSITIVE, "thickness of a layer", "a thickness", "0.3 mm"),
    Row("perimeter", "$p$", "m", "mm", POSITIVE, "perimeter of a cross-section", *_LENGTH),
    Row("position", "$x$", "m", "mm", ANY, "position along the leg, from the hot end", *_LENGTH),
    Row("area", "$A$", "m2", "mm2", POSITIVE, "cross-section or footprint", "an area", "1.96 mm2"),
    Row("lattice_parameter", "$a$", "m", "angstrom", POSITIVE, "length of an edge of the unit cell", *_LENGTH[:1], "4.38 angstrom"),
    Row("cell_volume", "$V$", "m3", "angstrom3", POSITIVE, "volume of the unit cell", "a volume", "487 angstrom3"),
    Row("volume", "$V$", "m3", "mm3", POSITIVE, "volume", "a volume", "8 mm3"),
    Row("time", "$t$", "s", "s", FROM_ZERO, "time", "a time", "30 day"),
    Row("lifetime", "$t$", "s", "year", FROM_ZERO, "service life", "a time", "10 year"),
    Row("frequency", "$\\nu$", "Hz", "Hz", FROM_ZERO, "frequency", "a frequency", "10 Hz"),
    Row("mass", "$m$", "kg", "g", FROM_ZERO, "mass", "a mass", "2 g"),
    Row("mass_flow", r"$\dot{m}$", "kg/s", "g/s", ANY, "mass flow of a coolant", "a mass flow", "2 g/s"),
    Row("molar_mass", "$M$", "kg/mol", "g/mol", POSITIVE, "molar mass", "a molar mass", "24.3 g/mol"),
    Row("molar_volume", r"$V_\mathrm{m}$", "m3/mol", "cm3/mol", POSITIVE, "volume of a mole of formula units", "a molar volume", "28.4 cm3/mol"),
    Row("density", "$d$", "kg/m3", "g/cm3", POSITIVE, "mass density", "a density", "6.65 g/cm3"),
    Row("pressure", "$p$", "Pa", "MPa", ANY, "pressure", "a pressure", "50 MPa"),
    Row("angle", r"$\theta$", "1", "deg", ANY, "angle (SI: rad)", "an angle", "26.5 deg"),
    Row("magnetic_field", "$B$", "T", "T", ANY, "magnetic flux density", "a magnetic field", "1.5 T"),
    Row("mass_fraction", "$w$", "1", "%", SHARE, "share of the mass", "a share from 0 to 1", "5 %"),
    Row("share", "$s_i$", "1", "%", ANY, "part of a sum, such as that of a cost or of a variance", "a share", "5 %"),
    Row("relative_uncertainty", "$u$", "1", "%", FROM_ZERO, "standard deviation over value", "a share", "5 %"),
)

_TRANSPORT: Final = (
    Row("seebeck", "$S$", "V/K", "uV/K", ANY, "Seebeck coefficient", "a Seebeck coefficient", "200 uV/K"),
    Row("electrical_conductivity", r"$\sigma$", "S/m", "S/cm", POSITIVE, "electrical conductivity", *_SIGMA),
    Row("electrical_resistivity", r"$\rho$", "ohm m", "mohm cm", POSITIVE, "electrical resistivity", "an electrical resistivity", "1.2 mohm cm"),
    Row("thermal_conductivity", r"$\kappa$", "W/(m K)", "W/(m K)", POSITIVE, "thermal conductivity", *_KAPPA),
    Row("filler_conductivity", r"$\kappa$", "W/(m K)", "W/(m K)", FROM_ZERO, "thermal conductivity of what fills a gap, 0 for vacuum", *_KAPPA[:1], "26 mW/(m K)"),
    Row("lattice_thermal_conductivity", r"$\kappa_\mathrm{lat}$", "W/(m K)", "W/(m K)", ANY, "part of the thermal conductivity carried by phonons", *_KAPPA),
    Row("electronic_thermal_conductivity", r"$\kappa_\mathrm{e}$", "W/(m K)", "W/(m K)", ANY, "part of the thermal conductivity carried by one kind of carrier", *_KAPPA),
    Row("bipolar_thermal_conductivity", r"$\kappa_\mathrm{bip}$", "W/(m K)", "W/(m K)", ANY, "part of the thermal conductivity carried by electron-hole pairs", *_KAPPA),
    Row("thermal_diffusivity", r"$\alpha$", "m2/s", "mm2/s", POSITIVE, "thermal diffusivity, from laser flash", "a thermal diffusivity", "0.6 mm2/s"),
    Row("power_factor", r"$S^2\sigma$", "W/(m K2)", "uW/(cm K2)", FROM_ZERO, "power factor, S^2 sigma", "a power factor", "25 uW/(cm K2)"),
    Row("zT", "$zT$", "1", "1", FROM_ZERO, "figure of merit of a material, S^2 sigma T/kappa", *_NUMBER),
    Row("ZT", "$ZT$", "1", "1", FROM_ZERO, "figure of merit of a device, from its efficiency", *_NUMBER),
    Row("average_zT", r"$zT_\mathrm{avg}$", "1", "1", FROM_ZERO, "zT averaged over a temperature span", *_NUMBER),
    Row("engineering_ZT", r"$(ZT)_\mathrm{eng}$", "1", "1", FROM_ZERO, "(int S dT)^2 (T_hot - T_cold)/(int rho dT int kappa dT)", *_NUMBER),
    Row("engineering_power_factor", r"$(PF)_\mathrm{eng}$", "W/(m K)", "W/(m K)", FROM_ZERO, "(int S dT)^2/int rho dT", "an engineering power factor", "1 W/(m K)"),
    Row("efficiency_kim", r"$\eta_\mathrm{Kim}$", "1", "%", ANY, "estimate of the largest efficiency from the engineering ZT", "an efficiency", "7 %"),
    Row("lorenz_number", "$L$", "V2/K2", "V2/K2", POSITIVE, "Lorenz number, kappa_e/(sigma T)", "a Lorenz number", "1.6e-8 V2/K2"),
    Row("carrier_density", "$n$", "1/m3", "cm^-3", POSITIVE, "carrier density", "a carrier density", "2e19 cm^-3"),
    Row("hall_carrier_density", r"$n_\mathrm{H}$", "1/m3", "cm^-3", POSITIVE, "Hall carrier density, 1/(e R_H)", "a carrier density", "2e19 cm^-3"),
    Row("hall_coefficient", r"$R_\mathrm{H}$", "m3/C", "cm3/C", ANY, "Hall coefficient", "a Hall coefficient", "0.3 cm3/C"),
    Row("hall_mobility", r"$\mu_\mathrm{H}$", "m2/(V s)", "cm2/(V s)", FROM_ZERO, "Hall mobility", *_MOBILITY),
    Row("mobility", r"$\mu$", "m2/(V s)", "cm2/(V s)", FROM_ZERO, "drift mobility", *_MOBILITY),
    Row("weighted_mobility", r"$\mu_\mathrm{w}$", "m2/(V s)", "cm2/(V s)", FROM_ZERO, "weighted mobility, mu_0 (m_d/m_e)^(3/2)", *_MOBILITY),
    Row("effective_mass", "$m_d/m_e$", "1", "1", POSITIVE, "effective mass over electron mass", *_NUMBER),
    Row("quality_factor", "$B$", "1", "1", FROM_ZERO, "quality factor B of a material", *_NUMBER),
    Row("reduced_fermi_level", r"$\eta$", "1", "1", ANY, "Fermi level over k_B T", *_NUMBER),
    Row("band_gap", r"$E_\mathrm{g}$", "J", "eV", ANY, "band gap", *_ENERGY),
    Row("deformation_potential", r"$E_\mathrm{def}$", "J", "eV", ANY, "deformation potential", *_ENERGY),
    Row("activation_energy", r"$E_\mathrm{a}$", "J", "eV", ANY, "activation energy", *_ENERGY),
    Row("formation_energy", r"$\Delta E_\mathrm{f}$", "J", "eV", ANY, "energy of formation by atom", "an energy by atom", "-0.62 eV"),
    Row("energy", "$E$", "J", "J", ANY, "energy", *_ENERGY),
    Row("barrier_height", r"$\phi_\mathrm{B}$", "J", "eV", ANY, "height of a contact barrier", *_ENERGY),
    Row("sound_velocity", "$v$", "m/s", "m/s", POSITIVE, "velocity of sound", "a velocity", "2045 m/s"),
    Row("debye_temperature", r"$\theta_\mathrm{D}$", "K", "K", POSITIVE, "Debye temperature", *_TEMPERATURE),
    Row("atomic_volume", r"$\Omega$", "m3", "angstrom3", POSITIVE, "volume of an atom", "a volume", "31 angstrom3"),
    Row("gruneisen_parameter", r"$\gamma$", "1", "1", ANY, "Grueneisen parameter", *_NUMBER),
    Row("compatibility_factor", "$s$", "1/V", "1/V", ANY, "(sqrt(1 + zT) - 1)/(S T)", "a compatibility factor", "3 1/V"),
)

_MATERIAL: Final = (
    Row("volumetric_heat_capacity", "$c$", "J/(m3 K)", "MJ/(m3 K)", POSITIVE, "heat capacity by volume", "a heat capacity by volume", "1.2e6 J/(m3 K)"),
    Row("heat_capacity", "$c_p$", "J/(kg K)", "J/(kg K)", POSITIVE, "specific heat capacity", "a heat capacity", "250 J/(kg K)"),
    Row("thermal_expansion", r"$\alpha$", "1/K", "ppm/K", ANY, "linear thermal expansion", "a thermal expansion", "16.5e-6 1/K"),
    Row("youngs_modulus", "$E$", "Pa", "GPa", POSITIVE, "Young's modulus", *_MODULUS),
    Row("shear_modulus", "$G$", "Pa", "GPa", POSITIVE, "shear modulus", *_MODULUS),
    Row("bulk_modulus", "$K$", "Pa", "GPa", POSITIVE, "bulk modulus", *_MODULUS),
    Row("poisson_ratio", r"$\nu$", "1", "1", Bounds(-1.0, 0.5), "Poisson's ratio", "a number from -1 to 0.5", "0.24"),
    Row("support_stiffness", "$k$", "N/m3", "MPa/mm", FROM_ZERO, "pressure by displacement of a support", "a stiffness", "100 MPa/mm"),
    Row("strength", r"$\sigma_\mathrm{c}$", "Pa", "MPa", POSITIVE, "strength", *_STRESS),
    Row("laminate_stress", r"$\sigma_\mathrm{leg}$", "Pa", "MPa", ANY, "largest tension in a leg as a layer of a laminate, an upper bound", *_STRESS),
    Row("stress", r"$\sigma$", "Pa", "MPa", ANY, "mechanical stress", *_STRESS),
    Row("strain", r"$\epsilon$", "1", "%", ANY, "mechanical strain", *_NUMBER),
    Row("weibull_modulus", "$m$", "1", "1", POSITIVE, "Weibull's modulus, the scatter of a strength", *_NUMBER),
    Row("strength_volume", "$V_0$", "m3", "mm3", POSITIVE, "volume of the samples of a strength", "a volume", "10 mm3"),
    Row("bipolar_onset", r"$T_\mathrm{bip}$", "K", "K", POSITIVE, "temperature above which electron-hole pairs carry heat", *_TEMPERATURE),
    Row("temperature_of_largest_seebeck", r"$T_{S_\mathrm{max}}$", "K", "K", POSITIVE, "temperature of the largest |S|", *_TEMPERATURE),
    Row("melting_temperature", r"$T_\mathrm{m}$", "K", "K", POSITIVE, "melting temperature", *_TEMPERATURE),
    Row("emissivity", r"$\epsilon$", "1", "1", SHARE, "thermal emissivity", "a number from 0 to 1", "0.6"),
    Row("price", "$c$", "USD/kg", "USD/kg", FROM_ZERO, "price by mass", "a price", "63.5 USD/kg"),
    Row("cost", "$C$", "USD", "USD", FROM_ZERO, "cost", "a cost", "12 USD"),
    Row("scrap", "$s$", "1", "%", Bounds(0.0, 0.999), "share of what was bought that does not become legs", "a share from 0 to 0.999", "30 %"),
    Row("production_yield", "$y$", "1", "%", PART, "share of what was made that works", "a share above 0, up to 1", "95 %"),
    Row("exchanger_price", r"$c_\mathrm{HX}$", "USD K/W", "USD K/W", FROM_ZERO, "price of a heat exchanger by its thermal conductance", "a price by thermal conductance", "5 USD K/W"),
    Row("cost_per_cooling_power", r"$C/Q_\mathrm{c}$", "USD/W", "USD/W", FROM_ZERO, "cost by heat taken up at the cold side", "a cost by power", "2 USD/W"),
    Row("performance_cost_ratio", "$P/C$", "W/USD", "W/USD", FROM_ZERO, "power of a generator, or heat taken up by a cooler, by cost", "a power by cost", "0.5 W/USD"),
    Row("cost_per_power", "$C/P$", "USD/W", "USD/W", FROM_ZERO, "cost by power", "a cost by power", "2 USD/W"),
    Row("cost_per_area", "$C/A$", "USD/m2", "USD/m2", FROM_ZERO, "cost by area", "a cost by area", "160 USD/m2"),
    Row("energy_price", "$c$", "USD/J", "USD/kWh", FROM_ZERO, "price of energy", "a price of energy", "0.2 USD/kWh"),
    Row("diffusion_coefficient", "$D$", "m2/s", "cm2/s", FROM_ZERO, "diffusion coefficient", *_DIFFUSION),
    Row("growth_constant", "$k$", "m2/s", "um2/day", FROM_ZERO, "k of parabolic growth, x^2 = k t", "a growth constant", "0.4 um2/day"),
    Row("ionic_conductivity", r"$\sigma_\mathrm{ion}$", "S/m", "S/cm", FROM_ZERO, "conductivity of ions", *_SIGMA),
    Row("ionic_seebeck", r"$S_\mathrm{ion}$", "V/K", "uV/K", ANY, "Seebeck coefficient of ions", "a Seebeck coefficient", "200 uV/K"),
    Row("off_stoichiometry", r"$\delta$", "1", "1", ANY, "metal missing in a formula unit", *_NUMBER),
    Row("electron_hole_product", r"$K_\mathrm{e}$", "1", "1", POSITIVE, "product of electrons and holes of a formula unit", *_NUMBER),
    Row("permittivity", r"$\epsilon_\mathrm{r}$", "1", "1", POSITIVE, "relative permittivity", *_NUMBER),
)

_DEVICE: Final = (
    Row("couples", "$N$", "1", "1", Bounds(1.0, inf), "number of pairs of legs", "a number of couples", "127"),
    Row("stages", "$n$", "1", "1", Bounds(1.0, inf), "number of stages of a cascade", "a number of stages", "3"),
    Row("fill_factor", "$f$", "1", "1", PART, "cross-section of all legs over the footprint", "a share above 0, up to 1", "0.28"),
    Row("leg_area_ratio", r"$A_\mathrm{p}/A_\mathrm{n}$", "1", "1", POSITIVE, "cross-section of the p leg over that of the n leg", "a ratio above 0", "1.2"),
    Row("height_over_area", "$H/A$", "1/m", "1/mm", POSITIVE, "length of the legs over the cross-section of a pair", "a length over an area", "0.8 1/mm"),
    Row("length_share", r"$L_i/L$", "1", "%", SHARE, "share of the length that is left for a segment and those behind it", "a share from 0 to 1", "60 %"),
    Row("relative_loss", r"$\Delta$", "1", "%", ANY, "part of what a device would do without its contacts that it lacks", "a share", "5 %"),
    Row("relative_flow", r"$\dot V/\dot V_0$", "1", "1", POSITIVE, "flow through an exchanger over that at its stated coefficient", "a ratio above 0", "0.8"),
    Row("coverage", "$f$", "1", "1", PART, "share of an area that is covered", "a share above 0, up to 1", "0.5"),
    Row("electrical_contact_resistivity", r"$\rho_\mathrm{c}$", "ohm m2", "uohm cm2", FROM_ZERO, "electrical contact resistance times area", "an electrical contact resistivity", "5 uohm cm2"),
    Row("contact_allowance", r"$\rho_\mathrm{c,allowed}$", "ohm m2", "uohm cm2", FROM_ZERO, "contact resistivity at every end of the legs that loses a given part", "an electrical contact resistivity", "5 uohm cm2"),
    Row("contact_resistance", r"$R_\mathrm{c}$", "ohm", "ohm", FROM_ZERO, "electrical resistance of one contact", *_RESISTANCE),
    Row("sheet_resistance", r"$R_\mathrm{sh}$", "ohm", "ohm", POSITIVE, "resistance of a square of a film", "a sheet resistance", "50 ohm"),
    Row("transfer_length", r"$L_\mathrm{T}$", "m", "um", POSITIVE, "length over which the current enters a contact, sqrt(rho_c/R_sh)", "a length", "2 um"),
    Row("thermal_contact_resistance", r"$R''_\mathrm{th}$", "m2 K/W", "mm2 K/W", FROM_ZERO, "thermal contact resistance times area", "a thermal contact resistance", "20 mm2 K/W"),
    Row("heat_transfer_coefficient", "$h$", "W/(m2 K)", "W/(m2 K)", FROM_ZERO, "heat flux by temperature difference", "a heat transfer coefficient", "10 W/(m2 K)"),
    Row("thermal_resistance", r"$R_\mathrm{th}$", "K/W", "K/W", FROM_ZERO, "temperature difference by heat", "a thermal resistance", "0.5 K/W"),
    Row("thermal_mass", "$C$", "J/K", "J/K", FROM_ZERO, "heat capacity of an object", "a heat capacity", "25 J/K"),
    Row("thermal_conductance", "$K$", "W/K", "W/K", FROM_ZERO, "heat by temperature difference", "a thermal conductance", "0.5 W/K"),
    Row("electrical_resistance", "$R$", "ohm", "mohm", FROM_ZERO, "electrical resistance", *_RESISTANCE),
    Row("load_resistance", r"$R_\mathrm{L}$", "ohm", "mohm", FROM_ZERO, "electrical resistance of the load", *_RESISTANCE),
    Row("internal_resistance", r"$R_\mathrm{in}$", "ohm", "mohm", ANY, "(V_oc - V)/I at maximum power", *_RESISTANCE),
    Row("current", "$I$", "A", "A", Bounds(-1e6, 1e6), "electric current", *_CURRENT),
    Row("current_density", "$J$", "A/m2", "A/cm2", ANY, "electric current by cross-section of a leg", *_CURRENT_DENSITY),
    Row("voltage", "$V$", "V", "mV", ANY, "voltage at the terminals", *_VOLTAGE),
    Row("electric_potential", r"$\varphi$", "V", "mV", ANY, "electric potential along the leg", *_VOLTAGE),
    Row("power", "$P$", "W", "W", ANY, "electric power: given off by a generator, taken up by a cooler", *_POWER),
    Row("net_power", r"$P_\mathrm{net}$", "W", "W", ANY, "power of a generator less that of its pump or fan", *_POWER),
    Row("total_power", r"$P_\mathrm{tot}$", "W", "W", ANY, "power that a cooler and its fan take up", *_POWER),
    Row("power_density", r"$\omega$", "W/m2", "W/cm2", ANY, "electric power by cross-section (leg) or footprint (module)", "a power density", "1.2 W/cm2"),
    Row("heat", "$Q$", "W", "W", ANY, "heat by time", *_POWER),
    Row("heat_hot", r"$Q_\mathrm{h}$", "W", "W", ANY, "heat entering (generator) or leaving (cooler) at the hot side", *_POWER),
    Row("heat_cold", r"$Q_\mathrm{c}$", "W", "W", ANY, "heat leaving (generator) or entering (cooler) at the cold side", *_POWER),
    Row("heat_flux", "$q$", "W/m2", "W/cm2", ANY, "heat by time and area, positive from hot to cold", "a heat flux", "5 W/cm2"),
    Row("heat_lost", r"$Q_\mathrm{l}$", "W", "W", ANY, "heat lost through the sides of the legs", *_POWER),
    Row("stored_energy", r"$\Delta U$", "J", "J", ANY, "energy that a device has gained since the start", *_HEAT),
    Row("energy_hot", r"$W_\mathrm{h}$", "J", "J", ANY, "heat_hot since the start", *_HEAT),
    Row("energy_cold", r"$W_\mathrm{c}$", "J", "J", ANY, "heat_cold since the start", *_HEAT),
    Row("electrical_energy", r"$W$", "J", "J", ANY, "electric energy since the start: given off by a generator, taken up by a cooler", *_HEAT),
    Row("energy_lost", r"$W_\mathrm{l}$", "J", "J", ANY, "heat lost through the sides since the start", *_HEAT),
    Row("efficiency", r"$\eta$", "1", "%", ANY, "power over heat_hot of a generator", "an efficiency", "7 %"),
    Row("COP", "COP", "1", "1", ANY, "coefficient of performance, heat_cold over power, where a cooler takes up both", *_NUMBER),
    Row("open_circuit_voltage", r"$V_\mathrm{oc}$", "V", "mV", ANY, "voltage without a current", *_VOLTAGE),
    Row("open_circuit_heat", "$Q_0$", "W", "W", ANY, "heat that flows without a current", *_POWER),
    Row("ac_resistance", r"$R_\mathrm{AC}$", "ohm", "mohm", FROM_ZERO, "electrical resistance at uniform temperature, by a fast alternating current", *_RESISTANCE),
    Row("resistance_drift", r"$\mathrm{d}\ln R/\mathrm{d}t$", "1/s", "%/year", ANY, "relative change of a resistance by time", "a rate", "1 %/year"),
    Row("short_circuit_current", r"$I_\mathrm{sc}$", "A", "A", ANY, "current without a voltage", *_CURRENT),
    Row("max_power", r"$P_\mathrm{max}$", "W", "W", ANY, "largest power over the current", *_POWER),
    Row("max_power_current", r"$I_{P_\mathrm{max}}$", "A", "A", ANY, "current of the largest power", *_CURRENT),
    Row("max_efficiency", r"$\eta_\mathrm{max}$", "1", "%", ANY, "largest efficiency over the current", "an efficiency", "7 %"),
    Row("max_efficiency_current", r"$I_{\eta_\mathrm{max}}$", "A", "A", ANY, "current of the largest efficiency", *_CURRENT),
    Row("max_heat", r"$Q_\mathrm{c,max}$", "W", "W", ANY, "largest heat taken up at the cold side", *_POWER),
    Row("max_heat_current", r"$I_{Q_\mathrm{max}}$", "A", "A", ANY, "current of the largest heat taken up", *_CURRENT),
    Row("max_COP", r"$\mathrm{COP}_\mathrm{max}$", "1", "1", ANY, "largest COP over the current", *_NUMBER),
    Row("max_COP_current", r"$I_{\mathrm{COP}_\mathrm{max}}$", "A", "A", ANY, "current of the largest COP", *_CURRENT),
    Row("bypass_current", r"$I_\mathrm{d}$", "A", "A", ANY, "current through the diode beside a module", *_CURRENT),
    Row("separate_power", r"$\sum P_\mathrm{max}$", "W", "W", ANY, "sum of the largest powers of modules with a load of their own each", *_POWER),
    Row("mismatch_loss", r"$\Delta P$", "W", "W", ANY, "separate_power less the largest power of the array", *_POWER),
    Row("mismatch", r"$\Delta P/\sum P_\mathrm{max}$", "1", "%", ANY, "mismatch_loss over separate_power", "a share", "3 %"),
    Row("T_hot", r"$T_\mathrm{h}$", "K", "K", POSITIVE, "temperature of the hot side", *_TEMPERATURE),
    Row("T_cold", r"$T_\mathrm{c}$", "K", "K", POSITIVE, "temperature of the cold side", *_TEMPERATURE),
    Row("T_hot_junction", r"$T_\mathrm{h,j}$", "K", "K", POSITIVE, "temperature where the legs meet the hot electrodes", *_TEMPERATURE),
    Row("T_cold_junction", r"$T_\mathrm{c,j}$", "K", "K", POSITIVE, "temperature where the legs meet the cold electrodes", *_TEMPERATURE),
    Row("T_hot_face", r"$T_\mathrm{h,f}$", "K", "K", POSITIVE, "temperature of the outer hot face", *_TEMPERATURE),
    Row("T_cold_face", r"$T_\mathrm{c,f}$", "K", "K", POSITIVE, "temperature of the outer cold face", *_TEMPERATURE),
    Row("T_ambient", r"$T_\mathrm{a}$", "K", "K", POSITIVE, "temperature of the surroundings", *_TEMPERATURE),
    Row("delta_T", r"$\Delta T$", "K", "K", ANY, "T_hot - T_cold", *_DIFFERENCE),
    Row("delta_T_max", r"$\Delta T_\mathrm{max}$", "K", "K", ANY, "largest temperature difference of a cooler without heat", *_DIFFERENCE),
    Row("delta_T_max_current", r"$I_{\Delta T_\mathrm{max}}$", "A", "A", ANY, "current of the largest temperature difference", *_CURRENT),
    Row("delta_T_max_voltage", r"$V_{\Delta T_\mathrm{max}}$", "V", "mV", ANY, "voltage of the largest temperature difference", *_VOLTAGE),
    Row("ratio", "ratio", "1", "1", ANY, "ratio of two quantities of one kind", *_NUMBER),
    Row("energy_balance", r"$\delta Q/Q$", "1", "1", ANY, "energy balance, (heat in - heat out - power) over heat", *_NUMBER),
    Row("error_estimate", r"$\delta$", "1", "1", FROM_ZERO, "estimated relative error of the numerical solution", *_NUMBER),
    Row("status", "status", "1", "1", ANY, "status of the solution: 0 is OK", *_NUMBER),
    Row("critical_voltage", r"$V_\mathrm{crit}$", "V", "mV", ANY, "voltage at which a mixed conductor sets metal free", *_VOLTAGE),
    Row("critical_current_density", r"$J_\mathrm{crit}$", "A/m2", "A/cm2", ANY, "current density at the critical voltage", *_CURRENT_DENSITY),
    Row("voltage_left", r"$\Delta V$", "V", "mV", ANY, "voltage left until a mixed conductor sets metal free", *_VOLTAGE),
    Row("migration_margin", r"$J_\mathrm{crit}/J$", "1", "1", ANY, "critical over present current density, heat flowing by conduction alone", *_NUMBER),
    Row("margin", r"$J_\mathrm{crit}/J$", "1", "1", ANY, "critical over present current density", *_NUMBER),
)

ROWS: Final[tuple[Row, ...]] = (*_GENERAL, *_TRANSPORT, *_MATERIAL, *_DEVICE)
