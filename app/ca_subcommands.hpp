#pragma once

#include "app/subcommand.hpp"

namespace alert40::app {

extern Subcommand const ca_init_subcommand;
extern Subcommand const ca_show_subcommand;
extern Subcommand const ca_export_subcommand;
extern Subcommand const ca_trust_subcommand;
extern Subcommand const ca_untrust_subcommand;

} // namespace alert40::app
