# The libraries, all from Debian stable, found once here; each room links what its folder is allowed to see.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(spdlog REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(mimalloc REQUIRED) # an allocator: a handshake makes hundreds of small allocations
pkg_check_modules(nghttp2 REQUIRED IMPORTED_TARGET libnghttp2>=1.50)
pkg_check_modules(cares REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(idn2 REQUIRED IMPORTED_TARGET libidn2)
pkg_check_modules(pcap REQUIRED IMPORTED_TARGET libpcap)

# Asio and Beast without the deprecated parts, one definition for every user.
add_library(alert40.asio INTERFACE)
target_compile_definitions(alert40.asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_NO_TS_EXECUTORS)
target_link_libraries(alert40.asio INTERFACE Boost::headers Threads::Threads)
