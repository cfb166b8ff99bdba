#include <fstream>
#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/interrupt.h"
#include "schema/config/suggest.h"
#include "schema/errors.h"
#include "schema/json.h"
#include "study/validate/report.h"

namespace reticle::cli {

namespace {

namespace fs = std::filesystem;

struct Options {
  Common common;
  std::vector<std::string> sets;
  bool full = false;
  std::string report;
};

// A set that missed its limit: status 1 (design section 5).
class CheckFailed : public Error {
 public:
  explicit CheckFailed(const std::string& what) : Error(1, what) {}
};

// Sets whose name is a word, or begins with it ("h100" is all of H100); all sets without words.
std::vector<study::LoadedSet> chosen_sets(const std::vector<std::string>& words) {
  const fs::path validation = RETICLE_VALIDATION;
  const std::vector<std::string> names = study::set_names(validation);
  std::vector<study::LoadedSet> sets;
  for (const std::string& word : words.empty() ? std::vector<std::string>{""} : words) {
    const std::size_t before = sets.size();
    for (const std::string& name : names) {
      if (name.rfind(word, 0) == 0) {
        sets.push_back(study::load_set(validation, name));
      }
    }
    if (sets.size() == before) {
      sets.push_back(study::load_set(validation, word));  // says what there is
    }
  }
  return sets;
}

void write_file(const fs::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  out.close();
  if (!out) {
    throw OutputError("cannot write " + file.string());
  }
}

std::string command_line(const Options& options) {
  std::string line = "reticle validate";
  for (const std::string& word : options.sets) {
    line += " " + word;
  }
  return line + (options.full ? " --full" : "");
}

ValidationResult joined(const Options& options, const std::vector<study::ValidatedSet>& sets) {
  ValidationResult result;
  result.set_fidelity(options.common.fidelity);
  result.set_full(options.full);
  for (const study::ValidatedSet& set : sets) {
    *result.add_sets() = set.result;
  }
  for (const ValidationGroup& group : study::summed_groups(sets)) {
    *result.add_groups() = group;
  }
  return result;
}

void require_passed(const ValidationResult& result) {
  std::string failed;
  for (const ValidationSetResult& set : result.sets()) {
    failed += set.passed() ? "" : (failed.empty() ? "" : ", ") + set.name();
  }
  if (!failed.empty()) {
    throw CheckFailed("over the limit: " + failed);
  }
}

void run(const Options& options) {
  catch_interrupts();
  const config::Catalog catalog = open_catalog(options.common);
  const std::vector<study::LoadedSet> chosen = chosen_sets(options.sets);
  kernels::Store store = open_store(options.common);
  const std::vector<study::ValidatedSet> sets = study::validate(
      catalog, chosen, {fidelity(options.common), options.full}, store,
      [](const std::string& set, std::size_t done, std::size_t rows) {
        require_not_interrupted();
        show_progress(set + " " + std::to_string(done) + "/" + std::to_string(rows));
      });
  end_progress();
  const ValidationResult result = joined(options, sets);
  print_result(options.common.json ? to_json(result) + "\n" : study::validation_text(result));
  if (!options.report.empty()) {
    write_file(options.report, study::validation_html(result, sets, command_line(options)));
  }
  report_store(store);
  require_passed(result);
}

}  // namespace

void add_validate(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("validate", "Compare with published measurements, set by set");
  const auto options = std::make_shared<Options>();
  command->add_option("sets", options->sets, "Sets, or beginnings of their names (default: all)");
  command->add_flag("--full", options->full, "Every row, not a sample");
  command->add_option("--report", options->report, "Write the comparison as a page, FILE.html");
  add_common(*command, options->common);
  command->callback([options] { run(*options); });
}

}  // namespace reticle::cli
