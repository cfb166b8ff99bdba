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

# Joined files read the same headers once: two thirds of a sanitizer build's time (preset `asan`).
function(reticle_join target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${RETICLE_UNITY} UNITY_BUILD_BATCH_SIZE 8)
endfunction()

# reticle_library(NAME [SEPARATE] SOURCES a.cpp ... DEPS other ...): a static library; headers are
# included by their path from the top of the tree ("sim/engine/time.h"). SEPARATE: its files give the
# same local names different meanings, so they are never joined.
function(reticle_library name)
  cmake_parse_arguments(ARG "SEPARATE" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
  reticle_warnings(${name})
  if(NOT ARG_SEPARATE)
    reticle_join(${name})
  endif()
endfunction()

# reticle_test(NAME [SEPARATE] SOURCES a.cpp ... DEPS lib ...): one Catch2 binary; ctest runs every case in a
# process of its own, because SystemC elaborates once a process. TIMEOUT: seconds a case may take.
function(reticle_test name)
  cmake_parse_arguments(ARG "SEPARATE" "TIMEOUT" "SOURCES;DEPS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} test_support)
  target_compile_definitions(${name} PRIVATE RETICLE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  reticle_warnings(${name})
  if(NOT ARG_SEPARATE)
    reticle_join(${name})
  endif()
  catch_discover_tests(${name} TEST_PREFIX "${name}: " PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
