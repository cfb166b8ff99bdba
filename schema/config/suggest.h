#pragma once

#include <string>
#include <vector>

namespace reticle::config {

// The choice that differs least from `word` (insertions, deletions, replacements and swaps of
// neighbours), or "" if none is close enough to be a slip of the pen. Ties: the first.
std::string nearest(const std::string& word, const std::vector<std::string>& choices);

// "did you mean `a`? LABEL: a, b, c", without the question if nothing is near; "" without choices.
std::string suggestion(const std::string& word, const std::vector<std::string>& choices,
                       const std::string& label);

std::string join(const std::vector<std::string>& words, const std::string& separator = ", ");

}  // namespace reticle::config
