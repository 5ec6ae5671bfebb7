# Which file may include what, and call what. Run: cmake -D ROOT=<project> -P floors.cmake
#
# Four things are checked in engine/ and include/heng/:
#   floors      a module includes its own headers, those of the floors below, and heng/*.h
#   libraries   a library is seen only where the table below says
#   calls       library code does not print, exit or read the clock; nothing unsafe is called,
#               and memory comes through base/alloc.h, where tests can make it fail
#   stems       a stem names one file in all of engine/, because it is the prefix of what is in it
#
# In tests/, cmocka is included through support/check.h only.
#
# This reads lines, not C: a comment that starts its line with `*`, what follows `/*`, and the
# insides of strings are left out, which is enough for the way our files are formatted.
cmake_minimum_required(VERSION 3.25)

# What lies below a module; model and cel do not know each other, nor do ruleset and store.
set(modules base cel model ruleset store decide batch lab report serve cli)
set(below_base "")
set(below_cel base)
set(below_model base)
set(below_ruleset cel model base)
set(below_store model base)
set(below_decide ruleset cel model base)
set(below_batch decide store ruleset cel model base)
set(below_lab batch ${below_batch})
set(below_report lab ${below_lab})
set(below_serve report ${below_report})
set(below_cli serve ${below_serve})

# <header, as a regular expression> <where it may be included, likewise>
set(libraries
  "^lmdb[.]h$"                                    "^engine/store/"
  "^yaml[.]h$"                                    "^engine/ruleset/yaml[.]c$"
  "^pcre2[.]h$"                                   "^engine/cel/regex[.]c$"
  "^(microhttpd|sys/socket|netdb)[.]h$|^(netinet|arpa)/" "^engine/serve/")

# <call, as a regular expression> <where it may stand, likewise> <why not elsewhere>
set(calls
  "(stdout|stderr|v?printf|puts|putchar|perror)"  "^engine/cli/"   "library code does not print"
  "(exit|_exit|_Exit|abort|quick_exit|atexit)"    "^engine/cli/"   "library code does not exit"
  "(time|clock|clock_gettime|gettimeofday|timespec_get)" "^engine/(cli|serve)/"
                                                  "time is an argument"
  "(malloc|calloc|realloc|aligned_alloc|strdup|strndup)" "^engine/base/alloc[.]c$"
                                                  "allocate through base/alloc.h"
  "(setjmp|longjmp|alloca)"                       "^$"             "control flow and stack stay plain"
  "(gets|strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|atoi|atol|atoll|atof)" "^$"
                                                  "unsafe: bounds or errors are lost"
  "(setlocale|localtime|gmtime|ctime|asctime|rand|srand)" "^$"
                                                  "depends on hidden state")

set(problems "")

function(problem file text)
  set(problems ${problems} "${file}: ${text}" PARENT_SCOPE)
endfunction()

# Lines of `file` that match, safe to iterate over: brackets would otherwise join list elements.
function(matching_lines file regex ret_lines)
  file(STRINGS ${ROOT}/${file} lines REGEX ${regex})
  string(REPLACE "[" " " lines "${lines}")
  string(REPLACE "]" " " lines "${lines}")
  set(${ret_lines} "${lines}" PARENT_SCOPE)
endfunction()

function(module_of file ret_module)
  set(module "")
  if(file MATCHES "^engine/([^/]+)/")
    set(module ${CMAKE_MATCH_1})
  endif()
  set(${ret_module} "${module}" PARENT_SCOPE)
endfunction()

