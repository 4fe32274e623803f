# SPDX-License-Identifier: Apache-2.0
# One interface target carries every compiler flag. The code is built for the stated baseline
# (x86-64-v3), never for the building machine, and without contraction into fused multiply-adds that
# the compiler may choose differently from build to build: records are the same on every machine.
# No code reads errno after a function of mathematics. All targets share these flags, those that some
# dependency would add included (-pthread): the headers precompiled with them serve every target.
add_library(rih_flags INTERFACE)
target_compile_features(rih_flags INTERFACE cxx_std_20)
target_include_directories(rih_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(
  rih_flags INTERFACE -march=x86-64-v3 -ffp-contract=off -fno-math-errno -pthread -Wall -Wextra
                      -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual)
# Line tables are what a stack trace needs; whole debug information takes a quarter of compiling.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
if(RIH_WERROR)
  target_compile_options(rih_flags INTERFACE -Werror)
endif()
if(RIH_SANITIZE)
  target_compile_options(rih_flags INTERFACE -fsanitize=${RIH_SANITIZE} -fno-omit-frame-pointer
                                             -fno-sanitize-recover=all)
  target_link_options(rih_flags INTERFACE -fsanitize=${RIH_SANITIZE})
endif()
if(RIH_FUZZ) # what guides the fuzzer; its main function is linked to the targets alone
  target_compile_options(rih_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(rih_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# The Python module links the same static libraries: their code is position independent, and nothing
# outside may replace a function of ours, so that this costs the program no speed.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
target_compile_options(rih_flags INTERFACE -fvisibility=hidden -fno-semantic-interposition)

find_program(RIH_CCACHE ccache)
if(RIH_CCACHE)
  # What ccache asks for to know files with precompiled headers again.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
                                  CCACHE_SLOPPINESS=pch_defines,time_macros ${RIH_CCACHE})
  target_compile_options(rih_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
                                             "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endif()
find_program(RIH_MOLD mold)
if(RIH_MOLD)
  target_link_options(rih_flags INTERFACE -fuse-ld=mold)
endif()
if(RIH_TIDY)
  find_program(RIH_CLANG_TIDY NAMES clang-tidy-19 clang-tidy REQUIRED)
  set(CMAKE_CXX_CLANG_TIDY ${RIH_CLANG_TIDY})
endif()
