# SPDX-License-Identifier: Apache-2.0
# Half of compiling was reading the same headers of others. They are read once: for libraries, for
# tests, and by learn/ for its own. None of ours is among them; the preset tidy goes without, so that
# a file which forgets to include something is found.
set(RIH_PRECOMPILED_HEADERS
    <algorithm> <array> <cmath> <cstdint> <filesystem> <fstream> <functional> <limits> <map> <memory>
    <numeric> <optional> <set> <span> <string> <string_view> <utility> <vector> <Eigen/Core>
    <Eigen/Geometry> <fmt/format.h>)
if(NOT EXISTS ${CMAKE_BINARY_DIR}/headers.cpp)
  file(WRITE ${CMAKE_BINARY_DIR}/headers.cpp "")
endif()
add_library(rih_headers OBJECT ${CMAKE_BINARY_DIR}/headers.cpp)
target_link_libraries(rih_headers PRIVATE rih_flags fmt::fmt Eigen3::Eigen)
target_precompile_headers(rih_headers PRIVATE ${RIH_PRECOMPILED_HEADERS})
if(RIH_TESTS)
  add_library(rih_test_headers OBJECT ${CMAKE_BINARY_DIR}/headers.cpp)
  target_link_libraries(rih_test_headers PRIVATE rih_flags fmt::fmt Eigen3::Eigen GTest::gmock)
  # As executables are compiled, which is not how libraries are.
  set_target_properties(rih_test_headers PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(rih_test_headers PRIVATE -fPIE)
  target_precompile_headers(rih_test_headers PRIVATE ${RIH_PRECOMPILED_HEADERS} <gmock/gmock.h>
                            <gtest/gtest.h>)
endif()

# rih_add_library(NAME SOURCES a.cpp ... [DEPENDS rih_base ...] [PRIVATE_DEPENDS embree ...])
# [PRECOMPILE <header> ...] makes the static library rih_NAME of the folder NAME; with PRECOMPILE
# it has precompiled headers of its own, those of all and these.
function(rih_add_library NAME)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS;PRECOMPILE")
  add_library(rih_${NAME} STATIC ${ARG_SOURCES})
  target_link_libraries(
    rih_${NAME}
    PUBLIC rih_flags ${ARG_DEPENDS}
    PRIVATE ${ARG_PRIVATE_DEPENDS})
  if(ARG_PRECOMPILE)
    target_precompile_headers(rih_${NAME} PRIVATE ${RIH_PRECOMPILED_HEADERS} ${ARG_PRECOMPILE})
  else()
    target_precompile_headers(rih_${NAME} REUSE_FROM rih_headers)
  endif()
endfunction()

# rih_add_test(NAME LABEL unit SOURCES a_test.cpp ... [DEPENDS rih_x ...] [TIMEOUT seconds] [PYTHON])
# makes one gtest executable, one CTest entry NAME, with the label(s) given. Tests run in the build
# folder and find the assets through RENDERIH_ASSETS; with PYTHON they know the build's interpreter
# as RIH_PYTHON.
function(rih_add_test NAME)
  if(NOT RIH_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "PYTHON" "LABEL;TIMEOUT" "SOURCES;DEPENDS")
  string(REPLACE "/" "_" target test_${NAME})
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE rih_flags ${ARG_DEPENDS} GTest::gtest GTest::gmock
                                          GTest::gtest_main)
  target_precompile_headers(${target} REUSE_FROM rih_test_headers)
  target_compile_definitions(${target} PRIVATE RIH_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(ARG_PYTHON)
    target_compile_definitions(${target} PRIVATE RIH_PYTHON="${RIH_PYTHON}")
  endif()
  add_test(NAME ${NAME} COMMAND ${target})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600)
  endif()
  set_tests_properties(
    ${NAME}
    PROPERTIES LABELS "${ARG_LABEL}"
               TIMEOUT ${ARG_TIMEOUT}
               ENVIRONMENT "RENDERIH_ASSETS=${CMAKE_SOURCE_DIR}/build/assets")
endfunction()
