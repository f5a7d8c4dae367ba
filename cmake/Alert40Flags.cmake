# What every translation unit of the project is compiled with. alert40.flags is linked by each target privately.
add_library(alert40.flags INTERFACE)
target_compile_options(alert40.flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                                               -Wno-sign-conversion)

set(ALERT40_SANITIZE "" CACHE STRING "Sanitizers for the whole build, as -fsanitize= takes them")
if(ALERT40_SANITIZE)
    add_compile_options(-fsanitize=${ALERT40_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined
                        -fno-sanitize=vptr) # it asks the kernel for a pipe: without file descriptors it finds ghosts
    add_link_options(-fsanitize=${ALERT40_SANITIZE})
endif()

find_program(ALERT40_CCACHE ccache)
if(ALERT40_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${ALERT40_CCACHE}")
    # Precompiled headers: as ccache(1) wants it. Depend mode: a file that is not in the cache is preprocessed once only.
    if(ALERT40_SANITIZE)
        set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros
                                        "${ALERT40_CCACHE}")
        if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
            add_compile_options(-fpch-preprocess)
        else()
            add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
        endif()
    endif()
endif()
find_program(ALERT40_MOLD mold)
if(ALERT40_MOLD AND NOT (CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12.1))
    add_link_options(-fuse-ld=mold)
endif()

# The sanitizer builds are compiled from nothing on a new machine: there the headers of the standard library are read
# once. The other builds do without, and so show an include that is missing.
if(ALERT40_SANITIZE)
    set(ALERT40_PRECOMPILED <algorithm> <array> <chrono> <cstdint> <deque> <functional> <map> <memory> <mutex> <optional>
                            <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>
                            <boost/system/result.hpp>)
    file(WRITE "${PROJECT_BINARY_DIR}/precompiled.cpp" "")
    add_library(alert40.precompiled STATIC "${PROJECT_BINARY_DIR}/precompiled.cpp")
    target_link_libraries(alert40.precompiled PRIVATE alert40.flags)
    target_precompile_headers(alert40.precompiled PRIVATE ${ALERT40_PRECOMPILED})
endif()
