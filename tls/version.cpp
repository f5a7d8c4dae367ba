#include "tls/version.hpp"
