# SPDX-License-Identifier: Apache-2.0
# Sources and tests of posing/sources and of the discriminator; posing/CMakeLists.txt includes this.
set(RIH_POSING_SOURCE_FILES
    discriminator.cpp
    discriminator_report.cpp
    discriminator_training.cpp
    natural_poses.cpp
    sources/arrangements.cpp
    sources/asset_files.cpp
    sources/cover.cpp
    sources/hand_shapes.cpp
    sources/json_fields.cpp
    sources/landmarks.cpp
    sources/mixed_source.cpp
    sources/natural_variation.cpp
    sources/neural_annot.cpp
    sources/open_source.cpp
    sources/placement.cpp
    sources/pose_source.cpp
    sources/recorded_source.cpp)

rih_add_test(
  posing/sources
  LABEL unit
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/sources/cover_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/sources/hand_shapes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/sources/mixed_source_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/sources/natural_variation_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/sources/neural_annot_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/sources/open_source_test.cpp
  DEPENDS rih_posing rih_hand_testing nlohmann_json::nlohmann_json)
rih_add_test(
  posing/discriminator
  LABEL gradient
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/discriminator_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/discriminator_report_test.cpp
  DEPENDS rih_posing rih_hand_testing)
