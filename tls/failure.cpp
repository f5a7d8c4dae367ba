#include "tls/failure.hpp"
