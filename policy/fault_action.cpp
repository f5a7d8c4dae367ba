#include "policy/fault_action.hpp"

#include <algorithm>
#include <array>

namespace alert40::policy {
namespace {

constexpr std::array<std::string_view, 2> role_names = {"origin", "client"};
constexpr std::array<std::string_view, 8> point_names = {
    "connect", "client_hello", "server_hello", "certificate", "finished", "preface", "request", "response"};
static_assert(point_names.size() == static_cast<std::size_t>(FaultPoint::response) + 1);

/// Where an action strikes as one role; the first of the points is the usual one.
struct Places {
    std::array<FaultPoint, point_names.size()> points{};
    std::size_t count = 0;

    constexpr bool has(FaultPoint point) const {
        auto const* const end = points.data() + count;
        return std::find(points.data(), end, point) != end;
    }
};

template <class... Points>
constexpr Places at(Points... points) {
    return {{points...}, sizeof...(points)};
}

constexpr Places nowhere{};

enum class Ends : bool { no, yes };

/// What there is to know of one action.
struct Row {
    std::size_t action; ///< place in FaultAction
    std::string_view name;
    Places as_origin, as_client;
    Ends ends; ///< the connection; of an alert it depends
    std::string_view why_not_elsewhere;

    constexpr Places const& as(FaultRole role) const {
        return role == FaultRole::origin ? as_origin : as_client;
    }
};

template <class Action>
constexpr Row row(std::string_view name, Places as_origin, Places as_client, Ends ends,
                  std::string_view why_not_elsewhere) {
    return {fault::place_of<Action>(), name, as_origin, as_client, ends, why_not_elsewhere};
}

using enum FaultPoint;

constexpr auto before_anything_is_said = at(client_hello, connect, finished, request, response);
constexpr auto instead_of_an_answer = at(client_hello);
constexpr auto where_an_alert_can_be_sent = at(client_hello, server_hello, certificate, finished);
constexpr auto instead_of_a_response = at(request, response);
constexpr std::string_view nothing_answered =
    "it stands in the place of an answer to the ClientHello: use at = \"client_hello\"";
constexpr std::string_view no_tls_yet = "no TLS was spoken yet: use at = \"client_hello\", or later";
constexpr std::string_view instead_of_words =
    "it stands in the place of what would be said next: use at = \"connect\", \"client_hello\", "
    "\"finished\", \"request\" or \"response\"";
constexpr std::string_view answers_a_request = "it answers a request: use at = \"request\" or \"response\"";
constexpr std::string_view in_a_response = "it happens to a response: use at = \"response\"";
constexpr std::string_view of_the_connection = "it is so from the beginning of HTTP/2: use at = \"preface\"";

constexpr std::string_view of_the_hello = "it is of the ClientHello: use at = \"client_hello\"";

/// In the order of FaultAction.
constexpr std::array rows = {
    row<fault::Alert>("alert", where_an_alert_can_be_sent, nowhere, Ends::yes, no_tls_yet),
    row<fault::Reset>("reset", before_anything_is_said, nowhere, Ends::yes, instead_of_words),
    row<fault::Close>("close", before_anything_is_said, nowhere, Ends::yes, instead_of_words),
    row<fault::Silence>("silence", before_anything_is_said, nowhere, Ends::yes, instead_of_words),
    row<fault::Delay>("delay", before_anything_is_said, at(client_hello), Ends::no, instead_of_words),
    row<fault::Garbage>("garbage", instead_of_an_answer, nowhere, Ends::yes, nothing_answered),
    row<fault::PlainHttp>("plain_http", instead_of_an_answer, nowhere, Ends::yes, nothing_answered),
    row<fault::Server>("a limited server", at(server_hello), nowhere, Ends::no,
                       "it answers: use at = \"server_hello\""),
    row<fault::Certificate>("certificate", at(certificate), nowhere, Ends::no,
                            "it is a message of its own: use at = \"certificate\""),
    row<fault::Offer>("an offer", nowhere, at(client_hello), Ends::no, of_the_hello),
    row<fault::Hello>("an edited hello", nowhere, at(client_hello), Ends::no, of_the_hello),
    row<fault::Split>("split", nowhere, at(client_hello), Ends::no, of_the_hello),
    row<fault::Path>(
        "a broken path", nowhere, at(connect, client_hello), Ends::no,
        "its bytes count from the first (\"connect\") or from behind the hello (\"client_hello\")"),
    row<fault::Status>("status", instead_of_a_response, nowhere, Ends::yes, answers_a_request),
    row<fault::GrpcStatus>("grpc_status", instead_of_a_response, nowhere, Ends::yes, answers_a_request),
    row<fault::RstStream>("rst_stream", instead_of_a_response, nowhere, Ends::yes, answers_a_request),
    row<fault::Goaway>("goaway", at(request, response, preface), nowhere, Ends::yes,
                       "it is of HTTP/2: use at = \"preface\", \"request\" or \"response\""),
    row<fault::NoSettingsAck>("no_settings_ack", at(preface), nowhere, Ends::no, of_the_connection),
    row<fault::NoWindow>("no_window", at(preface), nowhere, Ends::no, of_the_connection),
    row<fault::Truncate>("truncate", at(response), nowhere, Ends::yes, in_a_response),
    row<fault::Stall>("stall", at(response), nowhere, Ends::yes, in_a_response),
    row<fault::Throttle>("throttle", at(response), nowhere, Ends::no, in_a_response),
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].action != i) return false;
    return rows.size() == std::variant_size_v<FaultAction>;
}

