# A file's text, built into a room and made anew when the file changes:
#
#   alert40_embed(app/doctor configs/apps.json alert40::app::doctor built_in_apps_text)
#
# defines `std::string_view const built_in_apps_text` in that namespace, which <room>/built_in_apps_text.hpp declares.
# Of a folder it defines a span of pairs: each file by its name without the end, and its text, in the order of the names.
# As a script (cmake -P) this file writes that definition.
function(alert40_embed room file namespace name)
    alert40_target_of(${room} target)
    set(input "${PROJECT_SOURCE_DIR}/${file}")
    set(inputs "${input}")
    if(IS_DIRECTORY "${input}")
        file(GLOB inputs CONFIGURE_DEPENDS "${input}/*")
    endif()
    set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
    set(script "${PROJECT_SOURCE_DIR}/cmake/Alert40Embed.cmake")
    add_custom_command(
        OUTPUT "${output}"
        COMMAND "${CMAKE_COMMAND}" -Droom=${room} -Dinput=${input} -Doutput=${output} -Dnamespace=${namespace}
                -Dname=${name} -P "${script}"
        DEPENDS ${inputs} "${script}"
        VERBATIM)
    target_sources(${target} PRIVATE "${output}")
endfunction()

function(alert40_text_literal file out)
    file(READ "${file}" text)
    set(${out} "R\"alert40(${text})alert40\"" PARENT_SCOPE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
    set(code "#include \"${room}/${name}.hpp\"\n\n")
    if(IS_DIRECTORY "${input}")
        string(APPEND code "namespace {\nconstexpr std::pair<std::string_view, std::string_view> files[] = {\n")
        file(GLOB files "${input}/*")
        foreach(file IN LISTS files) # sorted
            cmake_path(GET file STEM stem)
            alert40_text_literal("${file}" literal)
            string(APPEND code "    {\"${stem}\", ${literal}},\n")
        endforeach()
        string(APPEND code "};\n} // namespace\n\n"
                           "std::span<std::pair<std::string_view, std::string_view> const> const ${namespace}::${name} = files;\n")
    else()
        alert40_text_literal("${input}" literal)
        string(APPEND code "constinit std::string_view const ${namespace}::${name} = ${literal};\n")
    endif()
    file(WRITE "${output}" "${code}")
endif()
