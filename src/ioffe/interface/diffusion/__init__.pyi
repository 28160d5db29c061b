"""Public names of the package and where they live; read by type checkers and by `base.lazy`."""

from ioffe.interface.diffusion.arrhenius import ArrheniusFit as ArrheniusFit
from ioffe.interface.diffusion.arrhenius import RateConstant as RateConstant
from ioffe.interface.diffusion.arrhenius import fit_arrhenius as fit_arrhenius
from ioffe.interface.diffusion.growth import GrowthFit as GrowthFit
from ioffe.interface.diffusion.growth import LayerGrowth as LayerGrowth
from ioffe.interface.diffusion.growth import fit_growth as fit_growth
from ioffe.interface.diffusion.growth import steady_flux as steady_flux
from ioffe.interface.diffusion.profile_fit import ConcentrationProfile as ConcentrationProfile
from ioffe.interface.diffusion.profile_fit import ProfileFit as ProfileFit
from ioffe.interface.diffusion.profile_fit import fit_profile as fit_profile
from ioffe.interface.diffusion.profile_fit import plot_profile as plot_profile
from ioffe.interface.diffusion.profile_fit import read_profile as read_profile
from ioffe.interface.diffusion.profiles import couple_profile as couple_profile
from ioffe.interface.diffusion.profiles import diffusion_width as diffusion_width
from ioffe.interface.diffusion.profiles import finite_profile as finite_profile
from ioffe.interface.diffusion.profiles import membrane_amount as membrane_amount
from ioffe.interface.diffusion.profiles import time_lag as time_lag
from ioffe.interface.diffusion.profiles import width_as as width_as
from ioffe.interface.diffusion.volumes import Diffused as Diffused
from ioffe.interface.diffusion.volumes import diffuse as diffuse
