#include "schema/config/tree.h"

#include <catch2/catch.hpp>

#include "samples.h"

using namespace reticle::config;
using namespace reticle::config::test;

namespace {

std::string refusal(const std::string& text) {
  return error_of([&] { parse_tree(text, "f.yaml"); });
}

std::string place(const Node& node) {
  return std::to_string(node.at.line) + ":" + std::to_string(node.at.column);
}

}  // namespace

TEST_CASE("a tree remembers where everything is") {
  const Node tree = parse_tree("a: 1\nb:\n  c: [x, 'y z']\n  d:\ne: \"true\"\n", "f.yaml");
  REQUIRE(tree.is_map());
  CHECK(place(*tree.find("a")) == "1:4");
  CHECK(tree.find("a")->at.file == "f.yaml");
  const Node& c = *tree.find("b")->find("c");
  REQUIRE(c.items.size() == 2);
  CHECK(c.items[1].text == "y z");
  CHECK(place(c.items[1]) == "3:10");
  CHECK(tree.find("b")->find("d")->is_null());
  CHECK(place(*tree.find("b")->find("d")) == "4:3");
  CHECK(tree.entries[2].at.line == 5);
  CHECK(as_bool(*tree.find("e")));
  CHECK(tree.find("x") == nullptr);
  CHECK(keys_of(tree) == std::vector<std::string>{"a", "b", "e"});
}

TEST_CASE("JSON is read with places, dense or with tabs") {
  const Node tree =
      parse_tree("{\"a\":1,\"b\":[true,null,-2.5e3],\n\t\"c\":{\"d\":\"x\\/y\"}}", "c.json");
  CHECK(as_integer(*tree.find("a")) == 1);
  CHECK(as_bool(tree.find("b")->items[0]));
  CHECK(tree.find("b")->items[1].is_null());
  CHECK(as_number(tree.find("b")->items[2]) == -2500);
  CHECK(as_text(*tree.find("c")->find("d")) == "x/y");
  CHECK(place(*tree.find("c")->find("d")) == "2:11");
}

TEST_CASE("what a config must not hold is refused where it is") {
  CHECK(refusal("a: 1\nb: 2\na: 3\n") == "f.yaml:3:1: key `a` is given twice (first in line 1)");
  CHECK(refusal("x: {b: 1, 'b': 2}") == "f.yaml:1:11: key `b` is given twice (first in line 1)");
  const std::string anchors =
      "anchors and aliases are not used in configs (write the value out, or inherit with `base:`)";
  CHECK(refusal("a: &x 1\n") == "f.yaml:1:4: " + anchors);
  CHECK(refusal("a: &x [*x]\n") == "f.yaml:1:4: " + anchors);
  CHECK(refusal("a: 1\n---\nb: 2\n") ==
        "f.yaml:2:1: a second document (a config is one document: no `---`)");
  CHECK(refusal("a: !!int 3\n") ==
        "f.yaml:1:4: tags are not used in configs (leave out `tag:yaml.org,2002:int`)");
  CHECK(refusal("[a, b]: 1\n") == "f.yaml:1:1: a key must be text");
  CHECK(refusal("~: 1\n") == "f.yaml:1:1: a key is missing");
  CHECK(refusal("") == "f.yaml:1:1: the file is empty");
  CHECK(refusal("# nothing\n") == "f.yaml:1:1: the file is empty");
}

TEST_CASE("a syntax error has its line and column") {
  CHECK(refusal("a: 1\nb: [1, 2\n") == "f.yaml:3:1: end of sequence flow not found (YAML syntax)");
  CHECK(refusal("a: 1\n b: 2\n").substr(0, 11) == "f.yaml:2:3:");
  CHECK(refusal("a:\n\tb: 1\n").substr(0, 9) == "f.yaml:2:");
}

TEST_CASE("64 levels are read, 65 are not") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + "1" + std::string(depth, ']');
  };
  CHECK(refusal(nested(64)).empty());
  CHECK(refusal(nested(65)) == "f.yaml:1:65: nested too deep (at most 64 levels)");
  CHECK(status_of([&] { parse_tree(nested(200000), "f"); }) == 3);
}

TEST_CASE("a scalar of the wrong kind is refused at its place") {
  const Node tree = parse_tree("{a: x, b: [1], c: }", "f.yaml");
  CHECK(error_of([&] { as_integer(*tree.find("a")); }) == "f.yaml:1:5: `x` is not a whole number");
  CHECK(error_of([&] { as_number(*tree.find("b")); }) == "f.yaml:1:11: a single value is due here");
  CHECK(error_of([&] { as_text(*tree.find("c")); }) == "f.yaml:1:16: a value is missing");
}

TEST_CASE("a file that cannot be read is an error of usage") {
  const Folder folder;
  CHECK(error_of([&] { read_tree(folder.path() / "no.yaml"); }, folder.path().string()) ==
        "no such file: no.yaml");
  CHECK(status_of([&] { read_tree(folder.path()); }) == 2);
}
