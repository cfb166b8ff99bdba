#include "study/trace/track_paths.h"

#include <algorithm>
#include <cctype>

namespace reticle::study {

std::vector<std::string> track_paths(const trace::Summary& summary) {
  std::vector<std::string> paths;
  for (const trace::Track& track : summary.tracks) {
    const std::uint32_t parent = track.parent.value;  // earlier than the track itself
    paths.push_back(parent == 0 ? track.name : paths[parent - 1] + "/" + track.name);
  }
  return paths;
}

std::string track_kind(trace::TrackKind kind) {
  if (!rtrace::TrackKind_IsValid(kind)) {
    return "kind " + std::to_string(static_cast<int>(kind));
  }
  std::string word = rtrace::TrackKind_Name(kind).substr(std::string("TRACK_KIND_").size());
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word;
}

}  // namespace reticle::study
