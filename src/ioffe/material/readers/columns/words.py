"""What people call their columns, and texts in one spelling: LaTeX, full-width signs, broken encodings."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

SYNONYMS: Final = {
    "temperature": "t temp temperature measurement_temp measurement_temperature meas_temp meas_temperature "
    "measured_temp measured_temperature mean_t average_t "
    "mean_temperature average_temperature avg_temp avg_temperature t_avg t_mean sample_temperature "
    "sample_temp sample_t temperatur "
    "temperature_t temp_t t_sample probe_temperature proben_temperatur messtemperatur "
    "temperature_of_sample t_s t_seebeck t_rho t_ρ t_sigma t_σ t_kappa t_κ "
    "温度 測定温度 試料温度 平均温度 测量温度 测试温度 样品温度 "
    "temp_sample température temperatura температура 온도 絶対温度 绝对温度 試料の温度",
    "seebeck": "s seebeck seebeck_coefficient alpha α thermopower seebeck_coeff seebeck_coef "
    "absolute_seebeck absolute_seebeck_coefficient seebeck_s thermoelectric_power s_abs seebeck_koeffizient "
    "seebeckkoeffizient thermokraft ゼーベック係数 seebeck係数 塞贝克系数 赛贝克系数 seebeck系数 热电势 "
    "coefficient_seebeck coefficient_de_seebeck pouvoir_thermoélectrique coeficiente_seebeck "
    "coeficiente_de_seebeck "
    "coefficiente_di_seebeck коэффициент_зеебека термоэдс 제벡계수 제벡_계수",
    "electrical_conductivity": "sigma σ sigma_dc σ_dc conductivity electrical_conductivity "
    "electric_conductivity "
    "elec_conductivity ec conductivity_sigma electr_conductivity el_conductivity elec_cond electrical_cond "
    "electric_cond el_cond leitfähigkeit elektr_leitfähigkeit el_leitfähigkeit "
    "elektrische_leitfähigkeit el_leitf elektr_leitf 導電率 電気伝導率 电导率 "
    "conductivité_électrique conductividad_eléctrica conducibilità_elettrica conduttività_elettrica "
    "электропроводность 전기전도도 전기_전도도 전기전도율",
    "electrical_resistivity": "rho ρ resistivity electrical_resistivity electric_resistivity resist res "
    "elec_resistivity resistivity_rho el_resistivity elec_res electrical_res widerstand "
    "spez_widerstand spezifischer_widerstand 抵抗率 電気抵抗率 比抵抗 电阻率 "
    "résistivité résistivité_électrique resistividad resistividad_eléctrica resistività "
    "resistività_elettrica "
    "удельное_сопротивление 비저항 전기비저항 体积电阻率 体積抵抗率",
    "thermal_conductivity": "kappa κ k lambda λ thermal_conductivity total_thermal_conductivity kappa_tot "
    "kappa_total κ_tot k_tot k_total κ_total ktot kappatot therm_conductivity thermal_cond k_t kappa_t λ_tot "
    "lambda_tot cond_thermal therm_cond th_cond th_conductivity thermal_conductivity_total "
    "wärmeleitfähigkeit wärmeleitf 熱伝導率 热导率 导热系数 "
    "gesamtwärmeleitfähigkeit conductivité_thermique conductivité_thermique_totale conductividad_térmica "
    "conductividad_térmica_total conducibilità_termica conduttività_termica теплопроводность 열전도도 "
    "열전도율 "
    "总热导率 全熱伝導率",
    "zT": "zt fig_merit_zt figure_of_merit zt_reported reported_zt figure_of_merit_zt zt_value",
    "heat_capacity": "cp c_p heat_capacity specific_heat specific_heat_capacity cp_calc wärmekapazität "
    "spez_wärmekapazität 比熱 比热 比热容 "
    "capacité_thermique capacité_thermique_massique chaleur_spécifique chaleur_massique calor_específico "
    "calore_specifico теплоемкость теплоёмкость 비열 spezifische_wärmekapazität",
    "thermal_expansion": "cte thermal_expansion",
    "hall_coefficient": "r_h rh hall_coefficient hall_coeff hall_coef hall_constant",
    "hall_carrier_density": "n_h n nh n_hall p_h carrier_density carrier_concentration hall_carrier_density "
    "hall_carrier_concentration carrier_conc hall_concentration hall_density carriers charge_carrier_density "
    "bulk_con bulk_concentration bulk_conc ladungsträgerdichte 载流子浓度 キャリア密度 キャリア濃度",
    "thermal_diffusivity": "diffusivity thermal_diffusivity diff th_diff thdiff temperaturleitf "
    "therm_diff th_diffusivity "
    "therm_diffusivity temperaturleitfähigkeit "
    "熱拡散率 热扩散系数 热扩散率 "
    "diffusivité diffusivité_thermique difusividad_térmica diffusività_termica температуропроводность "
    "열확산도 "
    "열확산율 熱拡散率 热扩散率",
    "density": "density mass_density bulk_density sample_density measured_density archimedes_density "
    "density_archimedes density_(archimedes) geometric_density geometrical_density hydrostatic_density "
    "dichte 密度 "
    "masse_volumique densité densidad densità плотность 밀도",
}
"""Names of columns, in lower case with underscores and without points, by the quantity they mean."""
MEANING: Final = {word: prop for prop, words in SYNONYMS.items() for word in words.split()}
ABBREVIATED: Final = {
    "abs": "absolute", "avg": "average", "coef": "coefficient", "coeff": "coefficient",
    "conc": "concentration", "cond": "conductivity", "conduct": "conductivity", "diff": "diffusivity",
    "el": "electrical", "elec": "electrical", "elect": "electrical", "electr": "electrical",
    "meas": "measured", "res": "resistivity", "resist": "resistivity", "spec": "specific",
    "temp": "temperature", "th": "thermal", "therm": "thermal", "tot": "total",
}  # fmt: skip
"""Parts of names that are written short."""
HALL_NAMED: Final = re.compile(r"hall|(?:^|_)[np]_?h(?:_|$)")
"""In names of a carrier density: that of the Hall effect, in so many words."""
BY_UNIT: Final = {
    "d": ("thermal_diffusivity", "density"),
    "a": ("thermal_diffusivity",),
    "α": ("thermal_diffusivity", "thermal_expansion"),
    "alpha": ("thermal_diffusivity", "thermal_expansion"),
    "conductivity": ("thermal_conductivity",),
    "cond": ("electrical_conductivity", "thermal_conductivity"),
    "total_conductivity": ("thermal_conductivity",),
    "λ": ("thermal_conductivity",),
    "r": ("hall_coefficient", "electrical_resistivity"),
    "p": ("hall_carrier_density",),
    "tc": ("thermal_conductivity",),
    "ρ": ("density",),
    "rho": ("density",),
    "σ": ("electrical_conductivity",),
    "c": ("electrical_conductivity", "heat_capacity"),
}
"""Names that the unit alone tells apart."""
CORRELATION: Final = frozenset(
    {"r^2_by_seebeck", "r2_by_seebeck", "r^2_seebeck", "r^2_(seebeck)", "r2_(seebeck)", "r^2",
     "correlation_coefficient", "correlation", "correlation_factor", "r2", "r_squared"}
)  # fmt: skip
"""Columns of the straightness of voltage against temperature difference in files of a ZEM or a CTA."""
OF_PROPERTY: Final = re.compile(
    r"(?:t|temp|temperature)_(?:of_|for_|in_)?(?P<behind>.+)|(?P<before>.+)_(?:t|temp|temperature)"
)
"""Temperatures at which a property was measured, or an instrument has measured."""
INSTRUMENTS: Final = frozenset({"zem", "zem_3", "lsr", "cta", "sba", "lfa", "dsc", "hall", "ppms", "tto"})
BRANCH: Final = frozenset({"run", "branch", "direction", "cycle", "heating/cooling", "segment", "sweep"})
"""Columns that may say whether a row belongs to heating or cooling."""
SAMPLE: Final = (
    *("sample", "sample_id", "sampleid", "sample_name", "specimen", "sample_no", "probe", "id"),
    *(
        "probenname",
        "échantillon",
        "echantillon",
        "muestra",
        "campione",
        "образец",
        "试样",
        "样品",
        "试料",
        "試料",
    ),
    *("시료", "시편"),
    *("material", "composition", "formula", "compound", "chemical_formula", "name"),
    *("x", "nominal_x", "doping", "doping_level", "dopant_content"),
)
"""Columns that say whose a row is, those that tell most first."""
VARIED: Final = frozenset({"x", "nominal_x", "doping", "doping_level", "dopant_content"})
"""Those of them that hold a number, which is part of the name."""
PAPER: Final = ("doi", "reference", "ref", "source", "paper")
"""Columns that say from which publication a row is."""
POWER_FACTOR: Final = "the power factor; it follows from S and the conductivity"
PARTS_OF_KAPPA: Final = tuple(
    f"the {part} part, never taken for the total" for part in ("lattice", "electronic", "bipolar")
)
LORENZ: Final = "the Lorenz number"
RELATIVE: Final = "a part of the full density; --density states the density"
REASONS: Final = (
    (r"(k|kappa|κ|λ|lambda)_?\{?(l|lat|latt|lattice|ph|phonon)\}?|lattice_.*|.*_lattice(_.*)?|phonon_.*",
     PARTS_OF_KAPPA[0]),
    (r"(k|kappa|κ|λ|lambda)_?\{?(e|el|ele|electronic|elec|carrier)\}?|electronic_.*",
     PARTS_OF_KAPPA[1]),
    (r"(k|kappa|κ|λ|lambda)_?\{?(b|bip|bi|bipolar)\}?|bipolar_.*",
     PARTS_OF_KAPPA[2]),
    (r"pf|power_factor.*|s\^?2_?[σs].*|leistungsfaktor|功率因子|パワーファクター",
     POWER_FACTOR),
    (r"(rel|relative)_(dens|dicht).*|(density|dichte)_rel.*|porosity.*|porosit.t", RELATIVE),
    (r"rel_.*|relative_.*|.*_relative|.*_rel|wire_.*|apparent_.*|d_?volt_/d_?temp",
     "relative to the wires of the instrument, not absolute"),
    (r"(k|kappa|κ|λ|lambda)_?(tot|total)?_?[-−–_]_?(k|kappa|κ|λ|lambda|l).*",
     "a part of kappa, never taken for the total"),
    (r"(sigma|sd|std)_by_.*", "the scatter about a straight line, no property"),
    (r"r\^?2_.*(res|rho|cond|sigma).*", "the straightness of voltage against current"),
    (r"(log10|log|lg|ln)[_(\d].*", "a logarithm"),
    (r".*[x×*·]_?10[\^⁰¹²³⁴⁵⁶⁷⁸⁹⁻\d_].*", "a factor in the name has two readings; put it before the unit"),
    (r"l|lorenz.*", LORENZ),
    (r"(mu|μ|µ|mobility|hall_mobility|mu_h|μ_h|µ_h|mob).*", "the mobility; it follows from n and sigma"),
    (r"figure_of_merit|z", "Z; it follows from S, the conductivity and kappa"),
    (r"hall_res.*|.*_hall_res.*", "of a Hall measurement, not of the sample along the current"),
    (r"1(0+)?_?/_?t.*|inverse_temperature.*", "the inverse temperature; a column of T is needed"),
    (r"\|.*\|", "without its sign; where it is positive throughout, name it without the strokes"),
    (r".+_(lit|literature|ref|reference|published|previous|old)|(lit|literature|published)_.+",
     "of others or of before, not of this sample"),
    (r".+_?[⊥∥]|(s|α|alpha|σ|sigma|ρ|rho|κ|kappa|k|λ)_?(xx|yy|zz|ab|cc)|.+_(par|perp|parallel|perpendicular|\|\||xx|yy|zz|in_plane|out_of_plane|cross_plane)",
     'along one direction; --map "S_xx=S" and the like take the one that is meant'),
    (r"set_.*|.*_set(?:_?point)?|set_?point.*|soll.*|设定.*|設定.*|consigne.*", "the set point"),
    (r"(t|temp|temperature)_?\d",
     'one of several; --map "T1=T" and the like take it as that of the columns behind it'),
    (r"r|r_?(xx|s|sample|4p|4w)|.*resistance|widerstand_.*",
     "a resistance; the resistivity is that times cross-section over length"),
    (r"(t|temp|temperature)_?(hot|cold|h|c|min|max|furnace|ambient|heater|bath|block)",
     "not the temperature of the sample; the mean of both ends is one, as a column of its own"),
    (r".+_(max|min|upper|lower|high|low)", "a bound, not the value; errors stand in columns such as S_std"),
    (r".*(2_?(sigma|σ|sd|std)|k_?=_?2).*", "two standard deviations; a column of errors holds one"),
    (r".*(?<!\d)9[059]_?%.*|(.*_)?ci(_.*)?|.*confidence.*",
     "an interval of confidence, which is wider than a standard deviation (95 %: 1.96 of them)"),
    (r".+_(fit|fitted|calc|calculated|theory|model|sim|simulated)", "computed, not measured"),
    (r"(system|min|max|minimum|maximum|furnace|ambient|hot|cold|block|delta|high|low)_(temp|t).*",
     "not the temperature of the sample"),
    (r"temperature_(gradient|difference).*|[dδ∆]t|delta_t", "not the temperature of the sample"),
)  # fmt: skip
"""Why a column that is known is not used."""
STD_WORDS: Final = (
    "std std_dev stddev stdev st_dev standard_deviation sd se err error errors uncertainty unc deviation dev "
    "fehler std_err rel_err rel_error std_abw stdabw standardabweichung streuung unsicherheit "
    "messunsicherheit incertitude écart_type ecart_type erreur incertidumbre desviación_estándar incertezza "
    "errore 误差 标准差 标准偏差 不确定度 誤差 標準偏差 погрешность 오차 표준편차"
)
_STD: Final = "|".join(sorted((re.escape(word) for word in STD_WORDS.split()), key=len, reverse=True))
STD: Final = re.compile(
    rf"(?:(?:(?:±|\+/?_?|δ)_?|(?:{_STD})_(?:of_|in_)?)(?P<after>.+)|(?P<before>.+?)_?(?:±|\+/?_?)|"
    rf"(?P<behind>.+?)_(?:{_STD}))"
)
BARE_STD: Final = re.compile(rf"(?:±|\+/?_?|δ|{_STD})(?:_?\d+)?")

_LATEX: Final = (
    (re.compile(r"\\\+\(([^()]*)\)"), r"^\1"),  # of Origin, as the next ones
    (re.compile(r"\\-\(([^()]*)\)"), r"_\1"),
    (re.compile(r"\\[ibuf]\d*\(([^()]*)\)"), r"\1"),
    *((re.compile(rf"\\g\({a}\)"), b) for a, b in zip("askrmlWDdq", "ασκρμλΩΔδθ", strict=True)),
    (re.compile(r"\\(?:mathrm|mathit|text|textrm|rm|it|operatorname|mathsf|si)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\(?:mathrm|rm|it|left|right|,|;|!|:|quad|thinspace| )"), " "),
    (re.compile(r"\\(?:cdot|times)"), "·"),
    (re.compile(r"\^\{?\\circ\}?\s*C?|\\degree\s*C?|\\textdegree\s*C?"), "°C"),
    (re.compile(r"\\(?:mu|micro|textmu)\b\s*"), "μ"),
    (re.compile(r"\\Omega\b\s*|\\ohm\b\s*"), "Ω"),
    (re.compile(r"\\(sigma|rho|kappa|alpha|lambda)\b"), r"\1"),
    (re.compile(r"\^\{([^{}]*)\}"), r"^\1"),
    (re.compile(r"_\{([^{}]*)\}"), r"_\1"),
    (re.compile(r"[$\\]"), ""),
)
_WIDE: Final = {0xFF08: "(", 0xFF09: ")", 0xFF0F: "/", 0x2044: "/", 0x2215: "/",
                0xFF0C: ",", 0xFF1A: ":", 0x3000: " ", 0x3010: "[",
                0x3011: "]", 0xFEFF: "", 0x200B: "", 0x30FB: "·", 0xFF65: "·", 0xFF05: "%",
                0x2103: "°C", 0xBA: "°", 0x2DA: "°"}  # fmt: skip
_BROKEN: Final = re.compile("[ÂÃÎÏâ][\u0080-\u00bf\u2018-\u2122\u0152-\u0192]")


def repaired(text: str) -> str:
    r"""A header without LaTeX, full-width signs and letters that a wrong encoding has broken.

    `text`: as read.

    >>> repaired(r"$S$ ($\mu$V K$^{-1}$)"), repaired("T (Â°C)"), repaired("温度（℃）")
    ('S (μV K^-1)', 'T (°C)', '温度(°C)')
    """
    if _BROKEN.search(text):
        for encoding in ("cp1252", "latin-1"):
            try:
                text = text.encode(encoding).decode("utf-8")
                break
            except UnicodeError:
                continue
    if not text.isascii():
        text = re.sub(r"[°º]\s?K\b", "K", normalize("NFC", text))
    if "$" in text or "\\" in text:
        for pattern, word in _LATEX:
            text = pattern.sub(word, text)
    return " ".join(text.translate(_WIDE).split())


def is_broken(text: str) -> bool:
    """Whether a wrong encoding has broken letters of a text.

    `text`: as read.

    >>> is_broken("T (Â°C)"), is_broken("T (°C)")
    (True, False)
    """
    return bool(_BROKEN.search(text))


def word_of(name: str) -> str:
    """Name of a column in lower case, with underscores for blanks and hyphens and without points.

    `name`: name without its unit.

    >>> word_of("Seebeck Coeff."), word_of("#Diffusivity"), word_of("Std.Dev.")
    ('seebeck_coeff', 'diffusivity', 'std_dev')
    """
    text = re.sub(r"\.\d+$", "", repaired(name).strip().lstrip("#%").strip())
    text = _FOOTNOTE.sub("", text)
    text = (
        text.casefold().replace(".", " ").replace("-", " ").replace("_", " ").replace(",", " ").strip(" :=*/")
    )
    return re.sub("^([α-ω])(?=[a-z]{2})", r"\1_", "_".join(text.split()))  # κtot


_FOOTNOTE: Final = re.compile(r"(?<=.)(?:[†‡§¶]+|\^\(?[a-e]\)?|[ᵃᵇᶜᵈᵉ]+)$")
"""Mark of a footnote behind a name."""
TURNED: Final = re.compile(r"\s*[-−–]\s*[A-Za-zα-ω]")
"""Names such as -S, of which the values have the other sign."""


def reason(name: str) -> str:
    """Why a column that is known is not used; empty for one that is not known.

    `name`: name without unit.

    >>> reason("k_L"), reason("PF")[:16]
    ('the lattice part, never taken for the total', 'the power factor')
    """
    word = word_of(name)
    if TURNED.match(name):
        return "its sign is turned round; name the column without the minus and give the values their sign"
    return next((text for pattern, text in REASONS if re.fullmatch(pattern, word)), "")
