// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/pickle.h"

#include "renderih/base/error.h"
#include "renderih/hand/pickle_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <unordered_map>

namespace rih {

namespace {

using Kind = PickleNode::Kind;

/// Everything that arrays, chumpy's wrappers and scipy's sparse matrices need, in the names of
/// Python 2 and 3 and of older and newer releases.
constexpr std::array<std::string_view, 22> kAllowed{
    "copy_reg._reconstructor",
    "copyreg._reconstructor",
    "__builtin__.object",
    "builtins.object",
    "__builtin__.set",
    "builtins.set",
    "collections.OrderedDict",
    "_codecs.encode",
    "numpy.ndarray",
    "numpy.dtype",
    "numpy.core.multiarray._reconstruct",
    "numpy.core.multiarray.scalar",
    "numpy._core.multiarray._reconstruct",
    "numpy._core.multiarray.scalar",
    "chumpy.ch.Ch",
    "chumpy.reordering.Select",
    "scipy.sparse.csc.csc_matrix",
    "scipy.sparse._csc.csc_matrix",
    "scipy.sparse._csc.csc_array",
    "scipy.sparse.csr.csr_matrix",
    "scipy.sparse._csr.csr_matrix",
    "scipy.sparse._csr.csr_array",
};

/// Values, stack entries, marks, memo entries and items of containers, each; a MANO file needs a
/// few hundred.
constexpr std::size_t kMaxNodes = 200'000;

/// The stack machine. Every instruction takes at least a byte and makes at most one value or list
/// entry, so time is linear in the input.
class Machine {
  public:
    Machine(std::span<const std::uint8_t> input, const std::string& where)
        : input_(input), where_(where) {}

    Pickle run() {
        while (step()) {
        }
        pickle_.root = pop();
        return std::move(pickle_);
    }

  private:
    [[noreturn]] void fail(const char* what) const {
        throw_user_error("{}: the pickle is damaged: {} at byte {}", where_, what, at_);
    }

    std::span<const std::uint8_t> take(std::uint64_t size) {
        if (size > input_.size() - at_) {
            fail("it ends early");
        }
        const auto bytes = input_.subspan(at_, size);
        at_ += size;
        return bytes;
    }
    template <typename T>
    T take_number() {
        T value;
        std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
        return value;
    }
    static constexpr std::size_t kMaxLine = 1000; // of a name or number; texts may be longer
    std::string_view take_line(std::size_t max_size = kMaxLine) {
        const auto rest = input_.subspan(at_, std::min(max_size, input_.size() - at_));
        const auto end = std::find(rest.begin(), rest.end(), '\n');
        if (end == rest.end()) {
            fail("a line without end");
        }
        const auto length = static_cast<std::size_t>(end - rest.begin());
        at_ += length + 1;
        return {reinterpret_cast<const char*>(rest.data()), length};
    }

