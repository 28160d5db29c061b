"""Materials: measured curves with their origin, cards, readers, checks and the library."""

from __future__ import annotations

from ioffe.material.material import Material
from ioffe.material.provenance import Provenance

__all__ = ["Material", "Provenance"]
