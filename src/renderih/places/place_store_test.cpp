// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/place_store.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"
#include "renderih/scene/environment.h"

#include <gmock/gmock.h>

#include <set>

namespace rih {
namespace {

constexpr PlaceRendering kSmall{.width = 128, .paths = 2, .threads = 2};

// The same number gives the same bytes on any number of threads, indoors and out.
TEST(Catalogue, SameBytesOnAnyThreads) {
    for (const int index : {16, 7}) {
        PlaceRendering one = kSmall;
        one.threads = 1;
        const ImageF image = render_place(index, kSmall);
        EXPECT_EQ(image, render_place(index, one)) << index;
        EXPECT_NE(image, render_place(index + 2, kSmall)) << index;
    }
}

TEST(Catalogue, HasEveryKindAtEveryHour) {
    std::set<std::string> names, pairs, kinds;
    for (int i = 0; i < 300; ++i) {
        const PlaceDescription place = describe_place(i);
        names.insert(place.name);
        kinds.insert(place.kind);
        pairs.insert(place.kind + place.hour);
        EXPECT_EQ(place.indoor, place.name.starts_with("room-"));
    }
    EXPECT_EQ(names.size(), 300u);
    EXPECT_EQ(kinds.size(), 18u);
    EXPECT_GE(pairs.size(), 18u * 6 * 9 / 10);
    EXPECT_THROW(describe_place(kMaxPlaces), UserError);
    EXPECT_THROW(describe_place(-1), UserError);
}

/// The place that tests of the store use: made in a moment.
constexpr int kIndex = 2;

// What a store hands out is the same whether the file was there or not; a damaged file and one of
// another build are made again.
TEST(PlaceStore, HealsWhatIsNotItsOwn) {
    const TempFolder folder;
    const PlaceStore store(folder.path() / "places", "this build", kSmall);
    EXPECT_FALSE(store.has(kIndex));
    const Environment made = store.place(kIndex);
    ASSERT_TRUE(store.has(kIndex));
    EXPECT_EQ(store.place(kIndex).radiance, made.radiance);
    EXPECT_EQ(made.name, "room-0002");
    EXPECT_NEAR(mean_luminance(made), kPlaceLuminance, 0.1 * kPlaceLuminance);

    const auto path = store.file_of(kIndex);
    const Bytes whole = read_file(path, 1 << 24);
    for (const std::size_t at : {std::size_t{5}, whole.size() / 2, whole.size() - 3}) {
        Bytes damaged = whole;
        damaged[at] ^= 1;
        write_file_atomically(path, damaged);
        EXPECT_FALSE(store.has(kIndex)) << at;
    }
    write_file_atomically(path, std::span(whole).first(whole.size() / 3));
    EXPECT_FALSE(store.has(kIndex));
    write_file_atomically(path, std::string_view());
    EXPECT_FALSE(store.has(kIndex));
    EXPECT_EQ(store.place(kIndex).radiance, made.radiance);
    EXPECT_EQ(read_file(path, 1 << 24), whole);

    const PlaceStore other(folder.path() / "places", "another build", kSmall);
    EXPECT_FALSE(other.has(kIndex));
    PlaceRendering finer = kSmall;
    finer.paths += 1;
    EXPECT_FALSE(PlaceStore(folder.path() / "places", "this build", finer).has(kIndex));
}

TEST(PlaceStore, SaysWhereToPutPlacesInstead) {
    const TempFolder folder;
    write_file_atomically(folder.path() / "file", std::string_view("x"));
    const PlaceStore store(folder.path() / "file" / "places", "this build", kSmall);
    try {
        store.place(kIndex);
        FAIL() << "it was written";
    } catch (const UserError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("RENDERIH_PLACES"));
    }
}

} // namespace
} // namespace rih
