"""K. K. Raut et al.: p-type Mg1.8Zn1.2Sb2 with Cu and Yb, CuNi contacts, a leg, a generator of two pairs."""
