# SPDX-License-Identifier: Apache-2.0
# libtorch from a folder of its own (tools/setup.sh --torch), or from RIH_TORCH_DIR. Only libtorch_cpu
# is linked; the wheel's own CMake files demand the CUDA toolkit.
set(RIH_TORCH_DIR "${CMAKE_SOURCE_DIR}/build/torch/torch" CACHE PATH "the folder torch/ of a wheel")
set(_torch_there OFF)
if(EXISTS ${RIH_TORCH_DIR}/lib/libtorch_cpu.so AND NOT RIH_SANITIZE)
  set(_torch_there ON)
endif()
option(RIH_TORCH "Build what needs libtorch: train, predict, eval of a checkpoint" ${_torch_there})

if(RIH_TORCH)
  if(NOT EXISTS ${RIH_TORCH_DIR}/lib/libtorch_cpu.so)
    message(FATAL_ERROR "there is no libtorch in ${RIH_TORCH_DIR}; run tools/setup.sh --torch, "
                        "or configure with -DRIH_TORCH=OFF")
  endif()
  add_library(rih_torch INTERFACE)
  # After the system's own folders: the wheel carries headers of fmt and others that are not ours.
  target_compile_options(
    rih_torch INTERFACE "SHELL:-idirafter ${RIH_TORCH_DIR}/include"
                        "SHELL:-idirafter ${RIH_TORCH_DIR}/include/torch/csrc/api/include")
  target_link_libraries(rih_torch INTERFACE ${RIH_TORCH_DIR}/lib/libtorch_cpu.so
                                            ${RIH_TORCH_DIR}/lib/libc10.so)
  target_link_options(rih_torch INTERFACE LINKER:--allow-shlib-undefined)
  if(EXISTS ${RIH_TORCH_DIR}/lib/libtorch_cuda.so)
    # Nothing names a symbol of the CUDA backend: without this the linker would leave it out.
    target_link_libraries(
      rih_torch INTERFACE -Wl,--push-state,--no-as-needed ${RIH_TORCH_DIR}/lib/libtorch.so
                          ${RIH_TORCH_DIR}/lib/libtorch_cuda.so ${RIH_TORCH_DIR}/lib/libc10_cuda.so
                          -Wl,--pop-state)
  endif()
endif()
