# The library `heng`: the objects of all modules but cli, and how all of it is installed.
include(CMakePackageConfigHelpers)

get_property(objects GLOBAL PROPERTY HENG_OBJECTS)
get_property(headers GLOBAL PROPERTY HENG_HEADERS)
get_property(libraries GLOBAL PROPERTY HENG_LIBRARIES)
list(REMOVE_DUPLICATES libraries)

add_library(heng ${objects})
add_library(heng::heng ALIAS heng)
set_target_properties(heng PROPERTIES
  LINKER_LANGUAGE C
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR})
target_sources(heng PUBLIC FILE_SET HEADERS
  BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
target_link_libraries(heng PRIVATE ${libraries})
if(HENG_SANITIZE)
  target_link_options(heng PRIVATE -fsanitize=${HENG_SANITIZE})
endif()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/heng)
install(TARGETS heng EXPORT heng-targets FILE_SET HEADERS)
install(EXPORT heng-targets NAMESPACE heng:: DESTINATION ${package_dir})
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/heng-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/heng-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/heng-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/dependencies.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/heng-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/heng-config-version.cmake
        DESTINATION ${package_dir})

# heng.pc says where it lies itself, so an installed tree can be moved.
file(RELATIVE_PATH pc_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" pc_to_prefix ${pc_to_prefix})
set(pc_requires "")
set(pc_libs "")
foreach(library IN LISTS libraries)
  if(library MATCHES "^PkgConfig::(.+)$")
    list(APPEND pc_requires ${${CMAKE_MATCH_1}_MODULE_NAME})
  elseif(library STREQUAL "Libcsv::csv")
    list(APPEND pc_libs -lcsv)
  elseif(library STREQUAL "Threads::Threads")
    list(APPEND pc_libs -pthread)
  else()
    list(APPEND pc_libs -l${library})
  endif()
endforeach()
list(JOIN pc_requires ", " pc_requires)
list(JOIN pc_libs " " pc_libs)
configure_file(${CMAKE_CURRENT_LIST_DIR}/heng.pc.in ${CMAKE_CURRENT_BINARY_DIR}/heng.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/heng.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# install_if_there(file folder AS name)
function(install_if_there file folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "AS" "")
  if(EXISTS ${PROJECT_SOURCE_DIR}/${file})
    install(FILES ${PROJECT_SOURCE_DIR}/${file} DESTINATION ${folder} RENAME ${arg_AS})
  endif()
endfunction()

if(TARGET heng_exe)
  install(TARGETS heng_exe)
  install_if_there(engine/cli/heng.1 ${CMAKE_INSTALL_MANDIR}/man1 AS heng.1)
  set(completions engine/cli/completions)
  install_if_there(${completions}/heng.bash ${CMAKE_INSTALL_DATADIR}/bash-completion/completions AS heng)
  install_if_there(${completions}/heng.zsh ${CMAKE_INSTALL_DATADIR}/zsh/site-functions AS _heng)
  install_if_there(${completions}/heng.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d AS heng.fish)
endif()
if(EXISTS ${PROJECT_SOURCE_DIR}/rules)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/rules/ DESTINATION ${CMAKE_INSTALL_DATADIR}/heng/rules
          FILES_MATCHING PATTERN *.yaml)
endif()
