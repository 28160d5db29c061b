"""Public names of the package and where they live; read by type checkers and by `base.lazy`."""

from ioffe.transport.phonons import alloy as alloy
from ioffe.transport.phonons import debye_callaway as debye_callaway
from ioffe.transport.phonons import elastic as elastic
from ioffe.transport.phonons import extended_defects as extended_defects
from ioffe.transport.phonons import heat_capacity as heat_capacity
from ioffe.transport.phonons import minimum as minimum
from ioffe.transport.phonons import scattering_rates as scattering_rates
from ioffe.transport.phonons import spectrum as spectrum
from ioffe.transport.phonons.alloy import Site as Site
from ioffe.transport.phonons.alloy import assign_sites as assign_sites
from ioffe.transport.phonons.debye_callaway import DebyeCallaway as DebyeCallaway
from ioffe.transport.phonons.debye_callaway import debye_frequency as debye_frequency
from ioffe.transport.phonons.elastic import ElasticSet as ElasticSet
