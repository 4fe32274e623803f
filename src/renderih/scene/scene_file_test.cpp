// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/scene_file.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/rng.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/image/codecs.h"
#include "renderih/image/colour.h"
#include "renderih/scene/obj.h"

#include <cstring>
#include <functional>
#include <gtest/gtest.h>

namespace rih {
namespace {

Scene small_scene() {
    Scene scene;
    SceneMesh mesh;
    mesh.name = "right hand";
    mesh.id = 1;
    mesh.vertices.resize(4, 3);
    mesh.vertices << 0, 0, 0, 0.1, 0, 0, 0, 0.1, 0, 0, 0, 0.123456789012345;
    mesh.faces = {{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {2, 0, 3}};
    mesh.uv.resize(4, 2);
    mesh.uv << 0, 0, 1, 0, 0, 1, 0.3, 0.7;
    mesh.vertex_albedo = {{0.1f, 0.2f, 0.3f}, {0.4f, 0.5f, 0.6f}, {0.7f, 0.8f, 0.9f}, {0, 1, 0}};
    mesh.face_material = {0, 1, 1, 2};
    mesh.face_label = {0, 17, 17, 33};
    mesh.materials.resize(3);
    mesh.materials[2].is_metal = true;
    mesh.materials[0].has_subsurface = true;
    mesh.materials[0].subsurface = {.dmfp_mm = {1.5, 0.5, 0.3}, .scale = 0.7, .g = 0.2};
    mesh.materials[1].roughness = 0.25;
    mesh.materials[1].second_lobe = {.share = 0.3, .roughness_factor = 0.65};
    mesh.materials[1].coat = {.weight = 0.5, .roughness = 0.15, .ior = 1.54};
    mesh.materials[1].albedo = {0.6, 0.5, 0.4};
    scene.meshes.push_back(mesh);
    Environment environment;
    environment.radiance = ImageF(8, 4, 3, 0.5f);
    scene.environment = std::make_shared<const Environment>(environment);
    scene.environment_strength = 1.25;
    scene.environment_rotation_deg = 33;
    scene.camera.intrinsics = {.fx = 700, .fy = 701, .cx = 255.5, .cy = 167};
    scene.camera.cam_from_world = look_at({0.3, 0.2, 0.9}, {0, 0, 0}, {0, 1, 0});
    scene.integrator.max_bounces = 5;
    return scene;
}

TEST(SceneFile, WritingAndReadingGivesTheSameScene) {
    const TempFolder folder;
    const Scene scene = small_scene();
    const Scene read = read_scene(write_scene(folder.path() / "out", scene));
    ASSERT_EQ(read.meshes.size(), 1u);
    const SceneMesh& mesh = read.meshes[0];
    EXPECT_EQ(mesh.name, "right hand");
    EXPECT_EQ(mesh.id, 1);
    EXPECT_EQ(mesh.vertices, scene.meshes[0].vertices);
    EXPECT_EQ(mesh.faces, scene.meshes[0].faces);
    EXPECT_EQ(mesh.face_label, scene.meshes[0].face_label);
    EXPECT_EQ(mesh.uv, scene.meshes[0].uv);
    EXPECT_TRUE(mesh.normals.isApprox(
        vertex_normals(scene.meshes[0].vertices, scene.meshes[0].faces), 1e-12));
    ASSERT_EQ(mesh.vertex_albedo.size(), 4u);
    EXPECT_EQ(mesh.vertex_albedo[2].y, 0.8f);
    const auto material = [&](std::size_t face) {
        return mesh.materials[static_cast<std::size_t>(mesh.face_material[face])];
    };
    EXPECT_TRUE(material(0).has_subsurface);
    EXPECT_EQ(material(0).subsurface.dmfp_mm[1], 0.5);
    EXPECT_EQ(material(0).subsurface.scale, 0.7);
    EXPECT_EQ(material(0).subsurface.g, 0.2);
    EXPECT_FALSE(material(1).has_subsurface);
    EXPECT_EQ(material(1).roughness, 0.25);
    EXPECT_EQ(material(1).second_lobe.share, 0.3);
    EXPECT_EQ(material(1).second_lobe.roughness_factor, 0.65);
    EXPECT_EQ(material(1).coat.weight, 0.5);
    EXPECT_EQ(material(1).coat.roughness, 0.15);
    EXPECT_EQ(material(1).coat.ior, 1.54);
    EXPECT_EQ(material(0).second_lobe.share, 0);
    EXPECT_EQ(material(0).coat.weight, 0);
    EXPECT_FALSE(material(0).is_metal);
    EXPECT_TRUE(material(3).is_metal);
    EXPECT_EQ(material(1).albedo[2], 0.4);
    EXPECT_EQ(read.environment->radiance, scene.environment->radiance);
    EXPECT_EQ(read.environment_strength, 1.25);
    EXPECT_EQ(read.environment_rotation_deg, 33);
    EXPECT_EQ(read.camera.intrinsics.cx, 255.5);
    EXPECT_EQ(read.camera.intrinsics.fy, 701);
    EXPECT_EQ(read.camera.cam_from_world.rotation, scene.camera.cam_from_world.rotation);
    EXPECT_EQ(read.camera.cam_from_world.translation, scene.camera.cam_from_world.translation);
    EXPECT_EQ(read.integrator.max_bounces, 5);
}

TEST(SceneFile, MapsAndFoldsComeBack) {
    const TempFolder folder;
    Scene scene = small_scene();
    SurfaceMaps::Level texels(64 * 32);
    for (std::size_t i = 0; i < texels.size(); ++i) {
        texels[i].albedo[i % 3] = static_cast<std::uint8_t>(i);
        texels[i].gloss = static_cast<std::uint8_t>(i * 7);
        texels[i].slope[i % 2] = static_cast<std::uint8_t>(i % 255);
        texels[i].fold[i % 2] = static_cast<std::uint8_t>(255 - i % 255);
    }
    const std::vector<std::uint8_t> everywhere(texels.size(), 1);
    scene.meshes[0].maps = std::make_shared<const SurfaceMaps>(
        make_surface_maps(64, 32, 0.43, std::move(texels), everywhere));
    scene.meshes[0].vertex_fold = {1, 0.25f, 1.5f, 0};
    scene.meshes[0].vertex_albedo.clear();
    const std::filesystem::path path = write_scene(folder.path(), scene);
    const Scene read = read_scene(path);
    const SceneMesh& mesh = read.meshes[0];
    EXPECT_EQ(mesh.vertex_fold, scene.meshes[0].vertex_fold);
    ASSERT_NE(mesh.maps, nullptr);
    EXPECT_EQ(mesh.maps->metres_per_uv, 0.43);
    for (std::size_t level = 0; level < mesh.maps->levels.size(); ++level) {
        const auto& is = mesh.maps->levels[level];
        const auto& was = scene.meshes[0].maps->levels[level];
        ASSERT_EQ(is.size(), was.size());
        EXPECT_EQ(std::memcmp(is.data(), was.data(), is.size() * sizeof(SurfaceTexel)), 0);
    }
    EXPECT_EQ(mesh.vertex_albedo.size(), 4u); // for renderers that know no maps

    write_file_atomically(folder.path() / "mesh0_folds.png", encode_png(Image8(32, 32, 3)));
    EXPECT_THROW(read_scene(path), UserError); // another size
    write_file_atomically(folder.path() / "mesh0_folds.png", encode_png(Image8(65, 32, 3)));
    EXPECT_THROW(read_scene(path), UserError);
    write_file_atomically(folder.path() / "mesh0_folds.png", std::string("no picture"));
    EXPECT_THROW(read_scene(path), UserError);
}

TEST(SceneFile, TexturesAreReadAsTheirFileSays) {
    const TempFolder folder;
    Scene scene = small_scene();
    ImageF texture(3, 2, 3, 0.25f);
    texture.at(2, 1, 0) = 0.75f;
    scene.meshes[0].materials[1].texture = std::make_shared<const ImageF>(texture);
    const std::filesystem::path path = write_scene(folder.path(), scene);
    const auto texture_of = [](const Scene& read) { return *read.meshes[0].materials[2].texture; };
    EXPECT_EQ(texture_of(read_scene(path)), texture);

    // The same through a PNG, which holds sRGB.
    std::string text = read_text_file(path, 1 << 20);
    const std::string exr = "mesh0_material1.exr";
    text.replace(text.find(exr), exr.size(), "colour.png");
    const auto read_png = [&](const Image8& image) {
        write_file_atomically(folder.path() / "colour.png", encode_png(image));
        return parse_scene(text, folder.path(), "scene.json");
    };
    const ImageF read = texture_of(read_png(srgb8_from_linear(texture)));
    for (std::size_t i = 0; i < texture.values().size(); ++i) {
        EXPECT_NEAR(read.values()[i], texture.values()[i], 0.004f);
    }
    EXPECT_THROW(read_png(Image8(3, 2, 1)), UserError);
    EXPECT_THROW(read_png(Image8(16384, 4097, 3)), UserError); // more texels than are kept
    write_file_atomically(folder.path() / "colour.png", std::string_view("no picture"));
    EXPECT_THROW(parse_scene(text, folder.path(), "scene.json"), UserError);
}

/// Replaces one piece of a good scene's text and expects an error with `expected` in it.
void expect_error(const std::string& from, const std::string& to, const std::string& expected) {
    const TempFolder folder;
    std::string text = read_text_file(write_scene(folder.path(), small_scene()), 1 << 20);
    const std::size_t place = text.find(from);
    ASSERT_NE(place, std::string::npos) << from;
    text.replace(place, from.size(), to);
    try {
        parse_scene(text, folder.path(), "scene.json");
        ADD_FAILURE() << "read with " << to;
    } catch (const UserError& error) {
        EXPECT_NE(std::string(error.what()).find(expected), std::string::npos) << error.what();
    }
}

TEST(SceneFile, ErrorsNameTheField) {
    expect_error("\"width\": 512", "\"width\": -3", "camera.width");
    expect_error("\"width\": 512", "\"width\": 1.5", "camera.width");
    expect_error("\"width\": 512", "\"width\": 1e999", "JSON");
    expect_error("\"width\": 512", "\"width\": 512, \"width\": 512", "twice");
    expect_error("\"max_bounces\": 5", "\"max_bounces\": \"5\"", "integrator.max_bounces");
    expect_error("\"roughness\": 0.25", "\"roughness\": 7", "material1.roughness");
    expect_error("\"roughness\": 0.25", "\"rougness\": 0.2", "rougness");
    expect_error("\"roughness\": 0.25", "\"texture\": \"a.png\"", "beside an albedo");
    expect_error("\"share\": 0.3", "\"share\": 1.2", "material1.second_lobe.share");
    expect_error("\"share\": 0.3", "\"shares\": 0.3", "second_lobe");
    expect_error("\"roughness_factor\": 0.65", "\"roughness_factor\": 0", "roughness_factor");
    expect_error("\"roughness_factor\": 0.65", "\"factor\": 0.65", "roughness_factor");
    expect_error("\"weight\": 0.5", "\"weight\": -0.1", "material1.coat.weight");
    expect_error("\"weight\": 0.5", "\"thickness\": 0.5", "material1.coat");
    expect_error("\"weight\": 0.5", "\"weight\": 0.5, \"colour\": 1", "colour");
    expect_error("\"roughness\": 0.15", "\"roughness\": 2", "material1.coat.roughness");
    expect_error("\"ior\": 1.54", "\"ior\": 0.9", "material1.coat.ior");
    expect_error("\"file\": \"mesh0.obj\"", "\"file\": \"none.obj\"", "meshes[0].file");
    expect_error("\"file\": \"environment.exr\"", "\"file\": \"none.exr\"", "env.file");
    expect_error("\"material\": \"mesh0_material0\"", "\"material\": \"skin\"", "skin");
    expect_error("\"strength\": 1.25", "\"strength\": -1", "env.strength");
    expect_error("701.0", "-701.0", "camera.K");
    expect_error("\"id\": 1,", "", "meshes[0].id");
}

TEST(SceneFile, AnImageOfTooManyPixelsIsRefused) {
    const TempFolder folder;
    Scene scene = small_scene();
    scene.camera.width = 16384;
    scene.camera.height = 4096;
    EXPECT_NO_THROW(read_scene(write_scene(folder.path(), scene)));
    scene.camera.height = 4097;
    EXPECT_THROW(read_scene(write_scene(folder.path(), scene)), UserError);
}

TEST(SceneFile, AMirroredOrScaledPoseIsNoPose) {
    const TempFolder folder;
    Scene scene = small_scene();
    scene.camera.cam_from_world.rotation.row(0) *= -1;
    EXPECT_THROW(read_scene(write_scene(folder.path(), scene)), UserError);
    scene = small_scene();
    scene.camera.cam_from_world.rotation *= 1.01;
    EXPECT_THROW(read_scene(write_scene(folder.path(), scene)), UserError);
}

TEST(SceneFile, DeepNestingIsRefused) {
    const std::string deep = std::string(200000, '[') + std::string(200000, ']');
    EXPECT_THROW(parse_scene(deep, ".", "deep"), UserError);
}

void expect_robust(const std::string& good, const std::function<void(std::string_view)>& read) {
    EXPECT_NO_THROW(read(good));
    int refused = 0;
    for (std::uint64_t i = 0; i < 1200; ++i) {
        const Bytes bytes = mutate(as_bytes(good), i);
        try {
            read({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        } catch (const UserError& error) {
            ++refused;
            EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
        }
    }
    EXPECT_GT(refused, 300);
}

TEST(SceneFile, DamagedTextsAreReadOrRefused) {
    const TempFolder folder;
    const std::string text = read_text_file(write_scene(folder.path(), small_scene()), 1 << 20);
    expect_robust(
        text, [&](std::string_view damaged) { parse_scene(damaged, folder.path(), "scene.json"); });
}

constexpr const char* kCube = R"(# a unit cube without normals, one texture seam
v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0
v 0 0 1
v 1 0 1
v 1 1 1
v 0 1 1
vt 0 0
vt 1 0
vt 1 1
vt 0 1
o cube
usemtl a
f 4/4 3/3 2/2 1/1
f 5/1 6/2 7/3 8/4
usemtl b
f 1/1 2/2 6/3 5/4
f -6/1 -5/2 -1/3 -2/4
f 2/1 3/2 7/3 6/4
f 4/1 1/2 5/3 8/4
)";

TEST(Obj, FansPolygonsAndSplitsSeams) {
    const ObjMesh mesh = parse_obj(kCube, "cube");
    EXPECT_EQ(mesh.faces.size(), 12u);
    EXPECT_GT(mesh.vertices.rows(), 8);
    EXPECT_EQ(mesh.uv.rows(), mesh.vertices.rows());
    EXPECT_EQ(mesh.material_names, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(mesh.face_material[0], 0);
    EXPECT_EQ(mesh.face_material[11], 1);
    EXPECT_EQ(mesh.vertices.row(6), Eigen::RowVector3d(1, 1, 1));
    // Vertices split at a seam share position and normal.
    for (Eigen::Index i = 0; i < mesh.vertices.rows(); ++i) {
        EXPECT_NEAR(mesh.normals.row(i).norm(), 1.0, 1e-12);
        for (Eigen::Index j = 0; j < 8; ++j) {
            if (mesh.vertices.row(i) == mesh.vertices.row(j)) {
                EXPECT_EQ(mesh.normals.row(i), mesh.normals.row(j));
            }
        }
    }
}

TEST(Obj, ManyCornersOfOneVertexAreNoTrap) {
    std::string text = "v 0 0 0\nv 1 0 0\nv 0 1 0\n";
    constexpr int kCorners = 60'000; // each with another texture vertex
    for (int i = 0; i < kCorners; ++i) {
        text += fmt::format("vt {} 0\nf 1/-1 2/-1 3/-1\n", i);
    }
    EXPECT_EQ(parse_obj(text, "t").vertices.rows(), 3 * kCorners);
}

TEST(Obj, APolygonOfTooManyCornersIsRefused) {
    std::string text = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1";
    for (int i = 0; i < 2'500'001; ++i) {
        text += " 2 3";
    }
    EXPECT_THROW(parse_obj(text, "t"), UserError);
}

TEST(Obj, NormalsOfTheFileAreKept) {
    const ObjMesh mesh = parse_obj("v 0 0 0\nv 1 0 0\nv 0 1 0\nvn 0 0 -2\nf 1//1 2//1 3//1\n", "t");
    EXPECT_EQ(mesh.normals.row(1), Eigen::RowVector3d(0, 0, -1));
}

TEST(Obj, NormalsComeBackToTheBit) {
    std::string text;
    Rng rng(5, 0, "scene_file_test");
    for (int i = 1; i <= 300; ++i) {
        const auto number = [&] { return rng.uniform(-1, 1); };
        text += fmt::format("v {} 0 0\nvn {} {} {}\n", i, number(), number(), number());
        text += i % 3 == 0 ? fmt::format("f {0}//{0} {1}//{1} {2}//{2}\n", i - 2, i - 1, i) : "";
    }
    const ObjMesh mesh = parse_obj(text, "t");
    EXPECT_EQ(parse_obj(obj_text(mesh), "again").normals, mesh.normals);
}

TEST(Obj, TextRoundTripIsExact) {
    const ObjMesh mesh = parse_obj(kCube, "cube");
    const ObjMesh again = parse_obj(obj_text(mesh), "again");
    EXPECT_EQ(again.vertices, mesh.vertices);
    EXPECT_EQ(again.faces, mesh.faces);
    EXPECT_EQ(again.uv, mesh.uv);
    EXPECT_EQ(again.normals, mesh.normals);
    EXPECT_EQ(again.face_material, mesh.face_material);
    EXPECT_EQ(obj_text(again), obj_text(mesh));
}

TEST(Obj, GroupsNamedPartTellParts) {
    const std::string triangle = "f 1 2 3\n";
    const ObjMesh mesh =
        parse_obj("\xef\xbb\xbfv 0 0 0\nv 1 0 0\nv 0 1 0\n" + triangle + "g part_255\n" + triangle +
                      "g part_256\n" + triangle + "g part_7 more\n" + triangle + "g part_7x\n" +
                      triangle + "g\n" + triangle,
                  "t");
    EXPECT_EQ(mesh.face_part, (std::vector<std::uint8_t>{0, 255, 0, 7, 0, 0}));
    EXPECT_TRUE(parse_obj("v 0 0 0\nv 1 0 0\nv 0 1 0\ng a\n" + triangle, "t").face_part.empty());
}

TEST(Obj, ErrorsNameTheLine) {
    const auto expect_line = [](const std::string& text, const std::string& line) {
        try {
            parse_obj(text, "bad.obj");
            ADD_FAILURE() << text;
        } catch (const UserError& error) {
            EXPECT_NE(std::string(error.what()).find(line), std::string::npos) << error.what();
        }
    };
    expect_line("v 0 0 0\nv 1 0 nan\n", "line 2");
    expect_line("v 0 0 0\nv 1 0 0\nf 1 2 3\n", "line 3");
    expect_line("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 0 1 2\n", "line 4");
    expect_line("v 0 0 0\nv 1 0 0\nv 0 1 0\nf -4 1 2\n", "line 4");
    expect_line("v 0 0\n", "line 1");
    expect_line("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1/1 2/1 3/1\n", "line 4");
    expect_line("v 0 0 0 2 0 0\n", "line 1");
    expect_line("vn 0 0 0\n", "line 1");
    expect_line("bogus\n", "line 1");
    expect_line("v 0 0 0\n", "no face");
}

TEST(Obj, DamagedTextsAreReadOrRefused) {
    expect_robust(kCube, [](std::string_view damaged) { parse_obj(damaged, "cube"); });
}

} // namespace
} // namespace rih
