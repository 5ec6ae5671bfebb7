# Each header of include/heng and engine must compile when included first and alone, and when
# included twice; all of them must compile in one file, so that no name means two things; each
# public one must be in the HEADERS of a module, or it is not installed.
# Run: cmake -D ROOT=<project> -D WORK=<scratch> -D COMPILER=<cc> -D INSTALLED=<list> -P …
cmake_minimum_required(VERSION 3.25)

set(problems "")
set(together "extern int nothing;\n")
file(MAKE_DIRECTORY ${WORK})

# compiles(<file> <ret_output>): what the compiler says of it where it does not compile.
function(compiles file ret_output)
  execute_process(
    COMMAND ${COMPILER} -std=c17 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror
            -fsyntax-only -I${ROOT}/include -I${ROOT}/engine ${file}
    RESULT_VARIABLE status ERROR_VARIABLE output)
  if(status EQUAL 0)
    set(output "")
  elseif(output STREQUAL "")
    set(output "${status}")
  endif()
  set(${ret_output} "${output}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE headers RELATIVE ${ROOT} ${ROOT}/include/heng/*.h ${ROOT}/engine/*.h)
foreach(header IN LISTS headers)
  string(REGEX REPLACE "^(include|engine)/" "" name ${header})
  string(APPEND together "#include \"${name}\"\n")
  file(WRITE ${WORK}/alone.c "#include \"${name}\"\n#include \"${name}\"\nextern int nothing;\n")
  compiles(${WORK}/alone.c output)
  if(NOT output STREQUAL "")
    list(APPEND problems "${header} does not compile alone:\n${output}")
  endif()
  if(header MATCHES "^include/" AND NOT ${ROOT}/${header} IN_LIST INSTALLED)
    list(APPEND problems "${header} is in no module's HEADERS, so it would not be installed")
  endif()
endforeach()

file(WRITE ${WORK}/together.c "${together}")
compiles(${WORK}/together.c output)
if(NOT output STREQUAL "")
  list(APPEND problems "the headers do not compile together:\n${output}")
endif()

if(problems)
  list(JOIN problems "\n" text)
  string(REPLACE "\n" "\n  " text "${text}") # an indented text is left as it is
  message(FATAL_ERROR "headers:\n  ${text}")
endif()
list(LENGTH headers count)
message(STATUS "${count} headers compile alone and together")
