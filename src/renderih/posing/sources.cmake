# SPDX-License-Identifier: Apache-2.0
# Sources and tests of posing/sources and of the discriminator; posing/CMakeLists.txt includes this.
set(RIH_POSING_SOURCE_FILES
    discriminator.cpp
    sources/pose_source.cpp)
set(RIH_POSING_SOURCE_TESTS)
