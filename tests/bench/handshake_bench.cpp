// What one new upstream TLS 1.3 handshake costs the client, in memory and without resumption: ours beside a
// bare OpenSSL client with the same offer and the same checks. Prints microseconds of this thread's CPU time.
//
//     handshake_bench [handshakes a round, 1000]

#include "support/tls_server.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/engine/connection.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <vector>

using namespace alert40;
using namespace alert40::test;

namespace {

double cpu_us() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// The client's share of one handshake. `client` is made by `make`, and has step(bytes) -> bytes.
template <class Make>
double one_handshake(TlsServer const& server_context, Make const& make) {
    ServerConnection server(server_context);
    double spent = 0;
    auto const timed = [&](auto const& work) {
        auto const start = cpu_us();
        work();
        spent += cpu_us() - start;
    };
    Bytes to_server, to_client;
    decltype(make()) client;
    timed([&] {
        client = make();
        to_server = client->step({});
    });
    while (!client->established()) {
        server.feed(to_server);
        to_client = server.take_output();
        timed([&] { to_server = client->step(to_client); });
        if (to_server.empty() && to_client.empty()) throw std::runtime_error("the handshake stands still");
    }
    timed([&] { client.reset(); });
    return spent;
}

class OurClient {
  public:
    explicit OurClient(std::shared_ptr<tls::engine::ClientContext const> context)
        : connection_(tls::engine::Connection::make_client(std::move(context), options())) {}

    Bytes step(Bytes const& input) {
        if (!input.empty()) connection_->feed(input);
        connection_->advance();
        connection_->keep_input();
        auto const output = connection_->output().data();
        Bytes bytes(output.begin(), output.end());
        connection_->output().clear();
        if (established()) recorded_ = connection_->handshake().certificates.size();
        return bytes;
    }

    bool established() { return connection_->advance() == tls::engine::Progress::established; }

  private:
    static tls::engine::ClientOptions options() {
        tls::engine::ClientOptions made;
        made.target_name = "origin.test";
        return made;
    }

    std::unique_ptr<tls::engine::Connection> connection_;
    std::size_t recorded_ = 0;
};

class BareClient {
  public:
    explicit BareClient(SSL_CTX* context)
        : ssl_(SSL_new(context), SSL_free)
        , in_(BIO_new(BIO_s_mem()))
        , out_(BIO_new(BIO_s_mem())) {
        SSL_set_bio(ssl_.get(), in_, out_);
        SSL_set_tlsext_host_name(ssl_.get(), "origin.test");
        SSL_set1_host(ssl_.get(), "origin.test");
        SSL_set_connect_state(ssl_.get());
    }

    Bytes step(Bytes const& input) {
        BIO_write(in_, input.data(), static_cast<int>(input.size()));
        SSL_do_handshake(ssl_.get());
        Bytes bytes(BIO_ctrl_pending(out_));
        BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
        return bytes;
    }

    bool established() { return SSL_is_init_finished(ssl_.get()); }

  private:
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    BIO* in_;  ///< of ssl_
    BIO* out_; ///< of ssl_
};

double median(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv) {
    auto const count = argc > 1 ? std::max(1, std::atoi(argv[1])) : 1000;
    auto const authority = make_authority();
    auto const origin = make_identity({}, &authority);
    TemporaryFile const ca(authority.certificate_pem());
    TlsServer const server(origin, [](SSL_CTX* context) {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_num_tickets(context, 0);
        SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256");
    });

    auto profile = *tls::built_in_profile("modern");
    profile.verify.ca_file = ca.path();
    auto const context = tls::engine::ClientContext::make(profile);
    if (!context) return std::fprintf(stderr, "%s\n", context.error().c_str()), 1;

    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> const bare(SSL_CTX_new(TLS_client_method()),
                                                                 SSL_CTX_free);
    SSL_CTX_load_verify_file(bare.get(), ca.path().c_str());
    SSL_CTX_set_verify(bare.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_min_proto_version(bare.get(), TLS1_2_VERSION);

    std::vector<double> ours, theirs;
    for (int i = 0; i < count; ++i) { // in turns, so that noise meets both
        ours.push_back(one_handshake(server, [&] { return std::make_unique<OurClient>(*context); }));
        theirs.push_back(one_handshake(server, [&] { return std::make_unique<BareClient>(bare.get()); }));
    }
    std::printf("client CPU a handshake, median of %d: ours %.0f us, bare OpenSSL %.0f us, ratio %.2f\n",
                count, median(ours), median(theirs), median(ours) / median(theirs));
}
