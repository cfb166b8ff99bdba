#include "study/files.h"

#include <catch2/catch.hpp>
#include <iterator>

#include "schema/errors.h"
#include "tests/support/folder.h"

namespace reticle::study {
namespace {

namespace fs = std::filesystem;

}  // namespace

TEST_CASE("a file is replaced whole, and nothing is left beside it") {
  const test::Folder folder;
  write_whole(folder.path() / "a", "one");
  write_whole(folder.path() / "a", "two");
  CHECK(test::bytes_of(folder.path() / "a") == "two");
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("what cannot be written is an OutputError with the reason") {
  const test::Folder folder;
  CHECK_THROWS_WITH(write_whole("/dev/full", "text"),
                    "cannot write /dev/full: No space left on device");
  const std::string nowhere = (folder.path() / "no" / "where").string();
  CHECK_THROWS_WITH(write_whole(nowhere, "text"),
                    "cannot write " + nowhere + ": No such file or directory");
  CHECK_THROWS_AS(write_whole(folder.path(), "text"), OutputError);
}

TEST_CASE("a folder is made with its parents, twice without harm, never over a file") {
  const test::Folder folder;
  const fs::path deep = folder.path() / "a" / "b";
  make_folder(deep);
  make_folder(deep);
  CHECK(fs::is_directory(deep));
  write_whole(deep / "file", "mine");
  CHECK_THROWS_AS(make_folder(deep / "file"), OutputError);
  CHECK_THROWS_AS(make_folder(deep / "file" / "c"), OutputError);
  CHECK(test::bytes_of(deep / "file") == "mine");
}

}  // namespace reticle::study
