# All C files that git tracks must be as .clang-format says. `./run format` makes them so.
# Run: cmake -D ROOT=<project> -P format.cmake
cmake_minimum_required(VERSION 3.25)

# Versions differ in what they make of the same settings: ours is that of Debian 12.
find_program(clang_format NAMES clang-format-14 clang-format)
set(version "")
if(clang_format)
  execute_process(COMMAND ${clang_format} --version OUTPUT_VARIABLE version)
endif()
find_program(git git)
if(NOT version MATCHES "version 14[.]")
  message("skipped: clang-format 14 is not installed")
  return()
elseif(NOT git OR NOT EXISTS ${ROOT}/.git)
  message("skipped: not a git checkout, so it is not known which files are ours")
  return()
endif()

execute_process(
  COMMAND ${git} -c safe.directory=* ls-files *.c *.h
  WORKING_DIRECTORY ${ROOT} OUTPUT_VARIABLE files OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" files "${files}")
set(present "")
foreach(file IN LISTS files)
  if(EXISTS ${ROOT}/${file}) # not one that is being removed
    list(APPEND present ${file})
  endif()
endforeach()
execute_process(
  COMMAND ${clang_format} --dry-run -Werror ${present}
  WORKING_DIRECTORY ${ROOT} RESULT_VARIABLE status ERROR_VARIABLE output)
if(NOT status EQUAL 0)
  string(REGEX MATCHALL "[^\n:]+:[0-9]+:[0-9]+: error: code should be" places "${output}")
  list(TRANSFORM places REPLACE ":.*" "")
  list(REMOVE_DUPLICATES places)
  list(JOIN places "\n  " text)
  message(FATAL_ERROR "`./run format` would change:\n  ${text}")
endif()
