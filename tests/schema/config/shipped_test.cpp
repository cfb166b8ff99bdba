// The configs that ship are read without an error.
#include <catch2/catch.hpp>

#include "schema/config/catalog.h"

using namespace reticle::config;

TEST_CASE("every file of configs/ is read") {
  const std::filesystem::path root = std::filesystem::path(RETICLE_SOURCE_DIR) / "configs";
  Catalog catalog(root);
  for (const std::string& name : catalog.names("chips")) {
    CHECK_NOTHROW(catalog.chip(name));
  }
  for (const std::string& name : catalog.names("systems")) {
    CHECK_NOTHROW(catalog.system(name));
  }
  for (const std::string& name : catalog.names("processes")) {
    CHECK_NOTHROW(catalog.process(name));
  }
  for (const std::string& name : catalog.names("software")) {
    CHECK_NOTHROW(catalog.software(name));
  }
  for (const std::string& name : catalog.names("models")) {
    CHECK_NOTHROW(catalog.model(name));
  }
  for (const std::string& name : catalog.names("studies")) {
    CHECK_NOTHROW(catalog.open_study(root / "studies" / (name + ".yaml")));
  }
  CHECK(catalog.names("processes").size() > 1);
}
