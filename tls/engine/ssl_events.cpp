#include "tls/engine/ssl_events.hpp"

namespace alert40::tls::engine {
namespace {

SslEvents& events_of(SSL const* ssl) {
    return *static_cast<SslEvents*>(SSL_get_app_data(ssl));
}

void on_message(int written, int, int content_type, void const* data, std::size_t size, SSL* ssl, void*) {
    auto const* bytes = static_cast<std::uint8_t const*>(data);
    auto const direction = written ? Direction::sent : Direction::received;
    if (content_type == SSL3_RT_HANDSHAKE)
        events_of(ssl).on_handshake_message(direction, {bytes, size});
    else if (content_type == SSL3_RT_ALERT && size == 2)
        events_of(ssl).on_alert({AlertLevel{bytes[0]}, AlertDescription{bytes[1]}, direction});
}

int on_certificates(X509_STORE_CTX* chain, void*) {
    auto const* ssl =
        static_cast<SSL const*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
    return events_of(ssl).check_certificates(chain) ? 1 : 0;
}

int on_new_session(SSL* ssl, SSL_SESSION* session) {
    events_of(ssl).on_session(SessionPtr(session));
    return 1; // the reference is ours now
}

int on_protocols(SSL* ssl, unsigned char const** chosen, unsigned char* size, unsigned char const* offered,
                 unsigned offered_size, void*) {
    auto const choice = events_of(ssl).choose_protocol({offered, offered_size});
    if (!choice) return SSL_TLSEXT_ERR_ALERT_FATAL;
    if (choice->empty()) return SSL_TLSEXT_ERR_NOACK;
    *chosen = choice->data();
    *size = static_cast<unsigned char>(choice->size());
    return SSL_TLSEXT_ERR_OK;
}

void on_key(SSL const* ssl, char const* line) {
    (*static_cast<KeyLog const*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl))))(line);
}

void on_secret(SSL const* ssl, char const* line) {
    events_of(ssl).on_secret(line);
    auto const& key_log = *static_cast<KeyLog const*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    if (key_log) key_log(line);
}

} // namespace

void report_client_events(SSL_CTX* context) {
    SSL_CTX_set_msg_callback(context, on_message);
    SSL_CTX_set_cert_verify_callback(context, on_certificates, nullptr);
    SSL_CTX_sess_set_new_cb(context, on_new_session);
}

void report_server_events(SSL_CTX* context) {
    SSL_CTX_set_msg_callback(context, on_message);
    SSL_CTX_set_cert_verify_callback(context, on_certificates, nullptr);
    SSL_CTX_set_alpn_select_cb(context, on_protocols, nullptr);
}

void report_keys(SSL_CTX* context, KeyLog const& key_log) {
    if (!key_log) return;
    SSL_CTX_set_app_data(context, const_cast<KeyLog*>(&key_log));
    SSL_CTX_set_keylog_callback(context, on_key);
}

void report_secrets(SSL_CTX* context, KeyLog const& key_log) {
    SSL_CTX_set_app_data(context, const_cast<KeyLog*>(&key_log));
    SSL_CTX_set_keylog_callback(context, on_secret);
}

void attach(SSL* ssl, SslEvents& events) {
    SSL_set_app_data(ssl, &events);
}

} // namespace alert40::tls::engine
