#include <algorithm>
#include <cmath>
#include <sstream>

#include "study/validate/report.h"

namespace reticle::study {

namespace {

constexpr double kSide = 260;   // of a picture, px
constexpr double kMargin = 34;  // px

std::string escaped(const std::string& text) {
  std::string out;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += letter;
    }
  }
  return out;
}

// Decades that hold every value of both axes.
struct Decades {
  double low = 0;
  double high = 1;
};

Decades decades(const std::vector<Compared>& pairs) {
  double low = pairs[0].measured;
  double high = low;
  for (const Compared& pair : pairs) {
    low = std::min({low, pair.measured, pair.simulated});
    high = std::max({high, pair.measured, pair.simulated});
  }
  return {std::floor(std::log10(low)),
          std::max(std::floor(std::log10(low)) + 1, std::ceil(std::log10(high)))};
}

double place(double value, const Decades& range) {
  return (std::log10(value) - range.low) / (range.high - range.low) * kSide;
}

void axis_labels(std::ostream& out, const Decades& range) {
  for (double decade = range.low; decade <= range.high; ++decade) {
    const double at = (decade - range.low) / (range.high - range.low) * kSide;
    out << "<text x='" << kMargin + at << "' y='" << kSide + 14 << "' text-anchor='middle'>1e"
        << decade << "</text><text x='" << kMargin - 4 << "' y='" << kSide - at + 4
        << "' text-anchor='end'>1e" << decade << "</text>";
  }
}

void picture(std::ostream& out, const std::vector<Compared>& pairs) {
  const Decades range = decades(pairs);
  out << "<svg width='" << kSide + 2 * kMargin << "' height='" << kSide + kMargin << "'><rect x='"
      << kMargin << "' width='" << kSide << "' height='" << kSide
      << "' fill='none' stroke='#999'/><line x1='" << kMargin << "' y1='" << kSide << "' x2='"
      << kMargin + kSide << "' y2='0' stroke='#999'/>";
  axis_labels(out, range);
  for (const Compared& pair : pairs) {
    out << "<circle cx='" << kMargin + place(pair.measured, range) << "' cy='"
        << kSide - place(pair.simulated, range) << "' r='2' fill='#0072b2' fill-opacity='0.5'/>";
  }
  out << "<text x='" << kMargin + kSide / 2 << "' y='" << kSide + 28
      << "' text-anchor='middle'>measured</text></svg>";
}

}  // namespace

std::string validation_html(const ValidationResult& result, const std::vector<ValidatedSet>& sets,
                            const std::string& command) {
  std::ostringstream out;
  out << "<!doctype html><html lang='en'><meta charset='utf-8'><title>Reticle validation</title>"
      << "<style>body{font:14px sans-serif;margin:2em}svg text{font-size:10px;fill:#555}"
      << ".set{display:inline-block;margin:0 1em 1em 0;vertical-align:top;width:"
      << kSide + 2 * kMargin << "px}</style><h1>Validation</h1><p>Made by <code>"
      << escaped(command) << "</code> at fidelity " << result.fidelity()
      << ". Simulated over measured; the line is equality.</p><pre>"
      << escaped(validation_text(result)) << "</pre>";
  for (const ValidatedSet& set : sets) {
    out << "<div class='set'><h3>" << escaped(set.result.name()) << "</h3><p>"
        << escaped(set.result.title()) << "</p>";
    if (!set.pairs.empty()) {
      picture(out, set.pairs);
    }
    out << "<p><small>" << escaped(set.result.source()) << "</small></p></div>";
  }
  out << "</html>\n";
  return out.str();
}

}  // namespace reticle::study
