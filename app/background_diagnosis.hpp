#pragma once

#include "app/diagnosis_book.hpp"
#include "record/sink.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace alert40::app {

/// Diagnoses what the running proxy could not reach, one origin at a time, on a thread of its own that is
/// started when first needed. The result goes to the sink, and is kept for an hour.
class BackgroundDiagnosis final : public proxy::Diagnostician {
  public:
    /// `sink` outlives it.
    explicit BackgroundDiagnosis(record::Sink& sink);
    /// Ends what is under way; it comes to nothing.
    ~BackgroundDiagnosis() override;

    void ladder_failed(proxy::Ailment ailment) noexcept override;
    std::shared_ptr<record::DiagnosisRecord const> diagnosis(std::string const& key) const override;

    /// All that were found out within the hour.
    std::vector<DiagnosisBook::Diagnosis> diagnoses() const;
    /// Of this host, "*" for every one, what was found out. Returns how many diagnoses that were.
    std::size_t forget(std::string_view host);

  private:
    void run(std::stop_token const& stop);
    std::optional<proxy::Ailment> next(std::stop_token const& stop);
    void diagnose(proxy::Ailment const& ailment, std::stop_token const& stop);

    record::Sink& sink_;
    mutable std::mutex mutex_; ///< for the book
    std::condition_variable_any news_;
    DiagnosisBook book_;
    std::jthread thread_;
};

} // namespace alert40::app
