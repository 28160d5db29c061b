"""What would be lost or believed without a word: every column, header and error is used or named."""

import pytest

from ioffe.material import readers
from tests.material.samples import write

WHOLE = "T (K),S (uV/K),sigma (S/cm),kappa (W/mK),{}\n300,150,1000,1.5,{}\n400,160,880,1.4,{}\n"
NOT_USED = {
    "molar heat capacity": (
        WHOLE.format("Cp (J/mol K)", 24, 25),
        "Cp (J/mol K) (a heat capacity has a unit such",
    ),
    "no unit": (WHOLE.format("density", 7, 7), "density (a density has a unit such as g/cm3)"),
    "diffusivity": (WHOLE.format("D (mm2/s)", 1, 1), "D (mm2/s) (kappa is given)"),
    "relative density": (
        WHOLE.format("rel. density (%)", 97, 97),
        "rel. density (%) (a part of the full density",
    ),
    "database": (
        "sampleid,Temperature,alpha,rho,kappa,sigma,autoTc\n1,300,1e-4,1e-5,1.5,1e5,300\n1,400,2e-4,1e-5,1.5,1e5,300\n",
        "sigma, autoTc",
    ),
}
NOTES = {
    "database": ("database", "The columns have no units; the database defines them to be in SI."),
    "kappa against D Cp density": (
        "T (K),D (mm2/s),cp (J/gK),density (g/cm3),kappa (W/mK)\n300,1,0.2,5,1.5\n400,1,0.2,5,1.0\n",
        "a: kappa of the file is taken, D Cp density differs from it by up to 33 % at 300 K",
    ),
    "negative errors": (
        WHOLE.format("S_std (uV/K)", -5, -5),
        "a: seebeck: errors that are negative are taken by their size",
    ),
}


@pytest.mark.parametrize("case", NOT_USED)
def test_what_is_not_used_is_named(tmp_path, case):
    text, words = NOT_USED[case]
    path = write(tmp_path, "a.csv", text)
    assert words in ", ".join(readers.look(path).not_used)
    (found,) = readers.read(path)
    assert words in found.provenance.not_used


@pytest.mark.parametrize("case", NOTES)
def test_how_numbers_were_read_is_said(tmp_path, case):
    text, words = NOTES[case]
    text = NOT_USED[text][0] if text in NOT_USED else text
    assert words in readers.look(write(tmp_path, "a.csv", text)).notes


def test_a_header_that_columns_take_the_place_of_is_named(tmp_path):
    path = write(
        tmp_path, "a.csv", "Sample: A-17\nT(K),S(uV/K),rho(uOhm cm),kappa(mW/cmK)\n300,150,1000,15\n"
    )
    options = readers.ReadOptions(columns="T (K), S (uV/K), sigma (S/cm), kappa (W/mK)")
    seen = readers.look(path, options=options)
    assert "line 2, a header: --columns is given" in seen.not_used
    words = "--columns takes rho(uOhm cm) as sigma (S/cm), kappa(mW/cmK) as kappa (W/mK), against line 2"
    assert words in seen.notes
    assert seen.rows[0][0] == "A-17"
    alike = readers.ReadOptions(columns="T (K), S (uV/K), rho (uohm cm), kappa (mW/(cm K))")
    assert not readers.look(path, options=alike).notes


def test_negative_hall_numbers_of_electrons_agree(tmp_path):
    text = "T (K),R_H (cm3/C),n (cm^-3)\n300,-0.12,-5.2e19\n400,-0.12,-5.2e19\n"
    (words,) = readers.look(write(tmp_path, "a.csv", text)).not_used
    assert words == "the Hall carrier density (it follows from the Hall coefficient)"
