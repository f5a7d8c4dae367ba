#pragma once

#include "policy/rule.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

// The path keys of a rule, as text. A complaint is a sentence about the text, without the key's name.
namespace alert40::policy::parse {

struct Complaint {
    std::string text;
};

template <class Value>
using TextResult = boost::system::result<Value, Complaint>;

/// "system", "9.9.9.9", "udp://9.9.9.9:5353", "tcp://[2620:fe::fe]", "tls://dns.quad9.net",
/// "https://dns.quad9.net/dns-query".
TextResult<Resolver> parse_resolver(std::string_view text);
/// "127.0.0.1:9443", "edge.example", ":8443".
TextResult<Address> parse_address(std::string_view text);
/// "env", "direct", "http://user:pass@proxy:3128", "socks5h://proxy:1080".
TextResult<Via> parse_via(std::string_view text);
/// "none", "record:5", "segment:64"; of a profile too.
TextResult<tls::SplitHello> parse_split_hello(std::string_view text);

} // namespace alert40::policy::parse
