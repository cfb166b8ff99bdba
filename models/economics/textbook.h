#pragma once

namespace reticle::economics {

// Textbook counts of dies on a wafer, continuous, for comparison with others' results; supply needs
// place_dies. Lengths in metres, areas in square metres. Throws std::domain_error without a die.

// pi d^2 / 4A - pi d / sqrt(2A): de Vries (2005), also ttm-cas. No street, no edge.
double dies_de_vries(double diameter, double area);

// The same with the street in the die, A' = (sqrt(A) + s)^2, and without the edge, d' = d - 2e:
// Chiplet Actuary (DAC 2022).
double dies_chiplet_actuary(double diameter, double area, double scribe, double edge_exclusion);

}  // namespace reticle::economics
