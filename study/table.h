#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace reticle::study {

// Four significant digits: the models are not better than that.
std::string figure(double value);

// "+3.1 %".
std::string percent(double value);

using Table = std::vector<std::vector<std::string>>;

// Columns as wide as their widest cell; the first left, the others right aligned.
void print(std::ostringstream& out, const Table& table);

}  // namespace reticle::study
