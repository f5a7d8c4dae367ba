#pragma once

#include "tls/engine/client_context_state.hpp"
#include "tls/engine/connection_state.hpp"

namespace alert40::tls::engine {

/// The client of a handshake: what the profile and the options ask for, the check of the server's chain, and
/// sessions kept.
class ClientEnd final : public Connection::State {
  public:
    ClientEnd(std::shared_ptr<ClientContext const> context, ClientOptions options);

    void after_step() override;
    void establish() override;
    void about_to_fail() override;
    void explain(Failure& why) const override;
    void forget_handshake() override;
    bool check_certificates(X509_STORE_CTX* chain) noexcept override;
    void on_session(SessionPtr session) noexcept override;

  private:
    /// What is needed only until the handshake is recorded.
    struct Offer {
        ClientOptions options;
        std::string certificate_refusal;
        bool has_session = false;
        bool hello_taken = false;
    };

    void set_up();
    void take_hello();
    bool chose_alpn_not_offered() const;

    Profile const& profile() const { return context_->profile(); }

    ClientContext::State& shared() const { return context_->state(); }

    std::shared_ptr<ClientContext const> context_; ///< shared with every connection of the profile
    std::unique_ptr<Offer> offer_;                 ///< null after forget_handshake
    std::string session_key_;                      ///< tickets come after the handshake
};

} // namespace alert40::tls::engine
