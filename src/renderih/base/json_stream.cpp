// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/json_stream.h"

#include "renderih/base/error.h"

#include <fstream>
#include <iterator>

namespace rih {

namespace {

/// Feeds a parser character by character from a file, and refuses single tokens that no such file
/// has, before the parser can pile them up in memory.
class GuardedFile {
  public:
    GuardedFile(const std::filesystem::path& path, std::uint64_t max_bytes)
        : path_(path), stream_(path, std::ios::binary), chunk_(1 << 16) {
        std::error_code error;
        const std::uint64_t size = std::filesystem::file_size(path, error);
        RIH_REQUIRE(!error && stream_.good(), "{}: cannot be read", path.string());
        RIH_REQUIRE(size <= max_bytes,
                    "{}: has {} bytes, more than the {} that are read",
                    path.string(),
                    size,
                    max_bytes);
        fill();
    }

    bool at_end() const { return position_ == filled_; }
    char current() const { return chunk_[position_]; }
    void advance() {
        constexpr std::size_t kLongestToken = 4096;
        const char c = chunk_[position_];
        const bool separator = c == ',' || c == ':' || c == '[' || c == ']' || c == '{' ||
                               c == '}' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
        token_ = separator ? 0 : token_ + 1;
        RIH_REQUIRE(token_ <= kLongestToken,
                    "{}: holds a name or number of over {} bytes, which no such file does",
                    path_.string(),
                    kLongestToken);
        if (++position_ == filled_) {
            fill();
        }
    }

  private:
    void fill() {
        stream_.read(chunk_.data(), static_cast<std::streamsize>(chunk_.size()));
        filled_ = static_cast<std::size_t>(stream_.gcount());
        position_ = 0;
        RIH_REQUIRE(!stream_.bad(), "{}: cannot be read", path_.string());
    }

    std::filesystem::path path_;
    std::ifstream stream_;
    std::vector<char> chunk_;
    std::size_t position_ = 0, filled_ = 0, token_ = 0;
};

/// GuardedFile as the input iterator that the parser asks for; a null file is the end.
class FileIterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = char;

    explicit FileIterator(GuardedFile* file = nullptr) : file_(file) {}
    char operator*() const { return file_->current(); }
    FileIterator& operator++() {
        file_->advance();
        return *this;
    }
    bool operator==(const FileIterator& other) const { return ended() == other.ended(); }
    bool operator!=(const FileIterator& other) const { return !(*this == other); }

  private:
    bool ended() const { return file_ == nullptr || file_->at_end(); }
    GuardedFile* file_;
};

/// Follows the nesting above the elements and builds one element at a time.
class ElementBuilder : public nlohmann::json_sax<nlohmann::json> {
  public:
    using OnElement = std::function<void(const JsonWay&, const JsonValue&)>;

    ElementBuilder(std::string file,
                   int depth,
                   const JsonStreamLimits& limits,
                   const OnElement& on_element)
        : file_(std::move(file)), depth_(static_cast<std::size_t>(depth)), limits_(limits),
          on_element_(on_element) {}

    bool null() override { return scalar(nullptr); }
    bool boolean(bool v) override { return scalar(v); }
    bool number_integer(number_integer_t v) override { return scalar(v); }
    bool number_unsigned(number_unsigned_t v) override { return scalar(v); }
    bool number_float(number_float_t v, const string_t&) override { return scalar(v); }
    bool string(string_t& v) override { return scalar(std::move(v)); }
    bool binary(binary_t&) override { return fail("binary data"); }
    bool start_object(std::size_t) override { return open(OrderedJson::object()); }
    bool start_array(std::size_t) override { return open(OrderedJson::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        if (!open_.empty()) {
            key_ = std::move(name);
            if (open_.back()->contains(key_)) {
                fail("a key given twice");
            }
        } else {
            above_.back().place = std::move(name);
        }
        return true;
    }
    bool parse_error(std::size_t position,
                     const std::string&,
                     const nlohmann::detail::exception&) override {
        throw_user_error("{}: is no JSON: syntax error at byte {}", file_, position);
    }

  private:
    /// A container that the way goes through.
    struct Above {
        bool is_list = false;
        std::size_t next = 0; // in a list
        std::string place{};  // of the value that comes next, or is open
    };

    [[noreturn]] bool fail(const char* what) const {
        throw_user_error("{}: {}: {}", file_, printable(path(), 200), what);
    }
    std::string path() const {
        std::string text;
        for (const Above& level : above_) {
            text += (text.empty() ? "" : ".") + level.place;
        }
        return text.empty() ? "the file" : text;
    }

    /// Every value begins here: in a list above the elements it gets its number.
    void begin_value() {
        if (open_.empty() && !above_.empty() && above_.back().is_list) {
            above_.back().place = std::to_string(above_.back().next++);
        }
    }
    void count_value() {
        if (++values_ > limits_.max_element_values) {
            fail("holds more values than any such file has");
        }
    }
    OrderedJson* put(OrderedJson value) {
        count_value();
        if (open_.empty()) {
            element_ = std::move(value);
            return &element_;
        }
        OrderedJson& parent = *open_.back();
        if (parent.is_object()) {
            return &(parent[key_] = std::move(value));
        }
        parent.push_back(std::move(value));
        return &parent.back();
    }
    void finish_element() {
        JsonWay way;
        for (const Above& level : above_) {
            way.push_back(level.place);
        }
        on_element_(way, JsonValue(element_, file_, path()));
        element_ = nullptr;
        values_ = 0;
    }

    bool scalar(OrderedJson value) {
        begin_value();
        if (above_.size() == depth_) {
            put(std::move(value));
            if (open_.empty()) {
                finish_element();
            }
        }
        return true;
    }
    bool open(OrderedJson container) {
        begin_value();
        if (above_.size() < depth_) {
            above_.push_back({.is_list = container.is_array()});
            return true;
        }
        if (std::ssize(open_) >= limits_.max_element_depth) {
            fail("is nested deeper than any such file");
        }
        open_.push_back(put(std::move(container)));
        return true;
    }
    bool close() {
        if (open_.empty()) {
            above_.pop_back();
            return true;
        }
        open_.pop_back();
        if (open_.empty()) {
            finish_element();
        }
        return true;
    }

    std::string file_;
    std::size_t depth_;
    JsonStreamLimits limits_;
    const OnElement& on_element_;
    std::vector<Above> above_;       // at most depth_
    std::vector<OrderedJson*> open_; // containers of the element that are not closed yet
    OrderedJson element_;
    std::string key_;
    std::size_t values_ = 0;
};

} // namespace

void sax_parse_file(const std::filesystem::path& path,
                    std::uint64_t max_bytes,
                    nlohmann::json_sax<nlohmann::json>& handler) {
    GuardedFile file(path, max_bytes);
    // Exceptions of the parser itself (a number out of range) are bad input too.
    try {
        nlohmann::json::sax_parse(FileIterator(&file), FileIterator(), &handler);
    } catch (const nlohmann::json::exception& error) {
        throw_user_error(
            "{}: is no JSON that can be read: {}", path.string(), printable(error.what(), 200));
    }
}

void for_each_json_element(
    const std::filesystem::path& path,
    int depth,
    const JsonStreamLimits& limits,
    const std::function<void(const JsonWay& way, const JsonValue& element)>& on_element) {
    RIH_ASSERT(depth >= 1, "elements lie below the top");
    ElementBuilder builder(path.string(), depth, limits, on_element);
    sax_parse_file(path, limits.max_file_bytes, builder);
}

} // namespace rih
