#include "tls/profile.hpp"
