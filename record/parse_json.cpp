#include "record/json.hpp"
#include "record/json_shape.hpp"
#include "record/limits.hpp"
#include "record/timestamp.hpp"

#include <boost/json.hpp>

#include <limits>

namespace alert40::record {

namespace json = boost::json;

namespace {

// The enumerators whose names are written run from 0, or from `first_of`, to `last_of`.
constexpr int first_of(auto) {
    return 0;
}

constexpr int first_of(tls::AlertLevel) {
    return static_cast<int>(tls::AlertLevel::warning);
}

constexpr Side last_of(Side) {
    return Side::upstream;
}

constexpr Outcome last_of(Outcome) {
    return Outcome::passed;
}

constexpr LadderEvent last_of(LadderEvent) {
    return LadderEvent::forgotten;
}

constexpr tls::By last_of(tls::By) {
    return tls::By::injected;
}

constexpr tls::Phase last_of(tls::Phase) {
    return tls::Phase::after;
}

constexpr tls::FailureKind last_of(tls::FailureKind) {
    return tls::FailureKind::http;
}

constexpr tls::AlertLevel last_of(tls::AlertLevel) {
    return tls::AlertLevel::fatal;
}

constexpr tls::Direction last_of(tls::Direction) {
    return tls::Direction::sent;
}

/// Fills in one object. The first thing that is wrong sticks in `error`, with the path to it.
class Reader {
  public:
    Reader(json::object const& object, std::string path, std::string& error)
        : object_(object)
        , path_(std::move(path))
        , error_(error) {}

    void always(std::string_view key, auto& member) {
        if (!read(key, member)) fail(key, "missing");
    }

    void unless_empty(std::string_view key, auto& member) { read(key, member); }

    void derived(std::string_view, std::string_view) {}

  private:
    bool read(std::string_view key, auto& member) {
        auto const* const value = object_.if_contains(key);
        if (value != nullptr) take(key, *value, member);
        return value != nullptr;
    }

    void fail(std::string_view key, std::string_view why) {
        if (error_.empty()) error_.append(path_).append(key).append(": ").append(why);
    }

    void take(std::string_view key, json::value const& value, std::string& member) {
        auto const* const text = value.if_string();
        if (text == nullptr) return fail(key, "not a string");
        member.assign(text->data(), text->size());
    }

    void take(std::string_view key, json::value const& value, bool& member) {
        auto const* const flag = value.if_bool();
        if (flag == nullptr) return fail(key, "not true or false");
        member = *flag;
    }

    template <std::unsigned_integral Number>
    void take(std::string_view key, json::value const& value, Number& member) {
        auto const number = value.if_int64();
        auto const fits = number != nullptr && *number >= 0 &&
                          static_cast<std::uint64_t>(*number) <= std::numeric_limits<Number>::max();
        if (!fits) return fail(key, "not a number that fits");
        member = static_cast<Number>(*number);
    }

    void take(std::string_view key, json::value const& value, std::chrono::microseconds& member) {
        std::uint64_t count = 0;
        take(key, value, count);
        member = std::chrono::microseconds{static_cast<std::int64_t>(count)};
    }

    void take(std::string_view key, json::value const& value, std::chrono::system_clock::time_point& member) {
        std::string text;
        take(key, value, text);
        auto const time = parse_timestamp(text);
        if (!time) return fail(key, "not a time");
        member = *time;
    }

    void take(std::string_view key, json::value const& value, tls::AlertDescription& member) {
        std::uint8_t number = 0;
        take(key, value, number);
        member = tls::AlertDescription{number};
    }

    template <typename Enum>
    requires std::is_enum_v<Enum>

    void take(std::string_view key, json::value const& value, Enum& member) {
        std::string text;
        take(key, value, text);
        for (int i = first_of(Enum{}); i <= static_cast<int>(last_of(Enum{})); ++i) {
            if (name_of(static_cast<Enum>(i)) == text) {
                member = static_cast<Enum>(i);
                return;
            }
        }
        fail(key, "unknown value");
    }

    template <typename T>
    void take(std::string_view key, json::value const& value, std::optional<T>& member) {
        take(key, value, member.emplace());
    }

    template <typename T>
    void take(std::string_view key, json::value const& value, std::vector<T>& members) {
        auto const* const list = value.if_array();
        if (list == nullptr) return fail(key, "not a list");
        for (auto const& item : *list)
            take(key, item, members.emplace_back());
    }

    template <typename T>
    requires std::is_class_v<T>

    void take(std::string_view key, json::value const& value, T& member) {
        auto const* const object = value.if_object();
        if (object == nullptr) return fail(key, "not an object");
        Reader nested{*object, path_ + std::string{key} + '.', error_};
        shape(nested, member);
    }

    json::object const& object_;
    std::string path_;
    std::string& error_;
};

template <typename T>
std::variant<Record, MalformedRecord> read(json::object const& object) {
    std::string error;
    T record;
    Reader reader{object, "", error};
    shape(reader, record);
    if (!error.empty()) return MalformedRecord{std::move(error)};
    return Record{std::move(record)};
}

} // namespace

std::variant<Record, MalformedRecord> parse_record(std::string_view line) {
    if (line.size() > limits::json_record_bytes) return MalformedRecord{"longer than any record"};
    boost::system::error_code error;
    auto const value = json::parse(line, error);
    if (error) return MalformedRecord{"not JSON: " + error.message()};
    auto const* const object = value.if_object();
    if (object == nullptr) return MalformedRecord{"not an object"};
    auto const* const type = object->if_contains("type");
    if (type != nullptr && *type == "handshake") return read<HandshakeRecord>(*object);
    if (type != nullptr && *type == "connection_failure") return read<ConnectionFailureRecord>(*object);
    if (type != nullptr && *type == "ladder") return read<LadderRecord>(*object);
    if (type != nullptr && *type == "diagnosis") return read<DiagnosisRecord>(*object);
    return MalformedRecord{"type: not \"handshake\", \"connection_failure\", \"ladder\" or \"diagnosis\""};
}

} // namespace alert40::record
