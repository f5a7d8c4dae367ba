#pragma once

#include "diagnose/hello/bundled_hellos.hpp"
#include "diagnose/verdict/change.hpp"

/// Changes that say given bytes instead of what a profile would offer; the answer is read, and no handshake
/// finished.
namespace alert40::diagnose {

/// The ClientHello of another client, as it is, said to `target`.
Change hello_change(BundledHello const& bundled, policy::Origin const& target);

/// A hello with ECDHE as its only key exchange, and groups that no library here has.
Change every_group_change(policy::Origin const& target);

/// The hello of `trial` with a cipher suite more, or an extension more, of private use: nobody knows it, so
/// nobody may mind it (RFC 8446 sections 4.1.2 and 4.2).
Change with_a_suite_more(Trial const& trial);
Change with_an_extension_more(Trial const& trial);

} // namespace alert40::diagnose
