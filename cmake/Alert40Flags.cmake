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
endif()
find_program(ALERT40_MOLD mold)
if(ALERT40_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12.1)
    add_link_options(-fuse-ld=mold)
endif()
