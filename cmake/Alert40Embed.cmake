# A file's text, built into a room and made anew when the file changes:
#
#   alert40_embed(app/doctor configs/apps.json alert40::app::doctor built_in_apps_text)
#
# defines `std::string_view const built_in_apps_text` in that namespace, which <room>/built_in_apps_text.hpp declares.
# As a script (cmake -P) this file writes that definition.
function(alert40_embed room file namespace name)
    alert40_target_of(${room} target)
    set(input "${PROJECT_SOURCE_DIR}/${file}")
    set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
    set(script "${PROJECT_SOURCE_DIR}/cmake/Alert40Embed.cmake")
    add_custom_command(
        OUTPUT "${output}"
        COMMAND "${CMAKE_COMMAND}" -Droom=${room} -Dinput=${input} -Doutput=${output} -Dnamespace=${namespace}
                -Dname=${name} -P "${script}"
        DEPENDS "${input}" "${script}"
        VERBATIM)
    target_sources(${target} PRIVATE "${output}")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
    file(READ "${input}" text)
    file(WRITE "${output}" "#include \"${room}/${name}.hpp\"\n\n"
                           "constinit std::string_view const ${namespace}::${name} = R\"alert40(${text})alert40\";\n")
endif()
