#include "schema/config/tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "schema/config/units.h"

namespace reticle::config {
namespace {

constexpr std::size_t kDeepest = 64;

class Builder : public YAML::EventHandler {
 public:
  explicit Builder(std::string file) : file_(std::move(file)) {}

  Node take_root() { return std::move(root_); }
  Location place(const YAML::Mark& mark) const {
    return mark.line < 0 ? Location{file_, 1, 1} : Location{file_, mark.line + 1, mark.column + 1};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) {
      throw ConfigError(place(mark), "a second document", "a config is one document: no `---`");
    }
  }
  void OnDocumentEnd() override {}
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark); }
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_anchor(mark); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    if (expects_key()) {
      throw ConfigError(place(mark), "a key is missing");
    }
    Node node;
    node.at = open_.empty() || !open_.back().is_map() ? place(mark) : keys_.back().at;
    add(std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    refuse_tag(mark, tag);
    if (expects_key()) {
      add_key(mark, value);
      return;
    }
    Node node;
    node.kind = Node::Kind::kScalar;
    node.at = place(mark);
    node.text = value;
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, Node::Kind::kList);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, Node::Kind::kMap);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override {
    keys_.pop_back();
    close();
  }

 private:
  struct Key {
    std::string text;
    Location at;
    bool pending = false;  // its value comes next
  };

  bool expects_key() const {
    return !open_.empty() && open_.back().is_map() && !keys_.back().pending;
  }

  [[noreturn]] void refuse_anchor(const YAML::Mark& mark) const {
    throw ConfigError(place(mark), "anchors and aliases are not used in configs",
                      "write the value out, or inherit with `base:`");
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!") {
      throw ConfigError(place(mark), "tags are not used in configs", "leave out `" + tag + "`");
    }
  }

  void add_key(const YAML::Mark& mark, const std::string& text) {
    for (const Entry& entry : open_.back().entries) {
      if (entry.key == text) {
        throw ConfigError(place(mark), "key `" + text + "` is given twice",
                          "first in line " + std::to_string(entry.at.line));
      }
    }
    keys_.back() = {text, place(mark), true};
  }

  void open(const YAML::Mark& mark, const std::string& tag, Node::Kind kind) {
    refuse_tag(mark, tag);
    if (expects_key()) {
      throw ConfigError(place(mark), "a key must be text");
    }
    if (open_.size() >= kDeepest) {
      throw ConfigError(place(mark), "nested too deep",
                        "at most " + std::to_string(kDeepest) + " levels");
    }
    Node node;
    node.kind = kind;
    node.at = place(mark);
    open_.push_back(std::move(node));
    if (kind == Node::Kind::kMap) {
      keys_.emplace_back();
    }
  }

  void close() {
    Node node = std::move(open_.back());
    open_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().is_list()) {
      open_.back().items.push_back(std::move(node));
    } else {
      Key& key = keys_.back();
      open_.back().entries.push_back({std::move(key.text), std::move(key.at), std::move(node)});
      key.pending = false;
    }
  }

  std::string file_;
  Node root_;
  std::vector<Node> open_;  // maps and lists not closed yet, outermost first
  std::vector<Key> keys_;   // one for each open map
  int documents_ = 0;
};

template <class Value, class Parse>
Value scalar_as(const Node& node, Parse parse) {
  try {
    return parse(as_text(node));
  } catch (const ValueError& error) {
    throw ConfigError(node.at, error.what(), error.hint());
  }
}

}  // namespace

const Node* Node::find(const std::string& key) const {
  const auto it = std::find_if(entries.begin(), entries.end(),
                               [&](const Entry& entry) { return entry.key == key; });
  return it == entries.end() ? nullptr : &it->value;
}

Node* Node::find(const std::string& key) {
  return const_cast<Node*>(static_cast<const Node&>(*this).find(key));
}

Node parse_tree(const std::string& content, const std::string& file) {
  Builder builder(file);
  try {
    std::istringstream stream(content);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      throw ConfigError({file, 1, 1}, "the file is empty");
    }
    parser.HandleNextDocument(builder);
  } catch (const YAML::Exception& error) {
    throw ConfigError(builder.place(error.mark), error.msg, "YAML syntax");
  }
  return builder.take_root();
}

Node read_tree(const std::filesystem::path& file) {
  std::error_code ignored;
  std::ifstream stream(file, std::ios::binary);
  if (std::filesystem::is_directory(file, ignored) || !stream) {
    throw UsageError("no such file: " + file.string());
  }
  const std::string content{std::istreambuf_iterator<char>(stream), {}};
  return parse_tree(content, file.string());
}

const std::string& as_text(const Node& node) {
  if (!node.is_scalar()) {
    throw ConfigError(node.at,
                      node.is_null() ? "a value is missing" : "a single value is due here");
  }
  return node.text;
}

double as_number(const Node& node) { return scalar_as<double>(node, parse_number); }

std::int64_t as_integer(const Node& node) { return scalar_as<std::int64_t>(node, parse_integer); }

bool as_bool(const Node& node) { return scalar_as<bool>(node, parse_bool); }

std::optional<Entry> take(Node& map, const std::string& key) {
  const auto it = std::find_if(map.entries.begin(), map.entries.end(),
                               [&](const Entry& entry) { return entry.key == key; });
  if (it == map.entries.end()) {
    return std::nullopt;
  }
  Entry taken = std::move(*it);
  map.entries.erase(it);
  return taken;
}

std::vector<std::string> keys_of(const Node& map) {
  std::vector<std::string> keys;
  for (const Entry& entry : map.entries) {
    keys.push_back(entry.key);
  }
  return keys;
}

}  // namespace reticle::config
