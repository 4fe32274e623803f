// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/npz.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace rih {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Bytes npy(std::string header, const Bytes& payload, int version = 1) {
    header += '\n';
    Bytes file{0x93, 'N', 'U', 'M', 'P', 'Y', static_cast<std::uint8_t>(version), 0};
    for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
        file.push_back(static_cast<std::uint8_t>(header.size() >> (8 * i)));
    }
    file.insert(file.end(), header.begin(), header.end());
    file.insert(file.end(), payload.begin(), payload.end());
    return file;
}

std::string header_of(const std::string& descr, const std::string& shape, bool fortran = false) {
    return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}",
                       descr,
                       fortran ? "True" : "False",
                       shape);
}

std::string
error_of(const std::string& header, const Bytes& payload, const NpzLimits& limits = {}) {
    try {
        read_npy(npy(header, payload), "a", limits);
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

std::map<std::string, NpyOutput> some_arrays() {
    return {
        {"doubles", {{{2, 2}, std::vector<double>{0.1, -1e300, 3, 4}}, NpyType::Float64}},
        {"floats", {{{3}, std::vector<double>{0.5, -0.25, 8}}, NpyType::Float32}},
        {"ints", {{{2}, std::vector<std::int64_t>{-5, std::int64_t{1} << 40}}, NpyType::Int64}},
        {"short", {{{2}, std::vector<std::int64_t>{-5, 7}}, NpyType::Int32}},
        {"bytes", {{{2}, std::vector<std::int64_t>{0, 255}}, NpyType::UInt8}},
        {"scalar", {{{}, std::vector<std::string>{"h\xc3\xa4nd \xf0\x9f\xa4\x9a"}}, NpyType::Text}},
        {"texts", {{{2}, std::vector<std::string>{"", "abc"}}, NpyType::Text}},
        {"empty", {{{0, 3}, std::vector<double>{}}, NpyType::Float64}},
    };
}

TEST(Npz, RoundTripGivesTheSameValues) {
    const TempFolder folder;
    const auto path = folder.path() / "a.npz";
    write_npz(path, some_arrays());
    const NpzArrays read = read_npz(path);
    ASSERT_EQ(read.size(), some_arrays().size());
    for (const auto& [name, output] : some_arrays()) {
        EXPECT_EQ(read.at(name).shape, output.array.shape) << name;
        EXPECT_EQ(read.at(name).data, output.array.data) << name;
    }
}

TEST(Npz, SameArraysGiveTheSameBytesInAnyTimeZone) {
    const TempFolder folder;
    write_npz(folder.path() / "a.npz", some_arrays());
    ::setenv("TZ", "Asia/Tokyo", 1);
    ::tzset();
    write_npz(folder.path() / "b.npz", some_arrays());
    ::unsetenv("TZ");
    ::tzset();
    const Bytes bytes = read_file(folder.path() / "a.npz", 1 << 20);
    EXPECT_EQ(bytes, read_file(folder.path() / "b.npz", 1 << 20));
    // DOS date of the first local header: 1 January 1980, midnight.
    EXPECT_THAT(Bytes(bytes.begin() + 10, bytes.begin() + 14), ElementsAre(0, 0, 0x21, 0));
}

TEST(Npy, ReadsTheIntegerTypes) {
    const auto ints = [](const std::string& descr, const Bytes& payload) {
        return read_npy(npy(header_of(descr, "(1,)"), payload), "a").as_int().at(0);
    };
    EXPECT_EQ(ints("|i1", {0xff}), -1);
    EXPECT_EQ(ints("|u1", {0xff}), 255);
    EXPECT_EQ(ints("|b1", {1}), 1);
    EXPECT_EQ(ints("<i2", {0xfe, 0xff}), -2);
    EXPECT_EQ(ints("<u2", {0xfe, 0xff}), 0xfffe);
    EXPECT_EQ(ints("<i4", {0xff, 0xff, 0xff, 0xff}), -1);
    EXPECT_EQ(ints("<u4", {0xff, 0xff, 0xff, 0xff}), 0xffffffffll);
    EXPECT_EQ(ints("<i8", Bytes(8, 0xff)), -1);
    EXPECT_THAT(error_of(header_of("<u8", "(1,)"), Bytes(8, 0xff)), HasSubstr("2^63"));
}

TEST(Npy, ReadsEveryVersionAndTextOfBytes) {
    for (const int version : {1, 2, 3}) {
        const NpyArray array =
            read_npy(npy(header_of("|S3", "(2,)"), {'a', 0, 0, 'b', 0xe4, 'd'}, version), "a");
        EXPECT_THAT(std::get<std::vector<std::string>>(array.data),
                    ElementsAre("a",
                                "b\xc3\xa4"
                                "d"));
    }
    EXPECT_THROW(read_npy(npy(header_of("|u1", "(1,)"), {1}, 4), "a"), UserError);
}

TEST(Npy, TurnsFortranOrderRound) {
    const NpyArray array = read_npy(npy(header_of("|u1", "(2, 3)", true), {1, 2, 3, 4, 5, 6}), "a");
    EXPECT_THAT(array.shape, ElementsAre(2, 3));
    EXPECT_THAT(array.as_int(), ElementsAre(1, 3, 5, 2, 4, 6));
    const NpyArray cube = read_npy(npy(header_of("|u1", "(2, 1, 2)", true), {1, 2, 3, 4}), "a");
    EXPECT_THAT(cube.as_int(), ElementsAre(1, 3, 2, 4));
}

TEST(Npy, RefusesWithTheReason) {
    const Bytes eight(8, 0);
    EXPECT_THAT(error_of(header_of("|O", "(1,)"), eight), HasSubstr("Python objects"));
    EXPECT_THAT(error_of(header_of(">f8", "(1,)"), eight), HasSubstr("big-endian"));
    EXPECT_THAT(error_of(header_of("<f2", "(4,)"), eight), HasSubstr("\"<f2\""));
    EXPECT_THAT(error_of(header_of("<c8", "(1,)"), eight), HasSubstr("\"<c8\""));
    EXPECT_THAT(error_of(header_of("<f8", "(2,)"), eight), HasSubstr("announces"));
    EXPECT_THAT(
        error_of("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,), }", eight),
        HasSubstr("named fields"));
    EXPECT_THAT(error_of("{'descr': '<f8', 'fortran_order': False}", eight), HasSubstr("damaged"));
    EXPECT_THAT(error_of(header_of("<f8", "(-1,)"), eight), HasSubstr("damaged"));
    EXPECT_THAT(error_of(header_of("<f8", "(1,)") + "x", eight), HasSubstr("damaged"));
    EXPECT_THAT(error_of(header_of("<U1", "(2,)"), Bytes(8, 0xff)), HasSubstr("Unicode"));
    EXPECT_EQ(error_of(header_of("<f8", "(1,)"), eight), "");
}

TEST(Npy, HugeShapesAreRefusedBeforeAnyAllocation) {
    for (const char* shape : {"(4294967296, 4294967296)",
                              "(18446744073709551615,)",
                              "(99999999999999999999999,)",
                              "(1000000000000,)",
                              "(0, 1000000000000)"}) {
        EXPECT_NE(error_of(header_of("<f8", shape), {}), "") << shape;
    }
    // Text without characters takes memory, though no bytes in the file.
    EXPECT_THAT(error_of(header_of("<U0", "(1000000000,)"), {}), HasSubstr("more than"));
    EXPECT_THAT(error_of(header_of("|u1", "(9,)"), Bytes(9, 0), {.max_array_bytes = 64}),
                HasSubstr("more than the 64 bytes"));
}

TEST(Npy, ValuesAreCheckedWhenConverted) {
    const NpyArray text = read_npy(npy(header_of("|S1", "(1,)"), {'a'}), "a");
    EXPECT_THROW(text.as_double(), UserError);
    const NpyArray real = read_npy(npy(header_of("<f4", "(1,)"), Bytes(4, 0)), "a");
    EXPECT_THROW(real.as_int(), UserError);
    const NpyArray whole = read_npy(npy(header_of("|u1", "(1,)"), {7}), "a");
    EXPECT_THAT(whole.as_double(), ElementsAre(7.0));
}

// As a full disk or a broken download leaves it.
TEST(Npz, AnEmptyFileIsNoArchive) {
    EXPECT_THROW(read_npz(Bytes{}, "empty.npz"), UserError);
}

TEST(Npz, BombsAreRefused) {
    const TempFolder folder;
    const auto path = folder.path() / "a.npz";
    write_npz(path, {{"zeros", {{{1 << 20}, std::vector<double>(1 << 20)}, NpyType::Float64}}});
    EXPECT_NO_THROW(read_npz(path));
    EXPECT_THROW(read_npz(path, {.max_array_bytes = 1 << 20}), UserError);
    EXPECT_THROW(read_npz(path, {.max_total_bytes = 1 << 20}), UserError);
    EXPECT_THROW(read_npz(path, {.max_file_bytes = 1 << 10}), UserError);
    EXPECT_THROW(read_npz(path, {.max_arrays = 0}), UserError);
    EXPECT_THROW(read_npz(folder.path() / "none.npz"), UserError);
}

TEST(Npz, TheTotalCountsMemoryNotFileBytes) {
    const std::vector<std::int64_t> small(1000, 1);
    const Bytes numbers = encode_npz(
        {{"a", {{{1000}, small}, NpyType::UInt8}}, {"b", {{{1000}, small}, NpyType::UInt8}}});
    EXPECT_NO_THROW(read_npz(numbers, "x", {.max_total_bytes = 16000}));
    EXPECT_THROW(read_npz(numbers, "x", {.max_total_bytes = 15999}), UserError);
    const Bytes texts =
        encode_npz({{"a", {{{1000}, std::vector<std::string>(1000)}, NpyType::Text}}});
    EXPECT_THROW(read_npz(texts, "x", {.max_total_bytes = 1000 * sizeof(std::string)}), UserError);
    EXPECT_NO_THROW(read_npz(texts, "x", {.max_total_bytes = 1000 * (sizeof(std::string) + 4)}));
}

TEST(Npz, MutatedFilesLoadOrGiveUserErrors) {
    const TempFolder folder;
    const auto path = folder.path() / "a.npz";
    write_npz(path, some_arrays());
    const Bytes original = read_file(path, 1 << 20);
    int refused = 0;
    for (std::uint64_t i = 0; i < 1500; ++i) {
        const Bytes bytes = mutate(original, i);
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
        try {
            read_npz(path, {.max_array_bytes = 1 << 20});
        } catch (const UserError& error) {
            ++refused;
            EXPECT_THAT(error.what(), HasSubstr(path.string()));
            EXPECT_THAT(error.what(), testing::Not(HasSubstr("\n")));
        }
    }
    EXPECT_GT(refused, 1000);
}

/// Runs a Python program with the folder as its working folder; true when it exits with 0.
bool python(const TempFolder& folder, const std::string& program) {
    std::ofstream(folder.path() / "p.py") << program;
    const std::string command =
        fmt::format("cd '{}' && '{}' p.py > out.txt 2>&1", folder.path().string(), RIH_PYTHON);
    return std::system(command.c_str()) == 0;
}

TEST(Npz, NumpyReadsOursAndWeReadNumpys) {
    const TempFolder folder;
    if (!python(folder, "import numpy")) {
        GTEST_SKIP() << "numpy is not in the build's Python";
    }
    write_npz(folder.path() / "ours.npz", some_arrays());
    EXPECT_TRUE(python(folder, R"(import numpy as np
a = np.load('ours.npz')
assert a['doubles'].dtype == np.float64 and a['doubles'].tolist() == [[0.1, -1e300], [3, 4]]
assert a['floats'].dtype == np.float32 and a['floats'].tolist() == [0.5, -0.25, 8]
assert a['ints'].tolist() == [-5, 1 << 40] and a['bytes'].dtype == np.uint8
assert a['scalar'].shape == () and str(a['scalar']) == 'h\u00e4nd \U0001f91a'
assert a['texts'].tolist() == ['', 'abc'] and a['empty'].shape == (0, 3)
np.savez('stored.npz', f=np.asfortranarray(np.arange(6.).reshape(2, 3)), s=np.array('x'))
np.savez_compressed('packed.npz', i=np.arange(5, dtype=np.int16), b=np.array([True, False]))
np.savez('objects.npz', o=np.array([{}], dtype=object))
)")) << read_text_file(folder.path() / "out.txt", 1 << 20);
    const NpzArrays stored = read_npz(folder.path() / "stored.npz");
    EXPECT_THAT(stored.at("f").as_double(), ElementsAre(0, 1, 2, 3, 4, 5));
    const NpzArrays packed = read_npz(folder.path() / "packed.npz");
    EXPECT_THAT(packed.at("i").as_int(), ElementsAre(0, 1, 2, 3, 4));
    EXPECT_THAT(packed.at("b").as_int(), ElementsAre(1, 0));
    EXPECT_THROW(read_npz(folder.path() / "objects.npz"), UserError);
}

} // namespace
} // namespace rih
