"""Diffusion across interfaces: profiles, fits of measured ones, growth of layers, life of barriers."""

from __future__ import annotations

from ioffe.interface.diffusion.arrhenius import ArrheniusFit, RateConstant, fit_arrhenius
from ioffe.interface.diffusion.couple import couple_profile, diffusion_width, width_as
from ioffe.interface.diffusion.growth import GrowthFit, LayerGrowth, fit_growth, steady_flux
from ioffe.interface.diffusion.layers import finite_profile, membrane_amount, time_lag
from ioffe.interface.diffusion.plot import plot_profile
from ioffe.interface.diffusion.profile_file import ConcentrationProfile, read_profile
from ioffe.interface.diffusion.profile_fit import ProfileFit, fit_profile
from ioffe.interface.diffusion.volumes import Diffused, diffuse

__all__ = [
    "ArrheniusFit",
    "ConcentrationProfile",
    "Diffused",
    "GrowthFit",
    "LayerGrowth",
    "ProfileFit",
    "RateConstant",
    "couple_profile",
    "diffuse",
    "diffusion_width",
    "finite_profile",
    "fit_arrhenius",
    "fit_growth",
    "fit_profile",
    "membrane_amount",
    "plot_profile",
    "read_profile",
    "steady_flux",
    "time_lag",
    "width_as",
]