    void check_count(std::size_t count) const {
        RIH_REQUIRE(
            count < kMaxNodes, "{}: the pickle holds more than {} values", where_, kMaxNodes);
    }
    void push(int node) {
        check_count(stack_.size());
        stack_.push_back(node);
    }
    void push(PickleNode node) {
        check_count(pickle_.nodes.size());
        pickle_.nodes.push_back(std::move(node));
        push(static_cast<int>(pickle_.nodes.size()) - 1);
    }
    void push_integer(std::int64_t value, Kind kind = Kind::Int) {
        push(PickleNode{.kind = kind, .integer = value});
    }
    void push_text(std::uint64_t size) {
        push(PickleNode{.kind = Kind::Text, .bytes = take(size)});
    }
    int pop() {
        if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) {
            fail("an instruction finds no value");
        }
        const int node = stack_.back();
        stack_.pop_back();
        return node;
    }
    int top() {
        const int node = pop();
        stack_.push_back(node);
        return node;
    }
    void push_container(Kind kind, std::vector<int> items) {
        check_count(kept_ += items.size());
        push(PickleNode{.kind = kind, .items = std::move(items)});
    }
    std::vector<int> pop_to_mark() {
        if (marks_.empty()) {
            fail("an instruction finds no mark");
        }
        const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
        std::vector<int> items(begin, stack_.end());
        stack_.erase(begin, stack_.end());
        marks_.pop_back();
        return items;
    }
    std::vector<int> pop_some(int count) {
        std::vector<int> items(static_cast<std::size_t>(count));
        for (auto it = items.rbegin(); it != items.rend(); ++it) {
            *it = pop();
        }
        return items;
    }
    PickleNode& node(int index, Kind kind, const char* what) {
        PickleNode& found = pickle_.nodes[static_cast<std::size_t>(index)];
        if (found.kind != kind) {
            fail(what);
        }
        return found;
    }
    std::string_view text_of(int index) {
        const auto bytes = node(index, Kind::Text, "a name that is no text").bytes;
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    void extend(Kind kind, const std::vector<int>& items) {
        PickleNode& target = pickle_.nodes[static_cast<std::size_t>(top())];
        const bool ordered_dict = target.kind == Kind::Object && kind == Kind::Dict;
        if ((target.kind != kind && !ordered_dict) || (kind == Kind::Dict && items.size() % 2)) {
            fail("values for something that takes none");
        }
        // A reference to a value takes two bytes of the file, and the list keeps it.
        check_count(kept_ += items.size());
        if (!ordered_dict) {
            target.items.insert(target.items.end(), items.begin(), items.end());
        }
    }

    /// Pushes the class if its name is on the list; nothing is looked up anywhere else.
    void push_class(std::string_view module, std::string_view name) {
        const std::string full = fmt::format("{}.{}", module, name);
        const auto found = std::find(kAllowed.begin(), kAllowed.end(), full);
        RIH_REQUIRE(found != kAllowed.end(),
                    "{}: the pickle asks for \"{}\", which is refused; only arrays of numpy, "
                    "chumpy and scipy are read, and nothing is called",
                    where_,
                    printable(full, 100));
        push(PickleNode{.kind = Kind::Class, .name = *found});
    }

    /// What a call would make, as a record: the class and the arguments.
    void record_call() {
        const int arguments = pop(), callee = pop();
        PickleNode object{.kind = Kind::Object};
        const auto& items = node(arguments, Kind::Tuple, "arguments that are no tuple").items;
        object.arguments = arguments;
        object.name = node(callee, Kind::Class, "a call of what is no class").name;
        // _reconstructor(class, base, state) stands for an object of `class`.
        if (object.name.ends_with("._reconstructor")) {
            if (items.empty()) {
                fail("no class to reconstruct");
            }
            object.name = node(items[0], Kind::Class, "no class to reconstruct").name;
            object.arguments = -1;
        }
        push(std::move(object));
    }

    void build() {
        const int state = pop();
        node(top(), Kind::Object, "state for what is no object").state = state;
    }

    void remember(std::uint64_t key) {
        check_count(memo_.size());
        memo_[key] = top();
    }
    void recall(std::uint64_t key) {
        const auto found = memo_.find(key);
        if (found == memo_.end()) {
            fail("an unknown reference");
        }
        push(found->second);
    }

    void push_float() {
        std::uint64_t big_endian = 0;
        for (const std::uint8_t byte : take(8)) {
            big_endian = big_endian << 8 | byte;
        }
        push(PickleNode{.kind = Kind::Float, .number = std::bit_cast<double>(big_endian)});
    }

    /// A value of protocol 0, from the text of its line.
    template <typename T>
    T checked(const std::optional<T>& value) const {
        if (!value) {
            fail("a line that is no such value");
        }
        return *value;
    }
    void push_line_text(std::optional<std::vector<std::uint8_t>> text) {
        pickle_.texts.push_back(checked(text));
        push(PickleNode{.kind = Kind::Text, .bytes = pickle_.texts.back()});
    }
    /// Protocol 0 has no truth values of its own: 00 and 01 stand for them.
    void push_line_integer(std::string_view line) {
        if (line == "00" || line == "01") {
            push_integer(line == "01" ? 1 : 0, Kind::Bool);
        } else {
            push_integer(checked(integer_of_line(line)));
        }
    }
    std::uint64_t take_line_key() {
        const std::int64_t key = checked(integer_of_line(take_line()));
        if (key < 0) {
            fail("an unknown reference");
        }
        return static_cast<std::uint64_t>(key);
    }

    void push_long(std::uint64_t size) {
        if (size > 8) {
            fail("an integer of more than 64 bits");
        }
        std::uint64_t value = 0;
        const auto bytes = take(size);
        for (std::size_t i = 0; i < size; ++i) {
            value |= std::uint64_t{bytes[i]} << (8 * i);
        }
        if (size > 0 && size < 8 && (bytes[size - 1] & 0x80) != 0) { // sign
            value |= ~std::uint64_t{0} << (8 * size);
        }
        push_integer(static_cast<std::int64_t>(value));
    }

    bool step();
    bool step_text_or_number(std::uint8_t instruction);
    bool step_container(std::uint8_t instruction);
    bool step_object(std::uint8_t instruction);

    std::span<const std::uint8_t> input_;
    const std::string& where_;
    std::size_t at_ = 0;
    Pickle pickle_;
    std::vector<int> stack_;
    std::size_t kept_ = 0; // items of all containers
    std::vector<std::size_t> marks_;
    std::unordered_map<std::uint64_t, int> memo_;
};

/// One instruction (names of Python's pickletools); false at STOP.
bool Machine::step() {
    const auto instruction = take_number<std::uint8_t>();
    if (instruction == '.') { // STOP
        return false;
    }
    if (!step_text_or_number(instruction) && !step_container(instruction) &&
        !step_object(instruction)) {
        throw_user_error("{}: the pickle uses instruction 0x{:02x} at byte {}, which no file of "
                         "arrays needs; save it again with protocol 2",
                         where_,
                         instruction,
                         at_ - 1);
    }
    return true;
}

bool Machine::step_text_or_number(std::uint8_t instruction) {
    switch (instruction) {
    case 'N': // NONE
        push(PickleNode{});
        return true;
    case 0x88: // NEWTRUE
        push_integer(1, Kind::Bool);
        return true;
    case 0x89: // NEWFALSE
        push_integer(0, Kind::Bool);
        return true;
    case 'J': // BININT
        push_integer(take_number<std::int32_t>());
        return true;
    case 'K': // BININT1
        push_integer(take_number<std::uint8_t>());
        return true;
    case 'M': // BININT2
        push_integer(take_number<std::uint16_t>());
        return true;
    case 0x8a: // LONG1
        push_long(take_number<std::uint8_t>());
        return true;
    case 'G': // BINFLOAT
        push_float();
        return true;
    case 'T': // BINSTRING
    case 'B': // BINBYTES
    case 'X': // BINUNICODE
        push_text(take_number<std::uint32_t>());
        return true;
    case 'U':  // SHORT_BINSTRING
    case 'C':  // SHORT_BINBYTES
    case 0x8c: // SHORT_BINUNICODE
        push_text(take_number<std::uint8_t>());
        return true;
    case 0x8d: // BINUNICODE8
    case 0x8e: // BINBYTES8
        push_text(take_number<std::uint64_t>());
        return true;
    case 'S': // STRING
        push_line_text(bytes_of_repr(take_line(input_.size())));
        return true;
    case 'V': // UNICODE
        push_line_text(utf8_of_raw_unicode(take_line(input_.size())));
        return true;
    case 'I': // INT
        push_line_integer(take_line());
        return true;
    case 'L': // LONG
        push_integer(checked(integer_of_line(take_line())));
        return true;
    case 'F': // FLOAT
        push(PickleNode{.kind = Kind::Float, .number = checked(float_of_line(take_line()))});
        return true;
    default:
        return false;
    }
}

bool Machine::step_container(std::uint8_t instruction) {
    switch (instruction) {
    case '(': // MARK
        check_count(marks_.size());
        marks_.push_back(stack_.size());
        return true;
    case ')': // EMPTY_TUPLE
        push(PickleNode{.kind = Kind::Tuple});
        return true;
    case ']':  // EMPTY_LIST
    case 0x8f: // EMPTY_SET
        push(PickleNode{.kind = Kind::List});
        return true;
    case '}': // EMPTY_DICT
        push(PickleNode{.kind = Kind::Dict});
        return true;
    case 0x85: // TUPLE1, TUPLE2, TUPLE3
    case 0x86:
    case 0x87:
        push_container(Kind::Tuple, pop_some(instruction - 0x84));
        return true;
    case 't': // TUPLE
        push_container(Kind::Tuple, pop_to_mark());
        return true;
    case 'l': // LIST
        push_container(Kind::List, pop_to_mark());
        return true;
    case 'd': { // DICT
        std::vector<int> items = pop_to_mark();
        if (items.size() % 2 != 0) {
            fail("a key without a value");
        }
        push_container(Kind::Dict, std::move(items));
        return true;
    }
    case 0x91: // FROZENSET
        push_container(Kind::List, pop_to_mark());
        return true;
    case 'a': // APPEND
        extend(Kind::List, pop_some(1));
        return true;
    case 'e':  // APPENDS
    case 0x90: // ADDITEMS
        extend(Kind::List, pop_to_mark());
        return true;
    case 's': // SETITEM
        extend(Kind::Dict, pop_some(2));
        return true;
    case 'u': // SETITEMS
        extend(Kind::Dict, pop_to_mark());
        return true;
    case '0': // POP
        pop();
        return true;
    case '1': // POP_MARK
        pop_to_mark();
        return true;
    case '2': // DUP
        push(top());
        return true;
    default:
        return false;
    }
}

bool Machine::step_object(std::uint8_t instruction) {
    switch (instruction) {
    case 0x80: { // PROTO
        const int protocol = take_number<std::uint8_t>();
        RIH_REQUIRE(protocol >= 2 && protocol <= 5,
                    "{}: is a pickle of protocol {}; 2 to 5 are read",
                    where_,
                    protocol);
        return true;
    }
    case 0x95: // FRAME: only a hint for buffering
        take(8);
        return true;
    case 'c': { // GLOBAL
        const std::string_view module = take_line();
        push_class(module, take_line());
        return true;
    }
    case 0x93: { // STACK_GLOBAL
        const int name = pop(), module = pop();
        push_class(text_of(module), text_of(name));
        return true;
    }
    case 'R':  // REDUCE
    case 0x81: // NEWOBJ
        record_call();
        return true;
    case 'b': // BUILD
        build();
        return true;
    case 'q': // BINPUT
        remember(take_number<std::uint8_t>());
        return true;
    case 'r': // LONG_BINPUT
        remember(take_number<std::uint32_t>());
        return true;
    case 'p': // PUT
        remember(take_line_key());
        return true;
    case 'g': // GET
        recall(take_line_key());
        return true;
    case 0x94: // MEMOIZE
        remember(memo_.size());
        return true;
    case 'h': // BINGET
        recall(take_number<std::uint8_t>());
        return true;
    case 'j': // LONG_BINGET
        recall(take_number<std::uint32_t>());
        return true;
    default:
        return false;
    }
}

} // namespace

std::optional<int> Pickle::find(int dict, std::string_view key) const {
    const PickleNode& node = (*this)[dict];
    if (node.kind != Kind::Dict) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
        const PickleNode& found = (*this)[node.items[i]];
        if (found.kind == Kind::Text &&
            std::equal(found.bytes.begin(),
                       found.bytes.end(),
                       key.begin(),
                       key.end(),
                       [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); })) {
            return node.items[i + 1];
        }
    }
    return std::nullopt;
}

Pickle parse_pickle(std::span<const std::uint8_t> input, const std::string& where) {
    return Machine(input, where).run();
}

} // namespace rih
