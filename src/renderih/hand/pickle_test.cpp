// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/pickle.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/pickle_arrays.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace rih {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

std::string error_of(const std::string& program) {
    try {
        parse_pickle(as_bytes(program), "x.pkl");
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

TEST(Pickle, ParsesValues) {
    const std::string program = "\x80\x02}(U\x01"
                                "aK\x05U\x01"
                                "bM\x00\x01U\x01"
                                "cJ\xff\xff\xff\xffU\x01"
                                "dG\x3f\xf8\x00\x00\x00\x00\x00\x00U\x01"
                                "e\x8a\x01\xfeU\x01"
                                "f]q\x01(NK\x01\x88\x65U\x01"
                                "gh\x01u."s;
    const Pickle pickle = parse_pickle(as_bytes(program), "x");
    const auto value = [&](const char* key) {
        return pickle[pickle.find(pickle.root, key).value()];
    };
    EXPECT_EQ(value("a").integer, 5);
    EXPECT_EQ(value("b").integer, 256);
    EXPECT_EQ(value("c").integer, -1);
    EXPECT_EQ(value("d").number, 1.5);
    EXPECT_EQ(value("e").integer, -2);
    EXPECT_EQ(value("f").items.size(), 3u);
    EXPECT_EQ(pickle.find(pickle.root, "f"), pickle.find(pickle.root, "g")); // the memo's
    EXPECT_FALSE(pickle.find(pickle.root, "h").has_value());
}

TEST(Pickle, ParsesTheOldestProtocol) {
    // As Python 2 wrote {'a': [1, 2L, True, -0.5], u'b\u00e9': 'x\'\n\xff'} at protocol 0.
    const std::string program = "(dp0\nS'a'\np1\n(lp2\nI1\naL2L\naI01\naF-0.5\nas"
                                "V\\u0062\xe9\np3\nS\"x'\\n\\xff\"\np4\nsS'again'\ng2\ns."s;
    const Pickle pickle = parse_pickle(as_bytes(program), "x");
    const PickleNode& list = pickle[pickle.find(pickle.root, "a").value()];
    ASSERT_EQ(list.items.size(), 4u);
    EXPECT_EQ(pickle[list.items[0]].integer, 1);
    EXPECT_EQ(pickle[list.items[1]].integer, 2);
    EXPECT_EQ(pickle[list.items[2]].kind, PickleNode::Kind::Bool);
    EXPECT_EQ(pickle[list.items[3]].number, -0.5);
    const auto bytes = pickle[pickle.find(pickle.root, "b\xc3\xa9").value()].bytes;
    EXPECT_EQ(std::string(bytes.begin(), bytes.end()), "x'\n\xff");
    EXPECT_EQ(pickle.find(pickle.root, "again"), pickle.find(pickle.root, "a"));

    EXPECT_THAT(error_of("S'a\n."), HasSubstr("no such value"));
    EXPECT_THAT(error_of("S'a\\q'\n."), HasSubstr("no such value"));
    EXPECT_THAT(error_of("S'a\\x0'\n."), HasSubstr("no such value"));
    EXPECT_THAT(error_of("V\\u12\n."), HasSubstr("no such value"));
    EXPECT_THAT(error_of("I12x\n."), HasSubstr("no such value"));
    EXPECT_THAT(error_of("I99999999999999999999\n."), HasSubstr("no such value"));
    EXPECT_THAT(error_of("F1.5.\n."), HasSubstr("no such value"));
    EXPECT_THAT(error_of("(I1\nd."), HasSubstr("without a value"));
    EXPECT_THAT(error_of("g7\n."), HasSubstr("unknown reference"));
    EXPECT_THAT(error_of("cposix\nsystem\n(S'true'\ntR."), HasSubstr("posix.system"));
}

/// Each would make the file named in it if it were run.
TEST(Pickle, CallsAreRefusedByNameAndNothingIsCalled) {
    const TempFolder folder;
    const std::filesystem::path marker = folder.path() / "marker";
    const std::string touch = "touch " + marker.string();
    const std::string argument = "U"s + static_cast<char>(touch.size()) + touch;
    const std::string python = "open('" + marker.string() + "', 'w')";
    const std::string code = "U"s + static_cast<char>(python.size()) + python;
    const std::vector<std::pair<std::string, std::string>> programs{
        {"\x80\x02"
         "cos\nsystem\n" +
             argument + "\x85R.",
         "os.system"},
        {"\x80\x02"
         "cposix\nsystem\n" +
             argument + "\x85R.",
         "posix.system"},
        {"\x80\x02"
         "c__builtin__\neval\n" +
             code + "\x85R.",
         "__builtin__.eval"},
        {"\x80\x02"
         "cbuiltins\nexec\n" +
             code + "\x85R.",
         "builtins.exec"},
        {"\x80\x02"
         "csubprocess\nPopen\n" +
             argument + "\x85R.",
         "subprocess.Popen"},
        // NEWOBJ, STACK_GLOBAL, BUILD with __setstate__ of a class, _reconstructor
        {"\x80\x02"
         "csubprocess\nPopen\n" +
             argument + "\x85\x81.",
         "subprocess.Popen"},
        {"\x80\x04\x8c\x02os\x8c\x06system\x93" + argument + "\x85R.", "os.system"},
        {"\x80\x02"
         "cchumpy.ch\nCh\n)\x81}(U\x0c__setstate__cos\nsystem\nub" +
             argument + "b.",
         "os.system"},
        {"\x80\x02"
         "ccopy_reg\n_reconstructor\ncos\nsystem\n" +
             argument + "\x86R.",
         "os.system"},
        // Parts of allowed packages that call others.
        {"\x80\x02"
         "cnumpy.testing._private.utils\nrunstring\n" +
             code + "\x85R.",
         "runstring"},
        {"\x80\x02"
         "cnumpy\nload\n" +
             argument + "\x85R.",
         "numpy.load"},
    };
    for (const auto& [program, name] : programs) {
        EXPECT_THAT(error_of(program), testing::AllOf(HasSubstr("refused"), HasSubstr(name)));
        const std::filesystem::path path = folder.path() / "hand.pkl";
        write_file_atomically(path, program);
        EXPECT_THROW(load_hand(path, Side::Right), UserError);
        EXPECT_FALSE(std::filesystem::exists(marker)) << name;
    }
    // Instructions that make or call without GLOBAL.
    for (const std::string& program : {"\x80\x02(ios\nsystem\n."s,
                                       "\x80\x02(cos\nsystem\no."s,
                                       "\x80\x02\x82\x01."s,
                                       "\x80\x02Q."s}) {
        EXPECT_NE(error_of(program), "");
    }
}

TEST(Pickle, DamageIsNamed) {
    EXPECT_THAT(error_of(""), HasSubstr("ends early"));
    EXPECT_THAT(error_of("\x80\x02."), HasSubstr("no value"));
    EXPECT_THAT(error_of("\x80\x02N"), HasSubstr("ends early"));
    EXPECT_THAT(error_of("\x80\x01N."), HasSubstr("protocol 1"));
    EXPECT_THAT(error_of("\x80\x02X\xff\xff\xff\xff."), HasSubstr("ends early"));
    EXPECT_THAT(error_of("\x80\x02\x8e\xff\xff\xff\xff\xff\xff\xff\xff."), HasSubstr("ends early"));
    EXPECT_THAT(error_of("\x80\x02h\x07."), HasSubstr("unknown reference"));
    EXPECT_THAT(error_of("\x80\x02t."), HasSubstr("no mark"));
    EXPECT_THAT(error_of("\x80\x02]NNb."), HasSubstr("no object"));
    EXPECT_THAT(error_of("\x80\x02K\x01K\x02\x61."), HasSubstr("takes none"));
    EXPECT_THAT(error_of("\x80\x02}(Nu."), HasSubstr("takes none"));
    EXPECT_THAT(error_of("\x80\x02NNR."), HasSubstr("no tuple"));
    EXPECT_THAT(error_of("\x80\x02N)R."), HasSubstr("no class"));
    EXPECT_THAT(error_of("\x80\x02"
                         "cos" +
                         std::string(5000, 'x')),
                HasSubstr("line"));
    EXPECT_THAT(error_of("\x80\x02"
                         "cos\x01\ny\n."),
                testing::Not(HasSubstr("\x01")));
}

TEST(Pickle, MemoryIsBounded) {
    const std::string many(300'000, 'N');
    EXPECT_THAT(error_of("\x80\x02" + many + "."), HasSubstr("more than"));
    EXPECT_THAT(error_of("\x80\x02" + std::string(300'000, '(') + "N."), HasSubstr("more than"));
    std::string copies = "\x80\x02N" + std::string(300'000, '2') + ".";
    EXPECT_THAT(error_of(copies), HasSubstr("more than"));
    // References that lists and tuples keep, a few at a time.
    for (const char* keep : {"(h\x01h\x01h\x01"
                             "e",
                             "h\x01"
                             "a",
                             "h\x01h\x01h\x01\x87"
                             "a"}) {
        std::string program = "\x80\x02Nq\x01"
                              "0]";
        for (int i = 0; i < 250'000; ++i) {
            program += keep;
        }
        EXPECT_THAT(error_of(program + "."), HasSubstr("more than"));
    }
}

std::string array_error(const std::string& program) {
    const Pickle pickle = parse_pickle(as_bytes(program), "x.pkl");
    try {
        std::uint64_t bytes_left = 1 << 20;
        array_of_pickle(pickle, pickle.root, "key", "x.pkl", bytes_left);
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

/// An array of `shape` (instructions that push it), of numpy's `type`, with `data`.
std::string
array_program(const std::string& shape, const std::string& type, const std::string& data) {
    return "\x80\x02"
           "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01"
           "b\x87R(K\x01"s +
           shape + "cnumpy\ndtype\nU" + static_cast<char>(type.size()) + type +
           "K\x00K\x01\x87R(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"s + data +
           "tb.";
}

TEST(PickleArrays, SharedArraysCountEachTime) {
    const std::string program = array_program("K\x01\x85", "f8", "U\x08"s + std::string(8, '\0'));
    const Pickle pickle = parse_pickle(as_bytes(program), "x.pkl");
    std::uint64_t bytes_left = 20;
    const auto read = [&] { array_of_pickle(pickle, pickle.root, "key", "x.pkl", bytes_left); };
    read();
    read();
    EXPECT_EQ(bytes_left, 4u);
    EXPECT_THROW(read(), UserError);
}

TEST(PickleArrays, ChecksWhatArraysClaim) {
    const std::string eight = "U\x08"s + std::string(8, '\0');
    EXPECT_EQ(array_error(array_program("K\x01\x85", "f8", eight)), "");
    EXPECT_THAT(array_error(array_program("K\x02\x85", "f8", eight)), HasSubstr("announces"));
    EXPECT_THAT(array_error(array_program("J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86", "f8", eight)),
                HasSubstr("larger"));
    EXPECT_THAT(array_error(array_program("J\xff\xff\xff\xff\x85", "f8", eight)),
                HasSubstr("shape"));
    EXPECT_THAT(array_error(array_program("K\x01\x85", "O8", eight)), HasSubstr("objects"));
    EXPECT_THAT(array_error(array_program("K\x01\x85", "S8", eight)), HasSubstr("text"));
    EXPECT_THAT(array_error(array_program("K\x01\x85", "f8", "]")), HasSubstr("no data"));
    EXPECT_THAT(array_error("\x80\x02]."), HasSubstr("no array"));
    EXPECT_THAT(array_error("\x80\x02"
                            "c__builtin__\nset\n)R."),
                HasSubstr("no array"));
    // chumpy's wrapper around itself.
    EXPECT_THAT(array_error("\x80\x02"
                            "cchumpy.ch\nCh\n)\x81q\x05}U\x01xh\x05sb."),
                HasSubstr("too deep"));
}

} // namespace
} // namespace rih
