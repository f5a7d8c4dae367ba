#include "record/json.hpp"

#include "record/json_shape.hpp"
#include "record/printable.hpp"
#include "record/timestamp.hpp"

#include <boost/json.hpp>

#include <array>

namespace alert40::record {

namespace json = boost::json;

namespace {

class Writer {
  public:
    explicit Writer(json::storage_ptr storage)
        : object_(std::move(storage)) {}

    void always(std::string_view key, auto const& member) { object_.emplace(key, value(member)); }

    void unless_empty(std::string_view key, auto const& member) {
        if (there(member)) always(key, member);
    }

    void derived(std::string_view key, std::string_view text) {
        if (!text.empty()) object_.emplace(key, value(text));
    }

    json::object& object() { return object_; }

  private:
    static bool there(bool member) { return member; }

    template <typename T>
    static bool there(std::optional<T> const& member) {
        return member.has_value();
    }

    static bool there(auto const& member) { return !member.empty(); }

    json::value value(std::string_view text) {
        return json::value(json::string_view{valid_utf8(text)}, object_.storage());
    }

    json::value value(std::string const& text) { return value(std::string_view{text}); }

    json::value value(bool flag) { return json::value(flag, object_.storage()); }

    template <std::unsigned_integral Number>
    json::value value(Number number) {
        return json::value(std::uint64_t{number}, object_.storage());
    }

    json::value value(std::chrono::microseconds time) { return json::value(time.count(), object_.storage()); }

    json::value value(std::chrono::system_clock::time_point time) { return value(timestamp(time)); }

    json::value value(tls::AlertDescription alert) {
        return json::value(static_cast<unsigned>(alert), object_.storage());
    }

    template <typename Enum>

    requires std::is_enum_v<Enum> json::value value(Enum name) { return value(name_of(name)); }

    template <typename T>
    json::value value(std::optional<T> const& member) {
        return value(*member);
    }

    template <typename T>
    json::value value(std::vector<T> const& members) {
        json::array list(object_.storage());
        list.reserve(members.size());
        for (auto const& member : members)
            list.push_back(value(member));
        return list;
    }

    template <typename T>

    requires std::is_class_v<T> json::value value(T const& member) {
        Writer nested{object_.storage()};
        shape(nested, member);
        return std::move(nested.object_);
    }

    json::object object_;
};

std::string write(auto const& record) {
    std::array<unsigned char, 16 * 1024> space;
    json::monotonic_resource memory{space.data(), space.size()};
    Writer writer{&memory};
    shape(writer, record);
    return json::serialize(writer.object());
}

} // namespace

std::string to_json(HandshakeRecord const& record) {
    return write(record);
}

std::string to_json(ConnectionFailureRecord const& record) {
    return write(record);
}

std::string to_json(LadderRecord const& record) {
    return write(record);
}

std::string to_json(DiagnosisRecord const& record) {
    return write(record);
}

} // namespace alert40::record