# Only heng/ headers go into a public header beside those of the system.
macro(check_include file module header)
  if(header MATCHES "^heng/")
    # the façade is open to all
  elseif(header MATCHES "^([^/]+)/" AND CMAKE_MATCH_1 IN_LIST modules)
    if(module STREQUAL "")
      problem(${file} "a public header may not include `${header}`")
    elseif(NOT CMAKE_MATCH_1 STREQUAL module AND NOT CMAKE_MATCH_1 IN_LIST below_${module})
      problem(${file} "`${module}` may not include `${header}`: not on a floor below")
    endif()
  elseif(quoted)
    problem(${file} "include `${header}` by its folder: `<module>/${header}` or `heng/${header}`")
  endif()
  set(rest ${libraries})
  while(rest)
    list(POP_FRONT rest library allowed)
    if(header MATCHES "${library}" AND NOT file MATCHES "${allowed}")
      problem(${file} "may not include `${header}`: only ${allowed} sees it")
    endif()
  endwhile()
endmacro()

macro(check_calls file)
  set(rest ${calls})
  while(rest)
    list(POP_FRONT rest names allowed why)
    if(NOT file MATCHES "${allowed}")
      matching_lines(${file} "${names}" lines)
      foreach(line IN LISTS lines)
        string(REGEX REPLACE "\"[^\"]*\"" "" code "${line}")
        string(REGEX REPLACE "//.*|/[*].*|^[ \t]*[*][ /].*|^[ \t]*#[ \t]*include.*" "" code "${code}")
        if(code MATCHES "(^|[^A-Za-z0-9_.>])(stdout|stderr)([^A-Za-z0-9_]|$)|(^|[^A-Za-z0-9_.>])([A-Za-z0-9_]+) *[(]")
          string(REGEX MATCHALL "(^|[^A-Za-z0-9_.>])(${names})( *[(]|[^A-Za-z0-9_(]|$)" hits "${code}")
          foreach(hit IN LISTS hits)
            if(hit MATCHES "stdout|stderr|[(]$")
              string(REGEX REPLACE "[^A-Za-z0-9_]" "" hit "${hit}")
              problem(${file} "may not use `${hit}`: ${why}")
            endif()
          endforeach()
        endif()
      endforeach()
    endif()
  endwhile()
endmacro()

file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/engine/*.c ${ROOT}/engine/*.h ${ROOT}/include/*.h)
list(SORT files)
set(stems "")
foreach(file IN LISTS files)
  module_of(${file} module)
  if(file MATCHES "^engine/" AND NOT module IN_LIST modules)
    problem(${file} "lies in no known module")
    continue()
  endif()

  matching_lines(${file} "^[ \t]*#[ \t]*include" lines)
  foreach(line IN LISTS lines)
    if(line MATCHES "include[ \t]*([<\"])([^>\"]+)")
      string(COMPARE EQUAL "${CMAKE_MATCH_1}" "\"" quoted)
      set(header "${CMAKE_MATCH_2}")
      check_include(${file} "${module}" ${header})
    endif()
  endforeach()

  if(module)
    check_calls(${file})
    get_filename_component(stem ${file} NAME_WE)
    get_filename_component(folder ${file} DIRECTORY)
    if(NOT DEFINED folder_of_${stem})
      set(folder_of_${stem} ${folder})
    elseif(NOT folder_of_${stem} STREQUAL folder)
      problem(${file} "the stem `${stem}` is taken by ${folder_of_${stem}}/")
    endif()
  endif()
endforeach()

file(GLOB_RECURSE tests RELATIVE ${ROOT} ${ROOT}/tests/*.c ${ROOT}/tests/*.h)
foreach(file IN LISTS tests)
  matching_lines(${file} "^[ \t]*#[ \t]*include[ \t]*<cmocka[.]h>" lines)
  if(lines AND NOT file STREQUAL "tests/support/check.h")
    problem(${file} "may not include `cmocka.h`: include `support/check.h`")
  endif()
endforeach()

list(REMOVE_DUPLICATES problems)
if(problems)
  list(JOIN problems "\n  " text)
  message(FATAL_ERROR "the source breaks its own rules:\n  ${text}")
endif()
list(LENGTH files count)
message(STATUS "${count} files keep to their floors")
