"""What legs, modules and conditions refuse, all faults at once, and how they are changed."""

import pytest

import ioffe as te
from tests.device.cases import constant


def faults(make):
    with pytest.raises(te.InputError) as caught:
        make()
    return str(caught.value)


def leg(**more):
    return te.Leg(constant(), "1.6 mm", "1.4 mm x 1.4 mm", **more)


def test_every_fault_of_a_leg_at_once():
    text = faults(
        lambda: te.Leg(
            "Bi0.42Sb1.58Te", length="1.6 mm2", area="0 mm2", contact=te.Contact(), contact_hot=te.Contact()
        )
    )
    assert "Bi0.42Sb1.58Te3" in text
    assert "length" in text
    assert "mm2" in text
    assert "area" in text
    assert "contact_hot" in text


def test_wrong_units_name_the_quantity():
    text = faults(lambda: te.Contact(electrical="5 uohm cm", thermal="3 W/K"))
    assert "electrical" in text
    assert "thermal" in text
    assert "contact" in text


def test_legs_must_conduct_and_fit():
    assert "conducts electricity" in faults(lambda: te.Leg("Al2O3", "1 mm", "1 mm2"))
    assert "at least one segment" in faults(lambda: te.Leg(segments=[], area=1e-6))
    two = [te.Segment(constant(), 1e-3)] * 2
    assert "one contact for each of the 1 interfaces" in faults(
        lambda: te.Leg(segments=two, area=1e-6, between=[te.Contact()] * 3)
    )


def test_segments_of_both_carriers_need_a_word():
    both = [te.Segment(constant(2e-4), 1e-3), te.Segment(constant(-2e-4), 1e-3)]
    assert "not of both" in faults(lambda: te.Leg(segments=both, area=1e-6))
    assert te.Leg(segments=both, area=1e-6, carrier="n").carrier == "n"


def test_module_wants_a_p_and_an_n_leg_and_one_footprint():
    text = faults(lambda: te.Module(p=leg(), n=leg(), couples=0))
    assert "n-type" in text
    assert "couples" in text
    assert "fill_factor" in text
    n = te.Leg(constant(-2e-4), "1.6 mm", "1.4 mm x 1.4 mm")
    assert "35.28 mm2 is expected, the legs' cross-section" in faults(
        lambda: te.Module(p=leg(), n=n, couples=9, footprint="4 mm2")
    )


@pytest.mark.parametrize(
    ("conditions", "word"),
    [
        ({"T_hot": 300, "T_cold": 400}, "below T_hot"),
        ({"T_hot": 400}, "T_cold"),
        ({"T_cold": 400}, "either T_hot or heat"),
        ({"T_hot": 400, "T_cold": 300, "current": []}, "current"),
        ({"T_hot": 400, "T_cold": 300, "current": 1, "load": 2}, "only one of"),
        ({"T_hot": 400, "T_cold": 300, "load": "max_powr"}, "max_power"),
        ({"T_hot": "400 mm", "T_cold": 300}, "temperature"),
        (
            {"T_hot": 400, "T_cold": 300, "hot_resistance": 1, "hot_heat_transfer_coefficient": 5},
            "only one of hot_heat_transfer_coefficient and hot_resistance",
        ),
        ({"T_hot": 400, "T_cold": float("nan")}, "T_cold"),
    ],
)
def test_generator_refuses(conditions, word):
    assert word in faults(lambda: te.Generator(**conditions))


@pytest.mark.parametrize(
    ("conditions", "word"),
    [
        ({"T_hot": 300}, "current"),
        ({"T_hot": 300, "aim": "cop", "heat": 1}, "COP"),
        ({"T_hot": 300, "current": 1}, "T_cold or heat"),
        ({"T_hot": 300, "T_cold": 280, "current": 1, "heat": 2}, "two of"),
        ({"T_hot": 300, "heat": 1, "current": "max_heat"}, "T_cold is expected beside it"),
        ({"T_hot": 300, "aim": "delta_T"}, "heat"),
    ],
)
def test_cooler_refuses(conditions, word):
    assert word in faults(lambda: te.Cooler(**conditions))


def test_solve_refuses_wrong_options():
    cond = te.Generator(T_hot=400, T_cold=300)
    assert '"1d" or "3d" or "full" or "ideal"' in faults(lambda: leg().solve(cond, "2d"))
    assert "tolerance" in faults(lambda: leg().solve(cond, tolerance=1))
    lossy = leg(side=te.SideLoss(convection="10 W/(m2 K)"))
    assert "T_ambient" in faults(lambda: lossy.solve(cond))


def test_replace_makes_a_changed_copy():
    one = leg(contact=te.Contact("5 uohm cm2"))
    longer = one.replace(length="3 mm")
    assert (one.length, longer.length) == (1.6e-3, 3e-3)
    assert longer.contact_hot == one.contact_hot
    assert one.replace(contact=te.Contact()).contact_cold.electrical == 0
    assert one.replace(area="4 mm2").sides == pytest.approx((2e-3, 2e-3))
    with pytest.raises(AttributeError):
        one.area = 1.0


def test_solving_changes_no_input():
    device, cond = leg(), te.Generator(T_hot=[400.0, 500.0], T_cold=300.0, current=[0.0, 1.0])
    before = (repr(device), cond.to_dict())
    device.solve(cond)
    assert (repr(device), cond.to_dict()) == before
