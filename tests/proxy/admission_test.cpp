#include "proxy/admission.hpp"

#include "support/catch.hpp"

using namespace alert40;

namespace {

/// Of a request to a listener that knows Aladdin (RFC 7617 section 2) and one more.
bool admits(std::string_view shown) {
    proxy::Entrance entrance;
    entrance.credentials = {"user:pass:word", "Aladdin:open sesame"};
    proxy::RequestHead request;
    request.proxy_authorization = shown;
    return proxy::is_admitted(request, entrance);
}

} // namespace

TEST_CASE("a listener without credentials admits everybody") {
    proxy::RequestHead request;
    CHECK(proxy::is_admitted(request, {}));
    request.proxy_authorization = "Basic nonsense";
    CHECK(proxy::is_admitted(request, {}));
}

TEST_CASE("a listener with credentials admits who shows some of them") {
    CHECK(admits("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    CHECK(admits("bAsIc QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    CHECK(admits("Basic dXNlcjpwYXNzOndvcmQ=")); // user:pass:word
}

TEST_CASE("and nobody else") {
    auto const* const shown = GENERATE(
        "", "Basic", "Basic ", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZ",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==x", "Basic QWxhZGRpbg==", "Basic dXNlcjpwYXNz",
        "Basic Aladdin:open sesame", "Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Digest username=Aladdin",
        "BasicQWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    CAPTURE(shown);
    CHECK_FALSE(admits(shown));
}

TEST_CASE("who was admitted in another way is not asked again") {
    proxy::Entrance entrance;
    entrance.credentials = {"user:password"};
    proxy::RequestHead request;
    CHECK_FALSE(proxy::is_admitted(request, entrance));
    request.admitted = true;
    CHECK(proxy::is_admitted(request, entrance));
}

TEST_CASE("the answer says what is wanted (RFC 9110 section 15.5.8)") {
    auto const answer = proxy::proxy_authentication_required();
    CHECK(answer.status == 407);
    CHECK(answer.body.find("credentials") != std::string::npos);
    bool challenges = false;
    for (auto const& [name, value] : answer.fields)
        challenges |= name == "Proxy-Authenticate" && value.starts_with("Basic realm=");
    CHECK(challenges);
}
