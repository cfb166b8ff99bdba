# How every room of the house is compiled and tested, said once.

# Results must not depend on the build type (docs/determinism.md): no fused multiply-add,
# no -march=native, no -ffast-math.
add_compile_options(-ffp-contract=off)

if(RETICLE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

function(reticle_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion $<$<BOOL:${RETICLE_WERROR}>:-Werror>)
endfunction()

# reticle_library(NAME SOURCES a.cpp ... DEPS other ...): a static library; headers are included
# by their path from the top of the tree ("sim/engine/time.h").
function(reticle_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
  reticle_warnings(${name})
endfunction()

# reticle_test(NAME SOURCES a.cpp ... DEPS lib ...): one Catch2 binary; ctest runs every case in a
# process of its own, because SystemC elaborates once a process. TIMEOUT: seconds a case may take.
function(reticle_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} test_support)
  target_compile_definitions(${name} PRIVATE RETICLE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  reticle_warnings(${name})
  catch_discover_tests(${name} TEST_PREFIX "${name}: " PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
