# SPDX-License-Identifier: Apache-2.0
# Sources and tests of posing/sources and of the discriminator; posing/CMakeLists.txt includes this.
set(RIH_POSING_SOURCE_FILES
    discriminator.cpp
    discriminator_training.cpp
    sources/arrangements.cpp
    sources/asset_files.cpp
    sources/hand_shapes.cpp
    sources/json_fields.cpp
    sources/landmarks.cpp
    sources/neural_annot.cpp
    sources/open_source.cpp
    sources/placement.cpp
    sources/pose_source.cpp
    sources/recorded_source.cpp)
