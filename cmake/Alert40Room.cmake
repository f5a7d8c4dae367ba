# A room is a folder: one static library, and one include directory that shows the headers of this folder only.
# A room sees the headers of the rooms it links, and no others: an include that the arrows forbid does not compile.
#
#   alert40_room(tls/wire SOURCES client_hello.cpp ... LINKS bytes tls PRIVATE_LINKS OpenSSL::SSL)
#
# makes the target alert40.tls.wire. LINKS and PRIVATE_LINKS name rooms by path, or library targets.
function(alert40_target_of room out)
    string(REPLACE "/" "." dotted "${room}")
    set(${out} "alert40.${dotted}" PARENT_SCOPE)
endfunction()

function(alert40_links target scope)
    foreach(link IN LISTS ARGN)
        if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/${link}")
            alert40_target_of(${link} link)
        endif()
        target_link_libraries(${target} ${scope} ${link})
    endforeach()
endfunction()

function(alert40_room room)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
    alert40_target_of(${room} target)

    set(window "${PROJECT_BINARY_DIR}/rooms/${target}")
    file(GLOB headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${room}/*.hpp")
    file(REMOVE_RECURSE "${window}")
    file(MAKE_DIRECTORY "${window}/${room}")
    foreach(header IN LISTS headers)
        get_filename_component(name "${header}" NAME)
        file(CREATE_LINK "${header}" "${window}/${room}/${name}" SYMBOLIC)
    endforeach()

    if(arg_SOURCES)
        list(TRANSFORM arg_SOURCES PREPEND "${PROJECT_SOURCE_DIR}/${room}/")
        add_library(${target} STATIC ${arg_SOURCES})
        target_include_directories(${target} PUBLIC "${window}")
        target_link_libraries(${target} PRIVATE alert40.flags)
        if(TARGET alert40.precompiled)
            target_precompile_headers(${target} REUSE_FROM alert40.precompiled)
        endif()
        alert40_links(${target} PUBLIC ${arg_LINKS})
        alert40_links(${target} PRIVATE ${arg_PRIVATE_LINKS})
    else()
        add_library(${target} INTERFACE)
        target_include_directories(${target} INTERFACE "${window}")
        alert40_links(${target} INTERFACE ${arg_LINKS})
    endif()
endfunction()

# The product is what is checked: without most of it for the tests' own code that compiles much more quickly. Their names
# remain in what AddressSanitizer says.
set(ALERT40_TEST_OPTIONS "")
if(ALERT40_SANITIZE MATCHES "undefined")
    list(APPEND ALERT40_TEST_OPTIONS -fno-sanitize=undefined -g0)
endif()
if(ALERT40_SANITIZE MATCHES "fuzzer-no-link")
    list(APPEND ALERT40_TEST_OPTIONS -fno-sanitize=fuzzer-no-link)
endif()

# alert40_test(tls/wire SOURCES client_hello_test.cpp ... LINKS tls/wire): the tests of one room, one program.
# They live in tests/<room>/ and see what they link.
function(alert40_test room)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    alert40_target_of(${room} target)
    set(target "${target}.test")
    list(TRANSFORM arg_SOURCES PREPEND "${PROJECT_SOURCE_DIR}/tests/${room}/")
    add_executable(${target} ${arg_SOURCES})
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
    target_compile_definitions(${target} PRIVATE ALERT40_TESTS_DIR="${PROJECT_SOURCE_DIR}/tests")
    target_link_libraries(${target} PRIVATE alert40.flags alert40.catch_main)
    target_compile_options(${target} PRIVATE ${ALERT40_TEST_OPTIONS})
    if(TARGET alert40.precompiled_tests)
        target_precompile_headers(${target} REUSE_FROM alert40.precompiled_tests)
    endif()
    alert40_links(${target} PRIVATE ${room} ${arg_LINKS})
    add_test(NAME ${room} COMMAND ${target})
endfunction()