static_assert(in_order());

Row const& row_of(FaultAction const& action) {
    return rows[action.index()];
}

} // namespace

std::string_view name_of(FaultRole role) {
    return role_names.at(static_cast<std::size_t>(role));
}

std::string_view name_of(FaultPoint point) {
    return point_names.at(static_cast<std::size_t>(point));
}

std::string_view name_of(FaultAction const& action) {
    return row_of(action).name;
}

bool ends_it(FaultAction const& action) {
    if (auto const* alert = std::get_if<fault::Alert>(&action)) return alert->level == tls::AlertLevel::fatal;
    return row_of(action).ends == Ends::yes;
}

Carrier carrier_of(FaultAction const& action) {
    return std::visit(fault::Each{
                          [](fault::RstStream const&) { return Carrier::http2; },
                          [](fault::Goaway const&) { return Carrier::http2; },
                          [](fault::Truncate const& truncate) {
                              return truncate.by == fault::Truncate::By::rst_stream ? Carrier::http2
                                                                                    : Carrier::any;
                          },
                          [](fault::GrpcStatus const&) { return Carrier::rpc; },
                          [](auto const&) { return Carrier::any; },
                      },
                      action);
}

std::optional<FaultPoint> usual_point(FaultAction const& action, FaultRole role) {
    auto const& places = row_of(action).as(role);
    if (places.count == 0) return std::nullopt;
    return places.points.front();
}

std::string why_not(FaultAction const& action, FaultRole role, FaultPoint point) {
    auto const& row = row_of(action);
    if (row.as(role).has(point)) return {};
    auto const what = '"' + std::string(row.name) + '"';
    if (row.as(role).count == 0) return what + " is not played as \"" + std::string(name_of(role)) + '"';
    return what + " cannot strike at \"" + std::string(name_of(point)) +
           "\": " + std::string(row.why_not_elsewhere);
}

std::vector<FaultPoint> points_in_use() {
    std::vector<FaultPoint> used;
    for (std::size_t i = 0; i < point_names.size(); ++i) {
        auto const point = static_cast<FaultPoint>(i);
        if (std::ranges::any_of(
                rows, [&](Row const& row) { return row.as_origin.has(point) || row.as_client.has(point); }))
            used.push_back(point);
    }
    return used;
}

std::vector<FaultRole> roles_in_use() {
    std::vector<FaultRole> used;
    for (auto const role : {FaultRole::origin, FaultRole::client})
        if (std::ranges::any_of(rows, [&](Row const& row) { return row.as(role).count > 0; }))
            used.push_back(role);
    return used;
}

} // namespace alert40::policy
