#include "proxy/upstream/ladder_news.hpp"

#include "record/ulid.hpp"

namespace alert40::proxy {

record::LadderRecord news(record::LadderEvent event, policy::LadderMemory::Entry const& entry) {
    record::LadderRecord record;
    record.id = record::new_ulid();
    record.time = policy::LadderMemory::Clock::now();
    record.event = event;
    record.host = entry.host;
    record.ladder = entry.ladder;
    record.profile = entry.profile;
    record.reason = entry.reason;
    record.expires = entry.expires;
    return record;
}

} // namespace alert40::proxy
