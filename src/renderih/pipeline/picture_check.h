// SPDX-License-Identifier: Apache-2.0
// The pictures of one record held against the rasteriser's: which there must be, that they decode,
// and every pixel of the label images. Counts and boxes are taken here anew, from the rasteriser.
#pragma once

#include "renderih/dataset/record.h"
#include "renderih/image/image.h"
#include "renderih/pipeline/generate_options.h"
#include "renderih/pipeline/rasteriser.h"
#include "renderih/scene/scene.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rih {

/// The kinds of picture, each with its own verdict.
enum class PictureKind { Any, Parts, Depth, Extra, Numbers };
using PictureFail = std::function<void(PictureKind kind, const std::string& what)>;

struct RecordPictures {
    std::optional<Image8> rgb, part, amodal, normal, albedo;
    std::optional<Image16> depth, uv;
    bool has_labels() const { return part && amodal && depth; }
};

/// The members that a record must have beside its JSON, by their names.
std::set<std::string> expected_members(const ImageOptions& image);

/// Decodes the expected members; what is missing, too much, undecodable or of another size fails
/// as PictureKind::Any and is left out.
RecordPictures decode_pictures(const std::map<std::string, Bytes>& members,
                               const ImageOptions& image,
                               const PictureFail& fail);

/// A hand or a thing as the rasteriser draws it, and the same faces with what is interpolated over
/// them: normals, and uv and albedo as far as pictures of them are compared.
struct DrawnMesh {
    RasterMesh raster;
    SceneMesh attributes;
};

/// Compares the label images, which must be there, and the numbers read off them with the hands
/// (right, left) and what is beside them, drawn by the rasteriser.
void compare_pictures(const Record& record,
                      const RecordPictures& pictures,
                      const std::vector<DrawnMesh>& meshes,
                      const PictureFail& fail);

} // namespace rih
