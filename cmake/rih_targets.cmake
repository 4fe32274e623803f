# SPDX-License-Identifier: Apache-2.0
# rih_add_library(NAME SOURCES a.cpp ... [DEPENDS rih_base ...] [PRIVATE_DEPENDS embree ...])
# makes the static library rih_NAME of the folder NAME.
function(rih_add_library NAME)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS")
  add_library(rih_${NAME} STATIC ${ARG_SOURCES})
  target_link_libraries(
    rih_${NAME}
    PUBLIC rih_flags ${ARG_DEPENDS}
    PRIVATE ${ARG_PRIVATE_DEPENDS})
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
