#include "tls/alert.hpp"
