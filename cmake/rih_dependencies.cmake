# SPDX-License-Identifier: Apache-2.0
# Every dependency of the project, found once. docs/dependencies.md says why each is here.
find_package(PkgConfig REQUIRED)
find_package(Eigen3 3.4 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(TBB 2021 REQUIRED)
find_package(embree 3.13 REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(PNG REQUIRED)
find_package(LibArchive REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(openexr REQUIRED IMPORTED_TARGET OpenEXR)
pkg_check_modules(turbojpeg REQUIRED IMPORTED_TARGET libturbojpeg)
pkg_check_modules(webp REQUIRED IMPORTED_TARGET libwebp)
pkg_check_modules(tinygltf REQUIRED IMPORTED_TARGET tinygltf)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(gmpxx REQUIRED IMPORTED_TARGET gmpxx)

# Debian's OpenSubdiv config names a static library that the package does not ship.
find_library(RIH_OSD_CPU osdCPU REQUIRED)
find_path(RIH_OSD_INCLUDE opensubdiv/version.h REQUIRED)
add_library(rih_osd SHARED IMPORTED)
set_target_properties(rih_osd PROPERTIES IMPORTED_LOCATION ${RIH_OSD_CPU}
                                         INTERFACE_INCLUDE_DIRECTORIES ${RIH_OSD_INCLUDE})

if(RIH_TESTS)
  find_package(GTest REQUIRED)
endif()
