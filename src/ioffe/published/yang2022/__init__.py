"""Yang et al., Joule 6 (2022) 193, doi 10.1016/j.joule.2021.11.008: coolers of Mg3(Bi,Sb)2."""
