#include "app/file_limit.hpp"

#include <sys/resource.h>

namespace alert40::app {

void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit); // where it is refused, the old limit stays
}

} // namespace alert40::app
