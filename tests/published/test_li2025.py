import numpy as np
import pytest

from ioffe.device.conditions import Generator
from ioffe.interface.barrier import Junction, doping_change
from ioffe.published.comparison import Verdict
from ioffe.published.li2025 import COLD, DAY, LAYER, ageing_law, contact, generator, operated, with_layers
from ioffe.published.run import run_source
from ioffe.published.source import SourceInputs, find_source
from ioffe.published.values import override


@pytest.fixture(scope="module")
def inputs():
    return find_source("S3").inputs()


def changed(**values):
    source = find_source("S3")
    return SourceInputs(source.folder, override(source.assumptions, values))


def test_source_as_a_whole():
    found = run_source(find_source("S3"))
    wrong = [row.published for row in found.compared if row.verdict is Verdict.NOT_REPRODUCED]
    assert not [value.key for value in wrong if not value.why]
    rows = {row.published.key: row for row in found.compared}
    assert rows["bending"].verdict is Verdict.REPRODUCED
    assert rows["rho_c_fresh"].verdict is Verdict.NOT_REPRODUCED
    assert rows["efficiency_simulated"].verdict is Verdict.UNDECIDABLE
    assert rows["rho_c_Ag_12_h"].verdict is Verdict.NOT_YET
    assert (
        found.count(Verdict.REPRODUCED) + found.count(Verdict.WITHIN) <= 2
    )  # samples stand in for both legs
    assert {"p_thermal", "n_thermal"} <= set(rows["efficiency_simulated"].asked)
    assert "emissivity" not in rows["efficiency_simulated"].asked
    assert "emissivity" in rows["efficiency_fresh"].asked


def test_law_goes_through_both_published_contacts(inputs):
    law = ageing_law(inputs)
    np.testing.assert_allclose(law.at([0.0, 30.0 * DAY]), [20.8e-10, 7.9e-10], rtol=1e-12)
    assert 7.0e-10 < float(law.at(100.0 * DAY)) < 7.9e-10


def test_batch_is_the_module_solved_alone(inputs):
    module = generator(inputs)
    rho = 20.8e-10
    batch = operated(module, [500.0, 569.0], [rho, rho], "max_efficiency")
    p = module.p.replace(
        contact_hot=type(module.p.contact_hot)(rho), contact_cold=type(module.p.contact_hot)(rho)
    )
    alone = module.replace(p=p).solve(Generator(T_hot=[500.0, 569.0], T_cold=COLD, current="max_efficiency"))
    np.testing.assert_allclose(batch.efficiency, alone.max_efficiency, rtol=1e-5)


def test_heat_past_the_legs_costs_efficiency_and_hardly_power(inputs):
    leaky, tight = generator(changed(emissivity=0.9)), generator(inputs, lossless=True)
    at = Generator(T_hot=587.0, T_cold=COLD, current="max_power")
    a, b = leaky.solve(at), tight.solve(at)
    assert a.max_efficiency < 0.97 * b.max_efficiency
    assert a.max_power == pytest.approx(b.max_power, rel=1e-4)


def test_stated_rise_of_doping_is_the_one_that_is_needed(inputs):
    fresh = Junction("0.16 eV", inputs["doping"], 300.0, inputs["permittivity"], inputs["effective_mass"])
    change = doping_change("20.8 uohm cm2", "7.9 uohm cm2", fresh, relative=True)
    assert change.ratio == pytest.approx(inputs["doping_rise"], rel=0.02)


def test_higher_doping_lowers_the_contact(inputs):
    rho = [contact(inputs, N) for N in (5e24, 2e25, 1e26)]
    assert rho[0] > rho[1] > rho[2] > 0


def test_layers_of_no_thickness_change_nothing(inputs):
    bare = generator(inputs, lossless=True).p
    at = Generator(T_hot=593.0, T_cold=COLD, current="max_power")
    assert with_layers(bare, "Sb", 1e-9).solve(at).max_power == pytest.approx(
        bare.solve(at).max_power, rel=1e-5
    )


def test_interface_metals_differ_by_a_tenth_of_a_per_cent_on_one_leg(inputs):
    bare = generator(inputs, lossless=True).p
    at = Generator(T_hot=593.0, T_cold=COLD, current="max_efficiency")
    best = [100.0 * with_layers(bare, metal, LAYER).solve(at).max_efficiency for metal in ("Sb", "Ag")]
    assert best[1] - best[0] == pytest.approx(0.11, abs=0.005)
    assert best == pytest.approx([9.5, 9.6], abs=0.05)


def test_pictures_that_cost_little():
    source = find_source("S3")
    published = {value.key: value for value in source.values}
    drawn = [picture(source.inputs(), published) for picture in source.pictures]
    assert [one.name for one in drawn] == ["module", "ageing", "barrier", "layers"]
    for one in drawn:
        assert one.caption.endswith(".")
        assert all(ax.get_xlabel() and ax.get_ylabel() for ax in one.figure.axes)
